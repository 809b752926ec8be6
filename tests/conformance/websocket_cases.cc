#include "tests/conformance/websocket_cases.h"

#include <algorithm>
#include <random>
#include <utility>

#include "wire/handshake.h"

namespace pushbench::test {

namespace {

constexpr wire::MessageLimits kLimits{16 * 1024 * 1024, 1024 * 1024};
constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";

std::string upgrade_request(std::string_view offer) {
  std::string more;
  if (!offer.empty()) more = fmt::format("Sec-WebSocket-Extensions: {}\r\n", offer);
  return wire::encode_upgrade_request("test", "/echo", kKey, {}, {}, more);
}

std::string header_of(const Frame& frame, bool masked) {
  const std::uint64_t length = frame.length.value_or(frame.payload.size());
  int extended = frame.length_bytes;
  if (extended < 0) extended = length > 0xFFFF ? 8 : length > 125 ? 2 : 0;
  const int short_length = extended == 8 ? 127 : extended == 2 ? 126 : static_cast<int>(length);
  std::string header = bytes({frame.first, (masked ? 0x80 : 0) | short_length});
  for (int i = extended - 1; i >= 0; --i) header += static_cast<char>(length >> (8 * i) & 0xFF);
  return header;
}

/// What an echoing server says to what it has read.
Events answers_to(const Events& read) {
  Events answers;
  for (const std::string& event : read) {
    if (event.starts_with("ping ")) answers.push_back("pong " + event.substr(5));
    if (event.starts_with("text ") || event.starts_with("binary ")) answers.push_back(event);
    if (event.starts_with("error ")) answers.push_back("close " + event.substr(6));
    if (event.starts_with("close ")) {
      const std::string code = event.substr(6, 4);
      answers.push_back("close " + (code == "1005" ? "1000" : code));
    }
  }
  return answers;
}

bool ends(const Events& read) {
  return !read.empty() && (read.back().starts_with("close ") || read.back().starts_with("error "));
}

/// Events that may be megabytes long, for a failure's message.
std::string shown(const Events& events) {
  std::string out;
  for (const std::string& event : events) {
    out += fmt::format("\n  {:?} ({} bytes)", event.substr(0, 60), event.size());
    if (out.size() > 4000) return out + "\n  ...";
  }
  return out;
}

void expect_same(const Events& got, const Events& expected) {
  EXPECT_TRUE(got == expected) << "got:" << shown(got) << "\nexpected:" << shown(expected);
}

}  // namespace

Frame close(int code, std::string_view reason) {
  return close(bytes({code >> 8, code & 0xFF}).append(reason));
}

Frames in_fragments(int opcode, std::string_view payload, std::size_t size) {
  Frames frames;
  for (std::size_t at = 0; frames.empty() || at < payload.size(); at += size) {
    const bool is_last = at + size >= payload.size();
    frames.push_back({(frames.empty() ? opcode : 0) | (is_last ? kFinal : 0),
                      std::string(payload.substr(at, size))});
  }
  return frames;
}

std::string on_the_wire(const Frames& frames, bool from_client) {
  std::mt19937 random(6455);
  std::string out;
  for (const Frame& frame : frames) {
    const bool masked = from_client != frame.wrongly_masked;
    out += header_of(frame, masked);
    std::string payload = frame.payload;
    if (masked) {
      wire::Mask mask;
      for (std::uint8_t& b : mask) b = static_cast<std::uint8_t>(random());
      for (const std::uint8_t b : mask) out += static_cast<char>(b);
      wire::apply_mask(payload, mask, 0);
    }
    out += payload;
  }
  return out;
}

Peer::Peer(net::Loop& loop, const net::Address& server, std::string_view offer,
           std::string_view first_frames)
    : TestClient(loop, server), decoder_(wire::WebSocketDecoder::Role::client, kLimits) {
  send(upgrade_request(offer).append(first_frames));
}

void Peer::on_received() {
  if (!open_) {
    const auto answer = response();
    if (!answer) return;
    answered_extensions_ = answer->header_list("sec-websocket-extensions");
    // As one who offers everything, so that any of our tests' offers will do.
    const auto agreed = wire::check_upgrade(*answer, kKey, wire::DeflateParameters{});
    if (!agreed) throw std::runtime_error("the handshake failed: " + agreed.error());
    compression_ = *agreed;
    if (compression_) decoder_.set_compression(*compression_);
    open_ = true;
  }
  std::string came = std::exchange(received_, {});
  bytes_received_ += came.size();
  if (const auto error = decoder_.feed(came, log_)) error_ = error->what;
}

Events Peer::events() const {
  Events events = log_.events;
  for (std::string& event : events) {
    if (event.starts_with("close ")) event.resize(10);
  }
  if (!error_.empty()) events.push_back("the server's frames are wrong: " + error_);
  return events;
}

ServerCases::ServerCases() {
  options_.echo = true;
  options_.transports.message = kLimits;
}

std::unique_ptr<Peer> ServerCases::open_peer(std::string_view offer) {
  if (server_ == nullptr) start();
  auto peer = std::make_unique<Peer>(loop_, server_->address(), offer);
  EXPECT_TRUE(run_until([&] { return peer->open(); }));
  return peer;
}

void ServerCases::send_in_pieces(Peer& peer, std::string_view bytes, std::size_t piece) {
  while (!bytes.empty() && !peer.ended()) {
    std::size_t turns = 4096;  // in portions, each of which has the guard's whole time
    ASSERT_TRUE(run_until([&] {
      if (bytes.empty() || peer.ended() || --turns == 0) return true;
      peer.send(std::string(bytes.substr(0, piece)));
      bytes.remove_prefix(std::min(piece, bytes.size()));
      return false;
    }));
  }
}

void ServerCases::expect_answers(Peer& peer, const Frames& frames, const Events& read,
                                 std::size_t piece) {
  Events expected = answers_to(read);
  std::string sent = on_the_wire(frames, true);
  if (!ends(read)) {
    sent += on_the_wire({close(1000)}, true);
    expected.push_back("close 1000");
  }
  send_in_pieces(peer, sent, piece);
  EXPECT_TRUE(run_until([&] { return peer.ended(); })) << "the server did not end the connection";
  expect_same(peer.events(), expected);
}

Cases::Cases() {
  if (is_server()) start();
}

void Cases::expect(const Frames& frames, const Events& read, std::size_t piece) {
  if (is_server()) return expect_answers(*open_peer(), frames, read, piece);
  const std::string sent = on_the_wire(frames, false);
  expect_same(decode_in_pieces_of(wire::WebSocketDecoder::Role::client, sent,
                                  std::min(piece, sent.size()), kLimits),
              read);
}

void Cases::expect_however_cut(const Frames& frames, const Events& read) {
  expect(frames, read);
  expect(frames, read, 1);
  if (on_the_wire(frames, true).size() > 997) expect(frames, read, 997);
}

void Cases::expect_failure_before_the_end(const Frames& frames, std::size_t unsent,
                                          const Events& read) {
  std::string sent = on_the_wire(frames, is_server());
  sent.resize(sent.size() - unsent);
  if (is_server()) {
    const auto peer = open_peer();
    peer->send(sent);
    EXPECT_TRUE(run_until([&] { return peer->ended(); })) << "the server waits for more";
    return expect_same(peer->events(), answers_to(read));
  }
  const auto role = wire::WebSocketDecoder::Role::client;
  expect_same(decode(role, sent, kLimits), read);
  // And not before that byte is there.
  const Events before(read.begin(), read.end() - 1);
  expect_same(decode(role, sent.substr(0, sent.size() - 1), kLimits), before);
}

std::string side_name(const testing::TestParamInfo<Side>& side) {
  return side.param == Side::our_server ? "OurServer" : "OurClient";
}

}  // namespace pushbench::test
