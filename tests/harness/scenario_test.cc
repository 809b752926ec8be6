#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "harness/run.h"
#include "harness/scenario_file.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(const std::string& toml, const std::vector<std::string>& overrides = {}) {
  const auto scenario = parse_scenario(toml, "dir/mine.toml", overrides);
  return scenario ? "no error" : scenario.error().line();
}

TEST(Scenario, TakesItsKeysFromTheFile) {
  const auto scenario = parse_scenario(R"(purpose = "to see"
[users]
count = 7
[traffic]
kind = "poisson"
rate = "30/min"
[transport.polling]
interval = "200ms"
[transport.long-polling]
hold = "3s"
)",
                                       "dir/mine.toml", {});
  ASSERT_TRUE(scenario) << scenario.error().line();
  EXPECT_EQ(scenario->name, "mine");
  EXPECT_EQ(scenario->folder, "dir");
  EXPECT_EQ(scenario->purpose, "to see");
  EXPECT_EQ(scenario->users, 7U);
  EXPECT_EQ(scenario->traffic, TrafficKind::poisson);
  EXPECT_DOUBLE_EQ(scenario->rate, 0.5);
  EXPECT_EQ(scenario->clients.interval, 200ms);
  EXPECT_EQ(scenario->clients.hold, 3s);
}

TEST(Scenario, HasADefaultForEveryKeyAndDocumentsTheRightOne) {
  const Scenario defaults;
  for (const ScenarioKey& key : scenario_keys()) {
    std::string text(key.usual);
    std::erase(text, '"');
    Scenario changed;
    if (text.empty()) continue;
    ASSERT_TRUE(set_key(changed, key.name, text)) << key.name;
    EXPECT_EQ(changed.users, defaults.users) << key.name;
    EXPECT_EQ(changed.rooms, defaults.rooms) << key.name;
    EXPECT_EQ(changed.traffic, defaults.traffic) << key.name;
    EXPECT_EQ(changed.duration, defaults.duration) << key.name;
    EXPECT_EQ(changed.rate, defaults.rate) << key.name;
    EXPECT_EQ(changed.size, defaults.size) << key.name;
    EXPECT_EQ(changed.trace_from, defaults.trace_from) << key.name;
    EXPECT_EQ(changed.speedup, defaults.speedup) << key.name;
    EXPECT_EQ(changed.clients.interval, defaults.clients.interval) << key.name;
    EXPECT_EQ(changed.clients.hold, defaults.clients.hold) << key.name;
    EXPECT_EQ(changed.repeat, defaults.repeat) << key.name;
    EXPECT_EQ(changed.join_time, defaults.join_time) << key.name;
    EXPECT_EQ(changed.warmup, defaults.warmup) << key.name;
    EXPECT_EQ(changed.drain, defaults.drain) << key.name;
    EXPECT_EQ(changed.retain, defaults.retain) << key.name;
    EXPECT_EQ(changed.tls, defaults.tls) << key.name;
    EXPECT_EQ(changed.clients.compression, defaults.clients.compression) << key.name;
    EXPECT_EQ(changed.link.cut_every, defaults.link.cut_every) << key.name;
  }
}

TEST(Scenario, TheReadmeHasARowForEveryKeyAsTheTableHasIt) {
  std::ifstream file(PUSHBENCH_SOURCE_DIR "/scenarios/README.md");
  std::stringstream readme;
  readme << file.rdbuf();
  std::size_t rows = 0;
  for (const ScenarioKey& key : scenario_keys()) {
    EXPECT_THAT(readme.str(), HasSubstr(fmt::format("| `{}` | {} | `{}` | {} | {} |\n", key.name,
                                                    key.form, key.usual, key.range, key.meaning)));
  }
  for (std::string line; std::getline(readme, line);) {
    // Five columns: the other table on the page has two.
    if (line.starts_with("| `") && std::count(line.begin(), line.end(), '|') == 6) ++rows;
  }
  EXPECT_EQ(rows, scenario_keys().size());
}

TEST(Scenario, NamesTheLineAndTheNearestKey) {
  EXPECT_EQ(error_of("[users]\n\ncuont = 3\n"),
            "dir/mine.toml:3: users.cuont: there is no such key; did you mean users.count?");
  EXPECT_THAT(error_of("[transport.poling]\ninterval = \"1s\"\n"),
              HasSubstr("did you mean transport.polling.interval?"));
}

TEST(Scenario, SaysWhatAValueShouldBe) {
  EXPECT_THAT(error_of("[users]\ncount = 0\n"),
              StartsWith("dir/mine.toml:2: users.count: \"0\": is out of range; it takes 1 to"));
  EXPECT_THAT(error_of("[users]\ncount = \"many\"\n"), HasSubstr("a whole number"));
  EXPECT_THAT(error_of("[transport.polling]\ninterval = 5\n"), HasSubstr("with its unit"));
  EXPECT_THAT(error_of("[traffic]\nkind = \"bursty\"\n"), HasSubstr("\"constant\", \"poisson\""));
  EXPECT_THAT(error_of("[users]\ncount = [1, 2]\n"), HasSubstr("one value"));
}

TEST(Scenario, NamesTheLineThatIsNotToml) {
  EXPECT_THAT(error_of("[users]\ncount = = 3\n"), StartsWith("dir/mine.toml:2: not TOML: "));
}

TEST(Scenario, OverridesComeAfterTheFile) {
  const auto scenario =
      parse_scenario("[users]\ncount = 7\n", "x.toml", {"users.count=9", "traffic.rate=5/s"});
  ASSERT_TRUE(scenario);
  EXPECT_EQ(scenario->users, 9U);
  EXPECT_DOUBLE_EQ(scenario->rate, 5);
}

TEST(Scenario, NamesTheOverrideThatIsWrong) {
  EXPECT_THAT(error_of("", {"users.count"}), StartsWith("--set users.count: write key=value"));
  EXPECT_THAT(error_of("", {"user.count=3"}), HasSubstr("did you mean users.count?"));
  EXPECT_THAT(error_of("", {"users.count=-3"}), StartsWith("--set users.count=-3: users.count"));
}

TEST(Scenario, ChecksThatItsKeysFitTogether) {
  EXPECT_THAT(error_of("[rooms]\ncount = 5\n[users]\ncount = 4\n"), HasSubstr("users.count"));
  EXPECT_THAT(error_of("[traffic]\nkind = \"trace\"\n"), HasSubstr("traffic.trace"));
}

TEST(Scenario, TakesFlagsAsTrueOrFalse) {
  const auto scenario = parse_scenario(
      "tls = true\n[transport.websocket]\ncompression = true\n[link]\ncut_every = \"30s\"\n",
      "x.toml", {});
  ASSERT_TRUE(scenario) << scenario.error().line();
  EXPECT_TRUE(scenario->tls);
  EXPECT_TRUE(scenario->clients.compression);
  EXPECT_EQ(scenario->link.cut_every, 30s);
  EXPECT_THAT(error_of("tls = 1\n"), HasSubstr("write true or false"));
}

TEST(Scenario, RefusesMoreCutsThanARunCanAccountFor) {
  EXPECT_THAT(error_of("[link]\ncut_every = \"1us\"\n"), HasSubstr("link.cut_every"));
}

TEST(Scenario, ListsTheShippedOnesWhereANameIsUnknown) {
  const auto scenario = load_scenario("chta", PUSHBENCH_SOURCE_DIR "/scenarios", {});
  ASSERT_FALSE(scenario);
  EXPECT_THAT(scenario.error().line(), HasSubstr("chat"));
  EXPECT_THAT(load_scenario("./none.toml", "x", {}).error().line(),
              HasSubstr("./none.toml: there is no such file"));
}

TEST(Scenario, TheShippedChatReplaysTenMinutesInFifteenSeconds) {
  const auto scenario = load_scenario("chat", PUSHBENCH_SOURCE_DIR "/scenarios", {});
  ASSERT_TRUE(scenario) << scenario.error().line();
  const auto plan = plan_run(*scenario, 1);
  ASSERT_TRUE(plan) << plan.error().line();
  EXPECT_EQ(plan->schedule.says.size(), 255U);
  EXPECT_EQ(plan->schedule.users(), 100U);
  EXPECT_EQ(plan->schedule.duration, 15s);
  EXPECT_DOUBLE_EQ(scenario->speedup, 40);
}

}  // namespace
}  // namespace pushbench::harness
