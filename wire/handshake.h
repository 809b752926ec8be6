#pragma once

#include <string>
#include <string_view>

#include "wire/http.h"

namespace pushbench::wire {

/// Checks a client's opening handshake (RFC 6455 §4.2.1) and returns the 101 response's bytes. The
/// error's status is 426 where the client should upgrade, or upgrade to version 13.
tl::expected<std::string, HttpError> accept_upgrade(const HttpMessage& request);

/// The client's opening handshake (§4.1). `key` is encode_websocket_key() of a fresh nonce.
std::string encode_upgrade_request(std::string_view host, std::string_view target,
                                   std::string_view key);

/// Checks the server's answer to it (§4.1): "" if the connection is open now, else why not.
std::string refused_upgrade(const HttpMessage& response, std::string_view key);

}  // namespace pushbench::wire
