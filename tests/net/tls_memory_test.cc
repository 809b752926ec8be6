// What an idle TLS stream costs, counted in what OpenSSL asks of the allocator; the rest of a
// stream is small beside it and counted in tests/servers/memory_test.cc. Both ends are here: a
// server's is a little smaller than a client's.

#include <gtest/gtest.h>
#include <malloc.h>
#include <openssl/crypto.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "tests/support/tls_pair.h"

namespace pushbench::net {
namespace {

std::int64_t held = 0;  // bytes in OpenSSL's blocks, as the allocator sizes them

void* counted_malloc(std::size_t size, const char*, int) {
  void* block = std::malloc(size);
  held += static_cast<std::int64_t>(malloc_usable_size(block));
  return block;
}
void* counted_realloc(void* block, std::size_t size, const char*, int) {
  held -= static_cast<std::int64_t>(malloc_usable_size(block));
  block = std::realloc(block, size);
  held += static_cast<std::int64_t>(malloc_usable_size(block));
  return block;
}
void counted_free(void* block, const char*, int) {
  held -= static_cast<std::int64_t>(malloc_usable_size(block));
  std::free(block);
}

// OpenSSL takes others only before it has allocated anything.
const bool counting = CRYPTO_set_mem_functions(counted_malloc, counted_realloc, counted_free) == 1;

constexpr int kStreams = 100;
constexpr std::int64_t kLimit = 16 * 1024;  // for each end; the two buffers for records take 33 KiB

struct AllAcceptor final : Acceptor {
  std::vector<std::unique_ptr<test::Peer>> peers;
  void on_accept(std::unique_ptr<Stream> stream) override {
    peers.push_back(std::make_unique<test::Peer>());
    peers.back()->stream = std::move(stream);
    peers.back()->stream->start(*peers.back(), peers.back()->traffic);
  }
};

class TlsMemory : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(counting); }

  /// A connection over which something has passed in both directions.
  void connect() {
    auto client = std::make_unique<test::Peer>();
    ASSERT_TRUE(client->connect(loop, listener->address(), context.get()));
    client->stream->write("a question");
    ASSERT_TRUE(test::run_until(loop, [&] {
      return !acceptor.peers.empty() && acceptor.peers.size() == clients.size() + 1 &&
             acceptor.peers.back()->received == "a question";
    }));
    acceptor.peers.back()->stream->write(std::string(20'000, '.'));
    ASSERT_TRUE(test::run_until(loop, [&] { return client->received.size() == 20'000; }));
    clients.push_back(std::move(client));
  }

  const std::unique_ptr<TlsContext> context = test::client_tls();
  Loop loop;
  AllAcceptor acceptor;
  const std::unique_ptr<Listener> listener =
      test::listen_on_loopback(loop, acceptor, &test::server_tls());
  std::vector<std::unique_ptr<test::Peer>> clients;
};

TEST_F(TlsMemory, AnIdleStreamHoldsNoBuffersForRecords) {
  connect();  // what only the first one needs
  const std::int64_t before = held;
  for (int i = 0; i < kStreams && !HasFatalFailure(); ++i) connect();
  const std::int64_t each = (held - before) / (2 * kStreams);
  std::printf("an idle TLS stream: %lld bytes of OpenSSL's\n", static_cast<long long>(each));
  RecordProperty("openssl_bytes_per_idle_stream", static_cast<int>(each));
  EXPECT_LT(each, kLimit);
  EXPECT_GT(each, 2000) << "less than a session can take: it was not counted";
}

TEST_F(TlsMemory, AStreamThatIsGoneHoldsNothing) {
  connect();
  connect();
  const std::int64_t before = held;
  for (int i = 0; i < kStreams && !HasFatalFailure(); ++i) connect();
  clients.resize(2);
  acceptor.peers.resize(2);
  // The context keeps the last session, which was that of a stream that is there still, and now is
  // not.
  EXPECT_LT(held - before, 3000);
}

}  // namespace
}  // namespace pushbench::net
