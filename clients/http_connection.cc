#include "clients/http_connection.h"

#include <utility>

namespace pushbench::clients {

namespace {
constexpr wire::HttpLimits kResponseLimits{64 * 1024, 64 * 1024 * 1024};
}

void HttpConnection::open() {
  close();
  parser_ = std::make_unique<wire::HttpParser>(wire::HttpParser::Kind::responses, kResponseLimits);
  auto stream = net::Stream::connect(loop_, server_, *this, traffic_);
  if (!stream) return fail(stream.error().what);
  stream_ = std::move(*stream);
}

void HttpConnection::send(std::string request) {
  waiting_ = true;
  if (connected_) return stream_->write(std::move(request));
  unsent_ = std::move(request);  // before opening, which may fail at once
  if (stream_ == nullptr) open();
}

void HttpConnection::close() {
  if (stream_ != nullptr) stream_->abort();
  loop_.dispose(std::move(stream_));
  connected_ = false;
}

void HttpConnection::on_open() {
  connected_ = true;
  listener_.on_connected();
  if (!unsent_.empty()) stream_->write(std::exchange(unsent_, {}));
}

void HttpConnection::on_bytes(std::span<char> bytes) {
  while (!bytes.empty() && connected_) {
    if (!waiting_) return fail("the server sent something that nobody asked for");
    const auto fed = parser_->feed({bytes.data(), bytes.size()});
    if (!fed) return fail(fed.error().what);
    bytes = bytes.subspan(fed->consumed);
    if (!fed->complete) return;
    waiting_ = false;
    // The listener may send the next request, which makes a new parser if this connection is
    // closed.
    std::unique_ptr<wire::HttpParser> parser = std::move(parser_);
    if (!parser->message().keep_alive()) close();
    listener_.on_response(parser->message());
    if (!connected_) return;
    parser->next();
    parser_ = std::move(parser);
  }
}

void HttpConnection::on_end(const std::string& reason) {
  close();
  if (waiting_)
    fail(reason.empty() ? "the server closed the connection without answering" : reason);
}

void HttpConnection::fail(const std::string& what) {
  close();
  waiting_ = false;
  unsent_.clear();
  listener_.on_connection_failed({server_.text(), what});
}

}  // namespace pushbench::clients
