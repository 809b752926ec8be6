#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clients/client.h"
#include "harness/recorder.h"
#include "harness/result.h"
#include "harness/schedule.h"
#include "net/loop.h"
#include "net/random.h"
#include "net/timer.h"

namespace pushbench::harness {

struct LoadPlan {
  std::vector<std::string> transports;  // user u is on the (u modulo size)-th; a run has one
  clients::ClientOptions clients;
  clients::RequestHeaders headers;  // as read from the file: minimal, unless it is set
  net::Duration join_time{};
  net::Duration warmup{};
  net::Duration drain{};
};

class LoadListener {
 public:
  virtual ~LoadListener() = default;
  virtual void on_measuring() = 0;  // the measured time begins in a few milliseconds
  virtual void on_measured() = 0;   // it is over; the users are still connected
  virtual void on_done() = 0;       // they have left, or it could not begin: see Load::problem()
};

/// All users of a schedule, open loop: joins them, lets them settle, and then has each publish, and
/// be cut, when it is due, whether or not anything before it is done.
class Load final : private clients::ClientListener {
 public:
  Load(net::Loop& loop, const net::Address& server, const Schedule& schedule, const LoadPlan& plan,
       LoadListener& listener, net::TlsContext* tls = nullptr);
  ~Load() override;

  void start();
  void stop(const std::string& problem);  // ends it now, with on_done()

  const std::optional<std::string>& problem() const { return problem_; }
  std::uint64_t delivered() const { return recorder_.delivered(); }
  const Histogram& latency() const { return recorder_.latency(); }
  net::Duration time_left() const;

  /// What was measured; call it once, when done.
  void fill(Repetition& repetition);

 private:
  enum class Phase { joining, warming, measuring, done };

  void on_joined(clients::Client& client) override;
  void on_message(clients::Client& client, const wire::Message& message) override;
  void on_gap(clients::Client& client, const wire::Gap& gap) override;
  void on_exchange(clients::Client& client, clients::Ended how) override;
  void on_connection(clients::Client& client) override;
  void on_disconnected(clients::Client& client, const std::string& reason) override;
  void on_rejoined(clients::Client& client) override;
  void on_failure(clients::Client& client, const Error& error) override;

  void join_next();
  void begin_measuring();
  void publish_due();
  void cut_due();
  void on_deadline();
  void finish();
  /// Of the users' sockets, and what TLS added.
  struct Bytes {
    Directions application;
    Directions tls;
    Bytes operator+(const Bytes& b) const { return {application + b.application, tls + b.tls}; }
    Bytes operator-(const Bytes& b) const { return {application - b.application, tls - b.tls}; }
  };
  static Bytes bytes_of(const net::Traffic& traffic) {
    return {{traffic.written, traffic.read}, {traffic.tls_written, traffic.tls_read}};
  }
  Bytes bytes_of_users() const;

  const net::Address server_;
  const Schedule& schedule_;
  const LoadPlan plan_;
  LoadListener& listener_;
  Recorder recorder_;
  const clients::RequestHeaders headers_;
  wire::BatchReader batches_;
  net::Random random_;
  clients::Shared shared_;
  std::vector<std::unique_ptr<clients::Client>> users_;
  net::Timer join_timer_;
  net::Timer publish_timer_;
  net::Timer cut_timer_;
  net::Timer deadline_;

  Phase phase_ = Phase::joining;
  net::Time origin_{};  // of joins and polling phases
  net::Time start_{};   // of what is measured
  net::Time end_{};
  std::size_t joined_ = 0;
  std::size_t next_say_ = 0;
  std::size_t next_cut_ = 0;
  Exchanges exchanges_;
  Bytes set_up_;            // what opened the connections, before each user had joined
  Bytes before_;            // of all users when measuring began
  Bytes measured_;          // what counts: the set-up, and what came after that moment
  std::string first_loss_;  // of a connection that was not cut
  std::optional<std::string> problem_;
};

}  // namespace pushbench::harness
