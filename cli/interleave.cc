#include "cli/interleave.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "cli/command.h"
#include "cli/run_folder.h"
#include "cli/shipped.h"
#include "harness/scenario_file.h"
#include "report/progress.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kGroup = "Two servers that take turns";

Result<void> check_server(const std::string& flag, const std::string& binary) {
  if (binary.empty()) {
    return failure(flag,
                   "is missing: give the program, or a script, that takes "
                   "\"serve --port 0\" as pushbench does");
  }
  const bool is_path = binary.find('/') != std::string::npos;
  if (!is_path) return failure(flag + " " + binary, "write its path, as in ./" + binary);
  std::error_code error;
  if (!fs::is_regular_file(binary, error) || access(binary.c_str(), X_OK) != 0) {
    return failure(flag + " " + binary, "there is no such program, or it may not be executed");
  }
  return {};
}

}  // namespace

void InterleaveOptions::add_to(CLI::App& command) {
  command
      .add_option("--interleave", scenario,
                  "Measures now: a scenario over two servers, A B B A …, compared by pairs")
      ->type_name("SCENARIO")
      ->group(kGroup);
  command
      .add_option("--server-a", server_a,
                  "The baseline's server: a pushbench program, or a script that executes one")
      ->type_name("FILE")
      ->group(kGroup);
  command.add_option("--server-b", server_b, "The candidate's server")
      ->type_name("FILE")
      ->group(kGroup);
  add_repeat(command, repeat, "Pairs of repetitions")->group(kGroup);
  add_transports(command, transports)->group(kGroup);
  add_overrides(command, overrides)->group(kGroup);
  add_seed(command, seed, "Unrolls the scenario into its schedule");
  command.get_option("--seed")->group(kGroup);
  command.add_flag("--no-pin", no_pin, "Let the kernel choose the cores of server and harness")
      ->group(kGroup);
  command.add_flag("--no-floor", no_floor, "Do not measure the harness on its own first")
      ->group(kGroup);
  add_out(command, out, "results/SCENARIO-compare-TIME")->group(kGroup);
}

Result<harness::RunPlan> InterleaveOptions::plan() const {
  if (const auto a = check_server("--server-a", server_a); !a) return tl::unexpected(a.error());
  if (const auto b = check_server("--server-b", server_b); !b) return tl::unexpected(b.error());
  std::vector<std::string> all = overrides;
  all.push_back(fmt::format("run.repeat={}", repeat));
  const auto loaded = harness::load_scenario(scenario, scenario_folder(), all);
  if (!loaded) return tl::unexpected(loaded.error());
  auto chosen = chosen_transports(transports);
  if (!chosen) return tl::unexpected(chosen.error());
  auto plan = harness::plan_run(*loaded, seed, headers_folder());
  if (!plan) return plan;
  plan->transports = std::move(*chosen);
  plan->overrides = std::move(all);
  plan->server_binary = server_a;
  plan->build = build_info();
  plan->pin = !no_pin;
  plan->floor = !no_floor;
  return plan;
}

Result<InterleaveFolders> make_folders(const InterleaveOptions& options,
                                       const std::string& scenario) {
  const auto all = make_folder(options.out, scenario + "-compare", {"compare.json"});
  if (!all) return tl::unexpected(all.error());
  const auto a = make_run_folder((fs::path(*all) / "a").string(), "");
  if (!a) return tl::unexpected(a.error());
  const auto b = make_run_folder((fs::path(*all) / "b").string(), "");
  if (!b) return tl::unexpected(b.error());
  return InterleaveFolders{*all, *a, *b};
}

harness::Interleaved take_turns(const harness::RunPlan& plan, const InterleaveOptions& options,
                                std::FILE* out, const net::Interrupt& interrupt) {
  report::ProgressLine progress(out, plan.scenario.repeat, 2 * plan.transports.size(), "",
                                &interrupt);
  return harness::interleave(plan, options.server_a, options.server_b, progress);
}

}  // namespace pushbench::cli
