#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "harness/result.h"

namespace pushbench::harness {

/// A count of Messages or Exchanges, and its name in a result and in the figures made of it.
template <class Counts>
struct NamedCount {
  std::string_view name;
  std::uint64_t Counts::*count;
};

inline constexpr std::array kMessageCounts{
    NamedCount<Messages>{"published", &Messages::published},
    NamedCount<Messages>{"expected", &Messages::expected},
    NamedCount<Messages>{"delivered", &Messages::delivered},
    NamedCount<Messages>{"missed", &Messages::missed},
    NamedCount<Messages>{"left", &Messages::left},
    NamedCount<Messages>{"lost", &Messages::lost},
    NamedCount<Messages>{"backlog", &Messages::backlog},
    NamedCount<Messages>{"duplicated", &Messages::duplicated},
    NamedCount<Messages>{"reordered", &Messages::reordered},
    NamedCount<Messages>{"damaged", &Messages::damaged},
    NamedCount<Messages>{"gaps", &Messages::gaps},
};

inline constexpr std::array kExchangeCounts{
    NamedCount<Exchanges>{"total", &Exchanges::total},
    NamedCount<Exchanges>{"asked", &Exchanges::asked},
    NamedCount<Exchanges>{"empty", &Exchanges::empty},
    NamedCount<Exchanges>{"connections", &Exchanges::connections},
    NamedCount<Exchanges>{"connections_asked", &Exchanges::connections_asked},
    NamedCount<Exchanges>{"cuts", &Exchanges::cuts},
    NamedCount<Exchanges>{"disconnects", &Exchanges::disconnects},
    NamedCount<Exchanges>{"reconnects", &Exchanges::reconnects},
};

}  // namespace pushbench::harness
