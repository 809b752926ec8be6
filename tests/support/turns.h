#pragma once

#include "net/timer.h"
#include "tests/support/run_until.h"

namespace pushbench::test {

/// Counts how often the loop turns within a time in which it has nothing to do: a loop that spins
/// turns many thousand times.
inline int turns_in(net::Loop& loop, net::Duration time) {
  int turns = 0;
  struct Alarm {
    bool rung = false;
    void ring() { rung = true; }
  } alarm;
  net::Timer timer(loop, net::Callback::to<&Alarm::ring>(&alarm));
  timer.start_in(time);
  run_until(loop, [&] {
    ++turns;
    return alarm.rung;
  });
  return turns;
}

}  // namespace pushbench::test
