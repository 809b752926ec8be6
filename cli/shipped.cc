#include "cli/shipped.h"

#include <uv.h>

#include <array>
#include <cstdlib>
#include <filesystem>

namespace pushbench::cli {

namespace fs = std::filesystem;

std::string own_binary() {
  std::array<char, 4096> path{};
  std::size_t size = path.size();
  return uv_exepath(path.data(), &size) == 0 ? std::string(path.data(), size) : "pushbench";
}

namespace {

/// Where a variable says, in the working directory, installed beside the binary, or in its source
/// tree. `known` is a path in the folder by which it is known.
std::string shipped_folder(const char* variable, const fs::path& folder, const char* known) {
  const char* const chosen = std::getenv(variable);
  if (chosen != nullptr && *chosen != '\0') return chosen;
  if (fs::exists(folder / known)) return folder.string();
  // Both are sought from the binary, so that either tree may be moved as a whole.
  const fs::path beside = fs::path(own_binary()).parent_path();
  const fs::path installed = (beside / PUSHBENCH_SHARED / folder).lexically_normal();
  if (fs::exists(installed)) return installed.string();
  return (beside / "../.." / folder).lexically_normal().string();
}

}  // namespace

std::string scenario_folder() {
  return shipped_folder("PUSHBENCH_SCENARIOS", "scenarios", "chat.toml");
}

std::string labs_folder() { return shipped_folder("PUSHBENCH_LABS", "course/labs", "."); }

std::string headers_folder() { return scenario_folder() + "/headers"; }

}  // namespace pushbench::cli
