#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/metrics.h"
#include "harness/result.h"
#include "harness/value_runner.h"

namespace pushbench::harness {

/// Looks for the largest good value in a range, one probe at a time: doubles from the start until a
/// probe fails or the range ends, then halves the bracket on a logarithmic scale.
class CapacitySearch {
 public:
  struct Range {
    double from = 1;  // above 0
    double to = 1;
    double precision = 0.1;  // done once the bracket's ends are this close: 0.1 is 10 %
    bool whole = false;      // only whole numbers are probed
  };

  explicit CapacitySearch(const Range& range) : range_(range) {}

  std::optional<double> next() const;  // what to probe; nothing when done
  void take(bool good);                // the verdict on next()

  std::optional<double> best() const { return best_; }      // the largest that was good
  std::optional<double> failed() const { return failed_; }  // the smallest that was not
  bool capped() const { return best_ && *best_ >= range_.to; }

 private:
  Range range_;
  std::optional<double> best_;
  std::optional<double> failed_;
};

/// One run at one value.
struct ProbeRun {
  /// unclear: too few deliveries for a limit's percentile. wall: it can't even be tried. Trying
  /// again is of no use with either.
  enum class Verdict { good, bad, unclear, wall, interrupted };

  Verdict verdict = Verdict::good;
  bool broke = false;                          // bad because something ended that should not have
  std::vector<std::string> why;                // which limit or rule was broken, with the figure
  std::vector<std::optional<double>> figures;  // of the metrics that the search shows
  bool counts = true;                          // it ran to its end and was valid
};

std::string_view verdict_name(ProbeRun::Verdict verdict);  // as files have it: "good", …

/// What a search asks to try a value. A test's answers without running anything.
class Prober {
 public:
  virtual ~Prober() = default;
  /// `attempt`: 1, 2, … at this value.
  virtual ProbeRun run(const std::string& transport, double value, std::uint64_t attempt) = 0;
};

/// All runs at one value.
struct Probe {
  double value = 0;
  bool good = false;
  std::vector<ProbeRun> runs;

  const ProbeRun& decisive() const;  // the last one of the verdict; there is at least one run
};

/// What one transport's search saw.
struct CapacityCurve {
  std::string transport;
  std::vector<Probe> probes;  // in the order they were made
  std::optional<double> best;
  std::optional<double> failed;
  bool capped = false;  // the range's end was good
  bool interrupted = false;

  const Probe* probe_at(double value) const;
};

/// A value is good after `repeat` good runs. One bad run is repeated, since one hiccup is not a
/// limit; the second one decides.
CapacityCurve find_capacity(const std::string& transport, CapacitySearch search,
                            std::uint64_t repeat, Prober& prober);

/// What is looked for: the largest value of a key at which all runs are valid and within the
/// limits.
struct CapacityQuestion {
  VariedKey key;
  CapacitySearch::Range range;
  std::vector<MetricLimit> limits;  // none: only that the runs are valid
  std::uint64_t repeat = 2;         // good runs that a value needs

  /// Those of the limits, each once; the 99th percentile of latency where there is no limit.
  std::vector<const Metric*> metrics() const;
};

/// The verdict on a run that has ended.
ProbeRun judge(const RunResult& result, const CapacityQuestion& question);

/// Runs the scenario itself.
class ScenarioProber final : public Prober {
 public:
  ScenarioProber(ValueRunner& runner, const CapacityQuestion& question)
      : runner_(runner), question_(question) {}
  ProbeRun run(const std::string& transport, double value, std::uint64_t attempt) override;

 private:
  ValueRunner& runner_;
  const CapacityQuestion& question_;
};

}  // namespace pushbench::harness
