// The solution of course/skeleton/http_streaming.cc. The teacher's guide says what to discuss.

#include "course/skeleton/http_streaming.h"

#include <string>
#include <utility>

#include "servers/follower.h"
#include "wire/http.h"

namespace pushbench::servers {

namespace {

/// A batch as a line of the response, packed once for all who take it.
struct Line {
  net::Bytes chunk_start;  // this and the end of the chunk are not for HTTP/1.0
  net::Bytes json;
  net::Bytes line_end;
  net::Bytes chunk_end;
};

Line line_of(const Batch& batch) {
  return {net::make_bytes(wire::chunk_start(batch.json->size() + 1)), batch.json,
          net::make_bytes("\n"), net::make_bytes(std::string(wire::kChunkEnd))};
}

constexpr std::string_view kHead =
    "Content-Type: application/x-ndjson\r\nCache-Control: no-store\r\n";

}  // namespace

/// One subscriber: it follows its room until it closes the connection, or reads too slowly.
class HttpStreaming::Stream final : public Session, public Follower<Stream> {
 public:
  Stream(HttpStreaming& transport, const Exchange& exchange)
      : Follower(transport.shared_.store, transport.streams_, exchange),
        shared_(transport.shared_),
        chunked_(!exchange.request().http_1_0()) {}
  ~Stream() override { leave(); }

  void start(SessionHost& host) override {
    host_ = &host;
    host_->wake_in(shared_.deadlines.keep_alive);
    catch_up();
  }
  void on_flushed() override { catch_up(); }

  void send(const Batch& batch) { send(line_of(batch)); }
  void send(const Line& line) {
    if (chunked_) host_->write(line.chunk_start);
    host_->write(line.json);
    host_->write(line.line_end);
    if (chunked_) host_->write(line.chunk_end);
  }

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
  if (streams_.count(room) == 0) return;
  const Line line = line_of(batch);
  streams_.for_each(room, [&](Stream& stream) { stream.deliver(batch, line); });
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
