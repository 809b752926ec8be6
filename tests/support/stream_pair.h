#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "net/address.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/stream.h"
#include "tests/support/run_until.h"

namespace pushbench::test {

inline net::Address loopback(std::uint16_t port = 0) {
  return net::Address::parse("127.0.0.1", port).value();
}

/// One end of a connection; it keeps what it is told and may react to it.
struct Peer final : net::StreamListener {
  net::Traffic traffic;
  std::unique_ptr<net::Stream> stream;  // goes before what it counts into
  std::string received;
  bool opened = false;
  int flushes = 0;
  int peer_dones = 0;
  bool owes = false;  // what on_peer_done() answers
  int ends = 0;
  std::string reason;
  std::function<void()> when_open = [] {};
  std::function<void()> when_bytes = [] {};
  std::function<void()> when_flushed = [] {};
  std::function<void()> when_peer_done = [] {};
  std::function<void()> when_ended = [] {};

  bool connect(net::Loop& loop, const net::Address& to, net::TlsContext* tls = nullptr,
               net::Link* link = nullptr) {
    auto begun = net::Stream::connect(loop, to, *this, traffic, tls, link);
    if (begun) stream = std::move(*begun);
    return stream != nullptr;
  }

  void on_open() override {
    opened = true;
    when_open();
  }
  void on_bytes(std::span<char> bytes) override {
    received.append(bytes.data(), bytes.size());
    when_bytes();
  }
  void on_flushed() override {
    ++flushes;
    when_flushed();
  }
  bool on_peer_done() override {
    ++peer_dones;
    when_peer_done();
    return owes;
  }
  void on_end(const std::string& why) override {
    ++ends;
    reason = why;
    when_ended();
  }
};

/// Takes one connection after the other; each replaces the one before.
struct SingleAcceptor final : net::Acceptor {
  Peer peer;
  int accepted = 0;

  void on_accept(std::unique_ptr<net::Stream> stream) override {
    ++accepted;
    peer.stream = std::move(stream);
    peer.stream->start(peer, peer.traffic);
  }
};

inline std::unique_ptr<net::Listener> listen_on_loopback(net::Loop& loop, net::Acceptor& acceptor,
                                                         net::TlsContext* tls = nullptr) {
  auto listener = net::Listener::listen(loop, loopback(), acceptor, tls);
  EXPECT_TRUE(listener) << listener.error().line();
  return listener ? std::move(*listener) : nullptr;
}

/// A fixture: a loop and two ends of a connection over loopback, both open.
class StreamPair : public testing::Test {
 protected:
  void SetUp() override {
    const auto listener = listen_on_loopback(loop, acceptor_);
    ASSERT_NE(listener, nullptr);
    ASSERT_TRUE(client.connect(loop, listener->address()));
    ASSERT_TRUE(run_until(loop, [this] { return client.opened && server.stream != nullptr; }));
  }

  net::Loop loop;

 private:
  SingleAcceptor acceptor_;

 protected:
  Peer client;
  Peer& server = acceptor_.peer;
};

/// Bytes whose order can be told: no two neighbouring stretches are alike.
inline std::string numbered_bytes(std::size_t size) {
  std::string out;
  out.reserve(size + 8);
  for (std::size_t i = 0; out.size() < size; ++i) out += std::to_string(i) + ' ';
  out.resize(size);
  return out;
}

}  // namespace pushbench::test
