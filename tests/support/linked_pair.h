#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "net/clock.h"
#include "net/link.h"
#include "tests/support/tls_pair.h"

namespace pushbench::test {

/// A fixture: two ends of a connection whose client is behind a link, and when they heard what.
class LinkedPair : public testing::Test {
 protected:
  /// Connects a client over a link of this kind, and waits until both are open.
  void open(const net::LinkProfile& profile, bool tls = false) {
    link = std::make_unique<net::Link>(profile, 7);
    begin(tls);
    client.when_open = [this] { opened_at = net::now(); };
    ASSERT_TRUE(run_until(
        loop, [this] { return client.opened && server.stream && server.stream->ready(); }));
  }

  /// Begins to connect; the server's listener stays.
  void begin(bool tls) {
    listener = listen_on_loopback(loop, acceptor, tls ? &server_tls() : nullptr);
    ASSERT_NE(listener, nullptr);
    begun_at = net::now();
    ASSERT_TRUE(
        client.connect(loop, listener->address(), tls ? context.get() : nullptr, link.get()));
  }

  /// Runs until `peer` has received `size` bytes; returns when that was.
  net::Time when_received(Peer& peer, std::size_t size) {
    EXPECT_TRUE(run_until(loop, [&] { return peer.received.size() >= size; }));
    return net::now();
  }

  const std::unique_ptr<net::TlsContext> context = client_tls();
  std::unique_ptr<net::Link> link;
  net::Loop loop;
  SingleAcceptor acceptor;
  std::unique_ptr<net::Listener> listener;
  Peer client;
  Peer& server = acceptor.peer;
  net::Time begun_at{};
  net::Time opened_at{};
};

}  // namespace pushbench::test
