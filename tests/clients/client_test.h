#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "clients/registry.h"
#include "net/link.h"
#include "net/tls.h"
#include "tests/support/frames.h"
#include "tests/support/run_until.h"
#include "tests/support/stream_pair.h"
#include "wire/event_stream.h"
#include "wire/handshake.h"
#include "wire/http.h"
#include "wire/message.h"
#include "wire/websocket.h"

namespace pushbench::test {

inline constexpr std::string_view kEpoch = "k3f9";

/// "[…]" with the messages first to last, all from ann; message 7 says "m7" and has the id "7".
inline std::string batch(wire::Seq first, wire::Seq last, const std::string& lead = {}) {
  std::string json = "[" + lead;
  for (wire::Seq seq = first; seq <= last; ++seq) {
    if (json.size() > 1) json += ',';
    wire::append_message(json, {seq, "ann", fmt::format("m{}", seq), fmt::to_string(seq), 0});
  }
  return json + "]";
}

inline std::string http(std::string_view status, std::string_view body,
                        std::string_view headers = {}) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), headers,
                     body);
}

inline std::string epoch_header(std::string_view epoch = kEpoch) {
  return fmt::format("Room-Epoch: {}\r\n", epoch);
}

inline std::string in_chunk(std::string_view bytes) {
  return wire::chunk_start(bytes.size()).append(bytes).append(wire::kChunkEnd);
}

inline std::string event_stream_head() {
  return fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n{}\r\n",
      epoch_header());
}

inline std::string event(wire::Seq last, std::string_view json, std::string_view epoch = kEpoch) {
  return in_chunk(
      wire::event_start(fmt::format("{}.{}", epoch, last)).append(json).append(wire::kEventEnd));
}

/// The 101 for a client's upgrade request.
inline std::string upgrade_answer(std::string_view request,
                                  const wire::UpgradeOptions& options = {}) {
  wire::HttpParser parser(wire::HttpParser::Kind::requests, {});
  const auto fed = parser.feed(request);
  EXPECT_TRUE(fed && fed->complete);
  const auto accepted = wire::accept_upgrade(parser.message(), options, epoch_header());
  EXPECT_TRUE(accepted);
  return accepted ? accepted->head : "";
}

/// A draft of ann's, which has its text as id: what servers of other dialects pass on.
inline std::string draft(std::string_view text) { return wire::encode_draft({"ann", text, text}); }

inline std::string text_frame(std::string_view payload) {
  return wire::encode_frame(wire::Opcode::text, payload, {});
}

/// What a server of that transport sends to a client that has just asked: a whole answer, or the
/// beginning of one, that brings the batch up to `last`.
inline std::string delivery(std::string_view transport, std::string_view request, wire::Seq last,
                            std::string_view json) {
  if (transport == "sse") {
    return event_stream_head() + in_chunk("retry: 0\n\n") + event(last, json);
  }
  if (transport == "websocket") return upgrade_answer(request) + text_frame(json);
  return http("200 OK", json, epoch_header());
}

/// A client and, on the same loop, a server that does just what the test says: connections are
/// numbered in the order in which they come. Pauses before an attempt last no time at all.
class ClientTest : public testing::Test, private clients::ClientListener, private net::Acceptor {
 protected:
  ~ClientTest() override { leave(); }

  /// Joins room "r" from the beginning.
  clients::Client& start(std::string_view transport, clients::ClientOptions options = {},
                         std::string_view dialect = clients::kOwnDialect) {
    options.interval = std::min<net::Duration>(options.interval, std::chrono::milliseconds(2));
    client_ = clients::make_client(transport, shared_, identity_, options, dialect);
    client_->join("r");
    return *client_;
  }

  Peer& connection(std::size_t number) {
    EXPECT_TRUE(run_until(loop_, [&] { return connections_.size() > number; }));
    return *connections_.at(number);
  }
  std::size_t connections() const { return connections_.size(); }
  /// Those that the client has told of.
  std::size_t told_connections() const { return told_connections_; }

  int exchanges(clients::Ended how) { return exchanges_[how]; }

  /// The next whole request, with its body, that comes on a connection.
  std::string request(std::size_t number) {
    Peer& peer = connection(number);
    std::size_t size = 0;
    EXPECT_TRUE(run_until(loop_, [&] { return (size = first_request(peer.received)) > 0; }))
        << peer.received;
    std::string taken = peer.received.substr(0, size);
    peer.received.erase(0, size);
    return taken;
  }

  void send(std::size_t number, std::string bytes) {
    connection(number).stream->write(std::move(bytes));
  }

  /// The frames that have come on that connection behind its requests, once they are `count`.
  Events frames(std::size_t number, std::size_t count) {
    Peer& peer = connection(number);
    Events found;
    EXPECT_TRUE(run_until(loop_, [&] {
      found = decode(wire::WebSocketDecoder::Role::server, peer.received);
      return found.size() >= count;
    }));
    return found;
  }

  /// What the server does when it dies, or the link: no word, and what is on its way may be lost.
  void drop(std::size_t number) { connection(number).stream->abort(); }

  /// Turns the loop until the log has a line that begins so.
  void await(std::string_view line) {
    EXPECT_TRUE(run_until(loop_, [&] { return logged(line) > 0; }))
        << line << " not in " << testing::PrintToString(log_);
  }
  std::ptrdiff_t logged(std::string_view start) const {
    return std::count_if(log_.begin(), log_.end(),
                         [start](const std::string& line) { return line.starts_with(start); });
  }

  /// The messages in the order in which they came, as "1 2 3".
  std::string messages() const {
    std::string all;
    for (const std::string& line : log_) {
      if (line.starts_with("message ")) all += (all.empty() ? "" : " ") + line.substr(8);
    }
    return all;
  }

  /// What they said, in that order: one after the other, with blanks between.
  const std::string& said() const { return said_; }

  /// Of a request: "k3f9.17" in "…?after=k3f9.17&wait=25 HTTP/1.1".
  static std::string after_in(std::string_view request) {
    const std::size_t start = request.find("after=") + 6;
    return std::string(request.substr(start, request.find_first_of("& ", start) - start));
  }

  /// Forgets the client, its connections and what they told.
  void start_over() {
    leave();
    connections_.clear();
    log_.clear();
    said_.clear();
  }

  void stop_listening() { listener_.reset(); }

  /// A client that still tried to connect would keep the loop alive.
  void expect_no_further_connection() {
    stop_listening();
    for (const auto& peer : connections_) peer->stream->abort();
    run_out(loop_);
  }

  net::Loop loop_;
  std::vector<std::string> log_;
  std::unique_ptr<clients::Client> client_;

  /// Randomness that a test can foresee, from here on.
  void use_random(net::Random::Source source) { random_ = net::Random(source); }

  /// What later clients send beyond what HTTP asks for.
  void use_headers(const clients::RequestHeaders& headers) {
    headers_ = headers.for_server(address_.text(), shared_.tls != nullptr);
  }
  /// What later clients' connections go through.
  void use_link(const net::LinkProfile& profile) {
    link_ = std::make_unique<net::Link>(profile, 1);
    identity_.link = link_.get();
  }
  std::string host() const { return address_.text(); }

  /// Later connections speak TLS with the client.
  void use_tls() {
    server_tls_ = *net::TlsContext::self_signed();
    client_tls_ = *net::TlsContext::client(server_tls_->fingerprint());
    shared_.tls = client_tls_.get();
    listener_ = *net::Listener::listen(loop_, loopback(), *this, server_tls_.get());
    address_ = listener_->address();
  }

 private:
  /// Its streams end with the turn, and use what is the client's until then.
  void leave() {
    if (client_ == nullptr) return;
    client_->leave();
    run_one_turn(loop_);
    client_.reset();
  }

  static std::size_t first_request(std::string_view bytes) {
    wire::HttpParser parser(wire::HttpParser::Kind::requests, {});
    const auto fed = parser.feed(bytes);
    EXPECT_TRUE(fed) << bytes;
    return fed && fed->complete ? fed->consumed : 0;
  }

  void on_accept(std::unique_ptr<net::Stream> stream) override {
    connections_.push_back(std::make_unique<Peer>());
    Peer& peer = *connections_.back();
    peer.stream = std::move(stream);
    peer.stream->start(peer, peer.traffic);
  }

  void on_joined(clients::Client&) override { log_.emplace_back("joined"); }
  void on_message(clients::Client&, const wire::Message& message) override {
    log_.push_back(fmt::format("message {}", message.seq));
    said_.append(said_.empty() ? "" : " ").append(message.text);
  }
  void on_gap(clients::Client&, const wire::Gap& gap) override {
    log_.push_back(fmt::format("gap {} {} to {}", gap.reason, gap.after, gap.oldest));
  }
  void on_exchange(clients::Client&, clients::Ended how) override {
    ++exchanges_[how];
    if (how == clients::Ended::published) log_.emplace_back("published");
  }
  void on_connection(clients::Client&) override { ++told_connections_; }
  void on_disconnected(clients::Client&, const std::string& reason) override {
    log_.push_back("disconnected: " + reason);
  }
  void on_rejoined(clients::Client&) override { log_.emplace_back("rejoined"); }
  void on_failure(clients::Client&, const Error& error) override {
    log_.push_back("failure: " + error.line());
  }

  std::unique_ptr<net::TlsContext> server_tls_;
  std::unique_ptr<net::TlsContext> client_tls_;
  std::vector<std::unique_ptr<Peer>> connections_;
  std::size_t told_connections_ = 0;
  std::map<clients::Ended, int> exchanges_;
  std::string said_;
  std::unique_ptr<net::Listener> listener_ = listen_on_loopback(loop_, *this);
  net::Address address_ = listener_->address();
  wire::BatchReader batches_;
  net::Random random_{
      [](std::span<std::uint8_t> out) { std::fill(out.begin(), out.end(), std::uint8_t{0}); }};
  clients::RequestHeaders headers_;
  std::unique_ptr<net::Link> link_;
  clients::Identity identity_;
  clients::Shared shared_{loop_, address_, nullptr, *this, batches_, random_, headers_};
};

inline std::string test_name(const testing::TestParamInfo<std::string>& transport) {
  std::string name = transport.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace pushbench::test
