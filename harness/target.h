#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/address.h"
#include "wire/result.h"

namespace pushbench::harness {

/// A server that pushbench does not start, and what of it is measured.
struct Target {
  std::string name;                       // that its columns begin with: "nchan"
  std::string dialect;                    // that it speaks: one of clients::dialect_names()
  std::string url;                        // "http://127.0.0.1:8090"
  bool secure = false;                    // with TLS
  std::vector<net::Address> addresses{};  // that the host has; at least one
  std::string host{};                     // of the URL, without the port
  std::string path{};  // likewise: what the dialect makes of it is in docs/adapters.md
  /// Their CPU and memory are the target's, and those of all that descend of them; none: they are
  /// not measured.
  std::vector<int> processes{};
  std::vector<std::string> transports{};  // a column each, in the order of the report

  const net::Address& address() const { return addresses.front(); }  // that users connect to
};

/// What the column of one of its transports is called: "nchan/websocket".
std::string column_name(const Target& target, std::string_view transport);

/// What the names of a repetition's rooms begin with, on a server that has had others: nobody
/// else's, since nobody else draws the same at the same millisecond (since 1970).
std::string room_prefix(std::uint64_t now_ms, std::uint16_t draw);

/// Of each target's addresses keeps the first that takes connections. The error says why none does.
Result<void> find_reachable(std::vector<Target>& targets);

}  // namespace pushbench::harness
