#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/servers/server_test.h"
#include "tests/support/frames.h"

namespace pushbench::test {

/// A frame of which nothing is taken for granted.
struct Frame {
  int first;  // FIN, RSV1-3 and opcode (RFC 6455 §5.2)
  std::string payload;
  std::optional<std::uint64_t> length = {};  // where the header states another than the payload's
  int length_bytes = -1;                     // of extended length: 0, 2 or 8; -1: as few as will do
  bool wrongly_masked = false;               // masked by a server, or not masked by a client
};
using Frames = std::vector<Frame>;

inline constexpr int kFinal = 0x80;
inline constexpr int kRsv1 = 0x40;

inline Frame text(std::string_view payload) { return {0x81, std::string(payload)}; }
inline Frame binary(std::string_view payload) { return {0x82, std::string(payload)}; }
inline Frame first_of_text(std::string_view payload) { return {0x01, std::string(payload)}; }
inline Frame first_of_binary(std::string_view payload) { return {0x02, std::string(payload)}; }
inline Frame next(std::string_view payload) { return {0x00, std::string(payload)}; }
inline Frame last(std::string_view payload) { return {0x80, std::string(payload)}; }
inline Frame ping(std::string_view payload) { return {0x89, std::string(payload)}; }
inline Frame pong(std::string_view payload) { return {0x8A, std::string(payload)}; }
inline Frame close(std::string_view payload) { return {0x88, std::string(payload)}; }
Frame close(int code, std::string_view reason = {});

/// A message in frames of `size` bytes of payload.
Frames in_fragments(int opcode, std::string_view payload, std::size_t size);

/// The frames as they are on the wire: masked, each with another mask, if a client sends them.
std::string on_the_wire(const Frames& frames, bool from_client);

inline constexpr std::size_t kWhole = ~std::size_t{0};

/// The other end of a WebSocket that is under test: writes down what comes, as a FrameLog does; of
/// a close frame only the code.
class Peer final : public TestClient {
 public:
  /// `offer`: the value of Sec-WebSocket-Extensions, if any.
  Peer(net::Loop& loop, const net::Address& server, std::string_view offer = {},
       std::string_view first_frames = {});

  bool open() const { return open_; }
  Events events() const;
  const std::string& answered_extensions() const { return answered_extensions_; }
  const std::optional<wire::DeflateParameters>& compression() const { return compression_; }
  std::size_t bytes_received() const { return bytes_received_; }  // of frames

 private:
  void on_received() override;

  bool open_ = false;
  std::string answered_extensions_;
  std::optional<wire::DeflateParameters> compression_;
  std::size_t bytes_received_ = 0;
  FrameLog log_;
  std::string error_;
  wire::WebSocketDecoder decoder_;
};

/// Conversations with a server that echoes, and what it must say.
class ServerCases : public ServerTest {
 protected:
  ServerCases();

  std::unique_ptr<Peer> open_peer(std::string_view offer = {});
  /// Each piece of the bytes in a turn of its own, so that the server reads it by itself.
  void send_in_pieces(Peer& peer, std::string_view bytes, std::size_t piece);
  /// Sends the frames, and a close frame where they do not end with one or with an error; the
  /// server must answer what is read from them (see Cases) and then end the connection.
  void expect_answers(Peer& peer, const Frames& frames, const Events& read,
                      std::size_t piece = kWhole);
};

enum class Side { our_server, our_client };

/// Each conversation once with our server, and once read by our client's decoder. `read` is what
/// must be read from it: as a FrameLog and a Decoding write it down.
class Cases : public ServerCases, public testing::WithParamInterface<Side> {
 protected:
  Cases();

  bool is_server() const { return GetParam() == Side::our_server; }
  void expect(const Frames& frames, const Events& read, std::size_t piece = kWhole);
  /// The same, also with each byte by itself, and in pieces of 997 bytes if it is longer.
  void expect_however_cut(const Frames& frames, const Events& read);
  /// The frames fail with this code as soon as all but `unsent` bytes of them are there.
  void expect_failure_before_the_end(const Frames& frames, std::size_t unsent, const Events& read);
};

std::string side_name(const testing::TestParamInfo<Side>& side);

#define PUSHBENCH_BOTH_SIDES(suite)                                                               \
  INSTANTIATE_TEST_SUITE_P(WebSocket, suite, testing::Values(Side::our_server, Side::our_client), \
                           side_name)

}  // namespace pushbench::test
