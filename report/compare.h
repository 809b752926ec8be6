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
  std::size_t repetitions = 0;       // whole ones, the most of any transport
  std::vector<std::string> invalid;  // why it does not count; empty: it does
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
  std::vector<std::string> missing;  // transports that only one of them has: "sse only in A"
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

/// A result, and what to call it: where it was read from, or which server it is of.
struct Named {
  const harness::RunResult* result = nullptr;
  std::string path;
};

/// Of at most so many results, for each has a letter.
inline constexpr std::size_t kMostCompared = 26;

/// "A" for the first.
std::string letter_of(std::size_t place);

/// Every metric of every transport that both have. Repetitions that were cut short do not count.
std::vector<TransportChanges> changes_of(const harness::RunResult& baseline,
                                         const harness::RunResult& candidate,
                                         const CompareOptions& options);

/// The first is the baseline of all others. Fails where two do not compare, or where a condition
/// is of a figure that a result lacks. That a result is invalid does not keep it from being
/// compared.
Result<Compared> compare(const std::vector<Named>& results, const CompareOptions& options);

}  // namespace pushbench::report
