#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "harness/run.h"
#include "net/interrupt.h"

namespace pushbench::report {

/// Says on a stream how a run goes on: on a terminal one line that changes in place, elsewhere (and
/// where TERM is "dumb") one line for each repetition. Without a stream it says nothing.
class ProgressLine final : public harness::RunListener {
 public:
  /// `before` stands in front of each line: which of several runs this is. The run ends early if
  /// `interrupt`, which must outlive it, was asked for; without one it goes on to its end.
  ProgressLine(std::FILE* out, std::uint64_t repeat, std::size_t transports,
               std::string before = "", const net::Interrupt* interrupt = nullptr);
  ~ProgressLine() override;
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void on_repetition_start(const std::string& transport, std::uint64_t number) override;
  void on_floor_start() override;
  void on_progress(const harness::Progress& progress) override;
  bool interrupted() override { return interrupt_ != nullptr && interrupt_->asked(); }

 private:
  void clear();

  std::FILE* out_;
  const bool terminal_;
  const std::uint64_t repeat_;
  const std::size_t transports_;
  const std::string before_;
  const net::Interrupt* const interrupt_;
  std::size_t started_ = 0;
  std::string now_;
};

}  // namespace pushbench::report
