#pragma once

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "harness/sweep.h"
#include "net/loop.h"
#include "net/signal.h"
#include "net/timer.h"
#include "report/progress.h"

namespace pushbench::cli {

/// Knows whether Ctrl-C was pressed since it was made. A run watches for that itself; this one is
/// for the moments between runs.
class Interrupt {
 public:
  Interrupt();
  bool asked();

 private:
  void on_signal() { asked_ = true; }
  void on_turn() {}

  net::Loop loop_;
  net::Signal interrupt_;
  net::Signal terminate_;
  net::Timer turn_;
  bool asked_ = false;
};

/// Says on stderr how a search goes on: at which value, then as a run does.
class SearchProgress : public harness::SweepListener {
 public:
  SearchProgress(std::uint64_t repeat, std::size_t transports)
      : repeat_(repeat), transports_(transports) {}

  void on_value(const std::string& key, const std::string& value, std::uint64_t attempt) override;
  void on_repetition_start(const std::string& transport, std::uint64_t number) override;
  void on_progress(const harness::Progress& progress) override;
  bool interrupted() override { return interrupt_.asked(); }
  void finish() { line_.reset(); }  // clears what it said on a terminal
  Result<void> on_step(const harness::SweepStep&) override { return {}; }

 private:
  const std::uint64_t repeat_;
  const std::size_t transports_;
  Interrupt interrupt_;
  std::optional<report::ProgressLine> line_;
};

}  // namespace pushbench::cli
