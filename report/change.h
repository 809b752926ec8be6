#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/metrics.h"
#include "report/noise.h"

namespace pushbench::report {

enum class Judgement { same, better, worse, unclear };

/// "same", "better", "worse", "cannot tell"
std::string_view name_of(Judgement judgement);

/// What a metric is in the baseline, and in the candidate: a figure a repetition. Where `paired`,
/// equal places belong together, and both have as many.
struct Samples {
  std::vector<double> before;
  std::vector<double> after;
  bool paired = false;
  double waiting = 0;  // of the baseline's figure, by theory
};

/// One metric of one transport, in the candidate against the baseline. All figures are in the
/// metric's unit.
struct Change {
  const harness::Metric* metric = nullptr;
  Samples samples;
  double before = 0;  // median
  double after = 0;   // median
  /// The difference of the medians; of pairs, the middle of their differences (Hodges–Lehmann).
  double change = 0;
  /// Where that would lie if both runs were done again.
  double low = 0;
  double high = 0;
  bool bootstrap = false;   // the interval is 95 %; false: from the least to the most that there is
  std::optional<double> p;  // two-sided, by ranks; nothing where it could not get to 5 %
  double threshold = 0;     // a change within it counts as none …
  double margin = 0;        // … and the interval has to be further out than it by this
  Judgement judgement = Judgement::unclear;
  std::string why;  // nothing can be told: "too noisy"

  /// Whether the change reads as a share of the baseline. A share's and one from 0 does not.
  bool relative() const;
  /// The change, or one of its interval's ends, as a share of the baseline; one from 0 is infinite.
  double share(double value) const;
  /// Whether the interval leaves out 0 and, where ranks can tell, they agree at 5 %.
  bool is_real() const;
};

/// Whether a larger figure is the better one.
bool more_is_better(const harness::Metric& metric);

/// Both samples have at least one figure. `threshold`, a share, replaces the metric's own.
Change change_of(const harness::Metric& metric, Samples samples, std::optional<double> threshold);

}  // namespace pushbench::report
