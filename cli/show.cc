#include "cli/show.h"

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/recorded.h"
#include "harness/result_json.h"
#include "report/run_text.h"

namespace pushbench::cli {

Show::Show(CLI::App& app)
    : command_(app.add_subcommand("show", "Print again what run printed of a result")) {
  command_->add_option("result", path_, "A run's folder, or its result.json")->required();
  command_->add_flag("--json", json_, "The result as JSON instead of the comparison");
}

int Show::run() {
  const auto result = recorded_run(path_);
  if (!result) return complain("show", result.error(), kWrongUsage);
  fmt::print("{}", json_ ? harness::to_json(*result) : report::run_text(*result));
  return kGood;
}

}  // namespace pushbench::cli
