#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "harness/board.h"
#include "harness/crowd.h"
#include "harness/load_plan.h"
#include "harness/result.h"
#include "harness/schedule.h"
#include "net/loop.h"
#include "net/mailbox.h"
#include "net/timer.h"

namespace pushbench::harness {

class LoadListener {
 public:
  virtual ~LoadListener() = default;
  virtual void on_measuring() = 0;  // the measured time is about to begin: see notice_for()
  virtual void on_measured() = 0;   // it is over; the users are still connected
  virtual void on_done() = 0;       // they have left, or it could not begin: see Load::problem()
};

/// All users of a schedule, open loop: joins them, lets them settle, and then has each do what is
/// due when it is due. The users are spread over threads, a crowd each, which go in step: all have
/// joined, then all measure from the same moment, then all take their figures, then all leave. The
/// load itself is of its loop's thread, which does none of the work.
class Load final {
 public:
  Load(net::Loop& loop, const net::Address& server, const Schedule& schedule, const LoadPlan& plan,
       LoadListener& listener, net::TlsContext* tls = nullptr);
  ~Load();

  void start();
  void stop(const std::string& problem);  // ends it early; on_done() follows

  const std::optional<std::string>& problem() const { return problem_; }
  std::uint64_t delivered() const;  // lags by a fraction of a second
  std::int64_t p99_us() const;      // likewise: the highest among the threads
  net::Duration time_left() const;
  /// When the measured time began; none: it did not come to that.
  std::optional<net::Time> measured_from() const;

  /// What was measured; call it once, when done.
  void fill(Repetition& repetition);
  /// Of the plan's watched stretch, when done; none: there is none, or it was not measured.
  std::optional<WireView> wire_view() const;

 private:
  enum class Phase { joining, measuring, finishing, leaving, done };

  void on_reports();
  void take(const Report& report);
  bool all_have(std::size_t& count) { return ++count == crowds_.size(); }
  void order(const Order& order);
  void notify();
  void begin();
  void finish();
  void end();
  void on_join_limit();
  net::Duration join_limit() const;
  void join_threads();
  std::uint64_t joined() const;
  std::size_t first_users() const;

  const net::Address server_;
  const Schedule& schedule_;
  const LoadPlan plan_;
  LoadListener& listener_;
  const clients::RequestHeaders headers_;
  const RoomSays rooms_;
  Board board_;
  std::unique_ptr<net::Mailbox<Report>> reports_;  // none when done: it keeps the loop alive
  std::vector<std::unique_ptr<Crowd>> crowds_;
  std::vector<std::thread> threads_;  // a crowd each
  net::Timer notice_;
  net::Timer join_limit_;

  Phase phase_ = Phase::joining;
  std::size_t joined_ = 0;  // crowds that have, as the following
  std::size_t settled_ = 0;
  std::size_t measured_ = 0;
  std::size_t left_ = 0;
  net::Time origin_{};  // of joins and polling phases
  net::Time start_{};   // of what is measured
  bool measures_ = false;
  std::optional<std::string> problem_;
};

}  // namespace pushbench::harness
