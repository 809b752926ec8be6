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

std::string scenario_folder() {
  const char* const chosen = std::getenv("PUSHBENCH_SCENARIOS");
  if (chosen != nullptr && *chosen != '\0') return chosen;
  if (fs::exists("scenarios/chat.toml")) return "scenarios";
  // Both are sought from the binary, so that either tree may be moved as a whole.
  const fs::path beside = fs::path(own_binary()).parent_path();
  const fs::path installed = (beside / PUSHBENCH_SHARED / "scenarios").lexically_normal();
  if (fs::exists(installed)) return installed.string();
  return (beside / "../../scenarios").lexically_normal().string();
}

std::string headers_folder() { return scenario_folder() + "/headers"; }

}  // namespace pushbench::cli
