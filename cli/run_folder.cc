#include "cli/run_folder.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <vector>

#include "cli/files.h"
#include "harness/latency_log.h"
#include "harness/result_json.h"
#include "report/formats.h"

namespace pushbench::cli {

namespace {

struct RunFile {
  std::string name;
  std::string (*text)(const harness::RunResult& result);
};

/// In the order in which they are written: first the two that all others can be made of.
std::vector<RunFile> files() {
  std::vector<RunFile> all{{"result.json", harness::to_json},
                           {"latency.hlog", harness::latency_log}};
  for (const report::Format& format : report::formats()) {
    if (!format.file.empty()) all.push_back({std::string(format.file), format.text});
  }
  return all;
}

}  // namespace

Result<std::string> make_run_folder(const std::string& out, const std::string& name) {
  std::vector<std::string> names;
  for (const RunFile& file : files()) names.push_back(file.name);
  return make_folder(out, name, names);
}

Result<void> keep_run(const std::string& folder, const harness::RunResult& result) {
  std::optional<Error> first;
  std::vector<std::string> kept;
  for (const RunFile& file : files()) {
    const auto written = write_file(folder, file.name, file.text(result));
    if (written) kept.push_back(file.name);
    if (!written && !first) first = written.error();
  }
  if (!first) return {};
  const std::string rest = kept.empty() ? "nothing was kept, beside what is printed"
                                        : fmt::format("kept: {}", fmt::join(kept, ", "));
  return failure(first->where, first->what + "; " + rest);
}

std::string where_kept(const std::string& folder) {
  const std::filesystem::path path = folder;
  return fmt::format("\nresult: {}\nreport: {}", (path / "result.json").string(),
                     (path / "report.html").string());
}

}  // namespace pushbench::cli
