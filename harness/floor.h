#pragma once

#include <optional>

#include "harness/load.h"
#include "harness/repetition.h"
#include "harness/result.h"
#include "harness/schedule.h"
#include "net/loop.h"
#include "net/timer.h"

namespace pushbench::harness {

/// The schedule's first seconds, up to `limit`.
Schedule first_part(const Schedule& schedule, net::Duration limit);

/// How long measuring the floor takes.
net::Duration floor_time(const Schedule& schedule);

/// The harness on its own: a schedule's first ten seconds at most over the null transport, by one
/// thread. What it shows is in every other figure, too.
class FloorRun final : private LoadListener {
 public:
  /// The listener is only asked whether to end.
  FloorRun(const LoadPlan& plan, const Schedule& schedule, ProgressListener& listener);

  /// None if nothing is due in that time, or it was interrupted.
  std::optional<Floor> run();

 private:
  void on_measuring() override {}
  void on_measured() override {}
  void on_done() override { tick_.cancel(); }
  void on_tick();

  const Schedule schedule_;
  ProgressListener& listener_;
  net::Loop loop_;
  Load load_;
  net::Timer tick_;
  bool interrupted_ = false;
};

}  // namespace pushbench::harness
