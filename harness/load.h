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
  std::string transport;
  clients::ClientOptions clients;
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

/// All users of a schedule on one transport, open loop: joins them, lets them settle, and then has
/// each publish when it is due, whether or not anything before it is done.
class Load final : private clients::ClientListener {
 public:
  Load(net::Loop& loop, const net::Address& server, const Schedule& schedule, const LoadPlan& plan,
       LoadListener& listener);
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
  void on_gap(clients::Client&, const wire::Gap&) override { recorder_.on_gap(); }
  void on_exchange(clients::Client& client, clients::Ended how) override;
  void on_connection(clients::Client& client) override;
  void on_failure(clients::Client& client, const Error& error) override;

  void join_next();
  void begin_measuring();
  void publish_due();
  void on_deadline();
  void finish();
  Directions bytes_of_users() const;

  const net::Address server_;
  const Schedule& schedule_;
  const LoadPlan plan_;
  LoadListener& listener_;
  Recorder recorder_;
  wire::BatchReader batches_;
  net::Random random_;
  clients::Shared shared_;
  std::vector<std::unique_ptr<clients::Client>> users_;
  net::Timer join_timer_;
  net::Timer publish_timer_;
  net::Timer deadline_;

  Phase phase_ = Phase::joining;
  net::Time origin_{};  // of joins and polling phases
  net::Time start_{};   // of what is measured
  net::Time end_{};
  std::size_t joined_ = 0;
  std::size_t next_say_ = 0;
  Exchanges exchanges_;
  Directions set_up_;    // bytes that opened the connections, before each user had joined
  Directions before_;    // bytes of all users when measuring began
  Directions measured_;  // what counts: the set-up, and what came after that moment
  std::optional<std::string> problem_;
};

}  // namespace pushbench::harness
