#pragma once

#include <vector>

#include "harness/result.h"
#include "report/verdict.h"
#include "report/verdict_facts.h"

namespace pushbench::report {

/// The sentences to a verdict's rows: those of the first rules that have something to say, five at
/// most.
std::vector<VerdictSentence> sentences_of(const harness::RunResult& result,
                                          const VerdictFacts& facts, const Verdict& verdict);

}  // namespace pushbench::report
