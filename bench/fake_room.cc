#include "bench/fake_room.h"

#include <algorithm>
#include <utility>

#include "servers/exchange.h"
#include "servers/registry.h"
#include "wire/handshake.h"

namespace pushbench::bench {

/// What a server transport sees of a connection.
class FakeConnection final : public servers::Exchange, private servers::SessionHost {
 public:
  explicit FakeConnection(const wire::HttpMessage& request) : request_(request) {}

  const wire::HttpMessage& request() const override { return request_; }
  void respond(const servers::Answer& answer) override {
    write(answer.whole);
    if (answer.long_body != nullptr) write(answer.long_body);
    answered_ = true;
  }
  void hold(servers::Holder&, net::Duration) override {}
  void upgrade(std::string, std::unique_ptr<servers::Session> session) override {
    become(std::move(session));
  }
  void stream(const servers::Answer&, std::unique_ptr<servers::Session> session) override {
    become(std::move(session));
  }

  bool take_answered() { return std::exchange(answered_, false); }
  std::uint64_t bytes() const { return bytes_; }

 private:
  void write(net::Bytes bytes) override { bytes_ += bytes->size(); }
  std::size_t queued() const override { return 0; }
  bool stalled() override { return false; }
  void pause_reading() override {}
  void resume_reading() override {}
  void wake_in(net::Duration) override {}
  void end_after_flush() override {}
  void end_within(net::Duration) override {}
  void abort() override {}

  void become(std::unique_ptr<servers::Session> session) {
    session_ = std::move(session);
    session_->start(*this);
  }

  const wire::HttpMessage& request_;
  std::unique_ptr<servers::Session> session_;
  std::uint64_t bytes_ = 0;
  bool answered_ = false;
};

FakeRoom::FakeRoom(std::string_view transport, std::size_t subscribers)
    : store_({}, "k3f9", *this) {
  (void)request_.feed(wire::encode_upgrade_request("127.0.0.1:8080", "/rooms/r/socket",
                                                   "dGhlIHNhbXBsZSBub25jZQ=="));
  answers_.set_time(1'764'000'000);
  for (auto& made : servers::make_transports({store_, answers_, hits_, options_, deadlines_})) {
    if (made->name() == transport) transport_ = std::move(made);
  }
  room_ = must(store_.open("r"));
  for (std::size_t i = 0; i < subscribers; ++i) {
    connections_.push_back(std::make_unique<FakeConnection>(request_.message()));
    subscribe(*connections_.back());
  }
}

FakeRoom::~FakeRoom() { connections_.clear(); }

void FakeRoom::subscribe(FakeConnection& connection) {
  connection.subscribe_to(*room_, {"k3f9", room_->last()}, {});
  connection.count_in(transport_->counts());
  transport_->on_request(connection);
}

void FakeRoom::publish() {
  store_.publish(*room_, chat_[next_].draft(), 1'764'000'000'000);
  next_ = (next_ + 1) % chat_.size();
  store_.deliver(*room_);
  if (!connections_.front()->take_answered()) return;
  for (const auto& connection : connections_) {
    connection->take_answered();
    subscribe(*connection);
  }
}

void FakeRoom::on_published(servers::Room& room, const servers::Batch& batch) {
  transport_->on_published(room, batch);
}

std::uint64_t FakeRoom::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& connection : connections_) sum += connection->bytes();
  return sum;
}

}  // namespace pushbench::bench
