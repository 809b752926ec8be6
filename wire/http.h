#pragma once

#include <llhttp.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace pushbench::wire {

/// Bounds of one message. A request line or head past `head` bytes is 414 or 431, more headers than
/// `headers` are 431, a body past `body` bytes is 413. What chunks carry beside a body may be
/// `head` bytes, and some more for each of the body; past that it is 400.
struct HttpLimits {
  std::size_t head = 16 * 1024;
  std::size_t body = 64 * 1024;
  std::size_t headers = 256;
};

/// Why a message was refused, with the status a server should answer (RFC 9110 §15.5).
struct HttpError {
  int status;
  std::string what;
};

/// One parsed request or response. Views stay valid until the parser's next(). All but the body can
/// be read once the head is complete.
class HttpMessage {
 public:
  std::string_view method() const;  // requests: "GET"
  std::string_view target() const { return view(target_); }
  int status() const { return status_; }  // responses: 200
  std::string_view body() const { return view(body_); }
  bool keep_alive() const { return keep_alive_; }
  bool http_1_0() const { return http_1_0_; }
  bool upgrade() const { return upgrade_; }  // asks for, or grants, another protocol

  /// Bytes of body, as Content-Length states them.
  std::optional<std::uint64_t> body_length() const { return body_length_; }
  bool chunked() const { return chunked_; }

  /// The first header of that name (compared without case), or "" where there is none.
  std::string_view header(std::string_view name) const;
  bool has_header(std::string_view name) const { return header(name).data() != nullptr; }
  /// How many headers have that name.
  std::size_t count(std::string_view name) const;

  /// All headers of that name as the one list that they stand for (RFC 9110 §5.3).
  std::string header_list(std::string_view name) const;

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
  std::optional<std::uint64_t> body_length_;
  unsigned method_ = 0;
  int status_ = 0;
  bool keep_alive_ = false;
  bool http_1_0_ = false;
  bool upgrade_ = false;
  bool chunked_ = false;
};

/// Takes bodies piece by piece, as they come: for a response that never ends. It must not touch the
/// parser from within.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// The head is complete. True: the body goes to on_body(), without a limit on its size, and not
  /// into the message.
  virtual bool on_head(const HttpMessage& message) = 0;
  virtual void on_body(std::string_view piece) = 0;
};

/// HTTP/1.1 (RFC 9112) over llhttp in its strict mode: bytes in, one message at a time out. Where a
/// message could be read in two ways, it is refused.
class HttpParser {
 public:
  enum class Kind { requests, responses };
  struct Fed {
    std::size_t consumed;  // bytes of the input that belong to this message
    bool complete;         // message() is whole; call next() before feeding the rest
  };

  /// `sink`, if there is one, outlives the parser.
  HttpParser(Kind kind, HttpLimits limits, BodySink* sink = nullptr);
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

  /// Whether message() has its head: from the end of the head until next().
  bool head_complete() const { return head_complete_; }

  /// Bytes of the head, from the first line to the empty one, as far as they have come; 0 after
  /// next().
  std::size_t head_size() const { return head_bytes_; }

  /// Whether the client waits for a 100 before it sends the body, of which nothing has come yet
  /// (RFC 9110 §10.1.1).
  bool expects_continue() const { return expects_continue_; }

 private:
  struct Callbacks;
  tl::expected<std::size_t, HttpError> feed_head(std::string_view bytes);
  tl::expected<std::size_t, HttpError> feed_body(std::string_view bytes);
  bool lines_are_sound(std::string_view lines);
  bool body_is_welcome();
  bool framing_is_sound(const char* end);
  HttpError too_long_head() const;
  tl::unexpected<HttpError> refusal();
  int refuse(int status, std::string_view what);
  void append(HttpMessage::Slice& slice, const char* at, std::size_t length);

  llhttp_t parser_;
  HttpLimits limits_;
  BodySink* sink_;
  HttpMessage message_;
  HttpError refused_{0, ""};
  std::size_t head_bytes_ = 0;
  std::uint64_t framing_ = 0;          // bytes around the body, less what the body pays for
  const char* framing_end_ = nullptr;  // how far framing_is_sound() has come in the bytes at hand
  char last_byte_ = '\n';              // of head or framing
  bool in_message_ = false;
  bool in_value_ = false;
  bool head_complete_ = false;
  bool expects_continue_ = false;
  bool body_to_sink_ = false;
  bool complete_ = false;
};

/// Cuts the first member off a comma-separated header value (RFC 9110 §5.6.1), without its blanks.
std::string_view take_member(std::string_view& list);

/// Whether a comma-separated header value has the token, compared without case.
bool has_token(std::string_view list, std::string_view token);

bool equals_ignoring_case(std::string_view a, std::string_view b);

/// A chunk of a body (RFC 9112 §7.1) is chunk_start(), that many bytes (not 0) and kChunkEnd.
std::string chunk_start(std::size_t size);
inline constexpr std::string_view kChunkEnd = "\r\n";
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace pushbench::wire
