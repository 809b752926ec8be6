#include "cli/show.h"

#include "cli/command.h"
#include "cli/output.h"
#include "cli/recorded.h"
#include "harness/result_json.h"
#include "report/run_text.h"

namespace pushbench::cli {

namespace {

constexpr const char* kExamples =
    "pushbench show results/chat-2026-01-31T120000Z\n"
    "    The comparison and the theory beside it, as on the day of the run\n"
    "pushbench show results/chat-2026-01-31T120000Z --json | jq .context\n"
    "    What it was measured on\n";

}  // namespace

Show::Show(CLI::App& app)
    : command_(app.add_subcommand("show", "Print again what run printed of a result")) {
  command_->footer(kExamples);
  command_->add_option("result", path_, "A run's folder, or its result.json")
      ->type_name("RESULT")
      ->required()
      ->group("What to show");
  add_json(*command_, json_, "The result as JSON instead of the comparison");
}

int Show::run() {
  const auto result = recorded_run(path_);
  if (!result) return complain("show", result.error(), kWrongUsage);
  const Output output(*command_);
  if (json_) {
    output.data(harness::to_json(*result));
  } else {
    output.table(report::run_text(*result));
  }
  return kGood;
}

}  // namespace pushbench::cli
