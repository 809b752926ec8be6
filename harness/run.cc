#include "harness/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <utility>

#include "harness/floor.h"
#include "harness/limits.h"
#include "harness/needs.h"
#include "harness/target_ports.h"
#include "harness/transport_rules.h"
#include "harness/transports.h"
#include "harness/units.h"
#include "harness/validity.h"
#include "net/cores.h"
#include "net/process_tree.h"
#include "net/random.h"
#include "servers/server.h"

namespace pushbench::harness {

namespace {

constexpr std::size_t kMostThreads = 16;

std::vector<std::string> server_command(const RunPlan& plan) {
  std::vector<std::string> command = serve_command(plan.server_binary);
  command.insert(command.end(), {"--retain", std::to_string(plan.scenario.retain)});
  if (plan.scenario.tls) command.emplace_back("--tls-self-signed");
  if (plan.scenario.clients.compression) command.emplace_back("--compression");
  if (plan.scenario.batch_window > net::Duration::zero()) {
    command.insert(command.end(), {"--batch-window", format_duration(plan.scenario.batch_window)});
  }
  const auto raise = [&command](const char* flag, std::uint64_t usual, std::uint64_t needed) {
    if (needed > usual) command.insert(command.end(), {flag, std::to_string(needed)});
  };
  const servers::ServerOptions usual;
  const std::uint64_t users = plan.schedule.users();
  raise("--max-rooms", usual.store.max_rooms, plan.schedule.rooms);
  raise("--max-subscribers", usual.max_subscribers, users);
  raise("--max-connections", usual.max_connections, 2 * users);  // each may publish on a second
  const std::uint32_t text = plan.schedule.largest_text();
  if (text > wire::DraftLimits{}.text) {
    const std::string draft = std::to_string(text + 1024);  // with its JSON around it
    for (const char* flag : {"--max-text", "--max-body", "--max-message"}) {
      command.insert(command.end(), {flag, draft});
    }
  }
  return command;
}

/// The links by Schedule::user_groups: those of the groups, then the scenario's own.
std::vector<LinkResult> links_of(const Scenario& scenario) {
  std::vector<LinkResult> links;
  const auto add = [&](const std::string& group, const LinkSettings& link) {
    LinkResult& added = links.emplace_back();
    added = {group, link.profile, format_duration(link.cut_every), {}};
    for (const net::Duration at : link.cut_at) added.cut_at.push_back(format_duration(at));
  };
  for (const UserGroup& group : scenario.groups) add(group.name, group.link);
  add("", scenario.link);
  return links;
}

/// The target of a column; null: it is our own server's.
const Target* target_of(const RunPlan& plan, const TransportResult& column) {
  if (!column.target) return nullptr;
  const auto found =
      std::find_if(plan.targets.begin(), plan.targets.end(),
                   [&](const Target& target) { return target.name == column.target->name; });
  return found == plan.targets.end() ? nullptr : &*found;
}

std::string fresh_prefix() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  std::array<std::uint8_t, 2> drawn{};
  net::Random::operating_system(drawn);
  return room_prefix(static_cast<std::uint64_t>(ms), std::bit_cast<std::uint16_t>(drawn));
}

/// What is not the scenario's: where the load goes.
void aim(const Target& target, LoadPlan& load) {
  load.dialect = target.dialect;
  load.clients.path = target.path;
  load.room_prefix = fresh_prefix();
  if (!can_come_from_many(target)) load.sources = 0;
}

LoadPlan load_plan(const RunPlan& plan, const std::string& transport, const Target* target) {
  LoadPlan load;
  load.transports = {transport};
  load.clients = plan.scenario.clients;
  const bool at_once = plan.scenario.presence == Presence::at_once;
  load.join_time = at_once ? net::Duration::zero() : plan.scenario.join_time;
  load.warmup = plan.scenario.warmup;
  load.drain = plan.scenario.drain;
  load.headers = plan.headers;
  for (const LinkResult& link : links_of(plan.scenario)) load.links.push_back(link.profile);
  // No answer is late for what its link takes.
  load.clients.answer += load.longest_set_up();
  load.clients.set_up += load.longest_set_up();
  load.clients.overdue += load.longest_set_up();
  const Needs needs = needs_of(plan.scenario, plan.schedule, {transport}, plan.threads,
                               target == nullptr ? clients::kOwnDialect : target->dialect);
  load.sources = sources_for(needs.ports, resources().ports);
  load.threads = plan.threads;
  if (target != nullptr) aim(*target, load);
  return load;
}

Theory forecast_of(const RunPlan& plan, const std::string& transport, const Target* target) {
  Theory theory = forecast(transport, plan.scenario, plan.schedule, plan.headers);
  return target == nullptr ? theory : of_target(std::move(theory), transport, target->dialect);
}

/// What the result shows of a transport, byte by byte: about a second, or as long as a message may
/// take to a user that polls.
std::optional<WireStretch> stretch_of(const RunPlan& plan, const LoadPlan& load) {
  net::Duration wait = load.longest_set_up();
  const auto any_polls = [](const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(),
                       [](const auto& name) { return rules_of(name) == Rules::polling; });
  };
  if (any_polls(plan.transports) ||
      std::any_of(plan.targets.begin(), plan.targets.end(),
                  [&](const Target& target) { return any_polls(target.transports); })) {
    wait += load.clients.interval;
  }
  constexpr std::chrono::milliseconds kBeforeAndAfter{100};
  return choose_stretch(plan.schedule,
                        std::max<net::Duration>(std::chrono::seconds(1), wait + kBeforeAndAfter));
}

}  // namespace

RunResult begin_result(const RunPlan& plan) {
  const Scenario& scenario = plan.scenario;
  RunResult result;
  result.context = this_context(plan.build);
  result.scenario = scenario.name;
  result.purpose = scenario.purpose;
  result.seed = plan.seed;
  result.tls = scenario.tls;
  result.schedule_hash = plan.schedule.hash();
  result.links = links_of(scenario);
  if (scenario.traffic == TrafficKind::trace) result.speedup = scenario.speedup;
  result.headers = plan.headers.name;
  result.cookie = scenario.cookie;
  result.close_each = scenario.clients.close_each;
  result.batch_window = format_duration(scenario.batch_window);
  result.threads = std::min(plan.threads, plan.schedule.users());
  if (plan.pin) result.cores = net::assign_cores(net::allowed_cores(), plan.threads);
  result.overrides = plan.overrides;
  for (const std::string& name : plan.transports) {
    result.transports.push_back({name, options_of(name, scenario), {}});
  }
  for (const Target& target : plan.targets) {
    for (const std::string& name : target.transports) {
      TransportResult& column = result.transports.emplace_back();
      column.name = column_name(target, name);
      column.options = options_of(name, scenario, target.dialect);
      column.target = TargetResult{target.name, target.dialect, target.url,
                                   net::ProcessTree(target.processes).cores()};
    }
  }
  return result;
}

bool goes_on(RunListener& listener, RunResult& result) {
  if (!listener.interrupted()) return true;
  result.outcome = Outcome::interrupted;
  result.problem = "interrupted";
  return false;
}

bool measure_floor(const RunPlan& plan, RunListener& listener, RunResult& result) {
  if (!plan.floor) return goes_on(listener, result);
  listener.on_floor_start();
  result.floor = FloorRun(load_plan(plan, "", nullptr), plan.schedule, listener).run();
  return goes_on(listener, result);
}

bool repeat(const RunPlan& plan, RunListener& listener, net::Time run_start, RunResult& result,
            TransportResult& transport) {
  const std::string name(transport.transport());
  const Target* const target = target_of(plan, transport);
  RepetitionPlan repetition_plan{server_command(plan), load_plan(plan, name, target), result.cores,
                                 run_start, target};
  const bool first = transport.repetitions.empty();
  if (first) repetition_plan.load.watched = stretch_of(plan, repetition_plan.load);
  RepetitionRun run(repetition_plan, plan.schedule, listener);
  Repetition repetition = run.run();
  if (first) transport.wire = run.wire();
  // All repetitions share the schedule.
  repetition.theory =
      first ? forecast_of(plan, name, target) : transport.repetitions.front().theory;
  const bool always = plan.schedule.stays.empty();
  repetition.invalid = faults(repetition, {always ? plan.schedule.users() : repetition.users_asked,
                                           !plan.schedule.cuts.empty(), target == nullptr});
  result.outcome = run.outcome();
  if (result.outcome == Outcome::interrupted) {
    result.problem = "interrupted";
    repetition.invalid = {result.problem};  // what else is wrong with it comes of that
  } else if (result.outcome == Outcome::broke) {
    result.problem = (target == nullptr ? "" : transport.name + ": ") + run.problem();
    repetition.invalid.insert(repetition.invalid.begin(), result.problem);
  }
  transport.repetitions.push_back(std::move(repetition));
  return result.outcome == Outcome::complete;
}

void judge_limits(const RunPlan& plan, RunResult& result) {
  for (const TransportResult& transport : result.transports) {
    for (std::string& failed : failed_limits(plan.scenario.limits, transport)) {
      result.failed_limits.push_back(std::move(failed));
    }
  }
}

namespace {

/// The names of the shipped header profiles, in order.
std::vector<std::string> profiles_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".txt") names.push_back(entry->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

tl::unexpected<Error> no_profile(const Scenario& scenario, const std::string& folder) {
  const std::vector<std::string> names = profiles_in(folder);
  return failure(
      scenario.headers_place,
      fmt::format("http.headers: \"{}\": there is no such profile, nor a file of that "
                  "name, whose path counts from the scenario's folder{} There are: {}",
                  scenario.headers, suggestion(scenario.headers, {names.begin(), names.end()}),
                  fmt::join(names, ", ")));
}

/// A room may fall silent, but a run's last tenth and more without a word is a trace that is too
/// short: rates would be of another room.
Result<void> check_length(const Scenario& scenario, const std::vector<TraceEvent>& trace) {
  const double end = trace.empty() ? 0 : static_cast<double>(trace.back().time_ms) / 1000;
  const double left = std::max(0.0, end - net::seconds(scenario.trace_from)) / scenario.speedup;
  if (left >= 0.9 * net::seconds(scenario.duration)) return {};
  const net::Duration rest(static_cast<net::Duration::rep>(std::floor(left * 10)) * 100'000'000);
  return failure("traffic.duration",
                 fmt::format("{} is longer than the trace, which ends after {} (from traffic.from "
                             "{} on, at {:g} times its speed); take that at most, or a lower "
                             "traffic.speedup",
                             format_duration(scenario.duration), format_duration(rest),
                             format_duration(scenario.trace_from), scenario.speedup));
}

}  // namespace

std::size_t usual_threads(std::size_t cores) {
  return std::clamp<std::size_t>(cores, 2, kMostThreads + 1) - 1;
}

Result<clients::RequestHeaders> read_headers(const Scenario& scenario, const std::string& folder) {
  namespace fs = std::filesystem;
  clients::RequestHeaders usual;
  if (scenario.headers == usual.name && scenario.cookie == 0) return usual;
  fs::path file = fs::path(folder) / (scenario.headers + ".txt");
  if (!fs::exists(file)) file = fs::path(scenario.folder) / scenario.headers;
  if (!fs::exists(file)) return no_profile(scenario, folder);
  return clients::read_request_headers(file.string(), static_cast<std::size_t>(scenario.cookie));
}

Result<Grounds> read_grounds(const Scenario& scenario, const std::string& headers_folder) {
  Grounds grounds;
  auto headers = read_headers(scenario, headers_folder);
  if (!headers) return tl::unexpected(headers.error());
  grounds.headers = std::move(*headers);
  if (scenario.traffic != TrafficKind::trace) return grounds;
  const std::filesystem::path file = std::filesystem::path(scenario.folder) / scenario.trace;
  if (!std::filesystem::exists(file)) {
    return failure(
        scenario.trace_place,
        fmt::format("traffic.trace: \"{}\": there is no such trace; its path counts from "
                    "the scenario's folder",
                    scenario.trace));
  }
  auto trace = read_trace(file.string());
  if (!trace) return tl::unexpected(trace.error());
  if (auto lasts = check_length(scenario, *trace); !lasts) return tl::unexpected(lasts.error());
  grounds.trace = std::move(*trace);
  return grounds;
}

Result<RunPlan> plan_run(const Scenario& scenario, std::uint64_t seed,
                         const std::string& headers_folder) {
  auto grounds = read_grounds(scenario, headers_folder);
  if (!grounds) return tl::unexpected(grounds.error());
  auto schedule = unroll(scenario, grounds->trace, seed);
  if (!schedule) return tl::unexpected(schedule.error());
  RunPlan plan;
  plan.scenario = scenario;
  plan.schedule = std::move(*schedule);
  plan.seed = seed;
  plan.headers = std::move(grounds->headers);
  plan.threads = scenario.threads > 0 ? static_cast<std::size_t>(scenario.threads)
                                      : usual_threads(net::allowed_cores().size());
  return plan;
}

net::Duration planned_time(const RunPlan& plan) {
  net::Duration once{};
  const auto add = [&](const std::vector<std::string>& transports, const Target* target) {
    for (const std::string& name : transports) {
      const LoadPlan load = load_plan(plan, name, target);
      once += load.join_time + load.warmup + plan.schedule.duration;
      if (rules_of(name) == Rules::polling) once += load.clients.interval;
    }
  };
  add(plan.transports, nullptr);
  for (const Target& target : plan.targets) add(target.transports, &target);
  const net::Duration floor = plan.floor ? floor_time(plan.schedule) : net::Duration::zero();
  return floor + once * static_cast<std::int64_t>(plan.scenario.repeat);
}

Result<void> check_limits(const RunPlan& plan) {
  const Resources available = resources();
  const Needs needs = needs_of(plan);
  if (auto fits = ensure(needs, available); !fits) return fits;
  for (const Target& target : plan.targets) {
    if (auto fits = ensure_ports(target, needs.ports, available.ports); !fits) return fits;
  }
  return {};
}

Needs needs_of(const RunPlan& plan) {
  const auto of = [&](const std::vector<std::string>& transports, std::string_view dialect) {
    return needs_of(plan.scenario, plan.schedule, transports, plan.threads, dialect);
  };
  Needs most = of(plan.transports, clients::kOwnDialect);
  for (const Target& target : plan.targets) {
    const Needs needs = of(target.transports, target.dialect);
    most = {std::max(most.files, needs.files), std::max(most.ports, needs.ports),
            std::max(most.memory, needs.memory)};
  }
  return most;
}

std::size_t RunPlan::columns() const {
  std::size_t count = transports.size();
  for (const Target& target : targets) count += target.transports.size();
  return count;
}

RunResult run(const RunPlan& plan, RunListener& listener) {
  const net::Time start = net::now();
  RunResult result = begin_result(plan);
  if (!measure_floor(plan, listener, result)) return result;
  for (std::uint64_t number = 1; number <= plan.scenario.repeat; ++number) {
    for (TransportResult& transport : result.transports) {
      listener.on_repetition_start(transport.name, number);
      if (!repeat(plan, listener, start, result, transport)) return result;
      const bool last = number == plan.scenario.repeat && &transport == &result.transports.back();
      if (!last && !goes_on(listener, result)) return result;
    }
  }
  judge_limits(plan, result);
  return result;
}

}  // namespace pushbench::harness
