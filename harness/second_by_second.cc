#include "harness/second_by_second.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace pushbench::harness {

void SecondBySecond::record(net::Duration at, std::int64_t us) {
  if (at < begin_ || at >= end_) begin_second_of(at);
  current_.record(us);
}

void SecondBySecond::begin_second_of(net::Duration at) {
  move_away();
  begin_ = std::chrono::floor<std::chrono::seconds>(std::max(at, net::Duration::zero()));
  end_ = begin_ + std::chrono::seconds(1);
}

void SecondBySecond::move_away() {
  if (current_.count() == 0) return;
  past_.push_back({net::seconds(begin_), 1, current_.take()});
}

std::vector<LatencySecond> SecondBySecond::take() {
  move_away();
  end_ = begin_;
  std::vector<LatencySecond> seconds;
  merge_seconds(seconds, std::exchange(past_, {}));
  return seconds;
}

void merge_seconds(std::vector<LatencySecond>& seconds, std::vector<LatencySecond> more) {
  std::move(more.begin(), more.end(), std::back_inserter(seconds));
  std::stable_sort(
      seconds.begin(), seconds.end(),
      [](const LatencySecond& a, const LatencySecond& b) { return a.start_s < b.start_s; });
  std::vector<LatencySecond> merged;
  for (LatencySecond& second : seconds) {
    if (merged.empty() || merged.back().start_s != second.start_s) {
      merged.push_back(std::move(second));
      continue;
    }
    merged.back().length_s = std::max(merged.back().length_s, second.length_s);
    merged.back().latency.add(second.latency);
  }
  seconds = std::move(merged);
}

}  // namespace pushbench::harness
