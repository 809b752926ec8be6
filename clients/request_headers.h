#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "wire/result.h"

namespace pushbench::clients {

/// Header lines that the clients send beyond those HTTP asks for, whole lines with their CRLF, by
/// kind of request. Made without a file, they are those of scenarios/headers/minimal.txt.
struct RequestHeaders {
  std::string name = "minimal";
  std::string fetch;
  std::string post = "Content-Type: application/json\r\n";
  std::string event_stream = "Accept: text/event-stream\r\n";
  std::string websocket;

  /// The same for requests to `host` ("127.0.0.1:8080"), with TLS where `secure`: {host} and
  /// {origin} are replaced. To be called once for all clients, before they send anything.
  RequestHeaders for_server(std::string_view host, bool secure) const;
};

/// Where a browser writes that it keeps its connections: always as the first line of its kind.
inline constexpr std::string_view kKeepAliveLine = "Connection: keep-alive\r\n";

/// Reads such a file (scenarios/headers/minimal.txt says what may stand in one). {cookie} is then a
/// value of `cookie_bytes` bytes; with 0 there is no Cookie line. An error names the file and line.
Result<RequestHeaders> read_request_headers(const std::string& path, std::size_t cookie_bytes);

/// The same from the file's text; `path` gives the name, and the place in errors.
Result<RequestHeaders> parse_request_headers(std::string_view text, const std::string& path,
                                             std::size_t cookie_bytes);

}  // namespace pushbench::clients
