// A peer that sends or subscribes but does not read must not fill the server's memory.

#include "tests/servers/server_test.h"

namespace pushbench::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::size_t kMaxQueue = 64 * 1024;
// More than what the kernel's buffers of both ends take, even where they grow.
constexpr std::size_t kMoreThanSocketsHold = 48 * 1024 * 1024;

class SlowReaderTest : public ServerTest {
 protected:
  void SetUp() override {
    options_.echo = true;
    options_.store.retain = 10'000;
    options_.transports.max_queue = kMaxQueue;
    options_.deadlines.keep_alive = options_.deadlines.ping = std::chrono::milliseconds{200};
    options_.deadlines.close = std::chrono::milliseconds{100};
    start();
  }

  /// Sends `packet` again and again, as fast as the server takes it, and reads nothing, until the
  /// server lets it go. What it answers meanwhile must stay within what the sockets hold.
  bool is_let_go_when_flooding(TestClient& client, const std::string& packet) {
    client.stream().pause_reading();
    std::size_t sent = 0;
    const bool ended = run_until([&] {
      if (sent < 4 * kMoreThanSocketsHold && client.stream().queued() == 0) {
        client.send(packet);
        sent += packet.size();
        next_turn_.start_in({});
      }
      return server_->connections() == 0;
    });
    EXPECT_LT(server_->bytes().written, kMoreThanSocketsHold);
    return ended;
  }
  void on_next_turn() {}  // its only use is that there is one

  net::Timer next_turn_{loop_, net::Callback::to<&SlowReaderTest::on_next_turn>(this)};
};

std::string repeated(std::string_view piece, std::size_t size) {
  std::string all;
  while (all.size() < size) all += piece;
  return all;
}

TEST_F(SlowReaderTest, ASubscriberIsCutAndResumesWithoutLoss) {
  const auto slow = open_socket("/rooms/r/socket");
  const auto quick = open_socket("/rooms/r/socket");
  const auto asker = connect();
  slow->stream().pause_reading();
  const std::string text(64 * 1024, 'x');
  wire::Seq published = 0;
  bool cut = false;
  while (!cut && published * text.size() < kMoreThanSocketsHold) {
    publish("r", text);
    ++published;
    ASSERT_TRUE(run_until([&] { return quick->texts.size() == published; }));
    if (published % 16 == 0) cut = room_says(*asker, "r", "websocket", 1);
  }
  ASSERT_TRUE(cut) << "after " << published << " messages of 64 KiB";

  slow->stream().resume_reading();
  ASSERT_TRUE(run_until([&] { return slow->close_code.has_value(); }));
  EXPECT_EQ(slow->close_code, CloseCode::try_again_later);
  Inbox inbox(slow->texts);
  ASSERT_FALSE(inbox.seqs.empty());
  ASSERT_LT(inbox.seqs.size(), published);
  const auto resumed = open_socket(fmt::format("/rooms/r/socket?after={}", inbox.seqs.back()));
  const auto received = [&] {
    std::size_t bytes = 0;
    for (const std::string& batch : resumed->texts) bytes += batch.size();
    return bytes;
  };
  ASSERT_TRUE(
      run_until([&] { return received() > (published - inbox.seqs.size()) * text.size(); }));
  for (const std::string& batch : resumed->texts) inbox.add(batch);
  EXPECT_EQ(inbox.seqs, seqs_up_to(published));
  EXPECT_THAT(inbox.gaps, IsEmpty());
}

TEST_F(SlowReaderTest, PingsAreNotAnsweredWithoutBound) {
  const auto socket = open_socket("/rooms/r/socket");
  const std::string ping = TestSocket::frame(Opcode::ping, std::string(125, 'p'));
  EXPECT_TRUE(is_let_go_when_flooding(*socket, repeated(ping, 64 * 1024)));
}

TEST_F(SlowReaderTest, ProblemsAreNotReportedWithoutBound) {
  const auto socket = open_socket("/rooms/r/socket");
  const std::string nonsense = TestSocket::frame(Opcode::text, std::string(100, '?'));
  EXPECT_TRUE(is_let_go_when_flooding(*socket, repeated(nonsense, 64 * 1024)));
}

TEST_F(SlowReaderTest, NothingIsEchoedWithoutBound) {
  const auto socket = open_socket("/echo");
  const std::string frame = TestSocket::frame(Opcode::binary, std::string(16 * 1024, 'e'));
  EXPECT_TRUE(is_let_go_when_flooding(*socket, repeated(frame, 64 * 1024)));
}

TEST_F(SlowReaderTest, EchoReturnsALotToOneWhoReads) {
  const auto socket = open_socket("/echo");
  const std::string text(16 * 1024, 'e');
  for (std::size_t i = 0; i < 300; ++i) {
    socket->send(TestSocket::frame(Opcode::binary, text));
    ASSERT_TRUE(run_until([&] { return socket->binaries.size() == i + 1; }));
  }
  EXPECT_EQ(socket->close_code, std::nullopt);
}

TEST_F(SlowReaderTest, PipelinedRequestsWaitUntilTheAnswersAreRead) {
  publish("r", std::string(64 * 1024, 'x'));
  const auto client = connect();
  client->stream().pause_reading();
  const std::string request = get("/rooms/r/poll");
  const std::size_t requests = 4 * kMoreThanSocketsHold / (64 * 1024);
  const std::string all = repeated(request, requests * request.size());
  client->send(all);
  // The server stops reading long before it has all of them, and holds one answer too many at most.
  ASSERT_TRUE(run_until([&, last = std::uint64_t{0}, same = 0]() mutable {
    same = server_->bytes().written == last ? same + 1 : 0;
    last = server_->bytes().written;
    next_turn_.start_in(std::chrono::milliseconds{1});
    return last > 0 && same == 50;
  }));
  EXPECT_LT(server_->bytes().written, requests * 64 * 1024);
  client->stream().resume_reading();
  std::size_t responses = 0;
  ASSERT_TRUE(run_until([&] {
    while (client->response()) ++responses;
    return responses == requests;
  })) << responses
      << " of " << requests;
  EXPECT_EQ(client->received(), "");
  EXPECT_FALSE(client->ended());
}

}  // namespace
}  // namespace pushbench::test
