#include "harness/run.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "clients/registry.h"
#include "harness/transports.h"
#include "harness/units.h"
#include "harness/validity.h"
#include "net/limits.h"

namespace pushbench::harness {

namespace {

constexpr std::uint64_t kOwnFiles = 64;

std::vector<std::string> server_command(const RunPlan& plan) {
  std::vector<std::string> command = serve_command(plan.server_binary);
  command.insert(command.end(), {"--retain", std::to_string(plan.scenario.retain)});
  if (plan.scenario.tls) command.emplace_back("--tls-self-signed");
  if (plan.scenario.clients.compression) command.emplace_back("--compression");
  const std::uint32_t text = plan.schedule.largest_text();
  if (text > wire::DraftLimits{}.text) {
    const std::string draft = std::to_string(text + 1024);  // with its JSON around it
    for (const char* flag : {"--max-text", "--max-body", "--max-message"}) {
      command.insert(command.end(), {flag, draft});
    }
  }
  return command;
}

/// A profile's name is a file of headers/, beside the scenario or in the folder above it; all else
/// is a path that counts from the scenario.
std::string headers_file(const Scenario& scenario) {
  namespace fs = std::filesystem;
  const fs::path folder(scenario.folder);
  if (scenario.headers.find_first_of("./") != std::string::npos) {
    return (folder / scenario.headers).lexically_normal().string();
  }
  const fs::path name = fs::path("headers") / (scenario.headers + ".txt");
  return (fs::exists(folder / name) ? folder / name : folder / ".." / name)
      .lexically_normal()
      .string();
}

Result<clients::RequestHeaders> headers_of(const Scenario& scenario) {
  if (scenario.headers == "minimal" && scenario.cookie == 0) return clients::RequestHeaders{};
  return clients::read_request_headers(headers_file(scenario), scenario.cookie);
}

}  // namespace

Result<RunPlan> plan_run(const Scenario& scenario, std::uint64_t seed) {
  std::vector<TraceEvent> trace;
  if (scenario.traffic == TrafficKind::trace) {
    auto read = read_trace((std::filesystem::path(scenario.folder) / scenario.trace).string());
    if (!read) return tl::unexpected(read.error());
    trace = std::move(*read);
  }
  auto headers = headers_of(scenario);
  if (!headers) return tl::unexpected(headers.error());
  auto schedule = unroll(scenario, trace, seed);
  if (!schedule) return tl::unexpected(schedule.error());
  RunPlan plan;
  plan.scenario = scenario;
  plan.schedule = std::move(*schedule);
  plan.seed = seed;
  plan.headers = std::move(*headers);
  return plan;
}

Result<void> check_limits(const RunPlan& plan) {
  const bool post =
      std::any_of(plan.transports.begin(), plan.transports.end(), clients::publishes_by_post);
  const std::uint64_t second = post ? plan.schedule.publishers() : 0;
  return net::ensure_file_limit(plan.schedule.users() + second + kOwnFiles);
}

RunResult run(const RunPlan& plan, RunListener& listener) {
  RunResult result;
  result.scenario = plan.scenario.name;
  result.purpose = plan.scenario.purpose;
  result.seed = plan.seed;
  result.tls = plan.scenario.tls;
  result.cut_every = format_duration(plan.scenario.link.cut_every);
  if (plan.scenario.traffic == TrafficKind::trace) result.speedup = plan.scenario.speedup;
  result.overrides = plan.overrides;
  for (const std::string& name : plan.transports) {
    result.transports.push_back({name, options_of(name, plan.scenario), {}});
  }
  for (std::uint64_t number = 1; number <= plan.scenario.repeat; ++number) {
    for (TransportResult& transport : result.transports) {
      listener.on_repetition_start(transport.name, number);
      const RepetitionPlan repetition_plan{server_command(plan),
                                           {{transport.name},
                                            plan.scenario.clients,
                                            plan.scenario.join_time,
                                            plan.scenario.warmup,
                                            plan.scenario.drain,
                                            plan.headers}};
      RepetitionRun repetition_run(repetition_plan, plan.schedule, listener);
      Repetition repetition = repetition_run.run();
      repetition.theory = transport.repetitions.empty()
                              ? forecast(transport.name, plan.scenario, plan.schedule, plan.headers)
                              : transport.repetitions.front().theory;
      repetition.invalid = faults(repetition, {plan.schedule.users(), !plan.schedule.cuts.empty()});
      result.outcome = repetition_run.outcome();
      if (result.outcome != Outcome::complete) {
        result.problem = repetition_run.problem();
        repetition.invalid.insert(repetition.invalid.begin(), result.outcome == Outcome::interrupted
                                                                  ? "interrupted"
                                                                  : result.problem);
      }
      transport.repetitions.push_back(std::move(repetition));
      if (result.outcome != Outcome::complete) return result;
    }
  }
  return result;
}

}  // namespace pushbench::harness
