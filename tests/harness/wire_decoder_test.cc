#include "harness/wire_decoder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "wire/event_stream.h"
#include "wire/http.h"
#include "wire/websocket.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;
using wire::Opcode;

constexpr net::Time kStart{1h};
constexpr wire::Mask kMask{0x11, 0x22, 0x33, 0x44};

/// Pieces a millisecond apart.
class Talk {
 public:
  Talk& up(std::string bytes, std::uint32_t connection = 1) {
    return add(true, std::move(bytes), connection);
  }
  Talk& down(std::string bytes, std::uint32_t connection = 1) {
    return add(false, std::move(bytes), connection);
  }
  const std::vector<WirePiece>& pieces() const { return pieces_; }

 private:
  Talk& add(bool up, std::string bytes, std::uint32_t connection) {
    pieces_.push_back({kStart + pieces_.size() * 1ms, connection, up, std::move(bytes)});
    return *this;
  }
  std::vector<WirePiece> pieces_;
};

Decoded decoded(const Talk& talk) { return decode(talk.pieces(), kStart); }

auto fields(const WireEvent& e) {
  return std::tie(e.at_us, e.up, e.connection, e.kind, e.head, e.body, e.head_bytes, e.body_bytes);
}

void expect_same(const Decoded& a, const Decoded& b, const std::string& what) {
  EXPECT_EQ(a.unreadable, b.unreadable) << what;
  ASSERT_EQ(a.events.size(), b.events.size()) << what;
  for (std::size_t i = 0; i < a.events.size(); ++i) {
    EXPECT_EQ(fields(a.events[i]), fields(b.events[i])) << what << ", event " << i;
  }
}

/// The same, whatever the offset at which a piece is cut in two, or if each byte comes alone.
void expect_any_cut_gives_the_same(const Talk& talk) {
  const Decoded whole = decoded(talk);
  std::vector<WirePiece> single_bytes;
  for (std::size_t i = 0; i < talk.pieces().size(); ++i) {
    const WirePiece& piece = talk.pieces()[i];
    for (std::size_t at = 0; at < piece.bytes.size(); ++at) {
      std::vector<WirePiece> cut = talk.pieces();
      cut[i].bytes.resize(at);
      WirePiece rest = piece;
      rest.bytes.erase(0, at);
      cut.insert(cut.begin() + static_cast<std::ptrdiff_t>(i) + 1, rest);
      expect_same(whole, decode(cut, kStart), fmt::format("piece {} cut at {}", i, at));
      rest.bytes = piece.bytes.substr(at, 1);
      single_bytes.push_back(rest);
    }
  }
  expect_same(whole, decode(single_bytes, kStart), "byte by byte");
}

std::uint64_t bytes_of(const Decoded& decoded) {
  std::uint64_t sum = 0;
  for (const WireEvent& event : decoded.events) sum += event.head_bytes + event.body_bytes;
  return sum;
}
std::uint64_t bytes_of(const Talk& talk) {
  std::uint64_t sum = 0;
  for (const WirePiece& piece : talk.pieces()) sum += piece.bytes.size();
  return sum;
}

const std::string kGet = "GET /rooms/r0/poll?after=17 HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string kEmpty = "HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n";

std::string answer(const std::string& body) {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
}

TEST(Decode, TellsRequestsFromResponsesAndHeadsFromBodies) {
  const std::string post =
      "POST /rooms/r0/messages HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n";
  Talk talk;
  talk.up(kGet).down(kEmpty).up(post + "{\"a}", 2).up(kGet).down(answer("[1]"), 2);
  talk.down(answer("[23]"));
  const Decoded got = decoded(talk);
  ASSERT_EQ(got.events.size(), 6U);
  EXPECT_EQ(fields(got.events[0]), fields({0, true, 1, "request", kGet, "", kGet.size(), 0}));
  EXPECT_EQ(fields(got.events[1]),
            fields({1000, false, 1, "response", kEmpty, "", kEmpty.size(), 0}));
  EXPECT_EQ(fields(got.events[2]),
            fields({2000, true, 2, "request", post, "{\"a}", post.size(), 4}));
  EXPECT_EQ(got.events[4].connection, 2U);
  EXPECT_EQ(got.events[4].body, "[1]");
  EXPECT_EQ(got.events[5].body, "[23]");
  EXPECT_EQ(bytes_of(got), bytes_of(talk));
  EXPECT_FALSE(got.unreadable);
  expect_any_cut_gives_the_same(talk);
}

TEST(Decode, TakesAMessageAtItsLastByteAndLeavesOutWhatHasNone) {
  Talk talk;
  talk.up(kGet.substr(0, 20)).up(kGet.substr(20)).down(kEmpty).up(kGet.substr(0, 30));
  const Decoded got = decoded(talk);
  ASSERT_EQ(got.events.size(), 2U);
  EXPECT_EQ(got.events[0].at_us, 1000);
  EXPECT_EQ(got.events[0].head, kGet);
}

TEST(Decode, CountsWhatStandsAroundChunksAsHead) {
  Talk talk;
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  talk.up(kGet).down(head + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  const Decoded got = decoded(talk);
  ASSERT_EQ(got.events.size(), 2U);
  EXPECT_EQ(got.events[1].body, "abcde");
  EXPECT_EQ(got.events[1].body_bytes, 5U);
  EXPECT_EQ(got.events[1].head_bytes, head.size() + 5 + 5 + 5);
  expect_any_cut_gives_the_same(talk);
}

std::string chunk(const std::string& bytes) {
  return wire::chunk_start(bytes.size()) + bytes + std::string(wire::kChunkEnd);
}

class EventStream : public testing::Test {
 protected:
  static std::string head(const std::string& more) {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + more + "\r\n";
  }
  const std::string get_ = "GET /rooms/r0/events?after=0 HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string first_ = wire::event_start("k.1") + "[{\"seq\":1}]\n\n";
  const std::string second_ = wire::event_start("k.2") + "[{\"seq\":2}]\n\n";
};

TEST_F(EventStream, OfChunksIsAHeadAndEventsWithTheirChunks) {
  const std::string chunked = head("Transfer-Encoding: chunked\r\n");
  Talk talk;
  talk.up(get_).down(chunked + chunk(wire::retry_line(2000))).down(chunk(first_) + chunk(second_));
  talk.down(chunk(std::string(wire::kKeepAlive))).down(std::string(wire::kLastChunk));
  const Decoded got = decoded(talk);
  ASSERT_EQ(got.events.size(), 7U);
  EXPECT_EQ(fields(got.events[1]),
            fields({1000, false, 1, "response", chunked, "", chunked.size(), 0}));
  EXPECT_EQ(got.events[2].head, "d\r\nretry: 2000\n\n\r\n");
  EXPECT_EQ(fields(got.events[3]), fields({2000, false, 1, "event", "1b\r\nid: k.1\ndata: \n\n\r\n",
                                           "[{\"seq\":1}]", 22, 11}));
  EXPECT_EQ(got.events[4].body, "[{\"seq\":2}]");
  EXPECT_EQ(got.events[5].head, "3\r\n:\n\n\r\n");
  EXPECT_EQ(got.events[6].head, wire::kLastChunk);
  EXPECT_EQ(bytes_of(got), bytes_of(talk));
  expect_any_cut_gives_the_same(talk);
}

TEST_F(EventStream, MayHaveSeveralEventsInAChunkAndAnEventInSeveral) {
  Talk talk;
  talk.up(get_).down(head("Transfer-Encoding: chunked\r\n"));
  talk.down(chunk(first_ + second_.substr(0, 9)) + chunk(second_.substr(9)));
  const Decoded got = decoded(talk);
  ASSERT_EQ(got.events.size(), 4U);
  EXPECT_EQ(got.events[2].body, "[{\"seq\":1}]");
  EXPECT_EQ(got.events[3].body, "[{\"seq\":2}]");
  EXPECT_EQ(bytes_of(got), bytes_of(talk));
  expect_any_cut_gives_the_same(talk);
}

TEST_F(EventStream, MayEndWithItsConnectionAndHaveDataOfSeveralLines) {
  Talk talk;
  talk.up(get_).down(head("")).down("data: one\ndata:two\n\n" + first_);
  const Decoded got = decoded(talk);
  ASSERT_EQ(got.events.size(), 4U);
  EXPECT_EQ(got.events[2].head, "data: \ndata:\n\n");
  EXPECT_EQ(got.events[2].body, "one\ntwo");
  EXPECT_EQ(got.events[2].body_bytes, 6U);
  EXPECT_EQ(bytes_of(got), bytes_of(talk));
  expect_any_cut_gives_the_same(talk);
}

const std::string kUpgrade =
    "GET /rooms/r0/socket HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
const std::string kSwitching =
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

std::string frame_of(const wire::FrameHeader& given, std::string payload) {
  wire::FrameHeader header = given;
  header.length = payload.size();
  std::array<char, wire::kMaxFrameHeader> bytes;
  const std::size_t size = wire::encode_frame_header(header, bytes);
  if (header.mask) wire::apply_mask(payload, *header.mask, 0);
  return std::string(bytes.data(), size) + payload;
}

TEST(Decode, ShowsEachFrameOfAWebSocketUnmasked) {
  Talk talk;
  const std::string draft = R"({"from":"ann","text":"hi"})";
  const std::string longer(200, 'x');
  talk.up(kUpgrade).down(kSwitching + wire::encode_frame(Opcode::text, "[1]", {}));
  talk.up(wire::encode_frame(Opcode::text, draft, kMask));
  talk.down(wire::encode_frame(Opcode::text, longer, {}) +
            wire::encode_frame(Opcode::ping, "", {}));
  const Decoded got = decoded(talk);
  ASSERT_EQ(got.events.size(), 6U);
  EXPECT_EQ(got.events[1].head, kSwitching);
  EXPECT_EQ(fields(got.events[2]), fields({1000, false, 1, "frame", "81 03", "[1]", 2, 3}));
  EXPECT_EQ(fields(got.events[3]),
            fields({2000, true, 1, "frame", "81 9a 11 22 33 44", draft, 6, 26}));
  EXPECT_EQ(fields(got.events[4]),
            fields({3000, false, 1, "frame", "81 7e 00 c8", longer, 4, 200}));
  EXPECT_EQ(fields(got.events[5]), fields({3000, false, 1, "frame", "89 00", "", 2, 0}));
  EXPECT_EQ(bytes_of(got), bytes_of(talk));
  expect_any_cut_gives_the_same(talk);
}

TEST(Decode, InflatesMessagesAcrossFramesAndCountsThemCompressed) {
  wire::Deflater deflater(15, true);
  std::string first;
  std::string second;
  deflater.compress("the same words, the same words", first);
  deflater.compress("the same words, the same words", second);  // refers to the first
  ASSERT_LT(second.size(), first.size());
  Talk talk;
  talk.up(kUpgrade).down(kSwitching);
  talk.down(frame_of({.opcode = Opcode::text, .compressed = true}, first));
  talk.down(
      frame_of({.opcode = Opcode::text, .final = false, .compressed = true}, second.substr(0, 2)));
  talk.down(wire::encode_frame(Opcode::ping, "now", {}));
  talk.down(frame_of({.opcode = Opcode::continuation}, second.substr(2)));
  talk.down(wire::encode_frame(Opcode::text, "plain", {}));
  const Decoded got = decoded(talk);
  ASSERT_EQ(got.events.size(), 7U);
  EXPECT_EQ(got.events[2].head.substr(0, 2), "c1");  // final, RSV1, text
  EXPECT_EQ(got.events[2].body, "the same words, the same words");
  EXPECT_EQ(got.events[2].body_bytes, first.size());
  EXPECT_EQ(got.events[4].body, "now");
  EXPECT_EQ(got.events[3].body + got.events[5].body, "the same words, the same words");
  EXPECT_EQ(got.events[6].body, "plain");
  EXPECT_EQ(bytes_of(got), bytes_of(talk));
  expect_any_cut_gives_the_same(talk);
}

TEST(Decode, SaysWhereItCannotInflate) {
  Talk talk;
  talk.up(kUpgrade).down(kSwitching);
  talk.down(frame_of({.opcode = Opcode::text, .compressed = true}, "\xFF\xFF\xFF"));
  talk.down(frame_of({.opcode = Opcode::text, .compressed = true}, "\xFF"));
  const Decoded got = decoded(talk);
  ASSERT_EQ(got.events.size(), 4U);
  EXPECT_EQ(got.events[2].body, "(compressed)");
  EXPECT_EQ(got.events[3].body, "(compressed)");
  EXPECT_EQ(bytes_of(got), bytes_of(talk));
}

TEST(Decode, SaysThatSomethingCannotBeReadAndGoesOnWithOtherConnections) {
  Talk talk;
  talk.up(kGet).down("this is not HTTP\r\n\r\n").up(kGet, 2).down(kEmpty, 2);
  const Decoded got = decoded(talk);
  EXPECT_TRUE(got.unreadable);
  ASSERT_EQ(got.events.size(), 3U);
  EXPECT_EQ(got.events[2].connection, 2U);
}

TEST(Decode, ReadsOfAFrameHeaderWhatEncodingPutIn) {
  for (const std::uint64_t length : {0ULL, 125ULL, 126ULL, 65'535ULL, 65'536ULL, 1ULL << 40}) {
    for (const bool masked : {false, true}) {
      wire::FrameHeader header{.opcode = Opcode::binary, .length = length, .final = masked};
      header.compressed = !masked;
      if (masked) header.mask = kMask;
      std::array<char, wire::kMaxFrameHeader> bytes;
      const std::size_t size = wire::encode_frame_header(header, bytes);
      const wire::FrameHeader read = wire::decode_frame_header({bytes.data(), size});
      EXPECT_EQ(read.opcode, header.opcode);
      EXPECT_EQ(read.length, length);
      EXPECT_EQ(read.mask, header.mask);
      EXPECT_EQ(read.final, header.final);
      EXPECT_EQ(read.compressed, header.compressed);
    }
  }
}

}  // namespace
}  // namespace pushbench::harness
