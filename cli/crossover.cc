#include "cli/crossover.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/output.h"
#include "cli/search_progress.h"
#include "cli/shipped.h"
#include "harness/search_json.h"
#include "report/crossover_text.h"
#include "report/curve.h"
#include "report/table.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kExamples =
    "pushbench crossover chat --between polling,long-polling --metric network_bytes --vary "
    "transport.polling.interval\n"
    "    How seldom one must poll until that takes fewer bytes than long polling\n"
    "pushbench crossover chat --between polling,sse --metric server_cpu --vary "
    "transport.polling.interval\n"
    "    The same for the server's CPU time, against an event stream\n";

Result<std::array<std::string, 2>> parse_pair(const std::vector<std::string>& names) {
  if (names.size() != 2 || names[0] == names[1]) {
    return failure("--between", "name two transports, as in --between polling,websocket");
  }
  if (auto known = chosen_transports(names); !known) {
    return failure("--between", known.error().what);
  }
  return std::array<std::string, 2>{names[0], names[1]};
}

bool sets_duration(const std::vector<std::string>& overrides) {
  return std::any_of(overrides.begin(), overrides.end(),
                     [](const std::string& text) { return text.starts_with("traffic.duration="); });
}

ExitCode exit_code_of(const harness::Crossover& crossover) {
  if (crossover.outcome == harness::Outcome::interrupted) return kInterrupted;
  if (crossover.outcome == harness::Outcome::broke) return kBroke;
  const bool valid = std::all_of(crossover.sides.begin(), crossover.sides.end(),
                                 [](const auto& run) { return run.invalid.empty(); });
  if (!valid) return kMeasurementInvalid;
  return crossover.confirmation == harness::Confirmation::confirmed ? kGood : kThresholdFailed;
}

}  // namespace

Crossover::Crossover(CLI::App& app)
    : command_(app.add_subcommand("crossover", "Find where one of two transports starts to win")) {
  command_->footer(kExamples);
  options_.add_to(*command_);
  command_->add_option("--between", between_, "The two to compare, as in polling,websocket")
      ->delimiter(',')
      ->required()
      ->type_name("TRANSPORT")
      ->group(kWhatToRun);
  command_
      ->add_option("--metric", metric_,
                   "What is compared: network_bytes, server_cpu, delivery_latency.mean, …")
      ->required()
      ->type_name("METRIC")
      ->group(kWhatToRun);
  add_repeat(*command_, repeat_, "Repetitions of each run that confirms");
}

Result<Crossover::Plan> Crossover::plan() const {
  auto scenario = options_.load();
  if (!scenario) return tl::unexpected(scenario.error());
  auto pair = parse_pair(between_);
  if (!pair) return tl::unexpected(pair.error());
  const auto metric = harness::parse_metric(metric_);
  if (!metric) return failure("--metric", metric.error().line());
  const auto range = search_range(options_, *scenario);
  if (!range) return tl::unexpected(range.error());
  if (auto any = harness::concerned(range->key.key(), {pair->begin(), pair->end()}); !any) {
    return failure("--vary", any.error().line());
  }
  return Plan{std::move(*scenario),
              {std::move(*pair), *metric, range->key, range->from, range->to}};
}

harness::ValueRunner::Settings Crossover::settings(const Plan& plan) const {
  return {plan.scenario,
          plan.question.key,
          options_.seed,
          repeat_,
          !sets_duration(options_.overrides),
          options_.overrides,
          own_binary(),
          headers_folder()};
}

Result<void> Crossover::keep(const std::string& folder, const Plan& plan,
                             const harness::Crossover& crossover,
                             const harness::CrossoverTheory& theory,
                             const std::string& json) const {
  if (auto kept = write_file(folder, "crossover.json", json); !kept) return kept;
  const std::string csv = report::crossover_csv(crossover, plan.question);
  if (auto kept = write_file(folder, "crossover.csv", csv); !kept) return kept;
  return write_file(folder, "curve.svg",
                    report::curve_svg(report::crossover_curve(plan.scenario.name, crossover,
                                                              plan.question, theory)));
}

ExitCode Crossover::show(const std::string& folder, const Plan& plan,
                         const harness::Crossover& crossover,
                         const harness::CrossoverTheory& theory,
                         const std::optional<harness::Floor>& floor) const {
  const Output output(*command_);
  const std::string json =
      harness::to_json(crossover, plan.question, options_.context(plan.scenario));
  if (options_.json) {
    output.data(json);
  } else {
    output.table(report::crossover_text(plan.scenario.name, crossover, plan.question) +
                 report::floor_note(floor));
  }
  if (!crossover.problem.empty()) complain("crossover", {"", crossover.problem}, kBroke);
  if (const auto kept = keep(folder, plan, crossover, theory, json); !kept) {
    complain("crossover", kept.error(), kBroke);
    return kBroke;
  }
  output.note("\nresult: " + (fs::path(folder) / "crossover.json").string());
  return exit_code_of(crossover);
}

int Crossover::run() {
  const auto plan = this->plan();
  if (!plan) return complain("crossover", plan.error(), kWrongUsage);
  SearchProgress progress(Output(*command_), repeat_, 2);
  harness::ValueRunner runner(settings(*plan), progress);
  const harness::ForecastTheory theory(runner);
  if (const auto known = harness::check_theory(plan->question, theory); !known) {
    return complain("crossover", known.error(), kWrongUsage);
  }
  const auto folder = make_folder(options_.out, plan->scenario.name + "-crossover",
                                  {"crossover.json", "crossover.csv", "curve.svg"});
  if (!folder) return complain("crossover", folder.error(), kWrongUsage);
  harness::ScenarioPairRunner pair(runner, plan->question);
  const auto crossover = harness::find_crossover(plan->question, theory, pair);
  progress.finish();
  if (!crossover) return complain("crossover", crossover.error(), kWrongUsage);
  const ExitCode code = show(*folder, *plan, *crossover, theory, runner.floor());
  return interrupted_or(code, progress.interrupted());
}

}  // namespace pushbench::cli
