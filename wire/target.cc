#include "wire/target.h"

#include <algorithm>
#include <array>

#include "wire/http.h"

namespace pushbench::wire {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decoded(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] != '%') {
      out += s[i] == '+' ? ' ' : s[i];
      continue;
    }
    const int high = i + 2 < s.size() ? hex_digit(s[i + 1]) : -1;
    const int low = i + 2 < s.size() ? hex_digit(s[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_room_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || is_digit(c) || c == '.' || c == '_' ||
         c == '-';
}

/// Of a name or IPv4 address (RFC 3986 §3.2.2).
bool is_host_character(char c) {
  return is_room_character(c) ||
         std::string_view("~!$&'()*+,;=%").find(c) != std::string_view::npos;
}

bool is_ipv6_character(char c) { return hex_digit(c) >= 0 || c == ':' || c == '.'; }

/// The bytes of "http://host:port" that an absolute-form target begins with; 0 in other forms.
std::size_t origin_length(std::string_view target) {
  constexpr std::array<std::string_view, 2> schemes{"http://", "https://"};
  for (const std::string_view scheme : schemes) {
    if (equals_ignoring_case(target.substr(0, scheme.size()), scheme)) {
      return std::min(target.find_first_of("/?", scheme.size()), target.size());
    }
  }
  return 0;
}

}  // namespace

Target split_target(std::string_view target) {
  const std::size_t origin = origin_length(target);
  target.remove_prefix(origin);
  const std::size_t mark = std::min(target.find('?'), target.size());
  const std::string_view path = target.substr(0, mark);
  const std::string_view query = target.substr(std::min(mark + 1, target.size()));
  return {path.empty() && origin > 0 ? "/" : path, query};
}

bool is_target(std::string_view method, std::string_view target) {
  if (target.find('#') != std::string_view::npos) return false;
  if (method == "CONNECT") return is_authority(target);
  if (target == "*") return method == "OPTIONS";
  const std::string_view origin = target.substr(0, origin_length(target));
  if (origin.empty()) return target.starts_with('/');
  return is_authority(origin.substr(origin.find("//") + 2));
}

bool is_authority(std::string_view text) {
  std::size_t host = 0;  // its length
  if (text.starts_with('[')) {
    host = std::min(text.find(']'), text.size());
    if (host < 3 || host == text.size()) return false;
    const std::string_view address = text.substr(1, host - 1);
    if (!std::all_of(address.begin(), address.end(), is_ipv6_character)) return false;
    ++host;
  } else {
    host = std::min(text.find(':'), text.size());
    const std::string_view name = text.substr(0, host);
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_host_character)) return false;
  }
  std::string_view port = text.substr(host);
  if (port.empty()) return true;
  port.remove_prefix(1);
  return text[host] == ':' && std::all_of(port.begin(), port.end(), is_digit);
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == name) {
      const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
      return percent_decoded(value).value_or(std::string(value));
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return std::nullopt;
}

bool is_room_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 &&
         std::all_of(name.begin(), name.end(), is_room_character);
}

}  // namespace pushbench::wire
