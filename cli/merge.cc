#include "cli/merge.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <utility>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/run_folder.h"
#include "harness/result_json.h"
#include "harness/result_reader.h"
#include "report/table.h"
#include "report/theory_table.h"

namespace pushbench::cli {

namespace {

// Each command, and indented below it what it does.
constexpr const char* kExamples =
    "pushbench merge a b c --out all\n"
    "    Three generators that played one schedule at the same time (pushbench run chat --out a, "
    "on "
    "a machine each). Every run has users and a server of its own, so what was counted or used is "
    "added: histograms (their percentiles are exact), users, messages, exchanges, bytes, events, "
    "CPU time, context switches, and peak memory of the servers. What a delivery or a user costs "
    "stays what it was. The greatest is taken of the durations.\n"
    "pushbench merge monday tuesday --repetitions --out week\n"
    "    One run that was continued: nothing is added, all repetitions follow each other, and the "
    "intervals over them are as narrow as those of one long run.\n"
    "pushbench merge a b --json --allow-invalid\n"
    "    Either way an invalid part makes the whole invalid, and each reason and failed threshold "
    "says of which part it is. The floor is that of all parts, added, or none; the wire view is "
    "the "
    "first part's.\n";

}  // namespace

Merge::Merge(CLI::App& app)
    : command_(app.add_subcommand("merge", "Make one result of several of the same schedule")) {
  command_->add_option("results", results_, "Two results or more: folders, or their result.json")
      ->required()
      ->expected(2, -1);
  command_->add_option("--out", out_,
                       "Folder for the result (default: results/SCENARIO-merged-TIME)");
  command_->add_flag("--repetitions", repetitions_,
                     "More repetitions of one run, and not generators at the same time");
  command_->add_flag("--allow-invalid", allow_invalid_,
                     "Exit with 0 also if the figures do not count (they are marked)");
  command_->add_flag("--json", json_, "Print the result as JSON instead of the comparison");
  command_->footer(kExamples);
}

Result<harness::RunResult> Merge::merge() const {
  std::vector<harness::MergePart> parts;
  for (const std::string& path : results_) {
    auto result = harness::read_run(path);
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
  if (json_) {
    output.data(harness::to_json(*result));
  } else {
    output.table(report::comparison(*result) + "\n" + report::theory_table(*result));
  }
  if (const auto kept = keep_run(*folder, *result); !kept) {
    return complain("merge", kept.error(), kBroke);
  }
  output.note("\nresult: " + (std::filesystem::path(*folder) / "result.json").string());
  return exit_code_of(*result, allow_invalid_);
}

}  // namespace pushbench::cli
