#include "cli/validate.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/shipped.h"
#include "harness/run.h"
#include "harness/scenario_file.h"
#include "harness/units.h"

namespace pushbench::cli {

namespace {

std::string counted(std::uint64_t count, std::string_view one, std::string_view more) {
  return fmt::format("{} {}", count, count == 1 ? one : more);
}

/// "100 users in 1 room; 255 messages in 15s, 25500 deliveries".
std::string summary(const harness::Schedule& schedule) {
  std::string text =
      fmt::format("{} in {}; {} in {}, {}", counted(schedule.users(), "user", "users"),
                  counted(schedule.rooms, "room", "rooms"),
                  counted(schedule.says.size(), "message", "messages"),
                  harness::format_duration(schedule.duration),
                  counted(schedule.expected_deliveries(), "delivery", "deliveries"));
  if (!schedule.cuts.empty()) text += ", " + counted(schedule.cuts.size(), "cut", "cuts");
  return text;
}

}  // namespace

Validate::Validate(CLI::App& app)
    : command_(app.add_subcommand("validate", "Say whether scenarios are good")) {
  command_
      ->add_option("scenarios", scenarios_,
                   "Paths to .toml files, or names of shipped scenarios (chat)")
      ->required();
  command_->add_option("--set", overrides_, "key=value: overrides a key of each scenario")
      ->expected(1)
      ->take_all();
  add_seed(*command_, seed_, "Unrolls the scenario into its schedule");
}

bool Validate::validate(const std::string& name) const {
  const auto scenario = harness::load_scenario(name, scenario_folder(), overrides_);
  if (!scenario) {
    fmt::print(stderr, "{}\n", scenario.error().line());
    return false;
  }
  const auto plan = harness::plan_run(*scenario, seed_, headers_folder());
  if (!plan) {
    const Error& error = plan.error();
    const bool placed = error.where.find(name) != std::string::npos;
    fmt::print(stderr, "{}{}\n", placed ? "" : name + ": ", error.line());
    return false;
  }
  fmt::print("{}: good; {}\n", name, summary(plan->schedule));
  return true;
}

int Validate::run() {
  bool good = true;
  for (const std::string& scenario : scenarios_) good = validate(scenario) && good;
  return good ? kGood : kWrongUsage;
}

}  // namespace pushbench::cli
