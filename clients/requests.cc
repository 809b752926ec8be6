#include "clients/requests.h"

#include <fmt/format.h>

#include <initializer_list>
#include <utility>

#include "clients/request_headers.h"

namespace pushbench::clients {

namespace {

/// Appending takes a quarter of what formatting does, and a poll is little more than its request.
std::string joined(std::string spare, std::initializer_list<std::string_view> pieces) {
  spare.clear();
  for (const std::string_view piece : pieces) spare.append(piece);
  return spare;
}

/// All but the line that ends it.
std::string head(const RequestStyle& style, std::string_view method, std::string_view target,
                 std::string spare) {
  std::string_view lines = style.headers;
  std::string_view connection;
  if (style.close_each) {
    connection = "Connection: close\r\n";
    if (lines.starts_with(kKeepAliveLine)) lines.remove_prefix(kKeepAliveLine.size());
  }
  return joined(std::move(spare), {method, " ", target, " HTTP/1.1\r\nHost: ", style.host, "\r\n",
                                   connection, lines});
}

}  // namespace

std::string poll_target(std::string_view room, std::string_view after, std::string spare) {
  return joined(std::move(spare), {"/rooms/", room, "/poll?after=", after});
}

std::string long_poll_target(std::string_view room, std::string_view after, double hold_s,
                             std::string spare) {
  const std::string wait = fmt::to_string(hold_s);
  return joined(std::move(spare), {"/rooms/", room, "/long-poll?after=", after, "&wait=", wait});
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
                        std::string_view more_headers, std::string spare) {
  std::string request = head(style, "GET", target, std::move(spare));
  request.append(more_headers).append("\r\n");
  return request;
}

std::string post_request(const RequestStyle& style, std::string_view target, std::string_view body,
                         std::string spare) {
  std::string request = head(style, "POST", target, std::move(spare));
  const fmt::format_int size(body.size());
  request.append("Content-Length: ").append(size.data(), size.size());
  request.append("\r\n\r\n").append(body);
  return request;
}

}  // namespace pushbench::clients
