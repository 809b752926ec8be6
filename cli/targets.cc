#include "cli/targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/tree.h"
#include "clients/registry.h"
#include "harness/scenario.h"
#include "net/process_tree.h"
#include "report/invalid.h"
#include "wire/number.h"

namespace pushbench::cli {

using harness::Target;

namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";
constexpr std::size_t kLongestName = 20;  // so that tables stay within a terminal's columns
constexpr const char* kTarget = "--target";
constexpr const char* kProcess = "--target-pid";

bool holds(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

tl::unexpected<Error> wrong(const std::string& flag, std::string_view given, std::string what) {
  return failure(fmt::format("{} {}", flag, given), std::move(what));
}

/// What is wrong with a target's name; empty: nothing.
std::string fault_of_name(std::string_view name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  if (name.empty() || name.size() > kLongestName ||
      name.find_first_not_of(kLetters) != std::string_view::npos) {
    return fmt::format("\"{}\" is no name for a target; write 1 to {} of a-z, 0-9 and -", name,
                       kLongestName);
  }
  if (name == clients::kOwnDialect) {
    return fmt::format("{0} is our own server's name; write another one, as in other:{0}=URL",
                       name);
  }
  if (holds(clients::transport_names(), name)) {
    return fmt::format("{0} is a transport's name; write another one, as in my-{0}", name);
  }
  return "";
}

/// "127.0.0.1:8090", "[::1]:8090", "chat.example"; what is behind it, if that is more than a "/".
struct Authority {
  std::string host;
  std::optional<std::string_view> port;
  std::string_view rest;
};

Authority authority_of(std::string_view url) {
  const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
  Authority authority;
  authority.rest = url.substr(end);
  url = url.substr(0, end);
  const std::size_t bracket = url.starts_with('[') ? url.find(']') : std::string_view::npos;
  const std::size_t colon = url.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = url.substr(0, colon);
  authority.host = bracket == std::string_view::npos ? host : host.substr(1, bracket - 1);
  if (colon != std::string_view::npos) authority.port = url.substr(colon + 1);
  return authority;
}

/// What stands behind the host and port.
Result<void> take_path(std::string_view path, Target& target) {
  const bool is_none = path.empty() || path == "/";
  const auto is_visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (path.find_first_of("?#") != std::string_view::npos ||
      !std::all_of(path.begin(), path.end(), is_visible)) {
    return failure("", fmt::format("\"{}\" is no path; write one without blanks, ? and #", path));
  }
  if (!is_none && target.dialect == clients::kOwnDialect) {
    return failure("", fmt::format("a server of the dialect {} has its rooms at /rooms; leave "
                                   "\"{}\" out",
                                   target.dialect, path));
  }
  if (!is_none) target.path = path;
  return {};
}

/// Reads where a target is into it; the error is without a place.
Result<void> take_url(std::string_view url, Target& target) {
  constexpr const char* kRight = "write http://HOST:PORT or https://HOST:PORT";
  target.secure = url.starts_with(kHttps);
  if (!target.secure && !url.starts_with(kHttp)) {
    return failure("", fmt::format("\"{}\" is no address of a server; {}", url, kRight));
  }
  const std::string_view behind = url.substr(target.secure ? kHttps.size() : kHttp.size());
  if (behind.substr(0, behind.find_first_of("/?#")).find('@') != std::string_view::npos) {
    return failure("", fmt::format("pushbench sends no user and password; {}", kRight));
  }
  const Authority authority = authority_of(behind);
  if (auto path = take_path(authority.rest, target); !path) return path;
  std::uint16_t port = target.secure ? 443 : 80;
  const bool has_port = authority.port.has_value();
  if (authority.host.empty() ||
      (has_port && (!wire::read_number(*authority.port, port) || port == 0))) {
    return failure("", fmt::format("\"{}\" names no host and port; {}, with a port from 1 to 65535",
                                   url, kRight));
  }
  auto addresses = net::Address::look_up(authority.host, port);
  if (!addresses) return failure("", addresses.error().line());
  target.addresses = std::move(*addresses);
  target.host = authority.host;
  target.url = url.substr(0, url.size() - (target.path.empty() ? authority.rest.size() : 0));
  return {};
}

/// "NAME=URL" or "NAME:DIALECT=URL"; all that the target's dialect has is measured.
Result<Target> parse_target(const std::string& text) {
  const std::string_view all = text;
  const std::size_t equals = all.find('=');
  if (equals == std::string_view::npos) {
    return wrong(kTarget, text,
                 "write NAME=URL or NAME:DIALECT=URL, as in nchan=http://127.0.0.1:8090");
  }
  const std::string_view named = all.substr(0, equals);
  const std::size_t colon = named.find(':');
  Target target;
  target.name = named.substr(0, colon);
  target.dialect = colon == std::string_view::npos ? target.name : named.substr(colon + 1);
  if (std::string fault = fault_of_name(target.name); !fault.empty()) {
    return wrong(kTarget, text, std::move(fault));
  }
  const auto dialects = clients::dialect_names();
  if (!holds(dialects, target.dialect)) {
    const std::string advice = colon == std::string_view::npos
                                   ? fmt::format("; write {}:DIALECT=URL", target.name)
                                   : harness::suggestion(target.dialect, dialects);
    return wrong(
        kTarget, text,
        fmt::format("there is no dialect {}{}{} There are: {}", target.dialect, advice,
                    colon == std::string_view::npos ? "." : "", fmt::join(dialects, ", ")));
  }
  if (auto taken = take_url(all.substr(equals + 1), target); !taken) {
    return wrong(kTarget, fmt::format("{}=URL", named), taken.error().what);
  }
  for (const std::string_view name : clients::transport_names(target.dialect)) {
    target.transports.emplace_back(name);
  }
  return target;
}

std::string names_of(const std::vector<Target>& targets) {
  std::vector<std::string> names;
  for (const Target& target : targets) names.push_back(target.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

/// "8612,8613"
Result<std::vector<int>> parse_processes(const std::string& flag, std::string_view list) {
  std::vector<int> processes;
  while (true) {
    const std::size_t comma = std::min(list.find(','), list.size());
    int pid = 0;
    if (!wire::read_number(list.substr(0, comma), pid) || pid <= 0) {
      return wrong(kProcess, flag,
                   fmt::format("\"{}\" is no process; write NAME=PID or NAME=PID,PID",
                               list.substr(0, comma)));
    }
    processes.push_back(pid);
    if (comma == list.size()) return processes;
    list.remove_prefix(comma + 1);
  }
}

/// Whether --transport asks for a column.
bool asks_for(const std::vector<std::string>& asked, std::string_view transport,
              std::string_view column) {
  return asked.empty() || std::any_of(asked.begin(), asked.end(), [&](const std::string& name) {
           return name == transport || name == column;
         });
}

/// A transport of any server, or a column of a target.
Result<void> check_asked(const std::string& name, const std::vector<Target>& targets) {
  std::vector<std::string_view> known = clients::transport_names();
  if (holds(known, name)) return {};
  std::vector<std::string> columns;
  for (const Target& target : targets) {
    for (const std::string& transport : target.transports) {
      if (name == transport || name == harness::column_name(target, transport)) return {};
      columns.push_back(harness::column_name(target, transport));
    }
  }
  known.insert(known.end(), columns.begin(), columns.end());
  return wrong("--transport", name,
               fmt::format("there is no such transport{} There are: {}",
                           harness::suggestion(name, known), fmt::join(known, ", ")));
}

/// Whether a scenario that goes to targets is like that.
bool any_with_targets(std::span<const harness::RunPlan> plans,
                      bool (*is_so)(const harness::Scenario&)) {
  return std::any_of(plans.begin(), plans.end(), [is_so](const harness::RunPlan& plan) {
    return !plan.targets.empty() && is_so(plan.scenario);
  });
}

/// Leaves a target the columns that --transport asks for.
Result<void> keep_asked(const std::vector<std::string>& asked, Target& target) {
  const std::vector<std::string> all = target.transports;
  std::erase_if(target.transports, [&](const std::string& name) {
    return !asks_for(asked, name, harness::column_name(target, name));
  });
  if (!target.transports.empty()) return {};
  return wrong(
      "--transport", fmt::format("{}", fmt::join(asked, ",")),
      fmt::format("asks for nothing of {}, which has {}", target.name, fmt::join(all, ", ")));
}

/// Either all connections of a run are encrypted or none is: else the columns do not compare.
Result<void> check_tls(const Target& target, bool tls) {
  if (target.secure == tls) return {};
  return wrong(kTarget, fmt::format("{}={}", target.name, target.url),
               tls ? "the scenario encrypts every connection; give an https address, or --set "
                     "tls=false"
                   : "the scenario encrypts no connection; give an http address, or --set "
                     "tls=true");
}

}  // namespace

CLI::Option* TargetOptions::add(CLI::App& command, const std::string& flag,
                                std::vector<std::string>& into, const std::string& meaning) {
  return command.add_option(flag, into, meaning)->expected(1)->take_all()->group(kWhatToRun);
}

void TargetOptions::add_to(CLI::App& command) {
  add(command, kTarget, targets_,
      fmt::format("Also a server that runs already, as NAME=URL or NAME:DIALECT=URL; dialects: {}",
                  fmt::join(clients::dialect_names(), ", ")))
      ->type_name("NAME=URL");
  add(command, kProcess, processes_,
      "A target's processes, as NAME=PID,PID: their CPU and memory count as its own")
      ->type_name("NAME=PID");
  command.add_flag("--only-targets", only_, "Leave our own server out")->group(kWhatToRun);
}

Result<std::vector<Target>> TargetOptions::targets() const {
  std::vector<Target> targets;
  for (const std::string& text : targets_) {
    auto target = parse_target(text);
    if (!target) return tl::unexpected(target.error());
    const bool twice = std::any_of(targets.begin(), targets.end(),
                                   [&](const Target& other) { return other.name == target->name; });
    if (twice) {
      return wrong(kTarget, text,
                   fmt::format("there are two targets of the name {0}; write another one, as in "
                               "{0}-2:{1}=URL",
                               target->name, target->dialect));
    }
    targets.push_back(std::move(*target));
  }
  if (auto added = add_processes(targets); !added) return tl::unexpected(added.error());
  return targets;
}

Result<void> TargetOptions::add_processes(std::vector<Target>& targets) const {
  for (const std::string& text : processes_) {
    const std::size_t equals = std::min(text.find('='), text.size());
    const auto found = std::find_if(targets.begin(), targets.end(), [&](const Target& target) {
      return equals < text.size() && target.name == text.substr(0, equals);
    });
    if (found == targets.end()) {
      return wrong(kProcess, text,
                   targets.empty() ? "there is no target; give --target NAME=URL as well"
                                   : fmt::format("write NAME=PID, where NAME is a target's: {}",
                                                 names_of(targets)));
    }
    auto processes = parse_processes(text, std::string_view(text).substr(equals + 1));
    if (!processes) return tl::unexpected(processes.error());
    if (auto seen = net::ProcessTree(*processes).begin(); !seen) {
      return wrong(kProcess, text, seen.error().line());
    }
    found->processes.insert(found->processes.end(), processes->begin(), processes->end());
  }
  return {};
}

Result<Columns> TargetOptions::choose(const std::vector<std::string>& asked) const {
  auto targets = this->targets();
  if (!targets) return tl::unexpected(targets.error());
  if (only_ && targets->empty()) {
    return failure("--only-targets", "there is no target; give --target NAME=URL as well");
  }
  for (const std::string& name : asked) {
    if (auto known = check_asked(name, *targets); !known) return tl::unexpected(known.error());
  }
  Columns columns;
  for (const std::string_view name : clients::transport_names()) {
    if (!only_ && asks_for(asked, name, name)) columns.transports.emplace_back(name);
  }
  for (Target& target : *targets) {
    if (auto some = keep_asked(asked, target); !some) return tl::unexpected(some.error());
  }
  columns.targets = std::move(*targets);
  return columns;
}

Result<void> add_columns(const Columns& columns, harness::RunPlan& plan) {
  for (const Target& target : columns.targets) {
    if (auto fits = check_tls(target, plan.scenario.tls); !fits) return fits;
  }
  plan.transports = columns.transports;
  plan.targets = columns.targets;
  return {};
}

std::vector<std::string> notes_on_targets(std::span<const harness::RunPlan> plans) {
  std::vector<std::string> notes;
  if (any_with_targets(plans, [](const auto& s) { return s.batch_window.count() > 0; })) {
    notes.emplace_back("server.batch_window is our own server's: targets gather as they do");
  }
  if (any_with_targets(plans, [](const auto& s) { return s.clients.compression; })) {
    notes.emplace_back("compression is offered to targets too: whether they take it is theirs");
  }
  return notes;
}

void name_faulty_targets(const harness::RunResult& result, const std::string& where) {
  for (const harness::TransportResult& column : result.transports) {
    if (!column.target || column.valid() || result.outcome != harness::Outcome::complete) continue;
    const std::vector<std::string> reasons = report::invalid_reasons(column);
    const std::string more =
        reasons.size() == 1 ? "" : fmt::format(" (and {} more)", reasons.size() - 1);
    complain("run", {where, reasons.front() + more}, kMeasurementInvalid);
  }
}

}  // namespace pushbench::cli
