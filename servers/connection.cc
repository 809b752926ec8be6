#include "servers/connection.h"

#include <utility>

namespace pushbench::servers {

namespace {

std::string_view head_end(bool keep_alive, bool http_1_0) {
  if (!keep_alive) return kClosed;
  return http_1_0 ? kKept10 : kKept;
}

}  // namespace

Connection::Connection(std::unique_ptr<net::Stream> stream, net::Loop& loop, ConnectionOwner& owner)
    : stream_(std::move(stream)),
      owner_(owner),
      http_(std::make_unique<Http>(*this, owner.http_limits())),
      timer_(loop, net::Callback::to<&Connection::on_timer>(this)) {}

Connection::~Connection() = default;

void Connection::start() {
  wait(secure() ? Waiting::head : Waiting::idle,
       secure() ? owner_.deadlines().header : owner_.deadlines().idle);
  stream_->start(*this, owner_.traffic());
}

/// A request is taken when the answer to the one before is on its way. Who sends requests and does
/// not read the answers is not read from either, until the kernel has taken enough of them.
bool Connection::may_serve() const {
  return !in_exchange_ && !session_ && !last_exchange_ && queued() <= owner_.max_queue();
}

void Connection::on_bytes(std::span<char> bytes) {
  if (session_) return session_->on_bytes(bytes);
  if (last_exchange_) return;
  if (!may_serve() || !http_->early.empty()) return keep_for_later(bytes);
  serve(bytes);
}

/// Takes request after request, up to one whose answer has to wait.
void Connection::serve(std::span<char> bytes) {
  while (!bytes.empty() && may_serve()) {
    const auto fed = http_->parser.feed({bytes.data(), bytes.size()});
    if (!fed) return refuse(fed.error());
    bytes = bytes.subspan(fed->consumed);
    if (!fed->complete) return take_part();
    in_exchange_ = true;
    last_exchange_ = retired_ || !request().keep_alive();
    owner_.on_exchange(*http_);
  }
  if (session_) {
    if (!bytes.empty()) session_->on_bytes(bytes);
  } else if (!bytes.empty()) {
    keep_for_later(bytes);
  }
}

/// A part of a request has come. Its head, and then its body, must be whole in time.
void Connection::take_part() {
  wire::HttpParser& parser = http_->parser;
  if (!parser.in_message()) return;  // blank lines between requests are not the next one
  if (!parser.head_complete()) {
    if (waiting_ != Waiting::head) wait(Waiting::head, owner_.deadlines().header);
    return;
  }
  if (waiting_ == Waiting::body) return;
  wait(Waiting::body, owner_.deadlines().body);
  if (!parser.expects_continue()) return;
  // Who waits to be asked for the body (RFC 9110 §10.1.1) may hear at once that it is in vain. Then
  // the connection closes: whether the body follows all the same is not to be known.
  in_exchange_ = last_exchange_ = true;
  if (!owner_.on_expect(*http_)) return;
  in_exchange_ = last_exchange_ = false;
  http_->forget();  // the whole request is looked at anew
  stream_->write("HTTP/1.1 100 Continue\r\n\r\n");
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
  if (http_ == nullptr || http_->early.empty() || !may_serve()) return;
  if (std::exchange(http_->reading_paused, false)) stream_->resume_reading();
  std::string early = std::exchange(http_->early, {});
  serve(early);
  if (peer_done_) end_if_all_is_said();
}

void Connection::respond(const Answer& answer) {
  if (!in_exchange_) return;
  const bool wants_body = request().method() != "HEAD";
  const std::string_view end = head_end(!last_exchange_, request().http_1_0());
  if (wants_body && end == kKept && http_->headers()[0] == nullptr) {
    stream_->write(answer.whole);
  } else {
    stream_->write(owner_.composer().compose(answer, http_->headers(), end, wants_body));
  }
  if (answer.long_body != nullptr && wants_body) stream_->write(answer.long_body);
  count_exchange(answer.status, wants_body ? answer.messages : 0);
  finish_exchange();
}

/// Who held on to a request and has ended the connection is gone, most likely: a browser never sees
/// this answer.
void Connection::count_exchange(int status, std::size_t messages) {
  Counts* const counts = http_->counts();
  if (counts == nullptr || peer_done_) return;
  ++counts->exchanges;
  counts->deliveries += messages;
  if (messages == 0 && status >= 200 && status < 300) ++counts->empty;
}

/// What it brings is counted as it comes.
void Connection::count_open_exchange() {
  if (http_->counts() != nullptr) ++http_->counts()->exchanges;
}

void Connection::finish_exchange() {
  http_->holder = nullptr;
  in_exchange_ = false;
  has_served_ = true;
  http_->forget();
  if (last_exchange_) return say_goodbye();
  wait(Waiting::idle, owner_.deadlines().idle);
  http_->parser.next();
  // Not served right here: this may be one of many answers with a batch on its way to a room, and
  // what those requests publish or join must find that batch delivered to everybody.
  if (!http_->early.empty()) owner_.on_waiting(*this);
}

/// The peer may take its time to read the last answer, and less to go then.
void Connection::say_goodbye() {
  last_exchange_ = ending_ = true;
  stream_->end_after_flush();
  wait(Waiting::idle, owner_.deadlines().idle);
}

void Connection::hold(Holder& holder, net::Duration time) {
  if (peer_done_) return holder.on_hold_over(*http_);
  http_->holder = &holder;
  wait(Waiting::hold, time);
}

void Connection::upgrade(std::string head, std::unique_ptr<Session> session) {
  stream_->write(std::move(head));
  count_open_exchange();
  become(std::move(session));
}

void Connection::stream(const Answer& answer, std::unique_ptr<Session> session) {
  const bool http_1_0 = request().http_1_0();
  if (request().method() == "HEAD") return respond(answer);
  std::string head = answer.whole->substr(0, answer.head) + http_->header_lines();
  if (!http_1_0) head += kChunkedLine;
  stream_->write(head.append(head_end(request().keep_alive() && !http_1_0, http_1_0)));
  count_open_exchange();
  become(std::move(session));
}

void Connection::become(std::unique_ptr<Session> session) {
  timer_.cancel();
  in_exchange_ = last_exchange_ = false;
  http_.reset();
  session_ = std::move(session);
  session_->start(*this);
}

void Connection::shut_down() {
  if (session_) return session_->shut_down();
  last_exchange_ = true;
  let_go();
  say_goodbye();
  end_within(owner_.deadlines().close);  // but not all the time: the server wants to end
}

/// One that is kept and has nothing to do ends at once, so that no further request comes over it. A
/// request that has begun, or may be on its way over a new connection, still gets its answer.
void Connection::retire() {
  if (session_ || ending_) return;
  retired_ = true;
  if (in_exchange_) last_exchange_ = true;
  const bool is_busy = in_exchange_ || http_->parser.in_message() || !http_->early.empty();
  if (has_served_ && !is_busy) say_goodbye();
}

void Connection::turn_away(const Answer& answer) { write_last(answer); }

void Connection::refuse(const wire::HttpError& error) { write_last(owner_.refusal(error)); }

/// The rest of what is refused may still be on its way: it is dropped until the peer closes, for
/// closing with a part of it unread would reset the connection, and the peer might never see why
/// (RFC 9112 §9.6).
void Connection::write_last(const Answer& answer) {
  const bool is_head = http_->parser.head_complete() && request().method() == "HEAD";
  stream_->write(owner_.composer().compose(answer, {}, kClosed, !is_head));
  say_goodbye();
}

void Connection::wait(Waiting what, net::Duration time) {
  waiting_ = what;
  timer_.start_in(time);
}

void Connection::on_timer() {
  switch (waiting_) {
    case Waiting::head:
      if (http_->parser.in_message()) return on_late(Limit::header_time, "the request's head");
      // Nothing has been said at all: it is a TLS handshake that takes so long, or an idle peer.
      if (stream_->ready()) return wait(Waiting::idle, owner_.deadlines().idle);
      owner_.hits().count(Limit::header_time);
      return abort();
    case Waiting::idle:
      // One that reads a long answer slowly is not idle.
      if (stream_->queued() > 0 && !stalled()) return wait(Waiting::idle, owner_.deadlines().idle);
      owner_.hits().count(Limit::idle_time);
      return abort();
    case Waiting::body:
      return on_late(Limit::body_time, "the request's body");
    case Waiting::hold:
      return let_go();
    case Waiting::session:
      return session_->on_wake();
    case Waiting::goodbye:
      owner_.hits().count(Limit::close_time);
      return abort();
  }
}

void Connection::on_late(Limit limit, std::string what) {
  owner_.hits().count(limit);
  refuse({408, what.append(" took too long; send it in one go")});
}

void Connection::abort() {
  stream_->abort();
  end();
}

bool Connection::stalled() {
  // Its lower half is enough to see a change.
  const auto sent = static_cast<std::uint32_t>(stream_->sent());
  const std::uint32_t before = std::exchange(sent_before_, sent);
  return stream_->queued() > 0 && sent_before_ == before;
}

void Connection::on_flushed() {
  if (ending_) return end_within(owner_.deadlines().close);
  if (session_) return session_->on_flushed();
  serve_early();
}

/// A peer that has said all it wants to say (FIN) is still owed the answers to it. One that waits
/// for news gets its answer now: it may as well be gone, which looks the same.
bool Connection::on_peer_done() {
  if (session_ || ending_) return false;
  peer_done_ = true;
  let_go();
  end_if_all_is_said();
  return true;
}

/// The exchange that is held, if one is, gets its answer.
void Connection::let_go() {
  if (http_->holder != nullptr) std::exchange(http_->holder, nullptr)->on_hold_over(*http_);
}

void Connection::end_if_all_is_said() {
  if (last_exchange_ || in_exchange_ || session_) return;
  if (!http_->early.empty()) return owner_.on_waiting(*this);
  if (http_->parser.in_message()) {
    return refuse({400, "the connection ended in the middle of a request"});
  }
  say_goodbye();
}

void Connection::on_end(const std::string&) { end(); }

void Connection::end() {
  timer_.cancel();
  if (session_) session_->on_end();
  if (http_) {
    if (http_->holder != nullptr) std::exchange(http_->holder, nullptr)->on_abandoned(*http_);
    http_->early.clear();
  }
  in_exchange_ = false;
  owner_.on_connection_end(*this);
}

}  // namespace pushbench::servers
