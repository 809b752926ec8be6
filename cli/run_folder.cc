#include "cli/run_folder.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "cli/files.h"
#include "harness/latency_log.h"
#include "harness/result_json.h"
#include "report/figures_csv.h"
#include "report/html_report.h"
#include "report/markdown.h"

namespace pushbench::cli {

namespace {

struct RunFile {
  const char* name;
  std::string (*text)(const harness::RunResult& result);
};

/// One line a file, in the order in which they are written.
constexpr std::array kFiles{
    RunFile{"result.json", harness::to_json},    RunFile{"latency.hlog", harness::latency_log},
    RunFile{"report.html", report::html_report}, RunFile{"report.md", report::markdown},
    RunFile{"figures.csv", report::figures_csv},
};

}  // namespace

Result<std::string> make_run_folder(const std::string& out, const std::string& name) {
  std::vector<std::string> names;
  for (const RunFile& file : kFiles) names.emplace_back(file.name);
  return make_folder(out, name, names);
}

Result<void> keep_run(const std::string& folder, const harness::RunResult& result) {
  std::optional<Error> first;
  std::vector<std::string_view> kept;
  for (const RunFile& file : kFiles) {
    const auto written = write_file(folder, file.name, file.text(result));
    if (written) kept.emplace_back(file.name);
    if (!written && !first) first = written.error();
  }
  if (!first) return {};
  const std::string rest = kept.empty() ? "nothing was kept, beside what is printed"
                                        : fmt::format("kept: {}", fmt::join(kept, ", "));
  return failure(first->where, first->what + "; " + rest);
}

}  // namespace pushbench::cli
