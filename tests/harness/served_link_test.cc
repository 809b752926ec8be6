#include "harness/served_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr std::string_view kIdeal =
    R"({"delay":"0s","jitter":"0s","up":"unlimited","down":"unlimited"})";

/// The error of a change, or "" where it is taken.
std::string fault_of(std::string_view json) {
  ServedLink link;
  const auto changed = link.change(json);
  EXPECT_EQ(link.json() == kIdeal, !changed.has_value()) << json;
  return changed ? "" : changed.error().line();
}

TEST(ServedLinks, AreIdealUntilTheyAreSet) {
  ServedLink link;
  EXPECT_TRUE(link.profile().ideal());
  EXPECT_EQ(link.json(), kIdeal);
}

TEST(ServedLinks, AreSetInTheWordsOfAScenario) {
  ServedLink link;
  for (const char* part : {"delay=50ms", "jitter=5ms", "up=500kbit/s", "down=2Mbit/s"}) {
    EXPECT_TRUE(link.set(part)) << part;
  }
  EXPECT_EQ(link.profile().delay, 50ms);
  EXPECT_EQ(link.profile().jitter, 5ms);
  EXPECT_DOUBLE_EQ(link.profile().up, 5e5);
  EXPECT_DOUBLE_EQ(link.profile().down, 2e6);
  EXPECT_EQ(link.json(), R"({"delay":"50ms","jitter":"5ms","up":"500kbit/s","down":"2Mbit/s"})");
  EXPECT_TRUE(link.set("down=unlimited"));
  EXPECT_EQ(link.profile().down, 0);
}

TEST(ServedLinks, SayWhatTheyTake) {
  ServedLink link;
  const auto fault = [&link](std::string_view part) {
    const auto set = link.set(part);
    return set ? std::string() : set.error().line();
  };
  EXPECT_EQ(fault("delay"), "delay: write a key with its value, as in delay=50ms");
  EXPECT_EQ(fault("dealy=50ms"), "dealy: a link has delay, jitter, up, down; did you mean delay?");
  EXPECT_EQ(fault("cut_every=1s"), "cut_every: a link has delay, jitter, up, down.");
  EXPECT_THAT(fault("delay=11s"),
              HasSubstr(R"(delay: "11s": out of range; it takes "0s" to "10s")"));
  EXPECT_THAT(fault("jitter=10001ms"), HasSubstr("out of range"));
  EXPECT_THAT(fault("delay=50"), HasSubstr("unit"));
  EXPECT_THAT(fault("up=0bit/s"), HasSubstr("up"));
  EXPECT_THAT(fault("=1"), HasSubstr("a link has"));
  EXPECT_TRUE(link.profile().ideal());
}

TEST(ServedLinks, AreChangedByJson) {
  ServedLink link;
  EXPECT_TRUE(link.set("up=1Mbit/s"));
  EXPECT_TRUE(link.change(R"({"delay":"150ms"})"));
  EXPECT_EQ(link.json(), R"({"delay":"150ms","jitter":"0s","up":"1Mbit/s","down":"unlimited"})");
  EXPECT_TRUE(link.change(R"( {"delay":"0s", "up":"unlimited"} )"));
  EXPECT_EQ(link.json(), kIdeal);
  EXPECT_TRUE(link.change("{}"));
  EXPECT_TRUE(link.change(link.json()));
  EXPECT_EQ(link.json(), kIdeal);
}

TEST(ServedLinks, AreChangedWhollyOrNotAtAll) {
  EXPECT_EQ(fault_of(""), R"(body: is not a JSON object; send {"delay":"150ms"})");
  EXPECT_THAT(fault_of("[]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(fault_of(R"({"delay":"1ms"}x)"), HasSubstr("not a JSON object"));
  EXPECT_EQ(fault_of(R"({"delay":150})"),
            R"(delay: must be a string with its unit, as in {"delay":"150ms"})");
  EXPECT_THAT(fault_of(R"({"jitter":null})"), HasSubstr("jitter: must be a string"));
  EXPECT_THAT(fault_of(R"({"delay":"1ms","lag":"1ms"})"), HasSubstr("lag: a link has"));
  EXPECT_THAT(fault_of(R"({"delay":"1ms","jitter":"1h"})"), HasSubstr(R"("0s" to "10s")"));
}

}  // namespace
}  // namespace pushbench::harness
