#pragma once

#include "net/clock.h"
#include "net/random.h"
#include "net/timer.h"

namespace pushbench::clients {

/// How long to wait before the next attempt: at random up to a bound that doubles from one attempt
/// to the next ("full jitter"), so that clients which were cut together do not come back together.
class Backoff {
 public:
  static constexpr net::Duration kFirst = std::chrono::milliseconds(100);
  static constexpr net::Duration kMost = std::chrono::seconds(10);

  explicit Backoff(net::Random& random) : random_(random) {}

  net::Duration next();  // from 0 up to the bound, which grows
  void reset() { bound_ = kFirst; }

 private:
  net::Random& random_;
  net::Duration bound_ = kFirst;
};

/// Calls back for another attempt after a pause.
class Retry {
 public:
  Retry(net::Loop& loop, net::Random& random, net::Callback again)
      : backoff_(random), timer_(loop, again) {}

  void later(net::Duration at_least = {}) { timer_.start_in(at_least + backoff_.next()); }
  void succeeded() { backoff_.reset(); }
  void cancel() { timer_.cancel(); }
  bool pending() const { return timer_.active(); }

 private:
  Backoff backoff_;
  net::Timer timer_;
};

}  // namespace pushbench::clients
