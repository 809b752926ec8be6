#include "harness/crossover.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/prediction.h"
#include "harness/transports.h"

namespace pushbench::harness {

namespace {

constexpr int kSteps = 64;         // in which a range is walked
constexpr int kBisections = 40;    // a range of 10^6 to its last digit
constexpr double kSame = 0.001;    // figures closer than this are the same
constexpr double kSideFactor = 2;  // how far from the crossing it is confirmed

/// Two curves and which one wins where.
class Pair {
 public:
  Pair(const CostCurve& first, const CostCurve& second, bool more_is_better)
      : first_(first), second_(second), more_is_better_(more_is_better) {}

  std::optional<Winner> at(double value) const {
    const auto a = first_(value);
    const auto b = second_(value);
    if (!a || !b) return std::nullopt;
    return winner_of(*a, *b, more_is_better_);
  }

  double distance(double value) const {
    const double a = first_(value).value_or(0);
    const double b = second_(value).value_or(0);
    return std::abs(std::log(std::max(a, 1e-9) / std::max(b, 1e-9)));
  }

  /// Where, between a value at which `below` wins and one at which it does not, that ends.
  double bisect(double low, double high, Winner below) const {
    for (int i = 0; i < kBisections; ++i) {
      const double middle = std::sqrt(low * high);
      (at(middle) == below ? low : high) = middle;
    }
    return std::sqrt(low * high);
  }

 private:
  const CostCurve& first_;
  const CostCurve& second_;
  bool more_is_better_;
};

}  // namespace

Winner winner_of(double first, double second, bool more_is_better) {
  const double larger = std::max(std::abs(first), std::abs(second));
  if (std::abs(first - second) <= larger * kSame) return Winner::neither;
  return (first < second) != more_is_better ? Winner::first : Winner::second;
}

tl::expected<Comparison, double> compare(const CostCurve& first, const CostCurve& second,
                                         double from, double to, bool more_is_better) {
  const Pair pair(first, second, more_is_better);
  Comparison comparison;
  Winner before = Winner::neither;
  double low = from;
  for (int step = 0; step <= kSteps; ++step) {
    const double value = step == kSteps ? to : from * std::pow(to / from, step / double{kSteps});
    const auto winner = pair.at(value);
    if (!winner) return tl::unexpected(value);
    if (step == 0) comparison.at_from = *winner;
    if (*winner == Winner::neither) continue;
    if (before != Winner::neither && *winner != before) {
      comparison.crossings.push_back({pair.bisect(low, value, before), before, *winner});
    }
    if (before == Winner::neither) comparison.at_from = *winner;
    before = *winner;
    low = value;
  }
  comparison.closest = pair.distance(from) < pair.distance(to) ? from : to;
  return comparison;
}

namespace {

/// Sums of a weighted linear regression, each sample weighing as the inverse square of its cost.
struct Sums {
  double one = 0, x = 0, xx = 0, y = 0, xy = 0;
};

Sums sums_of(std::span<const CostSample> samples) {
  Sums s;
  for (const CostSample& sample : samples) {
    const double x = sample.exchanges_per_message;
    const double w = 1 / std::pow(std::max(sample.cpu_us, 1e-3), 2);
    s.one += w;
    s.x += w * x;
    s.xx += w * x * x;
    s.y += w * sample.cpu_us;
    s.xy += w * x * sample.cpu_us;
  }
  return s;
}

}  // namespace

std::optional<CostFit> fit_cost(std::span<const CostSample> samples) {
  if (samples.empty()) return std::nullopt;
  const Sums s = sums_of(samples);
  const double spread = s.one * s.xx - s.x * s.x;
  if (spread <= 1e-6 * s.one * s.xx) return CostFit{s.y / s.one, 0};
  const double per_exchange = (s.one * s.xy - s.x * s.y) / spread;
  const double per_delivery = (s.y - per_exchange * s.x) / s.one;
  if (per_exchange < 0) return CostFit{s.y / s.one, 0};
  if (per_delivery < 0) return CostFit{0, s.xy / s.xx};
  return CostFit{per_delivery, per_exchange};
}

Winner CrossoverRun::expected(bool more_is_better) const {
  if (!theory[0] || !theory[1]) return Winner::neither;
  return winner_of(*theory[0], *theory[1], more_is_better);
}

Winner CrossoverRun::winner(bool more_is_better) const {
  if (!measured[0] || !measured[1]) return Winner::neither;
  const Spread& a = *measured[0];
  const Spread& b = *measured[1];
  if (a.least <= b.most && b.least <= a.most) return Winner::neither;
  return winner_of(a.median, b.median, more_is_better);
}

Forecaster::Forecaster(const ValueRunner& runner, std::string transport, const Metric& metric)
    : runner_(&runner), transport_(std::move(transport)), metric_(&metric) {}

std::optional<double> Forecaster::operator()(double value) const {
  const auto scenario = runner_->scenario(value);
  if (!scenario) return std::nullopt;
  const auto grounds = read_grounds(*scenario, runner_->settings().headers_folder);
  if (!grounds) return std::nullopt;
  const auto steady = metric_->theory(predict(transport_, *scenario, *grounds).theory);
  if (steady) return steady;
  const auto plan = runner_->plan({transport_}, value);
  if (!plan) return std::nullopt;
  return metric_->theory(forecast(transport_, plan->scenario, plan->schedule, plan->headers));
}

namespace {

/// The cost of a delivery by theory's exchanges and the costs that were measured.
class FittedCost {
 public:
  FittedCost(CostCurve exchanges, const CostFit& fit)
      : exchanges_(std::move(exchanges)), fit_(fit) {}
  std::optional<double> operator()(double value) const {
    const auto exchanges = exchanges_(value);
    if (!exchanges && fit_.per_exchange_us > 0) return std::nullopt;
    return fit_.at(exchanges.value_or(0));  // a transport that is pushed to asks for nothing
  }

 private:
  CostCurve exchanges_;
  CostFit fit_;
};

}  // namespace

std::array<CostCurve, 2> cost_curves(const CrossoverQuestion& question,
                                     const CrossoverTheory& theory,
                                     const std::array<std::optional<CostFit>, 2>& fits) {
  std::array<CostCurve, 2> curves;
  for (std::size_t i = 0; i < 2; ++i) {
    if (!question.fitted()) {
      curves[i] = theory.curve(question.transports[i], *question.metric);
    } else if (fits[i]) {
      curves[i] = FittedCost(
          theory.curve(question.transports[i], **parse_metric("exchanges_per_message")), *fits[i]);
    }
  }
  return curves;
}

namespace {

tl::unexpected<Error> silent(const CrossoverQuestion& question, double value) {
  return failure(
      std::string(question.metric->name),
      fmt::format("theory says nothing about it for {} and {} at {} = {}", question.transports[0],
                  question.transports[1], question.key.name(), question.key.text(value)));
}

/// The steps of one search, each adding to what is found.
class Search {
 public:
  Search(const CrossoverQuestion& question, const CrossoverTheory& theory, PairRunner& runner)
      : question_(question), theory_(theory), runner_(runner) {}

  Result<Crossover> find();

 private:
  void sample();
  void fit();
  void confirm();
  std::vector<double> sides() const;
  bool run_at(double value, std::vector<CrossoverRun>& into);
  std::optional<double> expected(std::size_t transport, const Repetition& repetition) const;
  Winner by_theory(double value) const;
  Confirmation verdict() const;
  std::optional<double> measured_crossing() const;
  bool going_on() const { return found_.outcome == Outcome::complete; }

  const CrossoverQuestion& question_;
  const CrossoverTheory& theory_;
  PairRunner& runner_;
  Crossover found_;
  std::array<std::vector<CostSample>, 2> costs_;
  std::array<CostCurve, 2> curves_;
};

Result<Crossover> Search::find() {
  if (question_.fitted()) {
    sample();
    fit();
    if (!going_on()) return std::move(found_);
  }
  curves_ = cost_curves(question_, theory_, found_.fits);
  auto comparison =
      compare(curves_[0], curves_[1], question_.from, question_.to, question_.more_is_better());
  if (!comparison) return silent(question_, comparison.error());
  found_.theory = std::move(*comparison);
  confirm();
  return std::move(found_);
}

/// Three values in the lower half of the range, where exchanges are many and runs short.
void Search::sample() {
  const double ratio = question_.to / question_.from;
  for (const double part : {0.0, 0.25, 0.5}) {
    if (!run_at(question_.from * std::pow(ratio, part), found_.samples)) return;
  }
}

void Search::fit() {
  if (!going_on()) return;
  for (std::size_t i = 0; i < 2; ++i) {
    found_.fits[i] = fit_cost(costs_[i]);
    if (found_.fits[i]) continue;
    found_.outcome = Outcome::broke;
    found_.problem =
        fmt::format("no run of {} counts, so its costs are not known", question_.transports[i]);
  }
}

/// Both sides of the first crossing; without one, where the two are closest.
std::vector<double> Search::sides() const {
  const Comparison& theory = *found_.theory;
  if (theory.crossings.empty()) return {theory.closest};
  const double at = theory.crossings[0].at;
  double high = std::min(question_.to, at * kSideFactor);
  if (theory.crossings.size() > 1) high = std::min(high, std::sqrt(at * theory.crossings[1].at));
  return {std::max(question_.from, at / kSideFactor), high};
}

void Search::confirm() {
  for (const double value : sides()) {
    if (!run_at(value, found_.sides)) return;
  }
  found_.confirmation = verdict();
  found_.measured_at = measured_crossing();
}

/// Whether to go on.
bool Search::run_at(double value, std::vector<CrossoverRun>& into) {
  const auto result = runner_.run(value);
  if (!result) {
    found_.outcome = Outcome::broke;
    found_.problem = result.error().line();
    return false;
  }
  CrossoverRun run;
  run.value = value;
  const Metric& exchanges = **parse_metric("exchanges_per_message");
  for (std::size_t i = 0; i < std::min<std::size_t>(2, result->transports.size()); ++i) {
    const TransportResult& transport = result->transports[i];
    run.measured[i] = spread_of(transport.repetitions, *question_.metric);
    for (const Repetition& repetition : transport.repetitions) {
      run.theory[i] = expected(i, repetition);
      for (const std::string& why : repetition.invalid) {
        run.invalid.push_back(fmt::format("{}: {}", transport.name, why));
      }
      const auto cpu = question_.metric->of(repetition);
      if (!question_.fitted() || !cpu || !repetition.invalid.empty()) continue;
      costs_[i].push_back({exchanges.of(repetition).value_or(0), *cpu});
    }
  }
  into.push_back(std::move(run));
  found_.outcome = result->outcome;
  found_.problem = result->problem;
  return going_on();
}

/// By theory and the schedule that was really run.
std::optional<double> Search::expected(std::size_t transport, const Repetition& repetition) const {
  if (!question_.fitted()) return question_.metric->theory(repetition.theory);
  if (!found_.fits[transport]) return std::nullopt;
  return found_.fits[transport]->at(repetition.theory.exchanges_per_message.value_or(0));
}

/// Whom the curves name that the crossing is read from.
Winner Search::by_theory(double value) const {
  const auto a = curves_[0](value);
  const auto b = curves_[1](value);
  return a && b ? winner_of(*a, *b, question_.more_is_better()) : Winner::neither;
}

Confirmation Search::verdict() const {
  bool clear = true;
  for (const CrossoverRun& side : found_.sides) {
    const Winner expected = by_theory(side.value);
    const Winner winner = side.winner(question_.more_is_better());
    if (!side.invalid.empty() || winner == Winner::neither || expected == Winner::neither) {
      clear = false;
    } else if (winner != expected) {
      return Confirmation::refuted;
    }
  }
  return clear ? Confirmation::confirmed : Confirmation::unclear;
}

std::optional<double> Search::measured_crossing() const {
  if (found_.sides.size() < 2) return std::nullopt;
  std::array<double, 2> ratio{};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& [a, b] = found_.sides[i].measured;
    if (!a || !b || a->median <= 0 || b->median <= 0) return std::nullopt;
    ratio[i] = std::log(a->median / b->median);
  }
  if (ratio[0] * ratio[1] >= 0) return std::nullopt;
  const double low = std::log(found_.sides[0].value);
  const double high = std::log(found_.sides[1].value);
  return std::exp(low + (high - low) * ratio[0] / (ratio[0] - ratio[1]));
}

}  // namespace

Result<void> check_theory(const CrossoverQuestion& question, const CrossoverTheory& theory) {
  // Who is pushed to asks for nothing: the fitted costs do without theory there.
  if (question.fitted()) return {};
  for (const CostCurve& curve : cost_curves(question, theory, {})) {
    for (const double value : {question.from, question.to}) {
      if (!curve(value)) return silent(question, value);
    }
  }
  return {};
}

Result<Crossover> find_crossover(const CrossoverQuestion& question, const CrossoverTheory& theory,
                                 PairRunner& runner) {
  return Search(question, theory, runner).find();
}

}  // namespace pushbench::harness
