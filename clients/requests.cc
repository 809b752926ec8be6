#include "clients/requests.h"

#include <fmt/format.h>

#include "clients/request_headers.h"

namespace pushbench::clients {

namespace {

/// All but the line that ends it.
std::string head(const RequestStyle& style, std::string_view method, std::string_view target) {
  std::string_view lines = style.headers;
  std::string_view connection;
  if (style.close_each) {
    connection = "Connection: close\r\n";
    if (lines.starts_with(kKeepAliveLine)) lines.remove_prefix(kKeepAliveLine.size());
  }
  return fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n{}{}", method, target, style.host, connection,
                     lines);
}

}  // namespace

std::string poll_target(std::string_view room, std::string_view after) {
  return fmt::format("/rooms/{}/poll?after={}", room, after);
}

std::string long_poll_target(std::string_view room, std::string_view after, double hold_s) {
  return fmt::format("/rooms/{}/long-poll?after={}&wait={}", room, after, hold_s);
}

std::string events_target(std::string_view room, std::string_view after) {
  return fmt::format("/rooms/{}/events?after={}", room, after);
}

std::string socket_target(std::string_view room, std::string_view after) {
  return fmt::format("/rooms/{}/socket?after={}", room, after);
}

std::string messages_target(std::string_view room) {
  return fmt::format("/rooms/{}/messages", room);
}

std::string_view path_or(std::string_view path, std::string_view usual) {
  return path.empty() || path == "/" ? usual : path;
}

std::string with_room(std::string_view path, std::string_view room) {
  constexpr std::string_view place = "{room}";
  std::string target;
  for (std::size_t at; (at = path.find(place)) != std::string_view::npos;) {
    target.append(path.substr(0, at)).append(room);
    path.remove_prefix(at + place.size());
  }
  return target.append(path);
}

std::string get_request(const RequestStyle& style, std::string_view target,
                        std::string_view more_headers) {
  return head(style, "GET", target).append(more_headers).append("\r\n");
}

std::string post_request(const RequestStyle& style, std::string_view target,
                         std::string_view body) {
  return fmt::format("{}Content-Length: {}\r\n\r\n{}", head(style, "POST", target), body.size(),
                     body);
}

}  // namespace pushbench::clients
