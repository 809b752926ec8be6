#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/message.h"
#include "wire/result.h"

namespace pushbench::wire {

// Socket.IO 4 (revision 5 of its protocol), whose packets are the messages of Engine.IO 4. Each
// packet is a text, of which the first characters say what it is: "42[…]" is Engine.IO's message
// (4) with Socket.IO's event (2). Of namespaces only the main one, and of binary data nothing: what
// pushbench says is text.

/// What a server's packet says.
struct SocketIoPacket {
  enum class Kind {
    open,           // Engine.IO: the session has begun; data says how
    close,          // Engine.IO: it has ended
    ping,           // Engine.IO: to be answered with a pong
    noop,           // Engine.IO: nothing
    connected,      // the namespace is joined
    disconnected,   // it was left, for good
    connect_error,  // it may not be joined; data says why
    event,          // data is ["name",…]
    ack,            // of the packet `id`
  };
  Kind kind;
  std::uint64_t id = 0;   // ack: of what
  std::string_view data;  // JSON, as it came; "" where there is none
};

/// Reads one packet: a WebSocket's message, or what take_packet() cuts off. The view of its data is
/// into `text`.
Result<SocketIoPacket> read_socket_io(std::string_view text);

/// Cuts the first packet off what a long poll brought.
std::string_view take_packet(std::string_view& payload);
inline constexpr char kPacketSeparator = '\x1e';

/// What an `open` packet's data says.
struct EngineSession {
  std::string sid;                     // of the session, for the requests that belong to it
  std::uint64_t ping_interval_ms = 0;  // from one of the server's pings to the next
  std::uint64_t ping_timeout_ms = 0;   // what more to wait for one
  std::uint64_t max_payload = 0;       // bytes of a POST that the server takes; 0: it does not say
};

/// The sid must be one that fits a query as it is.
Result<EngineSession> read_engine_session(std::string_view json);

// What a client says:
inline constexpr std::string_view kPongPacket = "3";
inline constexpr std::string_view kConnectPacket = "40";  // to the main namespace
inline constexpr std::uint64_t kJoinId = 0;
std::string encode_join(std::string_view room);  // the event "join", acknowledged as kJoinId
std::string encode_say(std::string_view room, const Draft& draft);  // the event "say"

}  // namespace pushbench::wire
