#pragma once

#include <string>

#include "harness/run.h"

namespace pushbench::harness {

/// Two servers' results, whose repetitions of equal number were taken one right after the other.
struct Interleaved {
  RunResult a;
  RunResult b;
  Outcome outcome = Outcome::complete;
  std::string problem;  // what broke, in one line, and with which server
};

/// Runs a plan with two server binaries that take turns: for each repetition and transport A B, the
/// next time B A. Whatever drifts from one minute to the next touches both alike. Stops at the
/// first thing that breaks; whole repetitions until then are in both results.
Interleaved interleave(const RunPlan& plan, const std::string& server_a,
                       const std::string& server_b, RunListener& listener);

}  // namespace pushbench::harness
