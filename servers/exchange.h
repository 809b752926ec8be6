#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "net/bytes.h"
#include "net/clock.h"
#include "servers/answer.h"
#include "servers/counts.h"
#include "servers/room_members.h"
#include "wire/http.h"

namespace pushbench::servers {

class Exchange;

/// Whoever holds an exchange open, waiting for something to answer.
class Holder {
 public:
  virtual ~Holder() = default;
  /// Time is up, the server stops or the peer has no more to say: respond now.
  virtual void on_hold_over(Exchange& exchange) = 0;
  virtual void on_abandoned(Exchange& exchange) = 0;  // the peer is gone: forget the exchange
};

/// What a session may do with the connection it has taken over.
class SessionHost {
 public:
  virtual ~SessionHost() = default;
  virtual void write(net::Bytes bytes) = 0;
  virtual std::size_t queued() const = 0;  // memory of what the kernel has not accepted yet
  virtual bool stalled() = 0;  // something is queued, and none of it has left since the last call
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;
  virtual void wake_in(net::Duration time) = 0;     // calls on_wake() once; the last call counts
  virtual void end_after_flush() = 0;               // close once all that was written has left …
  virtual void end_within(net::Duration time) = 0;  // … or, whatever is left, when this is over
  virtual void abort() = 0;                         // at once
};

/// What a connection becomes when it is no longer one request after the other.
class Session {
 public:
  virtual ~Session() = default;
  virtual void start(SessionHost& host) = 0;  // the response's head is queued already
  virtual void on_bytes(std::span<char> bytes) = 0;
  virtual void on_flushed() {}   // all that it has written is on its way
  virtual void on_wake() {}      // see wake_in()
  virtual void on_end() = 0;     // the connection is gone
  virtual void shut_down() = 0;  // the server stops: say goodbye
};

/// One HTTP request with its response, as a transport sees it. It is a room's member while held.
class Exchange : public RoomMember {
 public:
  virtual ~Exchange() = default;

  virtual const wire::HttpMessage& request() const = 0;
  const Cursor& cursor() const { return cursor_; }   // the request's `after`
  std::string_view query() const { return query_; }  // valid until respond()

  /// Set by the router before the exchange reaches its transport.
  void subscribe_to(Room& its_room, Cursor cursor, std::string_view query) {
    room = &its_room;
    cursor_ = std::move(cursor);
    query_ = query;
  }

  /// Where it is counted, with what is handed over by it; null: nowhere. Set by the router, too.
  void count_in(Counts& counts) { counts_ = &counts; }
  Counts* counts() const { return counts_; }

  /// Header lines for the response to come, whatever it will be; each ends in CRLF. Two pieces at
  /// most: those for the page's origin, and those of the subscription.
  void add_headers(net::Bytes lines) {
    (headers_[0] == nullptr ? headers_[0] : headers_[1]) = std::move(lines);
  }
  const MoreHeaders& headers() const { return headers_; }  // null where none
  std::string header_lines() const {
    std::string lines;
    for (const net::Bytes& some : headers_) lines += some == nullptr ? std::string_view() : *some;
    return lines;
  }

  /// Answers, once; after that the exchange is over and may already be the next one.
  virtual void respond(const Answer& answer) = 0;

  /// Leaves the request open until respond(); the holder hears when `time` is over.
  virtual void hold(Holder& holder, net::Duration time) = 0;

  /// Sends `head` (a 101) and hands the connection over.
  virtual void upgrade(std::string head, std::unique_ptr<Session> session) = 0;

  /// Begins a response that does not end by itself, in chunks (RFC 9112 §7.1) unless the request is
  /// of HTTP/1.0, and hands the connection over. The answer has no body.
  virtual void stream(const Answer& answer, std::unique_ptr<Session> session) = 0;

 protected:
  void forget() {
    room = nullptr;
    counts_ = nullptr;
    headers_ = {};
  }

 private:
  Cursor cursor_;
  std::string_view query_;
  Counts* counts_ = nullptr;
  MoreHeaders headers_;
};

}  // namespace pushbench::servers
