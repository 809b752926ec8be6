#pragma once

#include <cstdint>
#include <vector>

#include "harness/histogram.h"
#include "harness/result.h"
#include "net/clock.h"

namespace pushbench::harness {

/// One thread's delivery latencies, kept apart by the second in which the deliveries came. A
/// message costs no allocation: the histogram of the second at hand is used again for the next one,
/// and only what is in it is moved away.
class SecondBySecond {
 public:
  /// `at` is the moment of delivery, from the start of the measured time.
  void record(net::Duration at, std::int64_t us);

  /// All of them, each once and in order; nothing is kept. Each is said to last a whole second.
  std::vector<LatencySecond> take();

 private:
  void begin_second_of(net::Duration at);
  void move_away();

  Histogram current_;
  net::Duration begin_{};
  net::Duration end_{};  // of the second at hand; at first there is none
  std::vector<LatencySecond> past_;
};

/// Adds to seconds those of another thread, or of another generator: what came in the same second
/// becomes one.
void merge_seconds(std::vector<LatencySecond>& seconds, std::vector<LatencySecond> more);

}  // namespace pushbench::harness
