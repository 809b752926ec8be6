#include "clients/http_connection.h"

#include <utility>

namespace pushbench::clients {

namespace {
constexpr wire::HttpLimits kResponseLimits{64 * 1024, 64 * 1024 * 1024};
}

HttpConnection::HttpConnection(const Shared& shared, net::Traffic& traffic, Parts& parts,
                               HttpConnectionListener& listener, const HttpExchanges& exchanges)
    : shared_(shared),
      host_(shared.server.http_host(shared.tls != nullptr)),
      traffic_(traffic),
      parts_(parts),
      listener_(listener),
      exchanges_(exchanges),
      overdue_(shared.loop, net::Callback::to<&HttpConnection::on_overdue>(this)),
      leaving_(shared.loop) {}

void HttpConnection::get(std::string_view target, std::string_view more_headers) {
  send(get_request(style(), target, more_headers, take_spare()), 0);
}

void HttpConnection::post(std::string_view target, std::string_view body) {
  send(post_request(style(), target, body, take_spare()), body.size());
}

/// The memory of the request before, which has left by now; a poll then takes none.
std::string HttpConnection::take_spare() {
  return request_.use_count() == 1 ? std::move(*request_) : std::string();
}

void HttpConnection::send(std::string request, std::size_t body) {
  if (request_.use_count() != 1) request_ = std::make_shared<std::string>();
  *request_ = std::move(request);
  body_ = body;
  waiting_ = true;
  if (exchanges_.limit > net::Duration::zero()) overdue_.start_in(exchanges_.limit);
  if (connected_) return write_request();
  if (stream_ == nullptr) connect();
}

void HttpConnection::write_request() {
  stream_->write(request_);
  unsent_.add({request_->size() - body_, body_});
}

void HttpConnection::connect() {
  parser_ = std::make_unique<wire::HttpParser>(wire::HttpParser::Kind::responses, kResponseLimits);
  stood_idle_ = false;
  unsent_ = {};
  auto stream = net::Stream::connect(shared_.loop, shared_.server, *this, traffic_, shared_.tls,
                                     exchanges_.link, shared_.from, shared_.tap);
  if (!stream) {
    close();
    return listener_.on_connection_lost(stream.error().what);
  }
  stream_ = std::move(*stream);
}

void HttpConnection::close() {
  if (stream_ != nullptr) stream_->abort();
  shared_.loop.dispose(std::move(stream_));
  leaving_.drop();
  overdue_.cancel();
  connected_ = waiting_ = false;
}

/// After the last answer that this connection brings.
void HttpConnection::leave() {
  leaving_.take(std::move(stream_));
  connected_ = false;
}

void HttpConnection::Leaving::take(std::unique_ptr<net::Stream> stream) {
  drop();
  stream_ = std::move(stream);
  stream_->set_listener(*this);
}

void HttpConnection::Leaving::drop() {
  if (stream_ != nullptr) stream_->abort();
  loop_.dispose(std::move(stream_));
}

void HttpConnection::on_open() {
  connected_ = true;
  write_request();
  listener_.on_connected();
}

void HttpConnection::on_bytes(std::span<char> bytes) {
  while (!bytes.empty() && connected_) {
    if (!waiting_) {
      close();
      return listener_.on_unreadable("the server sent something that nobody asked for");
    }
    stood_idle_ = false;
    const auto complete = feed_answer(*parser_, bytes);
    if (!complete) {
      close();
      return listener_.on_unreadable(complete.error().what);
    }
    if (!*complete) return;
    waiting_ = false;
    overdue_.cancel();
    // The listener may close this connection and send the next request on another, with a parser of
    // its own.
    std::unique_ptr<wire::HttpParser> parser = std::move(parser_);
    parts_.down.add(*parser);
    if (exchanges_.close_each || !parser->message().keep_alive()) leave();
    listener_.on_response(parser->message());
    if (!connected_) return;
    stood_idle_ = !waiting_;
    parser->next();
    parser_ = std::move(parser);
  }
}

/// A server may close a connection that stands idle, also while the next request is on its way:
/// that one is sent again on a fresh connection (RFC 9112 §9.3.1), as browsers do.
void HttpConnection::on_end(const std::string& reason) {
  const bool was_waiting = waiting_;
  const bool again = was_waiting && connected_ && stood_idle_;
  // An answer without a length ends with its connection, if that ends well (RFC 9112 §6.3, §8).
  const bool whole = was_waiting && reason.empty() && parser_->finish().value_or(false);
  const std::unique_ptr<wire::HttpParser> parser = std::move(parser_);
  close();
  if (whole) {
    parts_.down.add(*parser);
    return listener_.on_response(parser->message());
  }
  if (again) return send(std::string(*request_), body_);
  if (!was_waiting) return;
  listener_.on_connection_lost(reason.empty() ? "the server closed the connection without answering"
                                              : reason);
}

/// The server is gone without a word, or the link is.
void HttpConnection::on_overdue() {
  close();
  listener_.on_connection_lost("no answer came in time");
}

}  // namespace pushbench::clients
