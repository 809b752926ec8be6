// A scenario file. "#--set key=value" as its first line is an override too.

#include "harness/scenario_file.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace pushbench;

/// Any error has a place; a scenario that is taken is one that fits together.
void read(const std::string& toml, const std::vector<std::string>& overrides) {
  const auto scenario = harness::parse_scenario(toml, "some/fuzzed.toml", overrides);
  if (!scenario) {
    fuzz::expect(!scenario.error().where.empty() && !scenario.error().what.empty(), "no reason");
    return;
  }
  fuzz::expect_same("the name", scenario->name, "fuzzed");
  fuzz::expect(harness::check(*scenario).has_value(), "a scenario that does not fit together");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string all(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(all.find('\n'), all.size());
  const bool has_override = all.starts_with("#--set ");
  read(all, {});
  if (has_override) read(all, {all.substr(7, line - 7)});
  return 0;
}
