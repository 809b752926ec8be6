#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/result.h"
#include "report/change.h"
#include "report/condition.h"

namespace pushbench::report {

struct TransportChanges {
  std::string name;
  std::vector<Change> changes;  // in the metrics' order; none of a metric that one result lacks
};

/// A result as a comparison names it.
struct Source {
  std::string letter;  // "A"
  std::string path;
  harness::Context context;
  std::size_t repetitions = 0;  // the most of any transport
  bool valid = true;
};

/// What became of a condition, for one transport of one candidate.
struct ConditionOutcome {
  enum class Kind { held, failed, unclear };  // unclear: met, but noise may explain it

  Kind kind = Kind::held;
  Condition condition;
  std::string transport;
  Change change;
};

/// One result against the baseline.
struct Candidate {
  Source source;
  std::vector<std::string> cautions;
  std::vector<TransportChanges> transports;  // those that both have
  std::vector<std::string> missing;          // transports that only one of them has: "sse only in A"
  std::vector<ConditionOutcome> outcomes;

  std::size_t count(Judgement judgement) const;
};

/// Any number of results against a baseline.
struct Compared {
  std::string scenario;
  std::uint64_t seed = 0;
  bool paired = false;
  Source baseline;
  std::vector<Candidate> candidates;
  bool has_conditions = false;

  /// A condition failed; without conditions: a figure is worse.
  bool regressed() const;
};

struct CompareOptions {
  bool paired = false;              // repetitions of equal number belong together
  std::optional<double> threshold;  // a share that replaces the metrics' own
  std::vector<Condition> conditions;
};

/// Of a result and the path it was read from; `letter` is its name in what is printed.
Source source_of(const harness::RunResult& result, std::string letter, std::string path);

/// Every metric of every transport that both have. Repetitions that were cut short do not count.
std::vector<TransportChanges> changes_of(const harness::RunResult& baseline,
                                         const harness::RunResult& candidate,
                                         const CompareOptions& options);

/// A candidate with all there is to say of it. Fails where the two do not compare, or where a
/// condition is of a figure that one of them lacks.
Result<Candidate> compare(const harness::RunResult& baseline, const Source& baseline_source,
                          const harness::RunResult& candidate, Source candidate_source,
                          const CompareOptions& options);

}  // namespace pushbench::report
