#pragma once

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "cli/output.h"
#include "harness/sweep.h"
#include "net/interrupt.h"
#include "report/progress.h"

namespace pushbench::cli {

/// Says on stderr how a search goes on: at which value, then as a run does. From when it is made,
/// Ctrl-C ends the search.
class SearchProgress : public harness::SweepListener {
 public:
  SearchProgress(const Output& output, std::uint64_t repeat, std::size_t transports)
      : out_(output.progress()), repeat_(repeat), transports_(transports) {}

  void on_value(const std::string& key, const std::string& value, std::uint64_t attempt) override;
  void on_repetition_start(const std::string& transport, std::uint64_t number) override {
    line_->on_repetition_start(transport, number);
  }
  void on_floor_start() override { line_->on_floor_start(); }
  void on_progress(const harness::Progress& progress) override { line_->on_progress(progress); }
  bool interrupted() override { return interrupt_.asked(); }
  void finish() { line_.reset(); }  // clears what it said on a terminal
  Result<void> on_step(const harness::SweepStep&) override { return {}; }

 private:
  std::FILE* const out_;
  const std::uint64_t repeat_;
  const std::size_t transports_;
  net::Interrupt interrupt_;
  std::optional<report::ProgressLine> line_;
};

}  // namespace pushbench::cli
