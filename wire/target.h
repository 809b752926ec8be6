#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pushbench::wire {

/// A request target without scheme and host, cut at its '?'.
struct Target {
  std::string_view path;
  std::string_view query;
};

/// Takes "/path?query" and, as from a client that believes in a proxy, "http://host/path?query"
/// (RFC 9112 §3.2.1, §3.2.2).
Target split_target(std::string_view target);

/// Whether a target is one that its method may have: origin or absolute form, "*" for OPTIONS,
/// host:port for CONNECT (RFC 9112 §3.2). A fragment belongs in none.
bool is_target(std::string_view method, std::string_view target);

/// "host", "host:port" or "[::1]:port" (RFC 3986 §3.2), not empty. The name is not looked up.
bool is_authority(std::string_view text);

/// The first value of `name` in a query string, percent-decoded; none if absent. A wrongly encoded
/// one comes as it stands, so that whoever reads it refuses it.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// 1-64 of A-Z a-z 0-9 . _ -
bool is_room_name(std::string_view name);

}  // namespace pushbench::wire
