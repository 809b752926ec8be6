// The solution of course/skeleton/http_streaming.cc. The teacher's guide says what to discuss.

#include "course/skeleton/http_streaming.h"

#include <string>
#include <utility>

#include "wire/http.h"

namespace pushbench::servers {

namespace {

/// A batch as a line of the response, packed once for all who take it. HTTP/1.0 has no chunks.
net::Bytes line_of(const Batch& batch, bool chunked) {
  std::string line = *batch.json + '\n';
  if (chunked) line.insert(0, wire::chunk_start(line.size())).append(wire::kChunkEnd);
  return net::make_bytes(std::move(line));
}

constexpr std::string_view kHead =
    "Content-Type: application/x-ndjson\r\nCache-Control: no-store\r\n";

}  // namespace

/// One subscriber: it follows its room until it closes the connection, or reads too slowly.
class HttpStreaming::Stream final : public Session, public Follower<Stream> {
 public:
  Stream(HttpStreaming& transport, const Exchange& exchange)
      : Follower(transport.streams_, exchange),
        shared_(transport.shared_),
        chunked_(!exchange.request().http_1_0()) {}
  ~Stream() override { leave(); }

  void start(SessionHost& host) override {
    host_ = &host;
    host_->wake_in(shared_.deadlines.keep_alive);
    catch_up();
  }
  void on_flushed() override { catch_up(); }

  bool chunked() const { return chunked_; }

  void send(const Batch& batch) { send(line_of(batch, chunked_)); }
  void send(net::Bytes line) { host_->write(std::move(line)); }

  /// What has piled up stays unsent: the client resumes after the last line that it has.
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

  const Shared& shared_;
  const bool chunked_;
  SessionHost* host_ = nullptr;
};

HttpStreaming::~HttpStreaming() = default;

void HttpStreaming::on_request(Exchange& exchange) {
  exchange.stream(shared_.answers.with_headers(200, kHead, nullptr),
                  std::make_unique<Stream>(*this, exchange));
}

void HttpStreaming::on_published(Room& room, const Batch& batch) {
  if (streams_.members.count(room) == 0) return;
  const net::Bytes line = line_of(batch, true);
  streams_.members.for_each(room, [&](Stream& stream) {
    stream.deliver(batch, stream.chunked() ? line : line_of(batch, false));
  });
}

/// An empty line keeps proxies from giving up a silent response, and finds out who is gone: a peer
/// that takes nothing of what waits for it.
void HttpStreaming::Stream::on_wake() {
  if (host_->stalled()) {
    shared_.hits.count(Limit::ping_time);
    leave();
    return host_->abort();
  }
  if (host_->queued() == 0) host_->write(net::make_bytes(chunked_ ? "1\r\n\n\r\n" : "\n"));
  host_->wake_in(shared_.deadlines.keep_alive);
}

void HttpStreaming::Stream::shut_down() {
  leave();
  if (chunked_) host_->write(net::make_bytes(std::string(wire::kLastChunk)));
  host_->end_after_flush();
  host_->end_within(shared_.deadlines.close);
}

}  // namespace pushbench::servers
