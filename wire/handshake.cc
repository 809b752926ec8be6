#include "wire/handshake.h"

#include <fmt/format.h>

#include "wire/websocket.h"

namespace pushbench::wire {

tl::expected<std::string, HttpError> accept_upgrade(const HttpMessage& request) {
  const auto refuse = [](int status, std::string what) {
    return tl::unexpected<HttpError>({status, std::move(what)});
  };
  if (request.method() != "GET" || request.http_1_0()) {
    return refuse(400, "a WebSocket begins with a GET in HTTP/1.1");
  }
  if (!has_token(request.header("connection"), "upgrade") ||
      !has_token(request.header("upgrade"), "websocket")) {
    return refuse(426, "this is a WebSocket: send Connection: Upgrade and Upgrade: websocket");
  }
  if (request.header("sec-websocket-version") != "13") {
    return refuse(426, "only Sec-WebSocket-Version 13 is spoken here");
  }
  const std::string_view key = request.header("sec-websocket-key");
  if (!is_websocket_key(key)) {
    return refuse(400, "Sec-WebSocket-Key must be 16 bytes in base64");
  }
  return fmt::format(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: {}\r\n\r\n",
      accept_key(key));
}

std::string encode_upgrade_request(std::string_view host, std::string_view target,
                                   std::string_view key) {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n\r\n",
      target, host, key);
}

std::string refused_upgrade(const HttpMessage& response, std::string_view key) {
  if (response.status() != 101) {
    return fmt::format("the server answered {} to the upgrade", response.status());
  }
  if (!equals_ignoring_case(response.header("upgrade"), "websocket") ||
      !has_token(response.header("connection"), "upgrade")) {
    return "the server's 101 does not name the WebSocket protocol";
  }
  if (response.header("sec-websocket-accept") != accept_key(key)) {
    return "the server's Sec-WebSocket-Accept does not fit the key";
  }
  if (response.has_header("sec-websocket-extensions") ||
      response.has_header("sec-websocket-protocol")) {
    return "the server chose an extension or subprotocol that was not offered";
  }
  return "";
}

}  // namespace pushbench::wire
