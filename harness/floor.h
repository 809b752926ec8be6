#pragma once

#include <optional>

#include "harness/load.h"
#include "harness/result.h"
#include "harness/schedule.h"
#include "net/loop.h"
#include "net/signal.h"

namespace pushbench::harness {

/// The schedule's first seconds, up to `limit`.
Schedule first_part(const Schedule& schedule, net::Duration limit);

/// The harness on its own: a schedule's first ten seconds at most over the null transport, by one
/// thread. What it shows is in every other figure, too.
class FloorRun final : private LoadListener {
 public:
  FloorRun(const LoadPlan& plan, const Schedule& schedule);

  /// None if nothing is due in that time, or it was interrupted.
  std::optional<Floor> run();
  bool interrupted() const { return interrupted_; }

 private:
  void on_measuring() override {}
  void on_measured() override {}
  void on_done() override {}
  void on_interrupt();

  const Schedule schedule_;
  net::Loop loop_;
  net::Signal interrupt_;
  net::Signal terminate_;
  Load load_;
  bool interrupted_ = false;
};

}  // namespace pushbench::harness
