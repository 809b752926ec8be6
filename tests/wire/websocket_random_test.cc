#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/support/frames.h"
#include "wire/websocket.h"

namespace pushbench::wire {
namespace {

using test::Events;
using Role = WebSocketDecoder::Role;

/// Random frames, and what a decoder should make of them.
class Conversation {
 public:
  Conversation(std::uint32_t seed, bool masked) : random_(seed), masked_(masked) {}

  void add_message() {
    const bool text = below(2) == 0;
    const std::string payload = text ? random_text() : random_bytes(random_length());
    const Opcode type = text ? Opcode::text : Opcode::binary;
    std::size_t at = 0;
    bool first = true;
    for (bool final = false; !final; first = false) {
      const std::size_t size = below(3) == 0 ? below(payload.size() - at + 1) : payload.size() - at;
      final = at + size == payload.size();
      bytes += test::fragment(first ? type : Opcode::continuation, final,
                              std::string_view(payload).substr(at, size), mask());
      at += size;
      if (!final && below(2) == 0) add_control();
    }
    events.push_back((text ? "text " : "binary ") + payload);
  }

  void add_control() {
    const bool ping = below(2) == 0;
    const std::string payload = random_bytes(below(126));
    bytes += encode_frame(ping ? Opcode::ping : Opcode::pong, payload, mask());
    events.push_back((ping ? "ping " : "pong ") + payload);
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::string bytes;
  Events events;

 private:
  std::optional<Mask> mask() {
    if (!masked_) return std::nullopt;
    Mask mask;
    for (std::uint8_t& b : mask) b = static_cast<std::uint8_t>(below(256));
    return mask;
  }

  std::size_t random_length() {
    constexpr std::size_t kEdges[] = {0, 1, 125, 126, 127, 128, 1000, 65535, 65536};
    return below(3) == 0 ? kEdges[below(std::size(kEdges))] : below(300);
  }

  std::string random_bytes(std::size_t length) {
    std::string out(length, '\0');
    for (char& c : out) c = static_cast<char>(below(256));
    return out;
  }

  std::string random_text() {
    constexpr std::string_view kCharacters[] = {"a", "Z", " ", "\"", "ß", "€", "😀", "\n"};
    std::string out;
    for (std::size_t n = random_length(); out.size() < n;) {
      out += kCharacters[below(std::size(kCharacters))];
    }
    return out;
  }

  std::mt19937 random_;
  bool masked_;
};

void expect_round_trip(Role role, std::uint32_t seed) {
  Conversation sent(seed, role == Role::server);
  for (int i = 0; i < 200; ++i) {
    sent.add_message();
    if (sent.below(4) == 0) sent.add_control();
  }
  const std::string_view all = sent.bytes;
  for (const std::size_t largest : {2u, 7u, 200u, 5000u, 100000u}) {
    test::Decoding received(role);
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t size = 1 + sent.below(largest);
      received.feed(all.substr(at, size));
      at += size;
    }
    ASSERT_EQ(received.events().size(), sent.events.size()) << "chunks of up to " << largest;
    for (std::size_t i = 0; i < sent.events.size(); ++i) {
      ASSERT_TRUE(received.events()[i] == sent.events[i])
          << "event " << i << " in chunks of up to " << largest;
    }
  }
}

TEST(WebSocketCodec, AServerReadsWhatAClientWrote) { expect_round_trip(Role::server, 6455); }

TEST(WebSocketCodec, AClientReadsWhatAServerWrote) { expect_round_trip(Role::client, 7936); }

// Nothing that a peer can send may do worse than end in an error: the sanitizers watch.
TEST(WebSocketCodec, SurvivesAnyBytes) {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    test::Decoding decoding(round % 2 == 0 ? Role::server : Role::client, 256);
    std::string noise(1 + random() % 64, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    // A plausible first byte reaches further in.
    if (round % 4 < 2) noise[0] = static_cast<char>(0x81 + random() % 2);
    decoding.feed(noise).feed(noise);
    const Events& events = decoding.events();
    for (std::size_t i = 0; i + 1 < events.size(); ++i) {
      ASSERT_FALSE(events[i].starts_with("error") || events[i].starts_with("close"))
          << "an event follows the last one";
    }
  }
}

}  // namespace
}  // namespace pushbench::wire
