#include "cli/recorded.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <vector>

#include "harness/result_reader.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

namespace {

/// What other commands leave in a folder.
struct OtherKind {
  std::string_view file;
  std::string_view what;
};
constexpr std::array kOthers{
    OtherKind{"sweep.json", "a sweep; its table is sweep.csv, its picture curve.svg"},
    OtherKind{"capacity.json",
              "a search for the capacity; its table is capacity.csv, its picture curve.svg"},
    OtherKind{"crossover.json",
              "a search for a crossover; its table is crossover.csv, its picture curve.svg"},
    OtherKind{"study.json", "a study's findings"},
    OtherKind{"compare.json", "a comparison of two servers"},
};

/// A folder within this one that holds a run; the first by name, so that it is always the same.
std::string run_within(const fs::path& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (fs::exists(entry.path() / "result.json", error)) found.push_back(entry.path().string());
  }
  return found.empty() ? "" : *std::min_element(found.begin(), found.end());
}

}  // namespace

Result<harness::RunResult> recorded_run(const std::string& path) {
  const fs::path folder(path);
  std::error_code error;
  if (fs::is_directory(folder, error) && !fs::exists(folder / "result.json", error)) {
    for (const OtherKind& other : kOthers) {
      if (!fs::exists(folder / other.file, error)) continue;
      const std::string within = run_within(folder);
      return failure(path,
                     fmt::format("holds {}{}", other.what,
                                 within.empty() ? "" : "; its runs can be read, as " + within));
    }
  }
  return harness::read_run(path);
}

}  // namespace pushbench::cli
