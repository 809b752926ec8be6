#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/change.h"
#include "wire/result.h"

namespace pushbench::report {

/// When a comparison fails: "websocket.delivery_latency.p99 > +10%".
struct Condition {
  enum class Of {
    share,       // of the baseline: "+10%"; of a share's own: percentage points
    difference,  // in the metric's unit: "+1ms"
    figure,      // the candidate's own: "250ms"
  };

  std::string transport{"*"};  // of that name; *: each
  const harness::Metric* metric = nullptr;
  harness::MetricLimit::Sense sense = harness::MetricLimit::Sense::above;
  Of of = Of::share;
  double value = 0;  // of a share 0.1 for 10 %
  std::string text;  // as it was written

  /// Whether the figures alone meet it.
  bool is_met(const Change& change) const;
  /// The same, and a change is none that noise explains: see Change::is_real().
  bool fails(const Change& change) const;
};

/// "5%" or "0.5%" as 0.05 and 0.005; 0% too.
Result<double> parse_percent(std::string_view text);

/// Reads TRANSPORT.METRIC, one of < <= > >=, and a value; without a transport, or with *, of each.
/// The error says at which character, and the nearest right word.
Result<Condition> parse_condition(std::string_view text);

}  // namespace pushbench::report
