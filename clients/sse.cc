#include "clients/sse.h"

#include <algorithm>
#include <utility>

namespace pushbench::clients {

namespace {

constexpr wire::HttpLimits kAnswerLimits{64 * 1024, 64 * 1024};  // of an answer that is no stream
constexpr std::size_t kMaxEvent = 64 * 1024 * 1024;
constexpr std::chrono::seconds kUsualPause{1};
constexpr std::uint64_t kLongestPauseMs = 60'000;

bool is_event_stream(const wire::HttpMessage& answer) {
  const std::string_view type = answer.header("Content-Type");
  return answer.status() == 200 &&
         wire::equals_ignoring_case(type.substr(0, type.find(';')), "text/event-stream");
}

}  // namespace

Sse::Sse(const Shared& shared, const Identity& identity, const ClientOptions& options)
    : HttpClient(shared, identity, options),
      events_(kMaxEvent),
      pause_(kUsualPause),
      silence_(options.silence),
      timer_(shared.loop, net::Callback::to<&Sse::on_timer>(this)) {}

void Sse::connect() {
  unsent_ = 0;
  events_.reset();  // an event that was cut in two is not delivered: it comes again as a whole
  const wire::HttpParser::Kind kind = wire::HttpParser::Kind::responses;
  wire::BodySink* sink = this;
  answer_ = std::make_unique<wire::HttpParser>(kind, kAnswerLimits, sink);
  auto stream = net::Stream::connect(shared_.loop, shared_.server, *this, traffic_, shared_.tls,
                                     identity_.link, shared_.from, shared_.tap);
  if (!stream) return lost(stream.error().what);
  stream_ = std::move(*stream);
  heard_ = false;
  if (silence_ > net::Duration::zero()) timer_.start_in(silence_);
}

void Sse::on_open() {
  const std::string host = shared_.server.http_host(shared_.tls != nullptr);
  std::string request = get_request({host, shared_.headers.event_stream}, target(), more_headers());
  unsent_ = request.size();
  stream_->write(std::move(request));
  shared_.listener.on_connection(*this);
}

void Sse::on_bytes(std::span<char> bytes) {
  heard_ = true;
  const auto complete = feed_answer(*answer_, bytes);
  if (stream_ == nullptr) return;  // what was in there ended it
  if (!complete) return failed(complete.error().what);
  if (!*complete) return;
  if (!is_event_stream(answer_->message())) return refuse();
  lost("the server ended the event stream");
}

/// The answer is whole, and no event stream.
void Sse::refuse() {
  parts_.down.add(*answer_);
  refused(answer_->message());
}

bool Sse::on_head(const wire::HttpMessage& answer) {
  if (!is_event_stream(answer)) return false;
  parts_.down.heads += answer_->head_size();
  learn_epoch(answer);
  succeeded();
  shared_.listener.on_exchange(*this, Ended::opened);
  subscribed();
  return true;
}

void Sse::on_body(std::string_view piece) {
  if (has_left()) return;
  if (const auto read = events_.feed(piece, *this); !read) failed(read.error().line());
}

void Sse::on_event(std::string_view type, std::string_view data, std::string_view id) {
  parts_.down.bodies += data.size();
  if (!has_left()) take_event(type, data, id);
}

void Sse::take_event(std::string_view, std::string_view batch, std::string_view id) {
  if (!take_batch(batch)) return;
  if (auto cursor = wire::parse_cursor(id)) cursor_ = std::move(*cursor);
}

void Sse::on_retry(std::uint64_t milliseconds) {
  pause_ = std::chrono::milliseconds(std::min(milliseconds, kLongestPauseMs));
}

void Sse::on_end(const std::string& reason) {
  // A refusal without a length ends with its connection (RFC 9112 §6.3).
  const bool whole = reason.empty() && answer_->finish().value_or(false);
  if (whole && !is_event_stream(answer_->message())) return refuse();
  lost(reason.empty() ? "the server ended the connection" : reason);
}

/// The server sends a comment where it has nothing else to say: without even that it is gone, or
/// the link is. Unlike a browser, which waits for ever.
void Sse::on_timer() {
  if (!std::exchange(heard_, false)) return lost("nothing came, not even a comment");
  timer_.start_in(silence_);
}

void Sse::disconnect() {
  timer_.cancel();
  if (stream_ != nullptr) stream_->abort();
  shared_.loop.dispose(std::move(stream_));
}

}  // namespace pushbench::clients
