// What an idle subscriber costs the server, counted in what its allocator hands out. The clients
// are sockets and nothing else, so all of it is the server's; the kernel's share is not in it.

#include <cstdio>
#include <vector>

#include "tests/servers/counting_new.h"
#include "tests/servers/server_test.h"
#include "tests/support/raw_socket.h"

namespace pushbench::test {
namespace {

constexpr int kSockets = 200;
constexpr std::int64_t kLimit = 512;

class MemoryTest : public ServerTest {
 protected:
  void connect_idle_sockets() {
    for (int i = 0; i < kSockets; ++i) {
      sockets_.push_back(RawSocket::connected_to(server_->address()));
      sockets_.back().send(kRawUpgrade);
    }
    ASSERT_TRUE(room_has("r", "websocket", kSockets));
    ASSERT_TRUE(run_until([&] { return server_->connections() == kSockets; }));
  }
  /// Sends the same to all sockets and waits until the server has read it.
  void send_to_all(std::string_view bytes) {
    const std::uint64_t then = server_->bytes().read;
    for (const RawSocket& socket : sockets_) socket.send(bytes);
    ASSERT_TRUE(run_until([&] { return server_->bytes().read == then + kSockets * bytes.size(); }));
  }
  /// Bytes held, with the loop at rest and nobody but the sockets connected.
  std::int64_t bytes_held() { return allocations().bytes; }

  std::vector<RawSocket> sockets_;
};

TEST_F(MemoryTest, AnIdleWebSocketCostsAtMostHalfAKibibyte) {
  start();
  sockets_.reserve(kSockets);
  ASSERT_TRUE(room_has("r", "websocket", 0));  // what the first request leaves is not counted
  ASSERT_TRUE(run_until([&] { return server_->connections() == 0; }));
  const std::int64_t before = bytes_held();
  connect_idle_sockets();
  if (HasFatalFailure()) return;
  const std::int64_t each = (bytes_held() - before) / kSockets;
  RecordProperty("bytes_per_idle_websocket", static_cast<int>(each));
  std::printf("an idle WebSocket: %lld bytes of user memory\n", static_cast<long long>(each));
  EXPECT_LE(each, kLimit) << each << " bytes per idle WebSocket";
  EXPECT_GT(each, 200) << "less than a connection can take: it was not counted";
}

TEST_F(MemoryTest, AWebSocketKeepsNothingOfWhatPassedThroughIt) {
  start();
  sockets_.reserve(kSockets);
  connect_idle_sockets();
  if (HasFatalFailure()) return;
  const std::string frame = TestSocket::frame(Opcode::text, std::string(4000, '?'));  // no draft
  const std::uint64_t writes = server_->bytes().writes;
  send_to_all(frame);  // what reads drafts has its buffers from then on
  ASSERT_TRUE(run_until([&] { return server_->bytes().writes == writes + kSockets; }));
  const std::int64_t before = bytes_held();
  send_to_all(frame.substr(0, 2000));
  EXPECT_GT((bytes_held() - before) / kSockets, 2000);  // the first half waits for the second
  send_to_all(frame.substr(2000));
  ASSERT_TRUE(run_until([&] { return server_->bytes().writes == writes + 2 * kSockets; }));
  if (HasFatalFailure()) return;
  EXPECT_LE(bytes_held(), before) << "of " << kSockets << " WebSockets that are idle again";
}

TEST_F(MemoryTest, AfterItsEndASocketCostsNothing) {
  start();
  sockets_.reserve(kSockets);
  connect_idle_sockets();  // containers keep the room they once needed
  sockets_.clear();
  ASSERT_TRUE(run_until([&] { return server_->connections() == 0; }));
  ASSERT_TRUE(room_has("r", "websocket", 0));
  ASSERT_TRUE(run_until([&] { return server_->connections() == 0; }));
  const std::int64_t before = bytes_held();
  constexpr int kRounds = 3;
  for (int round = 0; round < kRounds; ++round) {
    connect_idle_sockets();
    if (HasFatalFailure()) return;
    sockets_.clear();
    ASSERT_TRUE(run_until([&] { return server_->connections() == 0; }));
    ASSERT_TRUE(room_has("r", "websocket", 0));
    ASSERT_TRUE(run_until([&] { return server_->connections() == 0; }));
  }
  // A list may have grown a little more; one pointer left behind by each would show.
  EXPECT_LT(bytes_held() - before, kRounds * kSockets * 8);
}

}  // namespace
}  // namespace pushbench::test
