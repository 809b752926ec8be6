#include "servers/answer.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "wire/message.h"

namespace pushbench::servers {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 417:
      return "Expectation Failed";
    case 426:
      return "Upgrade Required";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

std::string epoch_line(std::string_view epoch) { return fmt::format("Room-Epoch: {}\r\n", epoch); }

void Answers::set_time(std::int64_t unix_seconds) {
  if (unix_seconds == second_) return;
  second_ = unix_seconds;
  date_line_ = fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
                           fmt::gmtime(static_cast<std::time_t>(unix_seconds)));
  nothing_new_ = last_batch_ = {};
}

Answer Answers::with_body(int status, std::string_view content_type, std::string_view more_headers,
                          net::Bytes body) const {
  std::string head = fmt::format(
      "HTTP/1.1 {} {}\r\n{}Content-Type: {}\r\nCache-Control: no-store\r\n{}Content-Length: {}\r\n",
      status, reason_phrase(status), date_line_, content_type, more_headers, body->size());
  return {net::make_bytes(std::move(head)), std::move(body), status};
}

Answer Answers::batch(const Batch& batch) {
  if (last_batch_.body != batch.json) {
    last_batch_ = with_body(200, "application/json", {}, batch.json);
    last_batch_.messages = batch.messages;
  }
  return last_batch_;
}

Answer Answers::nothing_new() {
  if (nothing_new_.head == nullptr) {
    nothing_new_ = {net::make_bytes(fmt::format(
                        "HTTP/1.1 204 No Content\r\n{}Cache-Control: no-store\r\n", date_line_)),
                    nullptr, 204};
  }
  return nothing_new_;
}

Answer Answers::published(const Published& published) const {
  return json(published.stored ? 201 : 200, fmt::format(R"({{"seq":{}}})", published.seq));
}

Answer Answers::event_stream() const {
  return {net::make_bytes(fmt::format("HTTP/1.1 200 OK\r\n{}Content-Type: text/event-stream\r\n"
                                      "Cache-Control: no-store\r\n",
                                      date_line_)),
          nullptr, 200};
}

Answer Answers::no_content(std::string_view more_headers) const {
  return {net::make_bytes(fmt::format("HTTP/1.1 204 No Content\r\n{}{}", date_line_, more_headers)),
          nullptr, 204};
}

Answer Answers::json(int status, std::string body) const {
  return with_body(status, "application/json", {}, net::make_bytes(std::move(body)));
}

Answer Answers::text(std::string_view content_type, std::string body,
                     std::string_view more_headers) const {
  return with_body(200, content_type, more_headers, net::make_bytes(std::move(body)));
}

Answer Answers::with_headers(int status, std::string_view headers, net::Bytes body) const {
  std::string head =
      fmt::format("HTTP/1.1 {} {}\r\n{}{}", status, reason_phrase(status), date_line_, headers);
  if (body != nullptr) head += fmt::format("Content-Length: {}\r\n", body->size());
  return {net::make_bytes(std::move(head)), std::move(body), status};
}

Answer Answers::problem(int status, std::string_view detail, std::string_view more_headers) const {
  return with_body(status, "application/problem+json", more_headers,
                   net::make_bytes(wire::encode_problem(status, reason_phrase(status), detail)));
}

Answer Answers::refused_upgrade(const wire::HttpError& error) const {
  return problem(error.status, error.what,
                 "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
}

}  // namespace pushbench::servers
