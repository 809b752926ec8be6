#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/deflate.h"
#include "wire/result.h"

namespace pushbench::wire {

/// One element of a Sec-WebSocket-Extensions header (RFC 6455 §9.1). Quoted values are unquoted.
struct Extension {
  struct Parameter {
    std::string name;
    std::optional<std::string> value;
  };
  std::string name;
  std::vector<Parameter> parameters;
};

/// Reads the header by the grammar of §9.1. Whoever gets a malformed one must fail the handshake.
Result<std::vector<Extension>> read_extensions(std::string_view header);

/// Reads a Sec-WebSocket-Protocol header (§4.3): the names of subprotocols.
Result<std::vector<std::string>> read_subprotocols(std::string_view header);

/// An offer of permessage-deflate that a server takes up.
struct AcceptedDeflate {
  DeflateParameters parameters;
  std::string response;  // the value of its Sec-WebSocket-Extensions
};

/// A server's choice (RFC 7692 §7.1): the first offer that has no unknown, doubled or ill-valued
/// parameter; none where there is no such offer. What the server itself wants (no takeover, smaller
/// windows) is put on top as far as the offer allows.
std::optional<AcceptedDeflate> accept_deflate(const std::vector<Extension>& offers,
                                              const DeflateParameters& wanted);

/// A client's offer, as the value of Sec-WebSocket-Extensions. It lets the server choose the window
/// of the client's messages, too.
std::string offer_deflate(const DeflateParameters& wanted);

/// A client's check of the answer to that offer (RFC 6455 §9.1, RFC 7692 §7.1): the parameters
/// agreed on. An answer that accepts what was not offered, or not all that was, is an error.
Result<DeflateParameters> check_accepted_deflate(std::string_view response,
                                                 const DeflateParameters& offered);

}  // namespace pushbench::wire
