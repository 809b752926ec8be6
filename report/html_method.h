#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/result.h"

namespace pushbench::report {

/// A name and what it is, both plain.
using Fact = std::pair<std::string, std::string>;

std::string fact_list(const std::vector<Fact>& facts);

/// What was run: users, messages, link, headers, seed, …
std::vector<Fact> run_facts(const harness::RunResult& result);
/// Where and by what: date, machine, build.
std::vector<Fact> context_facts(const harness::Context& context);

/// "40 ms each way, jitter up to 10 ms, 1Mbit/s up": of one link, or "as fast as the machine".
std::string link_text(const harness::LinkResult& link);

/// How the figures were taken: rules, the harness's own floor, and each metric's meaning in a line.
std::string method_part(const harness::RunResult& result);

}  // namespace pushbench::report
