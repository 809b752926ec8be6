#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pushbench::wire {

/// A request target in origin form (RFC 9112 §3.2.1), cut at its '?'.
struct Target {
  std::string_view path;
  std::string_view query;
};

Target split_target(std::string_view target);

/// The first value of `name` in a query string, percent-decoded; none if absent. A wrongly encoded
/// one comes as it stands, so that whoever reads it refuses it.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// 1-64 of A-Z a-z 0-9 . _ -
bool is_room_name(std::string_view name);

}  // namespace pushbench::wire
