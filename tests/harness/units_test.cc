#include "harness/units.h"

#include <gtest/gtest.h>

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

TEST(Units, ReadsDurations) {
  EXPECT_EQ(*parse_duration("250ms"), 250ms);
  EXPECT_EQ(*parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(*parse_duration("20us"), 20us);
  EXPECT_EQ(*parse_duration("10min"), 10min);
  EXPECT_EQ(*parse_duration("1h"), 1h);
  EXPECT_EQ(*parse_duration("0s"), 0s);
}

TEST(Units, RefusesWhatIsNoDuration) {
  for (const char* text :
       {"", "5", "s", "5 s", "5m", "-1s", "1e3s", "infs", "nan", "5ss", "99999999999999999h"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Units, ReadsSizesRatesCountsAndFactors) {
  EXPECT_EQ(*parse_size("64B"), 64U);
  EXPECT_EQ(*parse_size("16KiB"), 16384U);
  EXPECT_EQ(*parse_size("1MiB"), 1048576U);
  EXPECT_DOUBLE_EQ(*parse_rate("2/s"), 2);
  EXPECT_DOUBLE_EQ(*parse_rate("30/min"), 0.5);
  EXPECT_EQ(*parse_count("100"), 100U);
  EXPECT_DOUBLE_EQ(*parse_factor("0.5"), 0.5);
}

TEST(Units, RefusesTheOthersToo) {
  EXPECT_FALSE(parse_size("64"));
  EXPECT_FALSE(parse_size("64kB"));
  EXPECT_FALSE(parse_size("1.5B"));
  EXPECT_EQ(*parse_size("1.5KiB"), 1536U);
  EXPECT_FALSE(parse_rate("0/s"));
  EXPECT_FALSE(parse_rate("2"));
  EXPECT_FALSE(parse_count("-1"));
  EXPECT_FALSE(parse_count("1.5"));
  EXPECT_FALSE(parse_count("99999999999999999999"));
  EXPECT_FALSE(parse_factor("0"));
  EXPECT_FALSE(parse_factor("2x"));
}

TEST(Units, ReadsBandwidthsByThousandsOrWithoutALimit) {
  EXPECT_DOUBLE_EQ(*parse_bandwidth("9600bit/s"), 9600);
  EXPECT_DOUBLE_EQ(*parse_bandwidth("500kbit/s"), 500e3);
  EXPECT_DOUBLE_EQ(*parse_bandwidth("1.5Mbit/s"), 1.5e6);
  EXPECT_DOUBLE_EQ(*parse_bandwidth("1Gbit/s"), 1e9);
  EXPECT_DOUBLE_EQ(*parse_bandwidth("unlimited"), 0);
  for (const char* text : {"", "0", "0bit/s", "1Mbit", "1mbit/s", "1MB/s", "-1bit/s", "none"}) {
    EXPECT_FALSE(parse_bandwidth(text)) << text;
  }
}

TEST(Units, ReadsSharesFromNoneToAll) {
  EXPECT_DOUBLE_EQ(*parse_share("0"), 0);
  EXPECT_DOUBLE_EQ(*parse_share("0.25"), 0.25);
  EXPECT_DOUBLE_EQ(*parse_share("1"), 1);
  for (const char* text : {"", "1.01", "-0.1", "25%", "1/4"})
    EXPECT_FALSE(parse_share(text)) << text;
}

TEST(Units, ReadsMomentsInOrderAndEachOnce) {
  EXPECT_EQ(*parse_moments("5s"), std::vector<net::Duration>{5s});
  EXPECT_EQ(*parse_moments("5s, 250ms,5s"), (std::vector<net::Duration>{250ms, 5s}));
  EXPECT_TRUE(parse_moments("")->empty());
  for (const char* text : {",", "5s,", "5", "5s;6s", "5s 6s"}) {
    EXPECT_FALSE(parse_moments(text)) << text;
  }
}

TEST(Units, WritesBandwidthsAsTheyAreRead) {
  for (const char* text : {"9600bit/s", "500kbit/s", "1.5Mbit/s", "1Gbit/s", "unlimited"}) {
    const std::string written = format_bandwidth(*parse_bandwidth(text));
    EXPECT_DOUBLE_EQ(*parse_bandwidth(written), *parse_bandwidth(text)) << written;
  }
  EXPECT_EQ(format_bandwidth(1e6), "1Mbit/s");
  EXPECT_EQ(format_bandwidth(9600), "9.6kbit/s");
}

TEST(Units, WritesDurationsAsTheyAreRead) {
  for (const char* text : {"250ms", "1s", "1.5s", "25s", "20us", "0s", "600s"}) {
    EXPECT_EQ(format_duration(*parse_duration(text)), text);
  }
}

}  // namespace
}  // namespace pushbench::harness
