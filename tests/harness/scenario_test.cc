#include "harness/scenario.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run.h"
#include "harness/scenario_file.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kShipped = PUSHBENCH_SOURCE_DIR "/scenarios";

Scenario good(const std::string& toml, const std::vector<std::string>& overrides = {}) {
  const auto scenario = parse_scenario(toml, "dir/mine.toml", overrides);
  EXPECT_TRUE(scenario) << scenario.error().line();
  return scenario.value_or(Scenario());
}

std::string error_of(const std::string& toml, const std::vector<std::string>& overrides = {}) {
  const auto scenario = parse_scenario(toml, "dir/mine.toml", overrides);
  return scenario ? "no error" : scenario.error().line();
}

TEST(Scenario, TakesItsKeysFromTheFile) {
  const Scenario scenario = good(R"(purpose = "to see"
tls = true
[users]
count = 7
[traffic]
kind = "poisson"
rate = "30/min"
[transport.polling]
interval = "200ms"
[transport.long-polling]
hold = "3s"
[transport.websocket]
compression = true
[http]
headers = "browser"
cookie = "1KiB"
connection = "close"
[run]
threads = 2
[server]
batch_window = "20ms"
)");
  EXPECT_EQ(scenario.name, "mine");
  EXPECT_EQ(scenario.folder, "dir");
  EXPECT_EQ(scenario.purpose, "to see");
  EXPECT_TRUE(scenario.tls);
  EXPECT_EQ(scenario.users, 7U);
  EXPECT_EQ(scenario.traffic, TrafficKind::poisson);
  EXPECT_DOUBLE_EQ(scenario.rate, 0.5);
  EXPECT_EQ(scenario.clients.interval, 200ms);
  EXPECT_EQ(scenario.clients.hold, 3s);
  EXPECT_TRUE(scenario.clients.compression);
  EXPECT_EQ(scenario.headers, "browser");
  EXPECT_EQ(scenario.cookie, 1024U);
  EXPECT_TRUE(scenario.clients.close_each);
  EXPECT_EQ(scenario.threads, 2U);
  EXPECT_EQ(scenario.batch_window, 20ms);
}

TEST(Scenario, TakesBurstsSizesAndSources) {
  const Scenario scenario = good(R"([rooms]
count = 3
membership = "zipf"
zipf_exponent = 0.8
[traffic]
kind = "burst"
per = "source"
burst_on = "500ms"
burst_off = "2s"
size_kind = "lognormal"
size = "100B"
size_min = "10B"
size_max = "2KiB"
size_sigma = 0.5
)");
  EXPECT_EQ(scenario.membership, Membership::zipf);
  EXPECT_DOUBLE_EQ(scenario.zipf_exponent, 0.8);
  EXPECT_EQ(scenario.traffic, TrafficKind::burst);
  EXPECT_EQ(scenario.per, TrafficPer::source);
  EXPECT_EQ(scenario.burst_on, 500ms);
  EXPECT_EQ(scenario.burst_off, 2s);
  EXPECT_EQ(scenario.size_kind, SizeKind::lognormal);
  EXPECT_EQ(scenario.size, 100U);
  EXPECT_EQ(scenario.size_min, 10U);
  EXPECT_EQ(scenario.size_max, 2048U);
  EXPECT_DOUBLE_EQ(scenario.size_sigma, 0.5);
}

TEST(Scenario, TakesPresenceAndLimits) {
  const Scenario scenario = good(R"([users]
presence = "churn"
stay = "4s"
away = "1s"
[limits]
latency_p50 = "1ms"
latency_p99 = "250ms"
latency_max = "1s"
empty_share = 0
network_bytes = "1KiB"
)");
  EXPECT_EQ(scenario.presence, Presence::churn);
  EXPECT_EQ(scenario.stay, 4s);
  EXPECT_EQ(scenario.away, 1s);
  EXPECT_EQ(scenario.limits.latency_p50, net::Duration(1ms));
  EXPECT_EQ(scenario.limits.latency_p99, net::Duration(250ms));
  EXPECT_EQ(scenario.limits.latency_max, net::Duration(1s));
  EXPECT_EQ(scenario.limits.empty_share, 0.0);
  EXPECT_EQ(scenario.limits.network_bytes, 1024.0);
  EXPECT_FALSE(good("").limits.empty_share);
}

TEST(Scenario, ThoseThatConnectAtOnceTakeNoTimeForIt) {
  EXPECT_EQ(good("[users]\npresence = \"at-once\"\n").join_time, 0s);
  EXPECT_EQ(good("[users]\njoin = \"3s\"\n", {"users.presence=at-once"}).join_time, 0s);
  EXPECT_EQ(good("[users]\njoin = \"3s\"\n", {"users.presence=churn"}).join_time, 3s);
}

TEST(Scenario, TakesOneMomentOrSeveralInAnyOrder) {
  EXPECT_THAT(good("[link]\ncut_at = [\"7s\", \"5s\", \"7s\"]\n").link.cut_at, ElementsAre(5s, 7s));
  EXPECT_THAT(good("[link]\ncut_at = \"5s\"\n").link.cut_at, ElementsAre(5s));
  EXPECT_THAT(good("", {"link.cut_at=5s, 1s"}).link.cut_at, ElementsAre(1s, 5s));
  EXPECT_TRUE(good("[link]\ncut_at = []\n").link.cut_at.empty());
}

constexpr const char* kGroups = R"([group.mobile]
share = 0.25
delay = "75ms"
down = "1Mbit/s"
[group.fibre]
share = 0.5
[link]
delay = "10ms"
up = "2Mbit/s"
)";

TEST(Scenario, AGroupsLinkIsTheScenariosButForItsOwnKeys) {
  const Scenario scenario = good(kGroups);
  ASSERT_EQ(scenario.groups.size(), 2U);
  const UserGroup& fibre = scenario.groups[0];
  const UserGroup& mobile = scenario.groups[1];
  EXPECT_EQ(fibre.name, "fibre");
  EXPECT_EQ(mobile.name, "mobile");
  EXPECT_DOUBLE_EQ(mobile.share, 0.25);
  EXPECT_EQ(fibre.link.profile.delay, 10ms);
  EXPECT_EQ(mobile.link.profile.delay, 75ms);
  EXPECT_DOUBLE_EQ(mobile.link.profile.up, 2e6);
  EXPECT_DOUBLE_EQ(mobile.link.profile.down, 1e6);
  EXPECT_DOUBLE_EQ(fibre.link.profile.down, 0);
}

TEST(Scenario, OverridingTheLinkLeavesAGroupsOwnKeys) {
  const Scenario scenario =
      good(kGroups, {"link.delay=1ms", "link.cut_at=3s", "group.fibre.up=unlimited"});
  EXPECT_EQ(scenario.groups[0].link.profile.delay, 1ms);
  EXPECT_EQ(scenario.groups[1].link.profile.delay, 75ms);
  EXPECT_THAT(scenario.groups[1].link.cut_at, ElementsAre(3s));
  EXPECT_DOUBLE_EQ(scenario.groups[0].link.profile.up, 0);
  EXPECT_DOUBLE_EQ(scenario.groups[1].link.profile.up, 2e6);
}

TEST(Scenario, OverridesComeAfterTheFile) {
  const Scenario scenario = good("[users]\ncount = 7\n", {"users.count=9", "traffic.rate=5/s"});
  EXPECT_EQ(scenario.users, 9U);
  EXPECT_DOUBLE_EQ(scenario.rate, 5);
}

TEST(Scenario, AnOverriddenKindLeavesTheFilesKeysWithoutComplaint) {
  const std::string traced = "[traffic]\nkind = \"trace\"\ntrace = \"x.csv\"\nspeedup = 40\n";
  EXPECT_EQ(good(traced, {"traffic.kind=poisson", "traffic.rate=5/s"}).traffic,
            TrafficKind::poisson);
  const std::string churn = "[users]\npresence = \"churn\"\nstay = \"3s\"\n";
  EXPECT_EQ(good(churn, {"users.presence=fixed"}).presence, Presence::fixed);
  EXPECT_EQ(error_of(churn, {"users.presence=fixed", "users.away=3s"}),
            "--set users.away=3s: users.away: means nothing while users.presence is \"fixed\"; "
            "leave one of them out, or set users.presence to churn (users.presence: --set "
            "users.presence=fixed)");
}

TEST(Scenario, FindsShippedOnesInFoldersAndAnyByItsPath) {
  const std::string chat = std::string(kShipped) + "/chat.toml";
  EXPECT_EQ(load_scenario("chat", kShipped, {})->name, "chat");
  EXPECT_EQ(load_scenario(chat, "nowhere", {})->name, "chat");
  EXPECT_EQ(load_scenario("scenarios/chat", PUSHBENCH_SOURCE_DIR, {})->name, "chat");
  EXPECT_THAT(shipped_names(PUSHBENCH_SOURCE_DIR), testing::Contains("scenarios/chat"));
  EXPECT_THAT(shipped_names("no/such/folder"), testing::IsEmpty());
}

TEST(Scenario, ListsTheShippedOnesWhereANameIsUnknown) {
  EXPECT_THAT(load_scenario("chta", kShipped, {}).error().line(),
              StartsWith("chta: there is no such scenario; did you mean chat? There are: "));
  EXPECT_THAT(load_scenario("studies/x", kShipped, {}).error().line(), HasSubstr("chat"));
  EXPECT_EQ(load_scenario("./none.toml", "x", {}).error().line(),
            "./none.toml: there is no such file");
}

TEST(Scenario, EveryShippedOneIsGoodAndSaysWhatItIsFor) {
  for (const std::string& name : shipped_names(kShipped)) {
    const auto scenario = load_scenario(name, kShipped, {});
    ASSERT_TRUE(scenario) << scenario.error().line();
    EXPECT_NE(scenario->purpose, "") << name;
    const auto plan = plan_run(*scenario, 1, PUSHBENCH_SOURCE_DIR "/scenarios/headers");
    EXPECT_TRUE(plan) << plan.error().line();
  }
}

TEST(Scenario, TheShippedChatReplaysTenMinutesInFifteenSeconds) {
  const auto scenario = load_scenario("chat", kShipped, {});
  ASSERT_TRUE(scenario) << scenario.error().line();
  const auto plan = plan_run(*scenario, 1, PUSHBENCH_SOURCE_DIR "/scenarios/headers");
  ASSERT_TRUE(plan) << plan.error().line();
  EXPECT_EQ(plan->schedule.says.size(), 255U);
  EXPECT_EQ(plan->schedule.users(), 100U);
  EXPECT_EQ(plan->schedule.duration, 15s);
  EXPECT_DOUBLE_EQ(scenario->speedup, 40);
}

}  // namespace
}  // namespace pushbench::harness
