#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "harness/run.h"

namespace pushbench::report {

/// Says on a stream how a run goes on: on a terminal one line that changes in place, elsewhere one
/// line for each repetition.
class ProgressLine final : public harness::RunListener {
 public:
  /// `before` stands in front of each line: which of several runs this is.
  ProgressLine(std::FILE* out, std::uint64_t repeat, std::size_t transports,
               std::string before = "");
  ~ProgressLine() override;
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void on_repetition_start(const std::string& transport, std::uint64_t number) override;
  void on_floor_start() override;
  void on_progress(const harness::Progress& progress) override;

 private:
  void clear();

  std::FILE* out_;
  const bool terminal_;
  const std::uint64_t repeat_;
  const std::size_t transports_;
  const std::string before_;
  std::size_t started_ = 0;
  std::string now_;
};

}  // namespace pushbench::report
