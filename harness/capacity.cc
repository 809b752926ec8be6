#include "harness/capacity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pushbench::harness {

using Verdict = ProbeRun::Verdict;

std::optional<double> CapacitySearch::next() const {
  if (!best_ && !failed_) return range_.from;
  if (!best_) return std::nullopt;
  if (!failed_) return capped() ? std::nullopt : std::optional(std::min(*best_ * 2, range_.to));
  if (*failed_ / *best_ <= 1 + range_.precision) return std::nullopt;
  const double middle = std::sqrt(*best_ * *failed_);
  if (!range_.whole) return middle;
  const double whole = std::round(middle);
  if (whole > *best_ && whole < *failed_) return whole;
  return *failed_ - *best_ > 1 ? std::optional(*best_ + 1) : std::nullopt;
}

void CapacitySearch::take(bool good) {
  if (const auto value = next()) (good ? best_ : failed_) = *value;
}

std::string_view verdict_name(ProbeRun::Verdict verdict) {
  switch (verdict) {
    case ProbeRun::Verdict::good:
      return "good";
    case ProbeRun::Verdict::bad:
      return "bad";
    case ProbeRun::Verdict::unclear:
      return "unclear";
    case ProbeRun::Verdict::wall:
      return "wall";
    case ProbeRun::Verdict::interrupted:
      return "interrupted";
  }
  return "bad";
}

const ProbeRun& Probe::decisive() const {
  const auto last = std::find_if(runs.rbegin(), runs.rend(), [this](const ProbeRun& run) {
    return (run.verdict == Verdict::good) == good;
  });
  return last == runs.rend() ? runs.back() : *last;
}

const Probe* CapacityCurve::probe_at(double value) const {
  const auto found = std::find_if(probes.begin(), probes.end(),
                                  [value](const Probe& p) { return p.value == value; });
  return found == probes.end() ? nullptr : &*found;
}

namespace {

bool ends_probe(Verdict verdict) {
  return verdict == Verdict::unclear || verdict == Verdict::wall || verdict == Verdict::interrupted;
}

Probe probe(const std::string& transport, double value, std::uint64_t repeat, Prober& prober) {
  Probe probe{value, false, {}};
  std::uint64_t good = 0;
  std::uint64_t bad = 0;
  while (good < repeat && bad < 2) {
    probe.runs.push_back(prober.run(transport, value, probe.runs.size() + 1));
    const Verdict verdict = probe.runs.back().verdict;
    if (ends_probe(verdict)) return probe;
    ++(verdict == Verdict::good ? good : bad);
  }
  probe.good = good >= repeat;
  return probe;
}

}  // namespace

CapacityCurve find_capacity(const std::string& transport, CapacitySearch search,
                            std::uint64_t repeat, Prober& prober) {
  CapacityCurve curve;
  curve.transport = transport;
  while (const auto value = search.next()) {
    curve.probes.push_back(probe(transport, *value, repeat, prober));
    if (curve.probes.back().runs.back().verdict == Verdict::interrupted) {
      curve.interrupted = true;
      break;
    }
    search.take(curve.probes.back().good);
  }
  curve.best = search.best();
  curve.failed = search.failed();
  curve.capped = search.capped();
  return curve;
}

std::vector<const Metric*> CapacityQuestion::metrics() const {
  std::vector<const Metric*> shown;
  for (const MetricLimit& limit : limits) {
    if (std::find(shown.begin(), shown.end(), limit.metric) == shown.end()) {
      shown.push_back(limit.metric);
    }
  }
  if (shown.empty()) shown.push_back(*parse_metric("delivery_latency.p99"));
  return shown;
}

namespace {

/// The verdict of the limits and of what is wrong with the run already.
void hold_limits(const Repetition& repetition, const CapacityQuestion& question, ProbeRun& run) {
  std::vector<std::string> lacks;
  for (const MetricLimit& limit : question.limits) {
    const auto figure = limit.metric->of(repetition);
    if (figure && limit.holds(*figure)) continue;
    const std::string why = lacking(*limit.metric, repetition.delivery_latency.count());
    if (!why.empty()) {
      lacks.push_back(why);
    } else {
      run.why.push_back(fmt::format(
          "{} is {}, not {}", limit.metric->name,
          figure ? figure_text(limit.metric->unit, *figure) : "not measured", limit.text));
    }
  }
  run.verdict = !run.why.empty() ? Verdict::bad : lacks.empty() ? Verdict::good : Verdict::unclear;
  run.why.insert(run.why.end(), lacks.begin(), lacks.end());
}

}  // namespace

ProbeRun judge(const RunResult& result, const CapacityQuestion& question) {
  ProbeRun run;
  if (result.outcome == Outcome::interrupted) return {Verdict::interrupted, false, {}, {}, false};
  run.broke = result.outcome == Outcome::broke;
  if (run.broke) run.why.push_back(result.problem);
  const Repetition* repetition = nullptr;
  for (const TransportResult& transport : result.transports) {
    if (!transport.repetitions.empty()) repetition = &transport.repetitions.back();
  }
  if (!run.broke && repetition == nullptr) run.why.emplace_back("nothing was measured");
  if (!run.broke && repetition != nullptr) run.why = repetition->invalid;
  run.counts = run.why.empty();
  run.why.insert(run.why.end(), result.failed_limits.begin(), result.failed_limits.end());
  for (const Metric* metric : question.metrics()) {
    run.figures.push_back(repetition == nullptr ? std::nullopt : metric->of(*repetition));
  }
  if (repetition == nullptr || run.broke) {
    run.verdict = Verdict::bad;
  } else {
    hold_limits(*repetition, question, run);
  }
  return run;
}

ProbeRun ScenarioProber::run(const std::string& transport, double value, std::uint64_t attempt) {
  auto result = runner_.run({transport}, value, attempt);
  if (result) return judge(*result, question_);
  ProbeRun wall{Verdict::wall, false, {result.error().line()}, {}, false};
  wall.figures.resize(question_.metrics().size());
  return wall;
}

}  // namespace pushbench::harness
