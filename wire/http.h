#pragma once

#include <llhttp.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace pushbench::wire {

/// Bounds in bytes. A request line or header block past `head` is 414 or 431, a body past `body` is
/// 413.
struct HttpLimits {
  std::size_t head = 16 * 1024;
  std::size_t body = 64 * 1024;
};

/// Why a message was refused, with the status a server should answer (RFC 9110 §15.5).
struct HttpError {
  int status;
  std::string what;
};

/// One parsed request or response. Views stay valid until the parser's next().
class HttpMessage {
 public:
  std::string_view method() const;  // requests: "GET"
  std::string_view target() const { return view(target_); }
  int status() const { return status_; }  // responses: 200
  std::string_view body() const { return view(body_); }
  bool keep_alive() const { return keep_alive_; }
  bool http_1_0() const { return http_1_0_; }
  bool upgrade() const { return upgrade_; }  // asks for, or grants, another protocol

  /// The first header of that name (compared without case), or "" where there is none.
  std::string_view header(std::string_view name) const;
  bool has_header(std::string_view name) const { return header(name).data() != nullptr; }
  /// All headers of that name as the one list that they are (RFC 9110 §5.3), and their number.
  std::string header_list(std::string_view name) const;
  std::size_t count(std::string_view name) const;

 private:
  friend class HttpParser;
  struct Slice {
    std::size_t offset = 0;
    std::size_t length = 0;
  };
  struct Field {
    Slice name;
    Slice value;
  };
  std::string_view view(Slice s) const {
    return std::string_view(text_).substr(s.offset, s.length);
  }

  std::string text_;  // target, header names, values and body, one after the other
  std::vector<Field> fields_;
  Slice target_;
  Slice body_;
  unsigned method_ = 0;
  int status_ = 0;
  bool keep_alive_ = false;
  bool http_1_0_ = false;
  bool upgrade_ = false;
};

/// HTTP/1.1 (RFC 9112) over llhttp in its strict mode: bytes in, one message at a time out.
class HttpParser {
 public:
  enum class Kind { requests, responses };
  struct Fed {
    std::size_t consumed;  // bytes of the input that belong to this message
    bool complete;         // message() is whole; call next() before feeding the rest
  };

  HttpParser(Kind kind, HttpLimits limits);
  HttpParser(const HttpParser&) = delete;
  HttpParser& operator=(const HttpParser&) = delete;

  /// Takes bytes up to the end of the message they complete. After an error the parser is spent.
  tl::expected<Fed, HttpError> feed(std::string_view bytes);

  /// The peer ended the stream: true if that completed a message (a response without a length).
  tl::expected<bool, HttpError> finish();

  const HttpMessage& message() const { return message_; }

  /// Forgets the complete message and makes ready for the following one.
  void next();

  /// Whether a message has begun and is not complete.
  bool in_message() const { return in_message_; }

 private:
  struct Callbacks;
  HttpError refusal();
  int refuse(int status, std::string_view what);
  int append(HttpMessage::Slice& slice, const char* at, std::size_t length);

  llhttp_t parser_;
  HttpLimits limits_;
  HttpMessage message_;
  HttpError refused_{0, ""};
  bool in_message_ = false;
  bool in_value_ = false;
  bool head_complete_ = false;
  bool complete_ = false;
};

/// Whether a comma-separated header value has the token (RFC 9110 §5.6.1), compared without case.
bool has_token(std::string_view list, std::string_view token);

bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace pushbench::wire
