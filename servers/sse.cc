#include "servers/sse.h"

#include <fmt/format.h>

#include <utility>

#include "wire/event_stream.h"
#include "wire/http.h"

namespace pushbench::servers {

namespace {

/// One event, encoded once for all its subscribers. A batch is one line of JSON, in which control
/// characters are escaped, so that no message can end its event or begin another.
net::Bytes event_of(const Batch& batch, std::string_view epoch, bool chunked) {
  std::string event = wire::event_start(fmt::format("{}.{}", epoch, batch.last));
  event.append(*batch.json).append(wire::kEventEnd);
  if (chunked) event.insert(0, wire::chunk_start(event.size())).append(wire::kChunkEnd);
  return net::make_bytes(std::move(event));
}

}  // namespace

/// One subscriber: it follows its room until it closes the connection, or reads too slowly.
class Sse::Stream final : public Session, public Follower<Stream> {
 public:
  Stream(Sse& transport, const Exchange& exchange)
      : Follower(transport.streams_, exchange),
        shared_(transport.shared_),
        chunked_(!exchange.request().http_1_0()) {}
  ~Stream() override { leave(); }

  void start(SessionHost& host) override {
    host_ = &host;
    write(wire::retry_line(kRetryMs));
    host_->wake_in(shared_.deadlines.keep_alive);
    catch_up();
  }
  void on_flushed() override { catch_up(); }
  bool chunked() const { return chunked_; }

  void send(const Batch& batch) { send(event_of(batch, shared_.store.epoch(), chunked_)); }
  void send(net::Bytes event) { host_->write(std::move(event)); }

  /// What has piled up stays unsent: the client resumes from the last event that it has.
  bool cut_if_slow() {
    if (host_->queued() <= shared_.options.max_queue) return false;
    shared_.hits.count(Limit::max_queue);
    leave();
    host_->abort();
    return true;
  }

 private:
  void on_bytes(std::span<char>) override {}  // a request behind one without an end is in vain
  void on_end() override { leave(); }
  void on_wake() override;
  void shut_down() override;

  void write(std::string_view lines) {
    std::string bytes(lines);
    if (chunked_) bytes.insert(0, wire::chunk_start(lines.size())).append(wire::kChunkEnd);
    host_->write(net::make_bytes(std::move(bytes)));
  }

  const Shared& shared_;
  const bool chunked_;
  SessionHost* host_ = nullptr;
};

Sse::~Sse() = default;

void Sse::on_request(Exchange& exchange) {
  exchange.stream(shared_.answers.event_stream(), std::make_unique<Stream>(*this, exchange));
}

void Sse::on_published(Room& room, const Batch& batch) {
  if (streams_.members.count(room) == 0) return;
  const net::Bytes event = event_of(batch, shared_.store.epoch(), true);
  net::Bytes unchunked;  // for whom speaks HTTP/1.0
  streams_.members.for_each(room, [&](Stream& stream) {
    if (!stream.chunked() && unchunked == nullptr) {
      unchunked = event_of(batch, shared_.store.epoch(), false);
    }
    stream.deliver(batch, stream.chunked() ? event : unchunked);
  });
}

/// A comment now and then keeps proxies from giving up a silent response, and finds out who is
/// gone: a peer that takes nothing of what waits for it.
void Sse::Stream::on_wake() {
  if (host_->stalled()) {
    shared_.hits.count(Limit::ping_time);
    leave();
    return host_->abort();
  }
  if (host_->queued() == 0) write(wire::kKeepAlive);
  host_->wake_in(shared_.deadlines.keep_alive);
}

void Sse::Stream::shut_down() {
  leave();
  if (chunked_) host_->write(net::make_bytes(std::string(wire::kLastChunk)));
  host_->end_after_flush();
  host_->end_within(shared_.deadlines.close);
}

}  // namespace pushbench::servers
