#pragma once

#include <string_view>

namespace pushbench::wire {

/// 16 to 256 of A-Z a-z 0-9 - . _ ~: what fits a header (RFC 6750 §2.1), a query and a subprotocol
/// (RFC 6455 §4.1) without any encoding.
bool is_bearer_token(std::string_view text);

/// Whether two secrets are the same, in a time that tells nothing about where they differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace pushbench::wire
