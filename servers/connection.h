#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "net/stream.h"
#include "net/timer.h"
#include "servers/exchange.h"
#include "servers/limits.h"
#include "wire/http.h"

namespace pushbench::servers {

class Connection;

/// What a connection asks of its server. Outlives the connection.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual void on_exchange(Exchange& exchange) = 0;     // route it
  virtual bool on_expect(Exchange& exchange) = 0;       // may its body come? false: it was answered
  virtual void on_waiting(Connection& connection) = 0;  // call serve_early() before the turn ends
  virtual Answer refusal(const wire::HttpError& error) = 0;
  virtual Composer& composer() = 0;
  virtual void on_connection_end(Connection& connection) = 0;  // free it when the turn ends
  virtual net::Traffic& traffic() = 0;
  virtual LimitHits& hits() = 0;
  virtual const wire::HttpLimits& http_limits() const = 0;
  virtual const Deadlines& deadlines() const = 0;
  virtual std::size_t max_queue() const = 0;  // bytes unsent to one peer
};

/// One accepted connection: requests one after the other, answered in order, until it closes or
/// becomes a session.
class Connection final : public SessionHost, private net::StreamListener {
 public:
  Connection(std::unique_ptr<net::Stream> stream, net::Loop& loop, ConnectionOwner& owner);
  ~Connection() override;

  void start();
  void shut_down();                      // answers or ends what is open; refuses to go on
  void turn_away(const Answer& answer);  // answers what is no request, and closes
  void serve_early();                    // the requests that came while another was open
  void retire();                         // it takes no request any more; a session goes on
  bool secure() const { return stream_->secure(); }

  void write(net::Bytes bytes) override { stream_->write(std::move(bytes)); }
  std::size_t queued() const override { return stream_->queue_memory(); }
  bool stalled() override;
  void pause_reading() override { stream_->pause_reading(); }
  void resume_reading() override { stream_->resume_reading(); }
  void wake_in(net::Duration time) override { wait(Waiting::session, time); }
  void end_after_flush() override { stream_->end_after_flush(); }
  void end_within(net::Duration time) override { wait(Waiting::goodbye, time); }
  void abort() override;

 private:
  /// What only a connection that speaks HTTP needs: one that became a session gives it back. It is
  /// the exchange at hand, since HTTP/1.1 has one at a time.
  class Http final : public Exchange {
   public:
    Http(Connection& connection, wire::HttpLimits limits)
        : parser(wire::HttpParser::Kind::requests, limits), connection_(connection) {}

    const wire::HttpMessage& request() const override { return parser.message(); }
    void respond(const Answer& answer) override { connection_.respond(answer); }
    void hold(Holder& its_holder, net::Duration time) override {
      connection_.hold(its_holder, time);
    }
    void upgrade(std::string head, std::unique_ptr<Session> session) override {
      connection_.upgrade(std::move(head), std::move(session));
    }
    void stream(const Answer& answer, std::unique_ptr<Session> session) override {
      connection_.stream(answer, std::move(session));
    }
    using Exchange::forget;

    wire::HttpParser parser;
    std::string early;         // came while an exchange was open: the next requests
    Holder* holder = nullptr;  // of the exchange
    bool reading_paused = false;

   private:
    Connection& connection_;
  };
  enum class Waiting : std::uint8_t {
    head,
    body,
    idle,
    hold,
    session,
    goodbye
  };  // what for, until timer_ fires

  void on_open() override {}
  void on_bytes(std::span<char> bytes) override;
  void on_flushed() override;
  bool on_peer_done() override;
  void on_end(const std::string& reason) override;

  const wire::HttpMessage& request() const { return http_->request(); }
  void respond(const Answer& answer);
  void hold(Holder& holder, net::Duration time);
  void upgrade(std::string head, std::unique_ptr<Session> session);
  void stream(const Answer& answer, std::unique_ptr<Session> session);

  bool may_serve() const;
  void serve(std::span<char> bytes);
  void take_part();
  void refuse(const wire::HttpError& error);
  void write_last(const Answer& answer);
  void say_goodbye();
  void finish_exchange();
  void count_exchange(int status, std::size_t messages);
  void count_open_exchange();
  void become(std::unique_ptr<Session> session);
  void let_go();
  void end_if_all_is_said();
  void keep_for_later(std::span<const char> bytes);
  void wait(Waiting what, net::Duration time);
  void on_timer();
  void on_late(Limit limit, std::string what);
  void end();

  friend class Server;  // knows its place among the server's connections

  std::unique_ptr<net::Stream> stream_;
  ConnectionOwner& owner_;
  std::unique_ptr<Http> http_;
  std::unique_ptr<Session> session_;
  net::Timer timer_;
  std::uint32_t sent_before_ = 0;  // see stalled()
  std::uint32_t place_ = 0;        // among the server's
  Waiting waiting_ = Waiting::head;
  bool in_exchange_ = false;    // a request waits for its response
  bool last_exchange_ = false;  // no request is taken after this one
  bool has_served_ = false;     // an exchange, and is kept since
  bool retired_ = false;        // the next exchange is the last one
  bool ending_ = false;         // its last answer is on its way
  bool peer_done_ = false;      // it sends no more, and reads what it is owed
};

}  // namespace pushbench::servers
