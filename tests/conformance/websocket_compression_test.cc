#include "tests/conformance/websocket_cases.h"
#include "wire/extensions.h"

namespace pushbench::test {
namespace {

using wire::DeflateParameters;

/// Something that compresses, and not only with itself.
std::string message_of(std::size_t size, std::size_t seed) {
  std::string out;
  for (std::size_t i = seed; out.size() < size; ++i) {
    out += fmt::format(R"({{"seq":{},"from":"user{}","text":"hello {}"}},)", i, i % 7, i * i % 991);
  }
  out.resize(size);
  return out;
}

/// A message as a client with these parameters sends it.
class Compressor {
 public:
  explicit Compressor(const DeflateParameters& agreed)
      : deflater_(agreed.client_max_window_bits, !agreed.client_no_context_takeover) {}

  Frames frames(int opcode, std::string_view message, std::size_t fragment = kWhole) {
    std::string payload;
    deflater_.compress(message, payload);
    Frames frames = in_fragments(opcode, payload, std::min(fragment, payload.size()));
    frames.front().first |= kRsv1;
    return frames;
  }

 private:
  wire::Deflater deflater_;
};

class Compression : public ServerCases {
 protected:
  Compression() { options_.transports.compression = DeflateParameters{}; }

  /// The echo of these messages, sent compressed in fragments of a size, comes back compressed.
  void expect_echoes(std::string_view offer, const std::vector<std::string>& messages,
                     std::size_t fragment = kWhole, std::size_t piece = kWhole) {
    SCOPED_TRACE(fmt::format("{:?} in fragments of {}", offer, fragment));
    const auto peer = open_peer(offer);
    ASSERT_TRUE(peer->compression());
    Compressor compressor(*peer->compression());
    Frames frames;
    Events read;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const bool is_text = i % 2 == 0;
      for (Frame& frame : compressor.frames(is_text ? 0x01 : 0x02, messages[i], fragment)) {
        frames.push_back(std::move(frame));
      }
      read.push_back((is_text ? "text " : "binary ") + messages[i]);
    }
    expect_answers(*peer, frames, read, piece);
    std::size_t plain = 0;
    for (const std::string& message : messages) plain += message.size();
    if (plain > 10'000) {
      EXPECT_LT(peer->bytes_received(), plain / 2);
    }
  }
};

std::vector<std::string> messages_of(std::size_t size, std::size_t count) {
  std::vector<std::string> messages;
  for (std::size_t i = 0; i < count; ++i) messages.push_back(message_of(size, i));
  return messages;
}

/// Every offer that there is: each takeover as it is or not, each window unnamed or of each size.
std::vector<std::string> every_offer() {
  std::vector<std::string> offers;
  for (const char* server_takeover : {"", "; server_no_context_takeover"}) {
    for (const char* client_takeover : {"", "; client_no_context_takeover"}) {
      for (int server_bits = 7; server_bits <= 15; ++server_bits) {
        for (int client_bits = 6; client_bits <= 15; ++client_bits) {
          std::string offer =
              fmt::format("permessage-deflate{}{}", server_takeover, client_takeover);
          if (server_bits > 7) offer += fmt::format("; server_max_window_bits={}", server_bits);
          if (client_bits == 7) offer += "; client_max_window_bits";
          if (client_bits > 7) offer += fmt::format("; client_max_window_bits={}", client_bits);
          offers.push_back(std::move(offer));
        }
      }
    }
  }
  return offers;
}

TEST_F(Compression, EveryOfferIsAcceptedAndKept) {
  const std::vector<std::string> messages = {message_of(700, 1), message_of(700, 1), "",
                                             message_of(5000, 2), message_of(700, 1)};
  for (const std::string& offer : every_offer()) expect_echoes(offer, messages);
}

TEST_F(Compression, EveryServersWishIsKeptToo) {
  const std::vector<std::string> messages = {message_of(700, 1), message_of(3000, 2), ""};
  for (const bool server_forgets : {false, true}) {
    for (const bool client_forgets : {false, true}) {
      for (int bits = 8; bits <= 15; ++bits) {
        server_.reset();
        options_.transports.compression =
            DeflateParameters{server_forgets, client_forgets, bits, 23 - bits};
        expect_echoes("permessage-deflate; client_max_window_bits", messages);
        expect_echoes("permessage-deflate", messages);
      }
    }
  }
}

TEST_F(Compression, MessagesFrom16BytesTo128KiB) {
  for (const char* offer :
       {"permessage-deflate",
        "permessage-deflate; server_max_window_bits=9; client_max_window_bits=9",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; server_max_window_bits=8; "
        "client_max_window_bits=8"}) {
    for (std::size_t size = 16; size <= 128 * 1024; size *= 2) {
      expect_echoes(offer, messages_of(size, size > 8192 ? 4 : 40));
    }
  }
}

TEST_F(Compression, AThousandMessages) {
  expect_echoes("permessage-deflate", messages_of(1024, 1000));
  expect_echoes("permessage-deflate; client_no_context_takeover; server_no_context_takeover",
                messages_of(1024, 1000));
}

TEST_F(Compression, SixteenMiB) {
  expect_echoes("permessage-deflate", {message_of(16 * 1024 * 1024, 1)});
}

TEST_F(Compression, MessagesInFragments) {
  const std::vector<std::string> messages = messages_of(4000, 6);
  for (const char* offer : {"permessage-deflate",
                            "permessage-deflate; client_no_context_takeover; "
                            "server_max_window_bits=10; client_max_window_bits=10"}) {
    for (const std::size_t fragment : {1u, 2u, 7u, 64u, 256u, 1000u}) {
      expect_echoes(offer, messages, fragment);
    }
    expect_echoes(offer, messages, 64, 1);
    expect_echoes(offer, messages, kWhole, 997);
  }
}

TEST_F(Compression, PingsBetweenFragmentsOfACompressedMessage) {
  const auto peer = open_peer("permessage-deflate");
  Compressor compressor(*peer->compression());
  Frames frames;
  for (const Frame& frame : compressor.frames(0x01, "Hello, Hello, Hello", 3)) {
    frames.push_back(frame);
    frames.push_back(ping("p"));
  }
  Events read(frames.size() / 2 - 1, "ping p");
  read.push_back("text Hello, Hello, Hello");
  read.push_back("ping p");
  expect_answers(*peer, frames, read);
}

TEST_F(Compression, MessagesThatAreNotCompressedMayStandBetween) {
  const auto peer = open_peer("permessage-deflate");
  Compressor compressor(*peer->compression());
  Frames frames = compressor.frames(0x01, "compressed");
  frames.push_back(text("plain"));
  for (const Frame& frame : compressor.frames(0x02, "compressed")) frames.push_back(frame);
  frames.push_back(first_of_binary("pl"));
  frames.push_back(last("ain"));
  expect_answers(*peer, frames,
                 {"text compressed", "text plain", "binary compressed", "binary plain"});
}

TEST_F(Compression, ABlockThatIsNotCompressedALastBlockAndSeveral) {
  const Frame hellos[] = {
      {0xC1, bytes({0x00, 0x05, 0x00, 0xfa, 0xff}) + "Hello" + bytes({0x00})},
      {0xC1, bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00})},
      {0xC1, bytes({0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00})},
  };
  for (const Frame& hello : hellos) {
    expect_answers(*open_peer("permessage-deflate"), {hello, hello}, {"text Hello", "text Hello"});
  }
}

TEST_F(Compression, WrongUsesOfRsv1Fail) {
  const Frame hello{0xC1, bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})};
  const std::vector<Frames> wrong = {
      {{0xC9, "ping"}},
      {{0xC8, bytes({3, 0xE8})}},
      {{0x41, bytes({0xf2, 0x48, 0xcd})}, {0xC0, bytes({0xc9, 0xc9, 0x07, 0x00})}},
      {{0x01, "Hel"}, {0xC0, "lo"}},
      {{0xA1, "RSV2"}},
      {{0x91, "RSV3"}},
      {{0xE1, "both"}},
  };
  for (Frames frames : wrong) {
    frames.insert(frames.begin(), hello);
    frames.push_back(text("late"));
    expect_answers(*open_peer("permessage-deflate"), frames, {"text Hello", "error 1002"});
  }
  // Without an agreement RSV1 is just another reserved bit.
  expect_answers(*open_peer(), {hello}, {"error 1002"});
}

TEST_F(Compression, WhatCannotBeInflatedIs1007) {
  const std::string cut_off = bytes({0xf2, 0x48, 0xcd, 0xc9});
  for (const std::string& payload :
       {bytes({0x06}), cut_off, std::string("no deflate"), std::string()}) {
    expect_answers(*open_peer("permessage-deflate"), {text("before"), {0xC1, payload}},
                   {"text before", "error 1007"});
  }
}

TEST_F(Compression, InflatedTextThatIsNotUtf8Is1007BeforeTheMessageEnds) {
  const auto peer = open_peer("permessage-deflate");
  // A block that is not compressed, whose frame has yet to end.
  const std::string block = bytes({0x00, 0x0a, 0x00, 0xf5, 0xff}) + "good \xED\xA0\x80 x";
  std::string sent = on_the_wire({{0xC1, block + bytes({0x00})}}, true);
  sent.resize(sent.size() - 4);
  peer->send(sent);
  EXPECT_TRUE(run_until([&] { return peer->ended(); }));
  EXPECT_EQ(peer->events(), Events{"close 1007"});
}

TEST_F(Compression, TheLimitCountsInflatedBytes) {
  options_.transports.message = {100'000, 1'000'000};
  const std::string at_limit(100'000, 'x');
  for (const std::size_t fragment : {kWhole, std::size_t{1}, std::size_t{16}}) {
    expect_echoes("permessage-deflate", {at_limit}, fragment);
    const auto peer = open_peer("permessage-deflate");
    Compressor compressor(*peer->compression());
    expect_answers(*peer, compressor.frames(0x02, at_limit + "x", fragment), {"error 1009"});
  }
}

TEST_F(Compression, OffersThatCannotBeMetAreDeclined) {
  for (const char* offer :
       {"permessage-deflate; unknown", "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits", "permessage-bzip2",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover"}) {
    const auto peer = open_peer(offer);
    EXPECT_EQ(peer->answered_extensions(), "") << offer;
    expect_answers(*peer, {text("plain")}, {"text plain"});
  }
  EXPECT_EQ(open_peer("permessage-deflate; server_max_window_bits=16, permessage-deflate")
                ->answered_extensions(),
            "permessage-deflate");
}

TEST_F(Compression, IsOffUnlessItIsAskedFor) {
  options_.transports.compression.reset();
  EXPECT_EQ(open_peer("permessage-deflate")->answered_extensions(), "");
}

// The other direction: what any server may send, read with what was agreed.
TEST(ClientCompression, EveryParameter) {
  for (const bool forgets : {false, true}) {
    for (int bits = 8; bits <= 15; ++bits) {
      for (const std::size_t fragment : {kWhole, std::size_t{1}, std::size_t{100}}) {
        const DeflateParameters server{forgets, false, bits, 8};
        Compressor compressor({false, forgets, 8, bits});  // its "client" is our server
        Frames frames;
        Events read;
        for (const std::size_t size : {16u, 1000u, 1000u, 0u, 40'000u, 16u}) {
          for (Frame& frame : compressor.frames(0x01, message_of(size, 1), fragment)) {
            frames.push_back(std::move(frame));
            frames.push_back(ping("p"));
            read.push_back("ping p");
          }
          read.insert(read.end() - 1, "text " + message_of(size, 1));
        }
        const std::string sent = on_the_wire(frames, false);
        for (const std::size_t piece : {sent.size(), std::size_t{997}, std::size_t{1}}) {
          EXPECT_TRUE(decode_in_pieces_of(wire::WebSocketDecoder::Role::client, sent, piece,
                                          {1 << 20, 1 << 20}, server) == read)
              << bits << " bits in fragments of " << fragment;
        }
      }
    }
  }
}

}  // namespace
}  // namespace pushbench::test
