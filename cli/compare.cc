#include "cli/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/recorded.h"
#include "cli/run_folder.h"
#include "harness/result_reader.h"
#include "net/interrupt.h"
#include "report/compare_json.h"
#include "report/compare_markdown.h"
#include "report/compare_text.h"

namespace pushbench::cli {

namespace fs = std::filesystem;
using harness::RunResult;

namespace {

constexpr const char* kExamples =
    "pushbench compare results/monday results/tuesday\n"
    "    What changed, and whether it is more than noise; exit code 3 if a figure got worse\n"
    "pushbench compare old new --fail-if 'websocket.delivery_latency.p99 > +10%' --format md\n"
    "    Only this counts; the table goes into a pull request\n"
    "pushbench compare --interleave chat --server-a ./old/pushbench --server-b ./new/pushbench\n"
    "    Both servers in turns, so that it does not matter when the machine was slower\n";

Result<void> check_different(const std::vector<std::string>& paths) {
  for (std::size_t i = 0; i < paths.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      std::error_code error;
      if (!fs::equivalent(harness::result_file(paths[i]), harness::result_file(paths[j]), error) ||
          error)
        continue;
      return failure(paths[i], fmt::format("{} and {} are the same result; give two",
                                           report::letter_of(j), report::letter_of(i)));
    }
  }
  return {};
}

/// What a result's own end says; the comparison's verdict comes after it.
ExitCode code_of(const RunResult& result, bool allow_invalid) {
  const ExitCode code = exit_code_of(result, allow_invalid);
  return code == kThresholdFailed ? kGood : code;
}

Result<void> check_valid(const report::Source& source) {
  if (source.invalid.empty()) return {};
  return failure(source.path,
                 fmt::format("{} does not count: {}; --allow-invalid compares it all the same",
                             source.letter, source.invalid.front()));
}

Result<void> check_valid(const report::Compared& compared) {
  if (auto valid = check_valid(compared.baseline); !valid) return valid;
  for (const report::Candidate& candidate : compared.candidates) {
    if (auto valid = check_valid(candidate.source); !valid) return valid;
  }
  return {};
}

/// Before anything is measured: a condition on a transport that is not run could judge nothing.
Result<void> check_judged(const std::vector<report::Condition>& conditions,
                          const std::vector<std::string>& transports) {
  for (const report::Condition& condition : conditions) {
    const bool is_run =
        std::find(transports.begin(), transports.end(), condition.transport) != transports.end();
    if (condition.transport == "*" || is_run) continue;
    return failure("--fail-if",
                   fmt::format("\"{}\": {} is not run here, but {}; name it with "
                               "--transport, or leave the condition out",
                               condition.text, condition.transport, fmt::join(transports, ", ")));
  }
  return {};
}

Result<void> keep(const InterleaveFolders& folders, const harness::Interleaved& both,
                  const Result<report::Compared>& compared) {
  if (auto kept = keep_run(folders.a, both.a); !kept) return kept;
  if (auto kept = keep_run(folders.b, both.b); !kept) return kept;
  if (!compared) return {};
  return write_file(folders.all, "compare.json", report::compare_json(*compared));
}

}  // namespace

Compare::Compare(CLI::App& app)
    : command_(app.add_subcommand("compare", "Tell what changed from one result to another")) {
  command_->footer(kExamples);
  command_
      ->add_option("results", paths_,
                   "Folders of runs, or their result.json: the baseline, then what is compared "
                   "with it")
      ->type_name("RESULT")
      ->group("What to compare");
  add_gate();
  interleave_.add_to(*command_);
  auto* const format = command_->add_option("--format", format_, "md: Markdown, for a pull request")
                           ->check(CLI::IsMember({"text", "md"}))
                           ->capture_default_str()
                           ->type_name("FORMAT")
                           ->group(kOutput);
  add_json(*command_, json_, "The comparison as JSON, with each repetition's figures")
      ->excludes(format);
}

void Compare::add_gate() {
  constexpr const char* kGroup = "What fails (exit code 3)";
  command_
      ->add_option("--fail-if", conditions_,
                   "In place of any figure that got worse: 'sse.delivery_latency.p99 > +10%'")
      ->expected(1)
      ->take_all()
      ->type_name("CONDITION")
      ->group(kGroup);
  command_
      ->add_option("--threshold", threshold_,
                   "A change below it counts as none (default: from 1% for bytes to 25% for CPU "
                   "time)")
      ->type_name("PERCENT")
      ->group(kGroup);
  command_->add_flag("--no-fail", no_fail_, "Exit with 0 whatever got worse")->group(kGroup);
  command_
      ->add_flag("--allow-invalid", allow_invalid_,
                 "Compare also results that do not count (they are marked)")
      ->group(kGroup);
}

Result<report::CompareOptions> Compare::options() const {
  report::CompareOptions options;
  options.paired = !interleave_.scenario.empty();
  for (const std::string& text : conditions_) {
    auto condition = report::parse_condition(text);
    if (!condition) return failure("--fail-if", condition.error().line());
    options.conditions.push_back(std::move(*condition));
  }
  if (threshold_.empty()) return options;
  const auto threshold = report::parse_percent(threshold_);
  if (!threshold) return failure("--threshold", threshold.error().what);
  options.threshold = *threshold;
  return options;
}

Result<void> Compare::check_usage() const {
  if (interleave_.scenario.empty()) {
    for (const char* flag : {"--server-a", "--server-b", "--transport", "--repeat", "--set",
                             "--seed", "--out", "--no-pin", "--no-floor"}) {
      if (command_->count(flag) == 0) continue;
      return failure(flag,
                     "is for two servers that take turns; name their scenario with "
                     "--interleave");
    }
    if (paths_.size() >= 2 && paths_.size() <= report::kMostCompared) return {};
    return failure("", fmt::format("give two results, the baseline first, and at most {}; or "
                                   "--interleave with a scenario and two servers",
                                   report::kMostCompared));
  }
  if (paths_.empty()) return {};
  return failure(paths_.front(), "--interleave measures both results itself; leave this one out");
}

Result<std::vector<RunResult>> Compare::read_all() const {
  if (auto different = check_different(paths_); !different) {
    return tl::unexpected(different.error());
  }
  std::vector<RunResult> results;
  for (const std::string& path : paths_) {
    auto result = recorded_run(path);
    if (!result) return tl::unexpected(result.error());
    results.push_back(std::move(*result));
  }
  return results;
}

void Compare::print(const report::Compared& compared) const {
  const Output output(*command_);
  if (json_) return output.data(report::compare_json(compared));
  if (format_ == "md") return output.data(report::compare_markdown(compared));
  output.table(report::compare_text(compared));
}

int Compare::compare_results(const report::CompareOptions& options) const {
  const auto results = read_all();
  if (!results) return complain("compare", results.error(), kWrongUsage);
  std::vector<report::Named> named;
  for (std::size_t i = 0; i < paths_.size(); ++i) named.push_back({&(*results)[i], paths_[i]});
  const auto compared = report::compare(named, options);
  if (!compared) return complain("compare", compared.error(), kWrongUsage);
  const auto valid = check_valid(*compared);
  if (!valid && !allow_invalid_) return complain("compare", valid.error(), kMeasurementInvalid);
  print(*compared);
  return verdict(*compared);
}

ExitCode Compare::verdict(const report::Compared& compared) const {
  return compared.regressed() && !no_fail_ ? kThresholdFailed : kGood;
}

int Compare::compare_servers(const report::CompareOptions& options) const {
  const net::Interrupt interrupt;
  const Output output(*command_);
  const auto plan = interleave_.plan();
  if (!plan) return complain("compare", plan.error(), kWrongUsage);
  if (const auto judged = check_judged(options.conditions, plan->transports); !judged) {
    return complain("compare", judged.error(), kWrongUsage);
  }
  if (const auto limits = harness::check_limits(*plan); !limits) {
    return complain("compare", limits.error(), kBroke);
  }
  const auto folders = make_folders(interleave_, plan->scenario.name);
  if (!folders) return complain("compare", folders.error(), kWrongUsage);
  const harness::Interleaved both = take_turns(*plan, interleave_, output.progress(), interrupt);

  const auto compared =
      report::compare({{&both.a, interleave_.server_a}, {&both.b, interleave_.server_b}}, options);
  // Printed first: what cannot be written is not lost.
  if (compared) print(*compared);
  ExitCode code = worse(code_of(both.a, allow_invalid_), code_of(both.b, allow_invalid_));
  if (!both.problem.empty()) complain("compare", {"", both.problem}, kBroke);
  if (!compared) {
    complain("compare", compared.error(), kWrongUsage);
    code = worse(code, kWrongUsage);
  }
  if (const auto kept = keep(*folders, both, compared); !kept) {
    return complain("compare", kept.error(), kBroke);
  }
  output.note("\nresult: " + (fs::path(folders->all) / "compare.json").string());
  if (code == kGood) code = verdict(*compared);
  return interrupted_or(code, interrupt.asked());
}

int Compare::run() {
  if (const auto usage = check_usage(); !usage) {
    return complain("compare", usage.error(), kWrongUsage);
  }
  const auto options = this->options();
  if (!options) return complain("compare", options.error(), kWrongUsage);
  return options->paired ? compare_servers(*options) : compare_results(*options);
}

}  // namespace pushbench::cli
