#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "harness/result.h"
#include "harness/wire_tap.h"
#include "net/clock.h"

namespace pushbench::harness {

/// What the pieces, which are in order of time, were: the events that came to an end in a stretch.
/// Kept small enough for a result: the first 60 of them, of long bodies the first 400 bytes and,
/// past 7 KiB of text in all, of heads the first line.
WireView view_of(std::span<const WirePiece> pieces, net::Time from, net::Duration length);

/// UTF-8 as it is; all other bytes, and control characters that end no line, as "\\x81". Of a text
/// that would be longer than `most` bytes the beginning, and "…".
std::string printable(std::string_view bytes, std::size_t most = std::string::npos);

}  // namespace pushbench::harness
