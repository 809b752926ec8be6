#include "servers/connection.h"

#include <utility>

namespace pushbench::servers {

namespace {

constexpr std::chrono::seconds kGoodbyeTime{2};  // for a peer that does not take its last answer

/// The end of a response's head: one of three, ready made and shared by all connections.
const net::Bytes& head_end(bool keep_alive, bool http_1_0) {
  static const net::Bytes kept = net::make_bytes("\r\n");
  static const net::Bytes kept_1_0 = net::make_bytes("Connection: keep-alive\r\n\r\n");
  static const net::Bytes closed = net::make_bytes("Connection: close\r\n\r\n");
  if (!keep_alive) return closed;
  return http_1_0 ? kept_1_0 : kept;
}

}  // namespace

Connection::Connection(std::unique_ptr<net::Stream> stream, net::Loop& loop, ConnectionOwner& owner)
    : stream_(std::move(stream)),
      owner_(owner),
      http_(std::make_unique<Http>(owner.http_limits())),
      timer_(loop, net::Callback::to<&Connection::on_timer>(this)) {}

Connection::~Connection() = default;

void Connection::start() { stream_->start(*this, owner_.traffic()); }

void Connection::on_bytes(std::span<char> bytes) {
  if (session_) return session_->on_bytes(bytes);
  if (in_exchange_ || !http_->early.empty()) return keep_for_later(bytes);
  serve(bytes);
}

/// Takes request after request, up to one whose answer has to wait.
void Connection::serve(std::span<char> bytes) {
  while (!bytes.empty() && !in_exchange_ && !session_ && !last_exchange_) {
    const auto fed = http_->parser.feed({bytes.data(), bytes.size()});
    if (!fed) {
      refuse(fed.error());
      break;
    }
    bytes = bytes.subspan(fed->consumed);
    if (!fed->complete) break;
    in_exchange_ = true;
    // Who sends requests and does not read the answers gets one more.
    last_exchange_ = !request().keep_alive() || stream_->queued() > owner_.max_queue();
    owner_.on_exchange(*this);
  }
  if (session_) {
    http_.reset();
    if (!bytes.empty()) session_->on_bytes(bytes);
  } else if (in_exchange_ && !bytes.empty()) {
    keep_for_later(bytes);
  }
}

/// Requests that come before the answer to the one at hand (RFC 9112 §9.3.2) wait here. Past the
/// size of one request nothing more is read, so that they cannot fill the memory.
void Connection::keep_for_later(std::span<const char> bytes) {
  if (last_exchange_) return;
  http_->early.append(bytes.data(), bytes.size());
  if (http_->early.size() > owner_.http_limits().head && !http_->reading_paused) {
    http_->reading_paused = true;
    stream_->pause_reading();
  }
}

void Connection::serve_early() {
  if (http_->early.empty()) return;
  if (std::exchange(http_->reading_paused, false)) stream_->resume_reading();
  std::string early = std::exchange(http_->early, {});
  serve(early);
}

void Connection::respond(const Answer& answer) {
  if (!in_exchange_) return;
  timer_.cancel();
  holder_ = nullptr;
  room = nullptr;
  const wire::HttpMessage& message = http_->parser.message();
  stream_->write(answer.head);
  stream_->write(head_end(!last_exchange_, message.http_1_0()));
  if (answer.body != nullptr && message.method() != "HEAD") stream_->write(answer.body);
  in_exchange_ = false;
  if (last_exchange_) return stream_->end_after_flush();
  http_->parser.next();
  // Not served right here: this may be one of many answers with a batch on its way to a room, and
  // what those requests publish or join must find that batch delivered to everybody.
  if (!http_->early.empty()) owner_.on_waiting(*this);
}

void Connection::hold(Holder& holder, net::Duration time) {
  holder_ = &holder;
  timer_.start_in(time);
}

void Connection::upgrade(std::string head, std::unique_ptr<Session> session) {
  stream_->write(std::move(head));
  in_exchange_ = false;
  session_ = std::move(session);
  session_->start(*this);
}

void Connection::shut_down() {
  if (session_) return session_->shut_down();
  last_exchange_ = true;
  if (holder_ != nullptr) {
    std::exchange(holder_, nullptr)->on_hold_over(*this);
  } else {
    stream_->end_after_flush();
  }
  end_within(kGoodbyeTime);
}

void Connection::turn_away(const Answer& answer) {
  write_last(answer);
  end_within(kGoodbyeTime);  // its request is on the way: see refuse()
}

/// What is too long is still on its way. Closing with a part of it unread would reset the
/// connection, and the peer might never see why (RFC 9112 §9.6): the rest is dropped until the peer
/// closes.
void Connection::refuse(const wire::HttpError& error) {
  write_last(owner_.refusal(error));
  if (error.status == 400) return stream_->end_after_flush();
  end_within(kGoodbyeTime);
}

void Connection::write_last(const Answer& answer) {
  last_exchange_ = true;
  stream_->write(answer.head);
  stream_->write(head_end(false, false));
  stream_->write(answer.body);
}

void Connection::end_after_flush() { stream_->end_after_flush(); }

void Connection::end_within(net::Duration time) { timer_.start_in(time); }

void Connection::on_timer() {
  if (holder_ != nullptr) return std::exchange(holder_, nullptr)->on_hold_over(*this);
  stream_->abort();
  end();
}

void Connection::on_flushed() {
  if (session_) session_->on_flushed();
}

void Connection::on_end(const std::string&) { end(); }

void Connection::end() {
  timer_.cancel();
  if (holder_ != nullptr) std::exchange(holder_, nullptr)->on_abandoned(*this);
  if (session_) session_->on_end();
  if (http_) http_->early.clear();
  in_exchange_ = false;
  owner_.on_connection_end(*this);
}

}  // namespace pushbench::servers
