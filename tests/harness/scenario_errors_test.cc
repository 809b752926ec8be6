// Every way to be wrong, and the whole line that says so.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/scenario_file.h"

namespace pushbench::harness {
namespace {

struct Wrong {
  const char* toml;
  const char* line;  // behind "mine.toml:"
};

void expect_lines(const std::vector<Wrong>& cases) {
  for (const Wrong& wrong : cases) {
    const auto scenario = parse_scenario(wrong.toml, "mine.toml", {});
    ASSERT_FALSE(scenario) << wrong.toml;
    EXPECT_EQ(scenario.error().line(), std::string("mine.toml:") + wrong.line);
  }
}

TEST(ScenarioErrors, UnknownKeys) {
  expect_lines({
      {"[users]\n\ncuont = 3\n",
       "3:1: users.cuont: there is no such key; did you mean users.count?"},
      {"[transport.poling]\ninterval = \"1s\"\n",
       "2:1: transport.poling.interval: there is no such key; did you mean "
       "transport.polling.interval?"},
      {"[traffic]\nintervall = \"1s\"\n",
       "2:1: traffic.intervall: there is no such key; did you mean transport.polling.interval?"},
      {"[users]\nrate = \"1/s\"\n",
       "2:1: users.rate: there is no such key; did you mean traffic.rate?"},
      {"[users]\ntls = true\n",
       "2:1: users.tls: there is no such key; tls stands above all tables"},
      {"[polling]\ninterval = \"1s\"\n",
       "2:1: polling.interval: there is no such key; did you mean transport.polling.interval?"},
      {"[group]\ndelay = \"1s\"\n",
       "2:1: group.delay: name the group, as in [group.mobile] or group.mobile.delay"},
      {"purpose = \"a\\nb\"\n", "1:11: purpose: \"a\": write one line"},
      {"porpuse = \"x\"", "1:1: porpuse: there is no such key; did you mean purpose?"},
      {"[group.mobile]\ndelya = \"1s\"\n",
       "2:1: group.mobile.delya: there is no such key; did you mean group.mobile.delay?"},
      {"[group.\"a b\"]\nshare = 1\n",
       "2:1: group.a b.share: a group's name is 1 to 32 of A-Z a-z 0-9 _ -"},
      {"users.count.x = 1",
       "1:7: users.count: is a table; it takes a whole number without quotes, "
       "as in 100"},
      {"users = 5", "1:1: users: is a whole number; it takes keys of its own, below [users]"},
      {"[[users]]\ncount = 1\n", "1:3: users: is a list; it takes keys of its own, below [users]"},
      {"[user]\n", "1:2: user: there is no such table; did you mean [users]?"},
  });
}

TEST(ScenarioErrors, WrongTypes) {
  expect_lines({
      {"[users]\njoin = 5\n",
       "2:8: users.join: is a whole number; it takes a duration in quotes, "
       "with its unit, as in \"250ms\""},
      {"[traffic]\nsize = 64\n",
       "2:8: traffic.size: is a whole number; it takes a size in quotes, "
       "with its unit, as in \"16KiB\""},
      {"[traffic]\nrate = 0.5\n",
       "2:8: traffic.rate: is a number; it takes a rate in quotes, with "
       "its unit, as in \"2/s\""},
      {"[link]\nup = 0\n",
       "2:6: link.up: is a whole number; it takes a bandwidth in quotes, with "
       "its unit, as in \"1Mbit/s\", or \"unlimited\""},
      {"[users]\ncount = \"7\"\n",
       "2:9: users.count: is a text; it takes a whole number without quotes, as in 100"},
      {"[users]\ncount = [1, 2]\n",
       "2:9: users.count: is a list; it takes a whole number without quotes, as in 100"},
      {"[users]\ncount = 1e2\n",
       "2:9: users.count: is a number; it takes a whole number without quotes, as in 100"},
      {"[rooms]\nmembership = \"zipf\"\nzipf_exponent = true\n",
       "3:17: rooms.zipf_exponent: is true or false; it takes a number without quotes, as in 1.5"},
      {"[group.x]\nshare = \"half\"\n",
       "2:9: group.x.share: is a text; it takes a number without quotes, "
       "as in 0.25"},
      {"tls = 1\n", "1:7: tls: is a whole number; it takes true or false, without quotes"},
      {"purpose = 2024-01-01\n", "1:11: purpose: is a date or time; it takes a text in quotes"},
      {"[traffic]\nkind = 1\n",
       "2:8: traffic.kind: is a whole number; it takes one word in quotes "
       "of constant, poisson, burst, tick, trace"},
      {"[link]\ncut_at = [5, 6]\n",
       "2:10: link.cut_at: is a list; it takes a list of durations, as in [\"5s\", \"10s\"]"},
      {"[link]\ncut_at = 5\n",
       "2:10: link.cut_at: is a whole number; it takes a list of durations, "
       "as in [\"5s\", \"10s\"]"},
  });
}

TEST(ScenarioErrors, WrongUnitsAndWords) {
  expect_lines({
      {"[users]\njoin = \"5 sec\"\n",
       "2:8: users.join: \"5 sec\": write a number with its unit, as "
       "in \"250ms\", \"1.5s\" or \"10min\"; the units are us, ms, s, min, h"},
      {"[traffic]\nsize = \"64kB\"\n",
       "2:8: traffic.size: \"64kB\": write a number with its unit, "
       "as in \"64B\" or \"16KiB\"; the units are B, KiB, MiB"},
      {"[traffic]\nrate = \"0/s\"\n",
       "2:8: traffic.rate: \"0/s\": write a rate above 0, as in \"2/s\""},
      {"[link]\ndown = \"1MB/s\"\n",
       "2:8: link.down: \"1MB/s\": write a number with its unit, as in "
       "\"1Mbit/s\" or \"500kbit/s\", or \"unlimited\"; the units are bit/s, kbit/s, Mbit/s, "
       "Gbit/s"},
      {"[link]\ndown = \"0bit/s\"\n",
       "2:8: link.down: \"0bit/s\": write a bandwidth above 0, as in "
       "\"1Mbit/s\" or \"500kbit/s\", or \"unlimited\""},
      {"[traffic]\nkind = \"bursty\"\n",
       "2:8: traffic.kind: \"bursty\": write one of constant, poisson, burst, tick, trace"},
      {"[link]\ncut_at = [\"5s\", \"6\"]\n",
       "2:10: link.cut_at: \"5s,6\": write a number with its "
       "unit, as in \"250ms\", \"1.5s\" or \"10min\"; the units are us, ms, s, min, h"},
  });
}

TEST(ScenarioErrors, OutOfRange) {
  expect_lines({
      {"[users]\ncount = 0\n", "2:9: users.count: \"0\": out of range; it takes 1 to 1000000"},
      {"[users]\ncount = -3\n", "2:9: users.count: \"-3\": out of range; it takes 1 to 1000000"},
      {"[transport.polling]\ninterval = \"2h\"\n",
       "2:12: transport.polling.interval: \"2h\": out of range; it takes \"1ms\" to \"1h\""},
      {"[link]\nup = \"1bit/s\"\n",
       "2:6: link.up: \"1bit/s\": out of range; it takes \"1kbit/s\" to "
       "\"100Gbit/s\", \"unlimited\""},
      {"[group.x]\nshare = 0\n", "2:9: group.x.share: \"0\": out of range; it takes 0.001 to 1"},
      {"[group.x]\nshare = 1.5\n",
       "2:9: group.x.share: \"1.5\": out of range; it takes 0.001 to 1"},
      {"[group.x]\nshare = 30\n", "2:9: group.x.share: \"30\": out of range; it takes 0.001 to 1"},
      {"[traffic]\nspeedup = nan\n",
       "2:11: traffic.speedup: \"nan\": write a number above 0, as in "
       "40"},
  });
}

TEST(ScenarioErrors, ContradictionsWithBothPlaces) {
  expect_lines({
      {"[rooms]\ncount = 5\n[users]\ncount = 4\n",
       "4:9: users.count: 4 users cannot fill 5 rooms; give at least one to each (rooms.count: "
       "line "
       "2)"},
      {"[rooms]\ncount = 200\n",
       "2:9: users.count: 100 users cannot fill 200 rooms; give at least one to each"},
      {"[traffic]\nkind = \"trace\"\n",
       "2:8: traffic.trace: is missing; name the trace's file, as "
       "traffic.kind is \"trace\""},
      {"[traffic]\nsize_kind = \"uniform\"\nsize_min = \"2KiB\"\nsize_max = \"1KiB\"\n",
       "3:12: traffic.size_min: 2KiB is more than traffic.size_max, 1KiB (traffic.size_max: line "
       "4)"},
      {"[traffic]\nsize_kind = \"lognormal\"\nsize = \"300B\"\n",
       "3:8: traffic.size: 300B is more than traffic.size_max, 256B (traffic.size_max: \"256B\" by "
       "default)"},
      {"[traffic]\nsize_kind = \"lognormal\"\nsize = \"3B\"\nsize_min = \"4B\"\n",
       "3:8: traffic.size: 3B is less than traffic.size_min, 4B (traffic.size_min: line 4)"},
      {"[traffic]\nper = \"source\"\nsources = 5\n[users]\ncount = 4\n",
       "3:11: traffic.sources: 5 sources are more than the smallest room's users, who are 4 "
       "(users.count: line 5)"},
      {"[traffic]\nduration = \"5s\"\n[link]\ncut_at = \"5s\"\n",
       "4:10: link.cut_at: 5s is not within the measured time, 5s (traffic.duration: line 2)"},
      {"[group.a]\nshare = 0.7\n[group.b]\nshare = 0.4\n",
       "4:9: group.b.share: the groups' shares add up to 1.1; they can be 1 at most "
       "(group.a.share: "
       "line 2)"},
      {"[group.a]\ndelay = \"1s\"\n",
       "2:9: group.a.share: is missing; say which part of the users "
       "are in the group, as in 0.25"},
      {"[group.a]\n", "1:8: group.a.share: is missing"},
  });
}

TEST(ScenarioErrors, KeysThatMeanNothing) {
  const std::string trace = "[traffic]\nkind = \"trace\"\ntrace = \"x\"\n";
  for (const char* key : {"rate = \"5/s\"", "size = \"1B\"", "per = \"user\"", "sources = 2",
                          "size_kind = \"uniform\"", "burst_on = \"1s\"", "size_min = \"2B\""}) {
    const std::string name = std::string("traffic.") + key;
    const auto scenario = parse_scenario(trace + key, "mine.toml", {});
    ASSERT_FALSE(scenario) << key;
    const std::string expected = name.substr(0, name.find(' ')) +
                                 ": means nothing while traffic.kind is \"trace\"; leave one of "
                                 "them out";
    EXPECT_TRUE(scenario.error().what.starts_with(expected)) << scenario.error().what;
    EXPECT_TRUE(scenario.error().what.ends_with(" (traffic.kind: line 2)"));
    EXPECT_TRUE(scenario.error().where.starts_with("mine.toml:4:"));
  }
  EXPECT_EQ(
      parse_scenario(trace, "mine.toml", {"traffic.rate=5/s"}).error().what,
      "traffic.rate: means nothing while traffic.kind is \"trace\"; leave one of them out, or "
      "set traffic.kind to one of constant, poisson, burst, tick (traffic.kind: "
      "mine.toml:2:8)");
  expect_lines({
      {"[traffic]\nburst_on = \"1s\"\n",
       "2:12: traffic.burst_on: means nothing while traffic.kind is \"constant\"; leave one of "
       "them "
       "out, or set traffic.kind to burst (traffic.kind: \"constant\" by default)"},
      {"[users]\naway = \"1s\"\n",
       "2:8: users.away: means nothing while users.presence is \"fixed\"; leave one of them out, "
       "or set users.presence to churn (users.presence: \"fixed\" by default)"},
      {"[rooms]\nzipf_exponent = 2\n",
       "2:17: rooms.zipf_exponent: means nothing while rooms.membership is \"even\"; leave one of "
       "them out, or set rooms.membership to zipf (rooms.membership: \"even\" by default)"},
      {"[traffic]\nper = \"room\"\nsources = 2\n",
       "3:11: traffic.sources: means nothing while traffic.per is \"room\"; leave one of them out, "
       "or set traffic.per to source (traffic.per: line 2)"},
      {"[traffic]\nsize_kind = \"uniform\"\nsize = \"9B\"\n",
       "3:8: traffic.size: means nothing while traffic.size_kind is \"uniform\"; leave one of them "
       "out, or set traffic.size_kind to one of fixed, lognormal (traffic.size_kind: line 2)"},
      {"[users]\npresence = \"at-once\"\njoin = \"9s\"\n",
       "3:8: users.join: means nothing while users.presence is \"at-once\"; leave one of them out, "
       "or set users.presence to one of fixed, churn (users.presence: line 2)"},
  });
}

TEST(ScenarioErrors, MoreThanARunCanAccountFor) {
  expect_lines({
      {"[traffic]\nrate = \"100000/s\"\nduration = \"1h\"\n",
       "2:8: traffic.rate: up to 360000001 messages are more than one run can account for "
       "(20000000); lower the rate, the duration or who it is of (traffic.duration: line 3)"},
      {"[traffic]\nrate = \"1000/s\"\n[users]\ncount = 1000000\n",
       "2:8: traffic.rate: 15001 messages to 1000000 users are more than one run can account for "
       "(10000000000 deliveries); lower the rate, the duration or the users (users.count: line 4)"},
      {"[link]\ncut_every = \"1us\"\n",
       "2:13: link.cut_every: cuts more than 10000000 connections in one run; lengthen it, or cut "
       "all at fewer moments (users.count: 100 by default)"},
      {"[users]\npresence = \"churn\"\ncount = 1000000\nstay = \"10ms\"\naway = \"10ms\"\n",
       "4:8: users.stay: more than 10000000 comings and goings in one run; lengthen it, or what "
       "lies "
       "between (users.away: line 5)"},
      {"[traffic]\nkind = \"burst\"\nduration = \"24h\"\nburst_on = \"1ms\"\nburst_off = \"1ms\"\n",
       "4:12: traffic.burst_on: more than 10000000 bursts in one run; lengthen it, or what lies "
       "between (traffic.burst_off: line 5)"},
  });
}

TEST(ScenarioErrors, NotToml) {
  const auto scenario = parse_scenario("[users]\ncount = = 3\n", "mine.toml", {});
  ASSERT_FALSE(scenario);
  EXPECT_EQ(scenario.error().where, "mine.toml:2:9");
  EXPECT_TRUE(scenario.error().what.starts_with("not TOML: "));
}

TEST(ScenarioErrors, Overrides) {
  const auto error_of = [](const std::string& text) {
    const auto scenario = parse_scenario("", "mine.toml", {text});
    return scenario ? "no error" : scenario.error().line();
  };
  EXPECT_EQ(error_of("users.count"),
            "--set users.count: write key=value, as in --set users.count=500");
  EXPECT_EQ(error_of("user.count=3"),
            "--set user.count=3: user.count: there is no such key; did you mean users.count?");
  EXPECT_EQ(error_of("users.count=-3"),
            "--set users.count=-3: users.count: \"-3\": out of range; it takes 1 to 1000000");
  EXPECT_EQ(error_of("users.count=2.5"),
            "--set users.count=2.5: users.count: \"2.5\": write a whole number, as in 100");
  EXPECT_EQ(error_of("polling.interval=1s"),
            "--set polling.interval=1s: polling.interval: there is no such key; did you mean "
            "transport.polling.interval?");
  EXPECT_EQ(error_of("users.count=4000000"),
            "--set users.count=4000000: users.count: \"4000000\": out of range; it takes 1 to "
            "1000000");
  EXPECT_EQ(error_of("group..share=1"),
            "--set group..share=1: group..share: a group's name is 1 to 32 of A-Z a-z 0-9 _ -");
  EXPECT_EQ(error_of("traffic.burst_on=1s"),
            "--set traffic.burst_on=1s: traffic.burst_on: means nothing while traffic.kind is "
            "\"constant\"; leave one of them out, or set traffic.kind to burst (traffic.kind: "
            "\"constant\" by default)");
}

}  // namespace
}  // namespace pushbench::harness
