#include "report/row_names.h"

#include <fmt/format.h>

#include "report/cost.h"

namespace pushbench::report {

std::string RowNames::heading(const std::optional<harness::TargetResult>& target,
                              std::size_t indent) {
  if (!target || target->name == last_) return "";
  last_ = target->name;
  return std::string(indent, ' ') + target_words(*target) + "\n";
}

std::string RowNames::name(const std::optional<harness::TargetResult>& target,
                           std::string_view transport) {
  return fmt::format("{}{}", target ? " " : "", transport);
}

std::vector<std::string> unmeasured_targets(const harness::RunResult& result) {
  std::vector<std::string> names;
  for (const harness::TransportResult& column : result.transports) {
    if (!column.target || !lacks_cost(column)) continue;
    if (names.empty() || names.back() != column.target->name) names.push_back(column.target->name);
  }
  return names;
}

std::string target_words(const harness::TargetResult& target) {
  const std::string dialect =
      target.dialect == target.name ? "" : fmt::format(" ({})", target.dialect);
  return fmt::format("{}{}, at {}", target.name, dialect, target.url);
}

}  // namespace pushbench::report
