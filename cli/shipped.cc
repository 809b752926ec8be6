#include "cli/shipped.h"

#include <uv.h>

#include <array>
#include <filesystem>

namespace pushbench::cli {

namespace fs = std::filesystem;

std::string own_binary() {
  std::array<char, 4096> path{};
  std::size_t size = path.size();
  return uv_exepath(path.data(), &size) == 0 ? std::string(path.data(), size) : "pushbench";
}

std::string scenario_folder() {
  if (fs::exists("scenarios/chat.toml")) return "scenarios";
  return (fs::path(own_binary()).parent_path() / "../../scenarios").lexically_normal().string();
}

std::string headers_folder() { return scenario_folder() + "/headers"; }

}  // namespace pushbench::cli
