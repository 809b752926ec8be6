#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/metrics.h"
#include "harness/result.h"
#include "harness/value_runner.h"

namespace pushbench::harness {

/// What one transport costs at a value of the varied key; nothing where theory can't say.
using CostCurve = std::function<std::optional<double>(double value)>;

/// Which of the two transports has the better figure.
enum class Winner { first, second, neither };

/// The smaller figure wins, unless `more_is_better`. Within a thousandth of each other neither
/// does.
Winner winner_of(double first, double second, bool more_is_better = false);

struct Crossing {
  double at = 0;
  Winner below = Winner::neither;
  Winner above = Winner::neither;
};

/// How two curves stand to each other in a range.
struct Comparison {
  std::vector<Crossing> crossings;  // in ascending order
  Winner at_from = Winner::neither;
  double closest = 0;  // the end of the range at which they are closest
};

/// Walks the range in equal steps of the logarithm and bisects wherever another one wins. The error
/// is the value at which one of them says nothing. 0 < from < to.
tl::expected<Comparison, double> compare(const CostCurve& first, const CostCurve& second,
                                         double from, double to, bool more_is_better = false);

/// What a transport's server spent, measured at one value.
struct CostSample {
  double exchanges_per_message = 0;  // those that asked for messages
  double cpu_us = 0;                 // per delivered message
};

/// What a server spends on a delivery and on an exchange.
struct CostFit {
  double per_delivery_us = 0;
  double per_exchange_us = 0;

  double at(double exchanges_per_message) const {
    return per_delivery_us + per_exchange_us * exchanges_per_message;
  }
};

/// Least squares of the relative error, neither cost below 0. Samples whose exchanges do not differ
/// give the cost per delivery alone. Nothing without samples.
std::optional<CostFit> fit_cost(std::span<const CostSample> samples);

/// Where does one of two transports start to win?
struct CrossoverQuestion {
  std::array<std::string, 2> transports;
  const Metric* metric = nullptr;
  VariedKey key;
  double from = 0;
  double to = 0;

  bool more_is_better() const { return metric->unit == FigureUnit::rate; }
  bool fitted() const { return metric->name == "server_cpu"; }  // theory needs measured costs
};

/// Both transports, run at one value.
struct CrossoverRun {
  double value = 0;
  std::array<std::optional<double>, 2> theory;
  std::array<std::optional<Spread>, 2> measured;
  std::vector<std::string> invalid;  // why the run does not count

  Winner expected(bool more_is_better) const;
  Winner winner(bool more_is_better) const;  // neither where the repetitions overlap
};

enum class Confirmation { confirmed, refuted, unclear };

struct Crossover {
  std::vector<CrossoverRun> samples;           // from which the costs were fitted
  std::array<std::optional<CostFit>, 2> fits;  // where theory needed measured costs
  std::optional<Comparison> theory;            // none: it did not get that far
  std::vector<CrossoverRun>
      sides;  // at both sides of the first crossing, or where they are closest
  Confirmation confirmation = Confirmation::unclear;
  std::optional<double> measured_at;  // between the sides, by interpolation on logarithmic scales
  Outcome outcome = Outcome::complete;
  std::string problem;  // what broke, in one line
};

/// What a crossover asks to run both transports at a value. A test's makes figures up.
class PairRunner {
 public:
  virtual ~PairRunner() = default;
  /// One entry a transport, in the question's order.
  virtual Result<RunResult> run(double value) = 0;
};

/// Theory's curve of a metric for one transport: of the steady state, which no run's length and no
/// setting up has a part in. Where that says nothing, of the schedule that a run would play.
class Forecaster {
 public:
  /// `runner` makes the schedules; it must outlive the forecaster.
  Forecaster(const ValueRunner& runner, std::string transport, const Metric& metric);
  std::optional<double> operator()(double value) const;

 private:
  const ValueRunner* runner_;
  std::string transport_;
  const Metric* metric_;
};

/// The curves of theory, made from the measured costs where the metric needs them.
class CrossoverTheory {
 public:
  virtual ~CrossoverTheory() = default;
  virtual CostCurve curve(const std::string& transport, const Metric& metric) const = 0;
};

class ForecastTheory final : public CrossoverTheory {
 public:
  explicit ForecastTheory(const ValueRunner& runner) : runner_(runner) {}
  CostCurve curve(const std::string& transport, const Metric& metric) const override {
    return Forecaster(runner_, transport, metric);
  }

 private:
  const ValueRunner& runner_;
};

/// Theory's curves of the two transports for the question's metric; `fits` where they are needed.
std::array<CostCurve, 2> cost_curves(const CrossoverQuestion& question,
                                     const CrossoverTheory& theory,
                                     const std::array<std::optional<CostFit>, 2>& fits);

/// Whether theory says anything about the question, at both ends of the range. The error names the
/// first value at which it does not.
Result<void> check_theory(const CrossoverQuestion& question, const CrossoverTheory& theory);

/// Asks theory, then runs both transports at both sides. Fails where theory says nothing about the
/// metric. What breaks or interrupts a run is in the outcome, with what was measured until then.
Result<Crossover> find_crossover(const CrossoverQuestion& question, const CrossoverTheory& theory,
                                 PairRunner& runner);

/// Runs the scenario itself.
class ScenarioPairRunner final : public PairRunner {
 public:
  ScenarioPairRunner(ValueRunner& runner, const CrossoverQuestion& question)
      : runner_(runner), question_(question) {}
  Result<RunResult> run(double value) override {
    return runner_.run({question_.transports.begin(), question_.transports.end()}, value, 1);
  }

 private:
  ValueRunner& runner_;
  const CrossoverQuestion& question_;
};

}  // namespace pushbench::harness
