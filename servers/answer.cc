#include "servers/answer.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "wire/message.h"

namespace pushbench::servers {

namespace {

/// A longer body is a piece of its own, which all connections share: copying it would cost more
/// than a second piece does.
constexpr std::size_t kLongBody = 8 * 1024;

/// `head` is without its closing line; `body` may be null.
Answer answer_of(int status, std::string head, const net::Bytes& body) {
  Answer answer;
  answer.head = head.size();
  answer.status = status;
  head += kKept;
  if (body != nullptr && body->size() >= kLongBody) {
    answer.long_body = body;
  } else if (body != nullptr) {
    head += *body;
  }
  answer.whole = net::make_bytes(std::move(head));
  return answer;
}

}  // namespace

const net::Bytes& Composer::compose(const Answer& answer, const MoreHeaders& headers,
                                    std::string_view end, bool with_body) {
  if (whole_ == answer.whole && headers_ == headers && end_ == end && with_body_ == with_body) {
    return text_;
  }
  whole_ = answer.whole;
  headers_ = headers;
  end_ = end;
  with_body_ = with_body;
  std::string text = whole_->substr(0, answer.head);
  for (const net::Bytes& lines : headers) text += lines == nullptr ? std::string_view() : *lines;
  text += end;
  if (with_body) text.append(*whole_, answer.head + kKept.size());
  text_ = net::make_bytes(std::move(text));
  return text_;
}

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
  last_json_.reset();
}

Answer Answers::with_body(int status, std::string_view content_type, std::string_view more_headers,
                          const net::Bytes& body) const {
  std::string head = fmt::format(
      "HTTP/1.1 {} {}\r\n{}Content-Type: {}\r\nCache-Control: no-store\r\n{}Content-Length: {}\r\n",
      status, reason_phrase(status), date_line_, content_type, more_headers, body->size());
  return answer_of(status, std::move(head), body);
}

Answer Answers::batch(const Batch& batch) {
  if (last_json_ != batch.json) {
    last_batch_ = with_body(200, "application/json", {}, batch.json);
    last_batch_.messages = batch.messages;
    last_json_ = batch.json;
  }
  return last_batch_;
}

Answer Answers::nothing_new() {
  if (nothing_new_.whole == nullptr) nothing_new_ = no_content("Cache-Control: no-store\r\n");
  return nothing_new_;
}

Answer Answers::published(const Published& published) const {
  return json(published.stored ? 201 : 200, fmt::format(R"({{"seq":{}}})", published.seq));
}

Answer Answers::event_stream() const {
  return with_headers(200, "Content-Type: text/event-stream\r\nCache-Control: no-store\r\n",
                      nullptr);
}

Answer Answers::no_content(std::string_view more_headers) const {
  return with_headers(204, more_headers, nullptr);
}

Answer Answers::json(int status, std::string body) const {
  return with_body(status, "application/json", {}, net::make_bytes(std::move(body)));
}

Answer Answers::text(std::string_view content_type, std::string body,
                     std::string_view more_headers) const {
  return with_body(200, content_type, more_headers, net::make_bytes(std::move(body)));
}

Answer Answers::with_headers(int status, std::string_view headers, const net::Bytes& body) const {
  std::string head =
      fmt::format("HTTP/1.1 {} {}\r\n{}{}", status, reason_phrase(status), date_line_, headers);
  if (body != nullptr) head += fmt::format("Content-Length: {}\r\n", body->size());
  return answer_of(status, std::move(head), body);
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
