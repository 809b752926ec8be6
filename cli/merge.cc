#include "cli/merge.h"

#include <utility>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/recorded.h"
#include "cli/run_folder.h"
#include "harness/result_json.h"
#include "report/run_text.h"

namespace pushbench::cli {

namespace {

constexpr const char* kExamples =
    "pushbench merge a b c --out all\n"
    "    Three generators of one schedule at the same time, each with users and a server of its "
    "own: what was counted or used is added (our servers' CPU time and memory, too), percentiles "
    "are those of all deliveries, and a repetition lasts as long as the longest\n"
    "pushbench merge monday tuesday --repetitions --out week\n"
    "    One run that was continued: its repetitions follow each other, nothing is added\n";

}  // namespace

Merge::Merge(CLI::App& app)
    : command_(app.add_subcommand("merge", "Make one result of several of the same schedule")) {
  command_->footer(kExamples);
  command_
      ->add_option(
          "results", results_,
          "Two results or more, of the same schedule, transports, settings and build: folders, or "
          "their result.json")
      ->required()
      ->expected(2, -1)
      ->type_name("RESULT")
      ->group("What to merge");
  command_
      ->add_flag("--repetitions", repetitions_,
                 "More repetitions of one run, and not generators at the same time")
      ->group("What to merge");
  command_
      ->add_flag("--allow-invalid", allow_invalid_,
                 "Exit with 0 also if the figures do not count (they are marked): one invalid part "
                 "makes the whole invalid")
      ->group(kOutput);
  add_out(*command_, out_, "results/SCENARIO-merged-TIME");
  add_json(*command_, json_, "The result as JSON instead of the comparison");
}

Result<harness::RunResult> Merge::merge() const {
  std::vector<harness::MergePart> parts;
  for (const std::string& path : results_) {
    auto result = recorded_run(path);
    if (!result) return result;
    parts.push_back({path, std::move(*result)});
  }
  return harness::merge(std::move(parts), repetitions_ ? harness::MergeAs::repetitions
                                                       : harness::MergeAs::generators);
}

int Merge::run() {
  const auto result = merge();
  if (!result) return complain("merge", result.error(), kWrongUsage);
  const auto folder = make_run_folder(out_, result->scenario + "-merged");
  if (!folder) return complain("merge", folder.error(), kWrongUsage);
  const Output output(*command_);
  json_ ? output.data(harness::to_json(*result)) : output.table(report::run_text(*result));
  if (!result->problem.empty()) complain("merge", {"", result->problem}, kBroke);
  if (const auto kept = keep_run(*folder, *result); !kept) {
    return complain("merge", kept.error(), kBroke);
  }
  output.note(where_kept(*folder));
  return exit_code_of(*result, allow_invalid_);
}

}  // namespace pushbench::cli
