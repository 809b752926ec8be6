#pragma once

#include <optional>
#include <string_view>

#include "wire/result.h"

namespace pushbench::wire {

/// Of nchan, the pub/sub module of nginx: the WebSocket subprotocol whose messages say which they
/// are.
inline constexpr std::string_view kNchanMetaSubprotocol = "ws+meta.nchan";

/// The id from which on everything is new.
inline constexpr std::string_view kNchanBeginning = "0:0";

/// What is in a message of that subprotocol.
struct NchanMessage {
  std::string_view id;    // "1450755280:0", the cursor to go on from
  std::string_view body;  // as it was published
};

/// Reads lines of `name: value` up to an empty one, and the body behind it. The views are into
/// `text`.
Result<NchanMessage> read_nchan_message(std::string_view text);

/// The id of a room's latest message, in what nchan tells of a room, be it as text, JSON or YAML:
/// "last message id: 1450755280:0", 0:0 where there has been none. No id: it is not nchan's.
std::optional<std::string_view> read_nchan_place(std::string_view told);

/// Whether a text is such an id of one channel: "time:tag", in digits. It fits a query as it is.
bool is_nchan_id(std::string_view text);

}  // namespace pushbench::wire
