#include "harness/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace pushbench::harness {

namespace {

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

Result<SweepSpec> parse_sweep(std::string_view text) {
  constexpr std::string_view kExample =
      "write key=value,value, as in transport.polling.interval=100ms,1s,5s";
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return failure(std::string(text), std::string(kExample));
  }
  const auto key = parse_varied_key(text.substr(0, equals));
  if (!key) return tl::unexpected(key.error());
  SweepSpec spec{*key, split(text.substr(equals + 1), ',')};
  if (spec.values.size() < 2) {
    return failure(std::string(text), "one value is no sweep; " + std::string(kExample));
  }
  for (std::size_t i = 0; i < spec.values.size(); ++i) {
    if (spec.values[i].empty()) return failure(std::string(text), "a value is missing");
    const auto first = std::find(spec.values.begin(), spec.values.end(), spec.values[i]);
    if (first != spec.values.begin() + static_cast<std::ptrdiff_t>(i)) {
      return failure(std::string(text), fmt::format("{} is there twice", spec.values[i]));
    }
  }
  return spec;
}

Result<std::vector<RunPlan>> plan_sweep(const Scenario& scenario, const SweepSpec& spec,
                                        std::uint64_t seed, const std::string& headers_folder) {
  std::vector<RunPlan> plans;
  for (const std::string& value : spec.values) {
    const auto changed = with_value(scenario, spec.key, value);
    if (!changed) return tl::unexpected(changed.error());
    auto plan = plan_run(*changed, seed, headers_folder);
    if (!plan) return failure(fmt::format("{}={}", spec.key.name, value), plan.error().line());
    plans.push_back(std::move(*plan));
  }
  return plans;
}

Result<void> check_concerned(const NamedKey& key, const RunPlan& plan) {
  std::vector<std::string> columns;
  for (const std::string& transport : plan.transports) {
    if (concerns(key, transport)) return {};
    columns.push_back(transport);
  }
  for (const Target& target : plan.targets) {
    for (const std::string& transport : target.transports) {
      if (concerns(key, transport, target.dialect)) return {};
      columns.push_back(column_name(target, transport));
    }
  }
  return failure(key.name,
                 fmt::format("says nothing to {}; {}", fmt::join(columns, ", "),
                             is_of_own_server(key) ? "it is our own server's: measure that as well"
                                                   : "name its transport"));
}

std::string step_folder(std::string_view value) {
  std::string name(value);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool plain = std::isalnum(c) != 0 || c == '_' || c == '-' || (c == '.' && i > 0);
    if (!plain) name[i] = '-';
  }
  return name;
}

bool SweepResult::valid() const {
  return outcome == Outcome::complete &&
         std::all_of(steps.begin(), steps.end(),
                     [](const SweepStep& step) { return step.result.valid(); });
}

SweepResult run_sweep(const SweepSpec& spec, const std::vector<RunPlan>& plans,
                      SweepListener& listener) {
  SweepResult sweep;
  sweep.spec = spec;
  for (std::size_t i = 0; i < plans.size() && sweep.outcome == Outcome::complete; ++i) {
    if (listener.interrupted()) {
      sweep.outcome = Outcome::interrupted;
      break;
    }
    listener.on_value(spec.key.name, spec.values[i], 1);
    sweep.steps.push_back({spec.values[i], run(plans[i], listener)});
    sweep.outcome = sweep.steps.back().result.outcome;
    sweep.problem = sweep.steps.back().result.problem;
    if (auto kept = listener.on_step(sweep.steps.back()); !kept) {
      sweep.outcome = Outcome::broke;
      sweep.problem = kept.error().line();
    }
  }
  return sweep;
}

}  // namespace pushbench::harness
