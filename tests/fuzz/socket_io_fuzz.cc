// What a Socket.IO server sends: the body of a long poll, of packets with separators between. Taken
// one by one they are the whole; what is read of each lies within it, or has a reason why not.

#include <string>

#include "tests/fuzz/fuzz.h"
#include "wire/message.h"
#include "wire/socket_io.h"

namespace pushbench::wire {
namespace {

void read_event(std::string_view json) {
  BatchReader reader;
  const auto draft = reader.read_event(fuzz::Block(json).view(), "message");
  if (!draft) return fuzz::expect(!draft.error().what.empty(), "no reason");
  if (!*draft) return;
  const std::string again = R"(["message",)" + encode_draft(**draft) + "]";
  BatchReader another;
  const auto second = another.read_event(again, "message");
  fuzz::expect(second && *second, "what was written cannot be read", again);
  fuzz::expect_same("a draft differs when read again", encode_draft(**draft),
                    encode_draft(**second));
}

void read_session(std::string_view json) {
  const auto session = read_engine_session(fuzz::Block(json).view());
  if (!session) return fuzz::expect(!session.error().what.empty(), "no reason");
  fuzz::expect(session->sid.find_first_of(" &?#\r\n") == std::string::npos,
               "a sid that breaks a query", session->sid);
}

void read_packet(std::string_view text) {
  const fuzz::Block block(text);
  const auto packet = read_socket_io(block.view());
  if (!packet) return fuzz::expect(!packet.error().what.empty(), "no reason");
  fuzz::expect(block.view().ends_with(packet->data), "data that did not come", packet->data);
  if (packet->kind == SocketIoPacket::Kind::event) read_event(packet->data);
  if (packet->kind == SocketIoPacket::Kind::open) read_session(packet->data);
}

}  // namespace
}  // namespace pushbench::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pushbench;
  const std::string_view whole(reinterpret_cast<const char*>(data), size);
  std::string together;
  for (std::string_view rest = whole; !rest.empty();) {
    const bool more = rest.find(wire::kPacketSeparator) != std::string_view::npos;
    const std::string_view packet = wire::take_packet(rest);
    fuzz::expect(packet.find(wire::kPacketSeparator) == std::string_view::npos, "two in one",
                 packet);
    wire::read_packet(packet);
    together.append(packet);
    if (more) together += wire::kPacketSeparator;
  }
  fuzz::expect_same("the packets are not the whole", whole, together);
  return 0;
}
