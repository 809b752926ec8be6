#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wire/extensions.h"
#include "wire/http.h"

namespace pushbench::wire {

inline constexpr std::string_view kSubprotocol = "pushbench";

/// What a server is ready to speak.
struct UpgradeOptions {
  std::optional<DeflateParameters> compression;  // what it wants of permessage-deflate; none: not
  std::string_view subprotocol = kSubprotocol;   // chosen where the client offers it
};

struct AcceptedUpgrade {
  std::string head;                              // the whole 101 response
  std::optional<DeflateParameters> compression;  // as agreed on; none: messages go uncompressed
  std::string subprotocol;                       // "" where none was chosen
};

/// Checks a client's opening handshake (RFC 6455 §4.2.1). The error's status is 426 where the
/// client should upgrade, or upgrade to version 13. `more_headers`, whole lines with their CRLF, go
/// into the response.
tl::expected<AcceptedUpgrade, HttpError> accept_upgrade(const HttpMessage& request,
                                                        const UpgradeOptions& options = {},
                                                        std::string_view more_headers = {});

/// The client's opening handshake (§4.1). `key` is encode_websocket_key() of a fresh nonce; `offer`
/// and `subprotocol` go in unless they are empty, `more_headers` as above.
std::string encode_upgrade_request(std::string_view host, std::string_view target,
                                   std::string_view key,
                                   const std::optional<DeflateParameters>& offer = {},
                                   std::string_view subprotocol = {},
                                   std::string_view more_headers = {});

/// Checks the server's answer to it (§4.1): the compression agreed on (none: none), or in one line
/// why there is no connection.
tl::expected<std::optional<DeflateParameters>, std::string> check_upgrade(
    const HttpMessage& response, std::string_view key,
    const std::optional<DeflateParameters>& offered = {}, std::string_view subprotocol = {});

/// Sec-WebSocket-Accept for a Sec-WebSocket-Key (§4.2.2).
std::string accept_key(std::string_view key);

/// 16 bytes of base64, as §4.2.1 asks of Sec-WebSocket-Key.
bool is_websocket_key(std::string_view key);
std::string encode_websocket_key(std::span<const std::uint8_t, 16> nonce);

}  // namespace pushbench::wire
