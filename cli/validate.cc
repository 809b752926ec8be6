#include "cli/validate.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/shipped.h"
#include "harness/run.h"
#include "harness/scenario_file.h"
#include "harness/units.h"
#include "report/numbers.h"

namespace pushbench::cli {

namespace {

constexpr const char* kExamples =
    "pushbench validate my.toml\n"
    "    Whether it is good, and how many users, messages and deliveries it comes to\n"
    "pushbench validate scenarios/*.toml --set users.count=1000\n"
    "    Whether each of these would be good with as many users\n";

std::string counted(std::uint64_t count, std::string_view one, std::string_view more) {
  return fmt::format("{} {}", report::thousands(count), count == 1 ? one : more);
}

nlohmann::ordered_json json_of(const std::string& name, const harness::Schedule& schedule) {
  return {{"scenario", name},
          {"good", true},
          {"users", schedule.users()},
          {"rooms", schedule.rooms},
          {"messages", schedule.says.size()},
          {"duration_s", net::seconds(schedule.duration)},
          {"deliveries", schedule.expected_deliveries()},
          {"cuts", schedule.cuts.size()}};
}

/// "100 users in 1 room; 255 messages in 15s, 25,500 deliveries".
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
  command_->footer(kExamples);
  command_
      ->add_option("scenarios", scenarios_,
                   "Paths to .toml files, or names of shipped scenarios (chat)")
      ->required()
      ->type_name("SCENARIO")
      ->group("What to check");
  add_overrides(*command_, overrides_);
  add_seed(*command_, seed_, "Unrolls the scenario into its schedule");
  add_json(*command_, json_, "What each comes to, or what is wrong with it, as JSON");
}

/// Errors name the scenario.
Result<harness::Schedule> Validate::unroll(const std::string& name) const {
  const auto scenario = harness::load_scenario(name, scenario_folder(), overrides_);
  if (!scenario) return tl::unexpected(scenario.error());
  auto plan = harness::plan_run(*scenario, seed_, headers_folder());
  if (plan) return std::move(plan->schedule);
  const Error& error = plan.error();
  if (error.where.find(name) != std::string::npos) return tl::unexpected(error);
  return failure(name, error.line());
}

int Validate::run() {
  const Output output(*command_);
  ExitCode code = kGood;
  auto list = nlohmann::ordered_json::array();
  for (const std::string& name : scenarios_) {
    const auto schedule = unroll(name);
    if (!schedule) {
      output.error(schedule.error().line());  // which begins with the place, as editors read it
      code = kWrongUsage;
      list.push_back(nlohmann::ordered_json{
          {"scenario", name}, {"good", false}, {"problem", schedule.error().line()}});
    } else if (json_) {
      list.push_back(json_of(name, *schedule));
    } else {
      output.data(fmt::format("{}: good; {}\n", name, summary(*schedule)));
    }
  }
  if (json_) output.data(list.dump(2) + "\n");
  return code;
}

}  // namespace pushbench::cli
