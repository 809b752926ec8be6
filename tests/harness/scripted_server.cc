#include "tests/harness/scripted_server.h"

#include <algorithm>
#include <utility>

#include "net/stream.h"
#include "wire/handshake.h"
#include "wire/websocket.h"

namespace pushbench::harness {

using wire::Opcode;

/// One client: upgraded without questions, then drafts in and batches out.
class ScriptedServer::Session final : private net::StreamListener, private wire::FrameSink {
 public:
  Session(ScriptedServer& server, std::unique_ptr<net::Stream> stream)
      : server_(server), stream_(std::move(stream)) {
    stream_->start(*this, traffic_);
  }

  void send(const std::string& batch) {
    if (stream_->open()) stream_->write(wire::encode_frame(Opcode::text, batch, {}));
  }

 private:
  void on_open() override {}
  void on_end(const std::string&) override {}
  void on_ping(std::string_view) override {}
  void on_pong(std::string_view) override {}
  void on_close(wire::CloseCode, std::string_view) override { stream_->end_after_flush(); }

  void on_bytes(std::span<char> bytes) override {
    if (!upgraded_) {
      const auto fed = parser_.feed({bytes.data(), bytes.size()});
      if (!fed || !fed->complete) return;
      bytes = bytes.subspan(fed->consumed);
      stream_->write(wire::accept_upgrade(parser_.message())->head);
      upgraded_ = true;
    }
    decoder_.feed(bytes, *this);
  }

  void on_message(Opcode, std::string_view payload) override {
    if (const auto draft = drafts_.read(payload)) server_.take(*draft);
  }

  ScriptedServer& server_;
  std::unique_ptr<net::Stream> stream_;
  net::Traffic traffic_;
  wire::HttpParser parser_{wire::HttpParser::Kind::requests, {}};
  wire::WebSocketDecoder decoder_{wire::WebSocketDecoder::Role::server, {1 << 20}};
  wire::DraftReader drafts_{{}};
  bool upgraded_ = false;
};

ScriptedServer::ScriptedServer(net::Loop& loop, Script script)
    : script_(std::move(script)),
      listener_(*net::Listener::listen(loop, *net::Address::parse("127.0.0.1", 0), *this)),
      timer_(loop, net::Callback::to<&ScriptedServer::serve_ready>(this)) {}

ScriptedServer::~ScriptedServer() = default;

void ScriptedServer::on_accept(std::unique_ptr<net::Stream> stream) {
  sessions_.push_back(std::make_unique<Session>(*this, std::move(stream)));
}

void ScriptedServer::take(const wire::Draft& draft) {
  const std::size_t number = taken_++;
  const net::Duration delay =
      script_.delays.empty() ? net::Duration{} : script_.delays[number % script_.delays.size()];
  const std::string other_text(draft.text.size(), '#');
  const std::string_view text = script_.altered.contains(number) ? other_text : draft.text;
  std::string batch = "[";
  wire::append_message(batch, {number + 1, draft.from, text, draft.id, 0});
  batch += "]";
  free_at_ = std::max(free_at_, net::now()) + delay;
  pending_.push_back({number, std::move(batch), free_at_});
  if (pending_.size() == 1) timer_.start_at(free_at_);
}

void ScriptedServer::serve_ready() {
  while (!pending_.empty() && pending_.front().ready <= net::now()) {
    deliver(pending_.front());
    pending_.pop_front();
    ++served_;
  }
  if (!pending_.empty()) timer_.start_at(pending_.front().ready);
}

void ScriptedServer::deliver(const Pending& pending) {
  if (script_.dropped.contains(pending.number)) return;
  if (script_.swapped.contains(pending.number)) {
    held_back_ = pending.batch;
    return;
  }
  send_to_all(pending.batch);
  if (script_.repeated.contains(pending.number)) send_to_all(pending.batch);
  if (!held_back_.empty()) send_to_all(std::exchange(held_back_, {}));
}

void ScriptedServer::send_to_all(const std::string& batch) {
  for (const auto& session : sessions_) session->send(batch);
}

}  // namespace pushbench::harness
