#include "cli/sweep.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/command.h"
#include "cli/run_folder.h"
#include "cli/search_progress.h"
#include "cli/targets.h"
#include "harness/search_json.h"
#include "report/curve.h"
#include "report/html_search.h"
#include "report/sweep_table.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

namespace {

/// Keeps each value's result as soon as it is there.
class SweepKeeper final : public SearchProgress {
 public:
  SweepKeeper(const Output& output, const harness::RunPlan& plan, std::string folder)
      : SearchProgress(output, plan.scenario.repeat, plan.columns()), folder_(std::move(folder)) {}

  Result<void> on_step(const harness::SweepStep& step) override {
    const auto made =
        make_run_folder((fs::path(folder_) / harness::step_folder(step.value)).string(), "");
    if (!made) return tl::unexpected(made.error());
    return keep_run(*made, step.result);
  }

 private:
  std::string folder_;
};

ExitCode exit_code(const harness::SweepResult& result, bool allow_invalid) {
  ExitCode code = kGood;
  for (const harness::SweepStep& step : result.steps)
    code = worse(code, exit_code_of(step.result, allow_invalid));
  if (result.outcome == harness::Outcome::interrupted) code = worse(code, kInterrupted);
  if (result.outcome == harness::Outcome::broke) code = worse(code, kBroke);
  return code;
}

Result<void> keep(const std::string& folder, const harness::SweepResult& result,
                  const harness::SearchContext& context, const std::string& json) {
  if (auto kept = write_file(folder, "sweep.json", json); !kept) return kept;
  if (auto kept = write_file(folder, "sweep.csv", report::sweep_csv(result)); !kept) return kept;
  if (result.steps.empty()) return {};
  const std::string page = report::html_report(result, context);
  if (auto kept = write_file(folder, "report.html", page); !kept) return kept;
  return write_file(folder, "curve.svg", report::curve_svg(report::sweep_curve(result)));
}

}  // namespace

int sweep(const SweepRequest& request, const Output& output) {
  const harness::RunPlan& first = request.plans.front();
  for (const harness::RunPlan& plan : request.plans) {
    if (const auto limits = harness::check_limits(plan); !limits) {
      return complain("run", limits.error(), kBroke);
    }
  }
  const auto folder = make_folder(request.out, request.scenario.name + "-sweep",
                                  {"sweep.json", "sweep.csv", "report.html", "curve.svg"});
  if (!folder) return complain("run", folder.error(), kWrongUsage);
  SweepKeeper keeper(output, first, *folder);
  const harness::SweepResult result = harness::run_sweep(request.spec, request.plans, keeper);
  keeper.finish();
  const harness::SearchContext context{request.scenario.name, first.seed, request.overrides,
                                       build_info()};
  const std::string json = harness::to_json(result, context);
  request.json ? output.data(json) : output.table(report::sweep_table(result));
  if (!result.problem.empty()) complain("run", {"", result.problem}, kBroke);
  for (const harness::SweepStep& step : result.steps) {
    name_faulty_targets(step.result, fmt::format("{}={}", request.spec.key.name, step.value));
  }
  if (const auto kept = keep(*folder, result, context, json); !kept) {
    return complain("run", kept.error(), kBroke);
  }
  output.note("\nresult: " + (fs::path(*folder) / "sweep.json").string());
  return interrupted_or(exit_code(result, request.allow_invalid), keeper.interrupted());
}

}  // namespace pushbench::cli
