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

  /// From here on, about every second message is compressed.
  void compress(int window_bits, bool keep_context) {
    deflater_.emplace(window_bits, keep_context);
  }

  void add_message() {
    const bool text = below(2) == 0;
    const std::string message = text ? random_text() : random_bytes(random_length());
    const Opcode type = text ? Opcode::text : Opcode::binary;
    const bool compressed = deflater_ && below(2) == 0;
    std::string payload = message;
    if (compressed) {
      payload.clear();
      deflater_->compress(message, payload);
    }
    std::size_t at = 0;
    bool first = true;
    for (bool final = false; !final; first = false) {
      const std::size_t size = below(3) == 0 ? below(payload.size() - at + 1) : payload.size() - at;
      final = at + size == payload.size();
      bytes += test::any_frame({.opcode = first ? type : Opcode::continuation,
                                .mask = mask(),
                                .final = final,
                                .compressed = first && compressed},
                               std::string_view(payload).substr(at, size));
      at += size;
      if (!final && below(2) == 0) add_control();
    }
    events.push_back((text ? "text " : "binary ") + message);
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
  std::optional<Deflater> deflater_;
};

void expect_read(Role role, Conversation& sent,
                 const std::optional<DeflateParameters>& compression = {}) {
  for (int i = 0; i < 100; ++i) {
    sent.add_message();
    if (sent.below(4) == 0) sent.add_control();
  }
  const std::string_view all = sent.bytes;
  for (const std::size_t largest : {2u, 7u, 200u, 5000u, 100000u}) {
    test::Decoding received(role, {test::kRoomy}, compression);
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

TEST(WebSocketCodec, AServerReadsWhatAClientWrote) {
  Conversation sent(6455, true);
  expect_read(Role::server, sent);
}

TEST(WebSocketCodec, AClientReadsWhatAServerWrote) {
  Conversation sent(7936, false);
  expect_read(Role::client, sent);
}

TEST(WebSocketCodec, AServerReadsWhatAClientCompressed) {
  for (const bool forgets : {false, true}) {
    Conversation sent(7692, true);
    sent.compress(11, !forgets);
    expect_read(Role::server, sent, DeflateParameters{false, forgets, 8, 11});
  }
}

TEST(WebSocketCodec, AClientReadsWhatAServerCompressed) {
  for (const bool forgets : {false, true}) {
    Conversation sent(1951, false);
    sent.compress(15, !forgets);
    expect_read(Role::client, sent, DeflateParameters{forgets, false, 15, 8});
  }
}

// Nothing that a peer can send may do worse than end in an error, and how it is cut changes
// nothing: the sanitizers watch.
TEST(WebSocketCodec, SurvivesAnyBytes) {
  std::mt19937 random(1);
  const auto chance = [&random](unsigned one_in) { return random() % one_in == 0; };
  for (int round = 0; round < 5000; ++round) {
    const Role role = chance(2) ? Role::server : Role::client;
    std::optional<DeflateParameters> compression;
    if (chance(2)) compression = DeflateParameters{chance(2), chance(2), 9, 10};
    std::string noise(1 + random() % 64, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    if (chance(2)) noise[0] = static_cast<char>(0x81 + random() % 2);  // reaches further in
    if (chance(4)) noise[0] = static_cast<char>(0xC1 + random() % 2);
    const MessageLimits limits{256, 4};
    const Events events = test::decode(role, noise + noise, limits, compression);
    ASSERT_EQ(test::decode_in_pieces_of(role, noise + noise, 1 + random() % 9, limits, compression),
              events);
    for (std::size_t i = 0; i + 1 < events.size(); ++i) {
      ASSERT_FALSE(events[i].starts_with("error") || events[i].starts_with("close"))
          << "an event follows the last one";
    }
  }
}

// Real frames of which a few bytes are wrong.
TEST(WebSocketCodec, SurvivesBrokenFrames) {
  std::mt19937 random(2);
  int errors = 0;
  for (std::uint32_t round = 0; round < 60; ++round) {
    Conversation sent(round, false);
    sent.compress(12, true);
    for (int i = 0; i < 3; ++i) sent.add_message();
    if (sent.bytes.size() > 20000) continue;
    for (int i = 0; i < 20; ++i) {
      std::string broken = sent.bytes;
      for (std::size_t n = 1 + random() % 3; n > 0; --n) {
        broken[random() % broken.size()] ^= static_cast<char>(1 << random() % 8);
      }
      const DeflateParameters parameters{false, false, 12, 12};
      const Events events = test::decode(Role::client, broken, {test::kRoomy}, parameters);
      ASSERT_TRUE(test::decode_in_two(Role::client, broken, random() % broken.size(),
                                      {test::kRoomy}, parameters) == events);
      errors += !events.empty() && events.back().starts_with("error") ? 1 : 0;
    }
  }
  EXPECT_GT(errors, 200);
}

}  // namespace
}  // namespace pushbench::wire
