#include "harness/transport_rules.h"

#include <array>

namespace pushbench::harness {

namespace {

struct Entry {
  std::string_view name;
  Rules rules;
};

/// A new transport that works like one of these is a line here.
constexpr std::array kRules{
    Entry{"polling", Rules::polling},
    Entry{"long-polling", Rules::long_polling},
    Entry{"sse", Rules::event_stream},
    Entry{"websocket", Rules::socket},
};

}  // namespace

std::optional<Rules> rules_of(std::string_view transport) {
  for (const Entry& entry : kRules) {
    if (entry.name == transport) return entry.rules;
  }
  return std::nullopt;
}

}  // namespace pushbench::harness
