#include "report/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/metrics.h"
#include "report/comparable.h"
#include "report/invalid.h"

namespace pushbench::report {

using harness::Metric;
using harness::Repetition;
using harness::RunResult;
using harness::TransportResult;

namespace {

const TransportResult* find(const RunResult& result, const std::string& name) {
  for (const TransportResult& transport : result.transports) {
    if (transport.name == name) return &transport;
  }
  return nullptr;
}

/// One that ended with the run has figures of another length of time.
std::vector<const Repetition*> whole(const RunResult& result, const TransportResult& transport) {
  std::vector<const Repetition*> repetitions;
  for (const Repetition& repetition : transport.repetitions) {
    if (is_whole(result, repetition)) repetitions.push_back(&repetition);
  }
  return repetitions;
}

Samples samples_of(const Metric& metric, const std::vector<const Repetition*>& before,
                   const std::vector<const Repetition*>& after, bool paired) {
  Samples samples;
  samples.paired = paired;
  if (!before.empty()) samples.waiting = metric.theory(before.front()->theory).value_or(0);
  if (paired) {
    for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
      const auto a = metric.of(*before[i]);
      const auto b = metric.of(*after[i]);
      if (!a || !b) continue;
      samples.before.push_back(*a);
      samples.after.push_back(*b);
    }
    return samples;
  }
  for (const Repetition* repetition : before) {
    if (const auto figure = metric.of(*repetition)) samples.before.push_back(*figure);
  }
  for (const Repetition* repetition : after) {
    if (const auto figure = metric.of(*repetition)) samples.after.push_back(*figure);
  }
  return samples;
}

std::vector<std::string> missing(const RunResult& baseline, const RunResult& candidate,
                                 const std::string& a, const std::string& b) {
  std::vector<std::string> lines;
  for (const TransportResult& transport : baseline.transports) {
    if (!find(candidate, transport.name)) lines.push_back(transport.name + " only in " + a);
  }
  for (const TransportResult& transport : candidate.transports) {
    if (!find(baseline, transport.name)) lines.push_back(transport.name + " only in " + b);
  }
  return lines;
}

ConditionOutcome outcome_of(const Condition& condition, const std::string& transport,
                            const Change& change) {
  ConditionOutcome outcome{ConditionOutcome::Kind::held, condition, transport, change};
  if (condition.fails(change)) {
    outcome.kind = ConditionOutcome::Kind::failed;
  } else if (condition.is_met(change)) {
    outcome.kind = ConditionOutcome::Kind::unclear;
  }
  return outcome;
}

/// Why a condition has no figure to judge by, and what would help.
std::string why_none(const Condition& condition, const RunResult& baseline,
                     const RunResult& candidate) {
  for (const RunResult* result : {&baseline, &candidate}) {
    for (const TransportResult& transport : result->transports) {
      if (condition.transport != "*" && transport.name != condition.transport) continue;
      for (const Repetition& repetition : transport.repetitions) {
        std::string why = harness::lacking(*condition.metric, repetition.messages.delivered);
        if (!why.empty()) return why;
      }
    }
  }
  return "both results must have that transport, with that figure";
}

/// A condition that has nothing to judge by must not pass in silence.
Result<std::vector<ConditionOutcome>> outcomes_of(const std::vector<TransportChanges>& transports,
                                                  const std::vector<Condition>& conditions,
                                                  const RunResult& baseline,
                                                  const RunResult& candidate) {
  std::vector<ConditionOutcome> outcomes;
  for (const Condition& condition : conditions) {
    const std::size_t before = outcomes.size();
    for (const TransportChanges& transport : transports) {
      if (condition.transport != "*" && condition.transport != transport.name) continue;
      for (const Change& change : transport.changes) {
        if (change.metric != condition.metric) continue;
        outcomes.push_back(outcome_of(condition, transport.name, change));
      }
    }
    if (outcomes.size() > before) continue;
    return failure(
        fmt::format("\"{}\"", condition.text),
        "there is no such figure to compare: " + why_none(condition, baseline, candidate));
  }
  return outcomes;
}

/// Why a result does not count, a line for each reason.
std::vector<std::string> faults_of(const RunResult& result) {
  std::vector<std::string> lines;
  if (result.outcome == harness::Outcome::interrupted) lines.emplace_back("it was interrupted");
  if (result.outcome == harness::Outcome::broke) lines.push_back("it broke off: " + result.problem);
  for (const TransportResult& transport : result.transports) {
    for (std::size_t i = 0; i < transport.repetitions.size(); ++i) {
      if (!is_whole(result, transport.repetitions[i])) continue;
      for (const std::string& reason : transport.repetitions[i].invalid) {
        lines.push_back(fmt::format("{}, repetition {}: {}", transport.name, i + 1, reason));
      }
    }
  }
  return lines;
}

Source source_of(const RunResult& result, std::string letter, std::string path) {
  Source source{std::move(letter), std::move(path), result.context, 0, faults_of(result)};
  for (const TransportResult& transport : result.transports) {
    source.repetitions = std::max(source.repetitions, whole(result, transport).size());
  }
  return source;
}

Result<Candidate> compare_one(const RunResult& baseline, const Source& baseline_source,
                              const RunResult& candidate, Source candidate_source,
                              const CompareOptions& options) {
  const auto name = [](const Source& s) { return fmt::format("{} ({})", s.letter, s.path); };
  const auto same = comparable(baseline, candidate, name(baseline_source), name(candidate_source));
  if (!same) return tl::unexpected(same.error());
  const std::string& a = baseline_source.letter;
  const std::string b = candidate_source.letter;
  Candidate compared;
  compared.source = std::move(candidate_source);
  compared.cautions = cautions(baseline, candidate, a, b);
  compared.missing = missing(baseline, candidate, a, b);
  compared.transports = changes_of(baseline, candidate, options);
  auto outcomes = outcomes_of(compared.transports, options.conditions, baseline, candidate);
  if (!outcomes) return tl::unexpected(outcomes.error());
  compared.outcomes = std::move(*outcomes);
  return compared;
}

}  // namespace

std::size_t Candidate::count(Judgement judgement) const {
  std::size_t sum = 0;
  for (const TransportChanges& transport : transports) {
    for (const Change& change : transport.changes) sum += change.judgement == judgement ? 1 : 0;
  }
  return sum;
}

bool Compared::regressed() const {
  return std::any_of(candidates.begin(), candidates.end(), [this](const Candidate& candidate) {
    if (!has_conditions) return candidate.count(Judgement::worse) > 0;
    return std::any_of(
        candidate.outcomes.begin(), candidate.outcomes.end(),
        [](const ConditionOutcome& o) { return o.kind == ConditionOutcome::Kind::failed; });
  });
}

std::string letter_of(std::size_t place) {
  return std::string(1, static_cast<char>('A' + place % kMostCompared));
}

std::vector<TransportChanges> changes_of(const RunResult& baseline, const RunResult& candidate,
                                         const CompareOptions& options) {
  std::vector<TransportChanges> all;
  for (const TransportResult& transport : baseline.transports) {
    const TransportResult* const other = find(candidate, transport.name);
    if (other == nullptr) continue;
    TransportChanges& changes = all.emplace_back();
    changes.name = transport.name;
    const auto before = whole(baseline, transport);
    const auto after = whole(candidate, *other);
    for (const Metric& metric : harness::metrics()) {
      Samples samples = samples_of(metric, before, after, options.paired);
      if (samples.before.empty() || samples.after.empty()) continue;
      changes.changes.push_back(change_of(metric, std::move(samples), options.threshold));
    }
  }
  return all;
}

Result<Compared> compare(const std::vector<Named>& results, const CompareOptions& options) {
  const RunResult& baseline = *results.front().result;
  Compared compared;
  compared.scenario = baseline.scenario;
  compared.seed = baseline.seed;
  compared.paired = options.paired;
  compared.has_conditions = !options.conditions.empty();
  compared.baseline = source_of(baseline, letter_of(0), results.front().path);
  for (std::size_t i = 1; i < results.size(); ++i) {
    auto candidate =
        compare_one(baseline, compared.baseline, *results[i].result,
                    source_of(*results[i].result, letter_of(i), results[i].path), options);
    if (!candidate) return tl::unexpected(candidate.error());
    compared.candidates.push_back(std::move(*candidate));
  }
  return compared;
}

}  // namespace pushbench::report
