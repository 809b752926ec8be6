#include "cli/capacity.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/output.h"
#include "cli/search_progress.h"
#include "cli/shipped.h"
#include "harness/search_json.h"
#include "harness/units.h"
#include "report/capacity_table.h"
#include "report/curve.h"
#include "report/html_search.h"
#include "report/table.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kExamples =
    "pushbench capacity quotes --vary users --limit 'delivery_latency.p99<250ms'\n"
    "    How many users each transport serves while 99 of 100 messages take under 250 ms\n"
    "pushbench capacity chat --vary users --from 500 --to 5000 --transport sse\n"
    "    How many event streams stay valid at all, between 500 and 5000 users\n";

Result<double> parse_precision(const std::string& text) {
  const bool percent = text.ends_with('%');
  const auto number = harness::parse_factor(percent ? text.substr(0, text.size() - 1) : text);
  const double share = number ? *number / (percent ? 100 : 1) : 0;
  if (share < 0.01 || share > 1) {
    return failure("--precision " + text, "write a share of 1% to 100%, as in 10%");
  }
  return share;
}

Result<std::vector<harness::MetricLimit>> parse_limits(const std::vector<std::string>& texts) {
  std::vector<harness::MetricLimit> limits;
  for (const std::string& text : texts) {
    auto limit = harness::parse_limit(text);
    if (!limit) return failure("--limit", limit.error().line());
    limits.push_back(std::move(*limit));
  }
  return limits;
}

ExitCode exit_code_of(const harness::ProbeRun& run) {
  if (run.broke) return kBroke;
  const bool unclear = run.verdict == harness::ProbeRun::Verdict::unclear;
  return unclear ? kMeasurementInvalid : kThresholdFailed;
}

/// A transport that can't even do the smallest value fails the question, as a limit fails a run.
ExitCode exit_code_of(const std::vector<harness::CapacityCurve>& curves) {
  ExitCode code = kGood;
  for (const harness::CapacityCurve& curve : curves) {
    if (curve.interrupted) {
      code = worse(code, kInterrupted);
    } else if (!curve.best) {
      code = worse(code, curve.probes.empty() ? kThresholdFailed
                                              : exit_code_of(curve.probes.back().decisive()));
    }
  }
  return code;
}

}  // namespace

Capacity::Capacity(CLI::App& app)
    : command_(app.add_subcommand(
          "capacity", "Find the largest load at which each transport keeps within limits")) {
  command_->footer(kExamples);
  options_.add_to(*command_);
  command_
      ->add_option("--limit", limits_,
                   "What every run must keep, as in 'delivery_latency.p99<250ms'; may be repeated")
      ->expected(1)
      ->take_all()
      ->default_str("only that it is valid")
      ->type_name("METRIC<VALUE")
      ->group(kWhatToRun);
  add_transports(*command_, transports_);
  add_repeat(*command_, repeat_, "Good runs that a value needs");
  command_->add_option("--precision", precision_, "How close the answer is to what fails")
      ->capture_default_str()
      ->type_name("SHARE:1% to 100%")
      ->group(kWhatToVary);
}

Result<Capacity::Plan> Capacity::plan() const {
  auto scenario = options_.load();
  if (!scenario) return tl::unexpected(scenario.error());
  const auto range = search_range(options_, *scenario);
  if (!range) return tl::unexpected(range.error());
  const auto precision = parse_precision(precision_);
  if (!precision) return tl::unexpected(precision.error());
  auto limits = parse_limits(limits_);
  if (!limits) return tl::unexpected(limits.error());
  const auto asked = chosen_transports(transports_);
  if (!asked) return tl::unexpected(asked.error());
  auto transports = harness::concerned(range->key.key(), *asked);
  if (!transports) return failure("--vary", transports.error().line());
  const harness::CapacitySearch::Range ends{range->from, range->to, *precision, range->key.whole()};
  return Plan{std::move(*scenario),
              {range->key, ends, std::move(*limits), repeat_},
              std::move(*transports)};
}

harness::ValueRunner::Settings Capacity::settings(const Plan& plan) const {
  return {plan.scenario, plan.question.key,  options_.seed, 1,
          false,         options_.overrides, own_binary(),  headers_folder()};
}

std::vector<harness::CapacityCurve> Capacity::search(const Plan& plan,
                                                     harness::ValueRunner& runner) const {
  harness::ScenarioProber prober(runner, plan.question);
  std::vector<harness::CapacityCurve> curves;
  for (const std::string& transport : plan.transports) {
    curves.push_back(harness::find_capacity(transport, harness::CapacitySearch(plan.question.range),
                                            plan.question.repeat, prober));
    if (curves.back().interrupted) break;
  }
  return curves;
}

Result<void> Capacity::keep(const std::string& folder, const Plan& plan,
                            const std::vector<harness::CapacityCurve>& curves,
                            const std::string& json) const {
  if (auto kept = write_file(folder, "capacity.json", json); !kept) return kept;
  const std::string csv = report::capacity_csv(curves, plan.question);
  if (auto kept = write_file(folder, "capacity.csv", csv); !kept) return kept;
  const std::string page =
      report::html_report(curves, plan.question, options_.context(plan.scenario));
  if (auto kept = write_file(folder, "report.html", page); !kept) return kept;
  return write_file(
      folder, "curve.svg",
      report::curve_svg(report::capacity_curve(plan.scenario.name, curves, plan.question)));
}

int Capacity::run() {
  const auto plan = this->plan();
  if (!plan) return complain("capacity", plan.error(), kWrongUsage);
  const auto folder = make_folder(options_.out, plan->scenario.name + "-capacity",
                                  {"capacity.json", "capacity.csv", "report.html", "curve.svg"});
  if (!folder) return complain("capacity", folder.error(), kWrongUsage);
  const Output output(*command_);
  SearchProgress progress(output, 1, 1);
  harness::ValueRunner runner(settings(*plan), progress);
  const auto curves = search(*plan, runner);
  progress.finish();
  const std::string json =
      harness::to_json(curves, plan->question, options_.context(plan->scenario));
  if (options_.json) {
    output.data(json);
  } else {
    output.table(report::capacity_table(plan->scenario.name, curves, plan->question) +
                 report::floor_note(runner.floor()));
  }
  if (const auto kept = keep(*folder, *plan, curves, json); !kept) {
    return complain("capacity", kept.error(), kBroke);
  }
  output.note("\nresult: " + (fs::path(*folder) / "capacity.json").string());
  return interrupted_or(exit_code_of(curves), progress.interrupted());
}

}  // namespace pushbench::cli
