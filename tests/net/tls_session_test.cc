// A TLS session in memory: nothing depends on how the network cuts what passes.

#include "net/tls_session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "net/tls.h"
#include "tests/support/openssl_peer.h"
#include "tests/support/tls_pair.h"

namespace pushbench::net {
namespace {

using test::OpenSslPeer;

class TlsSessions : public testing::TestWithParam<test::TlsSide> {
 protected:
  /// A session of ours and the peer's, new and not resumed.
  void begin() {
    session.reset();  // before what it depends on
    peer = GetParam().peer();
    if (!we_serve()) client_context_ = TlsContext::client(peer.fingerprint()).value();
    session.emplace(we_serve() ? test::server_tls() : *client_context_);
    opened = 0;
    received.clear();
    peer.begin();
    EXPECT_EQ(session->start(), "");
  }

  /// Lets our session read what came, in the pieces that `cut` makes of it.
  void feed(const std::string& cipher, std::size_t cut) {
    for (std::size_t at = 0; at < cipher.size();) {
      const std::size_t size = at < cut ? std::min(cut, cipher.size()) - at : cipher.size() - at;
      feed_piece({cipher.data() + at, size});
      at += size;
    }
  }
  void feed_piece(std::span<const char> piece) {
    std::vector<char> room(piece.size() + TlsSession::kMaxRecord);
    const auto fed = session->feed(piece, room);
    ASSERT_EQ(fed.error, "");
    received.append(fed.plain.data(), fed.plain.size());
    opened += fed.opened ? 1 : 0;
    peer_done = fed.peer_done;
  }

  std::string take() { return std::exchange(session->out(), {}); }
  void write(const std::string& text) {
    const std::vector<Bytes> pieces = {make_bytes(text)};
    EXPECT_EQ(session->encrypt(pieces, 0), text.size());
  }

  bool we_serve() const { return GetParam().we_serve; }

  /// Lets the handshake run to its end.
  void shake_hands() {
    begin();
    for (int i = 0; i < 10 && !(session->open() && peer.open()); ++i) {
      peer.feed(take());
      feed(peer.take(), 0);
    }
    ASSERT_TRUE(session->open());
    peer.feed(take());
  }

 private:
  std::unique_ptr<TlsContext> client_context_;

 protected:
  OpenSslPeer peer = GetParam().peer();
  std::optional<TlsSession> session;
  int opened = 0;
  bool peer_done = false;
  std::string received;
};

INSTANTIATE_TEST_SUITE_P(Both, TlsSessions,
                         testing::Values(test::kServerTls12, test::kServerTls13, test::kClientTls12,
                                         test::kClientTls13),
                         test::side_name);

// Each flight of the handshake, and the records after it, cut in two at each byte.
TEST_P(TlsSessions, TakeAHandshakeThatIsCutAnywhere) {
  std::size_t longest = 1;
  for (std::size_t cut = 1; cut <= longest; ++cut) {
    begin();
    for (int i = 0; i < 10 && !(session->open() && peer.open()); ++i) {
      peer.feed(take());
      const std::string flight = peer.take();
      longest = std::max(longest, flight.size());
      feed(flight, cut);
      if (HasFatalFailure()) FAIL() << "cut at " << cut;
    }
    ASSERT_TRUE(session->open()) << "cut at " << cut;
    peer.feed(take());
    peer.write("one");
    peer.write("two");
    peer.close();
    feed(peer.take(), cut);
    ASSERT_EQ(received, "onetwo") << "cut at " << cut;
    ASSERT_EQ(opened, 1) << "cut at " << cut;
    ASSERT_TRUE(peer_done) << "cut at " << cut;
  }
  EXPECT_GT(longest, 150u);
}

TEST_P(TlsSessions, TakeEverythingByteByByte) {
  begin();
  const auto feed_bytes = [&](const std::string& cipher) {
    for (const char& byte : cipher) feed_piece({&byte, 1});
  };
  for (int i = 0; i < 10 && !(session->open() && peer.open()); ++i) {
    for (const char byte : take()) peer.feed(std::string(1, byte));
    feed_bytes(peer.take());
  }
  ASSERT_TRUE(session->open());
  const std::string text = test::numbered_bytes(40'000);
  peer.write(text);
  feed_bytes(peer.take());
  EXPECT_TRUE(received == text);
  write(text);
  for (const char byte : take()) peer.feed(std::string(1, byte));
  EXPECT_TRUE(peer.received == text);
}

TEST_P(TlsSessions, PutSmallPiecesIntoLargeRecords) {
  shake_hands();
  std::vector<Bytes> pieces;
  std::string text;
  for (std::size_t i = 0; text.size() < 40'000; ++i) {
    pieces.push_back(make_bytes(std::to_string(i) + std::string(i % 300, '.')));
    text += *pieces.back();
  }
  ASSERT_EQ(session->encrypt(pieces, 1), text.size() - 1);
  // RFC 8446 §5.2: 5 bytes of header, 1 of type, 16 of tag; RFC 5246 with AES-GCM: 8 of nonce.
  const std::size_t frame = GetParam().version == TLS1_3_VERSION ? 22 : 29;
  EXPECT_EQ(session->out().size(), text.size() - 1 + 3 * frame);
  peer.feed(take());
  EXPECT_TRUE(peer.received == text.substr(1));
}

TEST_P(TlsSessions, EncryptMuchInStretches) {
  shake_hands();
  const std::vector<Bytes> pieces = {make_bytes(test::numbered_bytes(1'000'000))};
  std::size_t done = 0;
  while (done < pieces[0]->size()) {
    const std::size_t taken = session->encrypt(pieces, done);
    ASSERT_GT(taken, 0u);
    ASSERT_LE(taken, TlsSession::kAtOnce);
    done += taken;
    peer.feed(take());
  }
  EXPECT_TRUE(peer.received == *pieces[0]);
}

TEST_P(TlsSessions, CountTheirOwnShareOfWhatLeaves) {
  begin();
  std::size_t left = 0;
  std::size_t own = 0;
  while (!(session->open() && peer.open())) {
    left += session->out().size();
    own += session->own_share(session->out().size());
    peer.feed(take());
    feed(peer.take(), 0);
  }
  own += session->own_share(session->out().size());
  left += session->out().size();
  peer.feed(take());
  EXPECT_EQ(own, left) << "the handshake is all TLS's";
  write(std::string(10'000, 'x'));
  const std::size_t wire = session->out().size();
  std::size_t share = 0;
  for (std::size_t at = 0; at < wire; ++at) share += session->own_share(1);
  EXPECT_EQ(share, wire - 10'000);
}

TEST_P(TlsSessions, CloseOnce) {
  shake_hands();
  session->close();
  const std::string close_notify = take();
  EXPECT_FALSE(close_notify.empty());
  session->close();
  EXPECT_EQ(take(), "");
  peer.feed(close_notify);
  EXPECT_TRUE(peer.closed);
  peer.write("still read");
  feed(peer.take(), 0);
  EXPECT_EQ(received, "still read");
}

TEST_P(TlsSessions, SayNothingBeforeTheyAreOpen) {
  begin();
  (void)take();
  session->close();
  EXPECT_EQ(take(), "") << "there is nothing to close";
  const std::vector<Bytes> pieces = {make_bytes("early")};
  EXPECT_EQ(session->encrypt(pieces, 0), 0u);
}

TEST_P(TlsSessions, AreDeadAfterAFailure) {
  begin();
  std::vector<char> room(TlsSession::kMaxRecord * 2);
  const std::string nonsense = "this is not TLS at all";
  EXPECT_NE(session->feed(nonsense, room).error, "");
  EXPECT_FALSE(session->open());
  peer.feed(take());
  const auto fed = session->feed(peer.take(), room);
  EXPECT_TRUE(fed.plain.empty());
  EXPECT_FALSE(session->open());
}

}  // namespace
}  // namespace pushbench::net
