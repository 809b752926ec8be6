#include "harness/value_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pushbench::harness {

namespace {

using std::chrono::duration_cast;

/// More users take longer to join, so that the rush of joining is not what fails.
constexpr double kJoinsPerSecond = 2'000;
/// What a run needs at least to say something about a mean.
constexpr double kMessages = 200;
constexpr double kIntervals = 5;
constexpr std::chrono::seconds kShortest{2};

net::Duration duration_of(double seconds) {
  return duration_cast<net::Duration>(std::chrono::duration<double>(seconds));
}

void give_time_to_join(Scenario& scenario) {
  if (scenario.presence == Presence::at_once) return;
  scenario.join_time = std::max(scenario.join_time,
                                duration_of(static_cast<double>(scenario.users) / kJoinsPerSecond));
}

/// As long as it takes to see enough messages and, where somebody polls, enough intervals. A trace
/// is only shortened: past its end there is nothing.
net::Duration fitting_length(const Scenario& scenario, const Schedule& schedule, bool polls) {
  const double span = net::seconds(schedule.duration);
  const double rate = static_cast<double>(schedule.says.size()) / span;
  net::Duration length = std::max<net::Duration>(kShortest, duration_of(kMessages / rate));
  if (polls)
    length = std::max(length, duration_of(kIntervals * net::seconds(scenario.clients.interval)));
  return scenario.traffic == TrafficKind::trace ? std::min(length, scenario.duration) : length;
}

}  // namespace

Result<Scenario> ValueRunner::scenario(double value) const {
  const NamedKey& key = settings_.key.key();
  auto scenario = with_value(settings_.scenario, key, settings_.key.text(value));
  if (!scenario) return scenario;
  scenario->repeat = settings_.repeat;
  if (key.name == "users.count") give_time_to_join(*scenario);
  return scenario;
}

Result<RunPlan> ValueRunner::plan(const std::vector<std::string>& transports, double value) const {
  auto scenario = this->scenario(value);
  if (!scenario) return tl::unexpected(scenario.error());
  auto plan = plan_run(*scenario, settings_.seed, settings_.headers_folder);
  if (!plan) return plan;
  const bool polls = std::find(transports.begin(), transports.end(), "polling") != transports.end();
  if (settings_.fit_length) {
    scenario->duration = fitting_length(*scenario, plan->schedule, polls);
    if (auto fits = check(*scenario); !fits) return tl::unexpected(fits.error());
    plan = plan_run(*scenario, settings_.seed, settings_.headers_folder);
    if (!plan) return plan;
  }
  plan->transports = transports;
  plan->overrides = settings_.overrides;
  plan->overrides.push_back(fmt::format("{}={}", settings_.key.name(), settings_.key.text(value)));
  plan->server_binary = settings_.server_binary;
  plan->floor = !floor_;  // once is enough
  return plan;
}

Result<RunResult> ValueRunner::run(const std::vector<std::string>& transports, double value,
                                   std::uint64_t attempt) {
  if (listener_.interrupted()) {
    RunResult none;
    none.outcome = Outcome::interrupted;
    return none;
  }
  const auto plan = this->plan(transports, value);
  if (!plan) return tl::unexpected(plan.error());
  if (auto limits = check_limits(*plan); !limits) return tl::unexpected(limits.error());
  listener_.on_value(settings_.key.name(), settings_.key.text(value), attempt);
  RunResult result = harness::run(*plan, listener_);
  if (result.floor) floor_ = std::move(result.floor);
  return result;
}

}  // namespace pushbench::harness
