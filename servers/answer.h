#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/bytes.h"
#include "servers/store.h"
#include "wire/http.h"

namespace pushbench::servers {

/// A response that may go to many, as one piece for the many that get it as it is: over HTTP/1.1,
/// on a connection that is kept, and without further header lines.
struct Answer {
  net::Bytes whole;      // head and body, or up to where a long body begins
  std::size_t head = 0;  // how much of it is the head, without the blank line that closes it
  net::Bytes long_body;  // shared as it is; mostly null
  int status = 0;
  std::size_t messages = 0;  // that the body brings, if it is a batch
};

/// What closes an answer's head, by what becomes of the connection. HTTP/1.0 has to be told that it
/// is kept.
inline constexpr std::string_view kKept = "\r\n";
inline constexpr std::string_view kKept10 = "Connection: keep-alive\r\n\r\n";
inline constexpr std::string_view kClosed = "Connection: close\r\n\r\n";

/// Header lines that one exchange adds to its answer, whatever that is; null where none.
using MoreHeaders = std::array<net::Bytes, 2>;

/// Puts an answer together for those who do not get it as it is. Who asks in the same way as the
/// one before gets the same piece.
class Composer {
 public:
  const net::Bytes& compose(const Answer& answer, const MoreHeaders& headers, std::string_view end,
                            bool with_body);

 private:
  net::Bytes whole_;  // what the last one was made of
  MoreHeaders headers_;
  std::string_view end_;
  bool with_body_ = false;
  net::Bytes text_;
};

/// Tells a subscriber which store it follows, and that a body comes in chunks.
std::string epoch_line(std::string_view epoch);
inline constexpr std::string_view kChunkedLine = "Transfer-Encoding: chunked\r\n";

/// Makes answers; what every answer of a second shares is made once in that second.
class Answers {
 public:
  Answer batch(const Batch& batch);                        // 200
  Answer nothing_new();                                    // 204
  Answer published(const Published& published) const;      // 201, or 200 where it stood there
  Answer event_stream() const;                             // 200, the head alone
  Answer no_content(std::string_view more_headers) const;  // 204
  Answer json(int status, std::string body) const;
  Answer text(std::string_view content_type, std::string body,
              std::string_view more_headers = {}) const;
  /// With these header lines alone, each with its CRLF, and where there is a body (it may be null)
  /// its length.
  Answer with_headers(int status, std::string_view headers, const net::Bytes& body) const;
  /// RFC 9457. `more_headers` are whole lines, each with its CRLF.
  Answer problem(int status, std::string_view detail, std::string_view more_headers = {}) const;

  /// Why a request cannot become a WebSocket, and which one it could become (RFC 6455 §4.4).
  Answer refused_upgrade(const wire::HttpError& error) const;

  void set_time(std::int64_t unix_seconds);  // for the Date header, RFC 9110 §6.6.1

 private:
  Answer with_body(int status, std::string_view content_type, std::string_view more_headers,
                   const net::Bytes& body) const;

  std::int64_t second_ = -1;
  std::string date_line_;
  Answer nothing_new_;
  Answer last_batch_;
  net::Bytes last_json_;  // of last_batch_
};

std::string_view reason_phrase(int status);

}  // namespace pushbench::servers
