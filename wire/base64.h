#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pushbench::wire {

/// RFC 4648 §4, with padding and in one line.
std::string encode_base64(std::span<const std::uint8_t> bytes);

/// The same back, below 1 GiB; nothing if it is not exactly that: another letter, padding that is
/// missing, too long or in the middle.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace pushbench::wire
