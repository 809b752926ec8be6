#include <gtest/gtest.h>

#include <string>

#include "net/stream.h"
#include "tests/support/tls_pair.h"

namespace pushbench::net {
namespace {

using test::run_until;

using TlsStreams = test::TlsPair;

TEST_F(TlsStreams, CarryBytesBothWays) {
  client.stream->write("a question");
  server.when_bytes = [this] {
    if (server.received == "a question") server.stream->write("an answer!!");
  };
  ASSERT_TRUE(run_until(loop, [this] { return client.received.size() == 11; }));
  EXPECT_EQ(server.received, "a question");
  EXPECT_EQ(client.received, "an answer!!");
  EXPECT_EQ(client.traffic.written, 10u);
  EXPECT_EQ(server.traffic.read, 10u);
  EXPECT_EQ(server.traffic.written, 11u);
  EXPECT_EQ(client.traffic.read, 11u);
  EXPECT_EQ(client.ends + server.ends, 0);
  EXPECT_EQ(client.stream->tls_version(), "TLSv1.3");
}

}  // namespace
}  // namespace pushbench::net
