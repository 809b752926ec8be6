#include "cli/search_progress.h"

#include <fmt/format.h>

namespace pushbench::cli {

Interrupt::Interrupt()
    : interrupt_(loop_, SIGINT, net::Callback::to<&Interrupt::on_signal>(this)),
      terminate_(loop_, SIGTERM, net::Callback::to<&Interrupt::on_signal>(this)),
      turn_(loop_, net::Callback::to<&Interrupt::on_turn>(this)) {}

/// One turn of the loop, for which the timer keeps it alive, takes in what has arrived.
bool Interrupt::asked() {
  turn_.start_in(std::chrono::milliseconds(1));
  loop_.run();
  return asked_;
}

void SearchProgress::on_value(const std::string& key, const std::string& value,
                              std::uint64_t attempt) {
  line_.reset();
  line_.emplace(stderr, repeat_, transports_,
                fmt::format("{}={}{}: ", key, value,
                            attempt > 1 ? fmt::format(", again ({})", attempt) : ""));
}

void SearchProgress::on_repetition_start(const std::string& transport, std::uint64_t number) {
  line_->on_repetition_start(transport, number);
}

void SearchProgress::on_progress(const harness::Progress& progress) {
  line_->on_progress(progress);
}

}  // namespace pushbench::cli
