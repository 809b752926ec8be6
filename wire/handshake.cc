#include "wire/handshake.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "wire/base64.h"

namespace pushbench::wire {

namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // §1.3

/// "" or why the request is no opening handshake, with the status to answer.
HttpError check_request(const HttpMessage& request) {
  if (request.method() != "GET") return {400, "a WebSocket begins with a GET"};
  // A proxy's doing, most likely: who asks after it learns that upgrades don't come through.
  if (request.http_1_0()) return {426, "a WebSocket begins in HTTP/1.1, and this came as HTTP/1.0"};
  if (!has_token(request.header_list("connection"), "upgrade") ||
      !has_token(request.header_list("upgrade"), "websocket")) {
    return {426, "this is a WebSocket: send Connection: Upgrade and Upgrade: websocket"};
  }
  if (request.count("sec-websocket-version") > 1) {  // §11.3.5
    return {400, "Sec-WebSocket-Version must be there once"};
  }
  if (request.header("sec-websocket-version") != "13") {
    return {426, "only Sec-WebSocket-Version 13 is spoken here"};
  }
  if (request.count("sec-websocket-key") != 1 ||  // §11.3.1
      !is_websocket_key(request.header("sec-websocket-key"))) {
    return {400, "Sec-WebSocket-Key must be there once, with 16 bytes in base64"};
  }
  return {0, ""};
}

}  // namespace

tl::expected<AcceptedUpgrade, HttpError> accept_upgrade(const HttpMessage& request,
                                                        const UpgradeOptions& options,
                                                        std::string_view more_headers) {
  if (HttpError error = check_request(request); error.status != 0) {
    return tl::unexpected(std::move(error));
  }
  AcceptedUpgrade accepted;
  accepted.head = fmt::format(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: {}\r\n",
      accept_key(request.header("sec-websocket-key")));
  if (request.has_header("sec-websocket-extensions")) {
    const auto offers = read_extensions(request.header_list("sec-websocket-extensions"));
    if (!offers) return tl::unexpected<HttpError>({400, offers.error().line()});
    if (options.compression) {
      if (const auto deflate = accept_deflate(*offers, *options.compression)) {
        accepted.compression = deflate->parameters;
        accepted.head += fmt::format("Sec-WebSocket-Extensions: {}\r\n", deflate->response);
      }
    }
  }
  if (request.has_header("sec-websocket-protocol")) {
    const auto offered = read_subprotocols(request.header_list("sec-websocket-protocol"));
    if (!offered) return tl::unexpected<HttpError>({400, offered.error().line()});
    if (std::find(offered->begin(), offered->end(), options.subprotocol) != offered->end()) {
      accepted.subprotocol = options.subprotocol;
      accepted.head += fmt::format("Sec-WebSocket-Protocol: {}\r\n", options.subprotocol);
    }
  }
  accepted.head.append(more_headers).append("\r\n");
  return accepted;
}

std::string encode_upgrade_request(std::string_view host, std::string_view target,
                                   std::string_view key,
                                   const std::optional<DeflateParameters>& offer,
                                   std::string_view subprotocol, std::string_view more_headers) {
  std::string request = fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n",
      target, host, key);
  if (offer) request += fmt::format("Sec-WebSocket-Extensions: {}\r\n", offer_deflate(*offer));
  if (!subprotocol.empty()) request += fmt::format("Sec-WebSocket-Protocol: {}\r\n", subprotocol);
  return request.append(more_headers).append("\r\n");
}

tl::expected<std::optional<DeflateParameters>, std::string> check_upgrade(
    const HttpMessage& response, std::string_view key,
    const std::optional<DeflateParameters>& offered, std::string_view subprotocol) {
  const auto refuse = [](std::string what) { return tl::unexpected(std::move(what)); };
  if (response.status() != 101) {
    return refuse(fmt::format("the server answered {} to the upgrade", response.status()));
  }
  if (!equals_ignoring_case(response.header_list("upgrade"), "websocket") ||
      !has_token(response.header_list("connection"), "upgrade")) {
    return refuse("the server's 101 does not name the WebSocket protocol");
  }
  if (response.header_list("sec-websocket-accept") != accept_key(key)) {
    return refuse("the server's Sec-WebSocket-Accept does not fit the key");
  }
  if (response.has_header("sec-websocket-protocol") &&
      (subprotocol.empty() || response.header_list("sec-websocket-protocol") != subprotocol)) {
    return refuse("the server chose a subprotocol that was not offered");
  }
  if (!response.has_header("sec-websocket-extensions")) return std::nullopt;
  if (!offered) return refuse("the server chose an extension that was not offered");
  if (response.count("sec-websocket-extensions") > 1) {  // §11.3.2
    return refuse("the server's Sec-WebSocket-Extensions must be there once");
  }
  const auto agreed =
      check_accepted_deflate(response.header_list("sec-websocket-extensions"), *offered);
  if (!agreed) return refuse(agreed.error().line());
  return *agreed;
}

std::string accept_key(std::string_view key) {
  const std::string text = std::string(key).append(kGuid);
  std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return encode_base64(digest);
}

std::string encode_websocket_key(std::span<const std::uint8_t, 16> nonce) {
  return encode_base64(nonce);
}

bool is_websocket_key(std::string_view key) {
  const auto nonce = decode_base64(key);
  return nonce && nonce->size() == 16;
}

}  // namespace pushbench::wire
