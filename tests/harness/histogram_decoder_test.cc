#include "harness/histogram_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "tests/support/histogram_frame.h"

namespace pushbench::harness {
namespace {

using test::frame;
using test::head_bytes;
using test::histogram_frame;
using test::HistogramHead;
using test::zigzag;
using testing::HasSubstr;

std::string problem_of(const std::string& bytes) {
  const auto histogram = decode_histogram(bytes);
  return histogram ? "none" : histogram.error().what;
}

TEST(HistogramDecoder, TakesBackWhatAHistogramEncodes) {
  std::mt19937_64 generator(7);
  Histogram histogram;
  for (int i = 0; i < 20'000; ++i) {
    histogram.record(static_cast<std::int64_t>(generator() >> (30 + generator() % 34)));
  }
  for (int i = 0; i < 1'000'000; ++i) histogram.record(412);
  const auto decoded = decode_histogram(histogram.encoded());
  ASSERT_TRUE(decoded) << decoded.error().line();
  EXPECT_EQ(decoded->counts, histogram.sparse().counts);
  EXPECT_EQ(decoded->count(), 1'020'000U);
}

TEST(HistogramDecoder, TakesTheFirstAndTheLastPlace) {
  Histogram histogram;
  histogram.record(0);
  histogram.record(Histogram::kHighest);
  const auto decoded = decode_histogram(histogram.encoded());
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->counts, histogram.sparse().counts);
  const auto last =
      decode_histogram(histogram_frame({}, zigzag(-(Histogram::places() - 1)) + zigzag(5)));
  ASSERT_TRUE(last);
  EXPECT_EQ(last->counts.front().first, Histogram::places() - 1);
}

TEST(HistogramDecoder, TakesAnEmptyOne) {
  const auto decoded = decode_histogram(Histogram().encoded());
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->counts.empty());
}

TEST(HistogramDecoder, SaysWhatIsNoHistogram) {
  EXPECT_THAT(problem_of(""), HasSubstr("is no HdrHistogram in V2 encoding"));
  EXPECT_THAT(problem_of("helloworld=="), HasSubstr("is no HdrHistogram in V2 encoding"));
  EXPECT_THAT(problem_of("hello, world"), HasSubstr("no base64"));
  const std::string head = head_bytes({});
  EXPECT_THAT(problem_of(frame(test::deflated(head), 0x1c849302)), HasSubstr("V2 encoding"));
  EXPECT_THAT(problem_of(frame(test::deflated(head_bytes({.cookie = 0x1c849301})))),
              HasSubstr("holds no histogram in V2 encoding"));
}

TEST(HistogramDecoder, SaysWhatIsCutOff) {
  Histogram histogram;
  for (int i = 0; i < 500; ++i) histogram.record(i * i);
  const std::string whole = histogram.encoded();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(problem_of(whole.substr(0, size)), "none") << size;
  }
  const std::string bytes = *wire::decode_base64(whole);
  EXPECT_THAT(problem_of(test::base64_of(bytes + "x")), HasSubstr("has more than it should"));
  const std::string head = head_bytes({});
  EXPECT_THAT(problem_of(frame(test::deflated(head.substr(0, 39)))), HasSubstr("in its head"));
  EXPECT_THAT(problem_of(frame(test::deflated(head + "\x02"))), HasSubstr("in its counts"));
  EXPECT_THAT(problem_of(histogram_frame({}, "\x02\x80")), HasSubstr("in the middle of a count"));
  EXPECT_THAT(problem_of(frame(test::deflated(head) + "more")), HasSubstr("damaged"));
}

TEST(HistogramDecoder, OneByteThatIsChangedIsFound) {
  Histogram histogram;
  for (int i = 0; i < 500; ++i) histogram.record(i * i);
  const std::string whole = *wire::decode_base64(histogram.encoded());
  // Not the word size in the cookie, nor zlib's level.
  for (std::size_t at = 4; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    EXPECT_NE(problem_of(test::base64_of(changed)), "none") << at;
  }
}

TEST(HistogramDecoder, TakesNoOtherRange) {
  const char* const kWhat =
      "is of another range: 1 to 3600000000 with 2 digits; pushbench keeps 1 to 3600000000 with 3";
  EXPECT_EQ(problem_of(histogram_frame({.digits = 2}, "")), kWhat);
  for (const HistogramHead& head :
       {HistogramHead{.digits = -3}, HistogramHead{.lowest = 1000},
        HistogramHead{.highest = std::numeric_limits<std::int64_t>::max()},
        HistogramHead{.offset = 1}, HistogramHead{.ratio = 2},
        HistogramHead{.ratio = std::numeric_limits<double>::quiet_NaN()}}) {
    EXPECT_THAT(problem_of(histogram_frame(head, "")), HasSubstr("is of another range"));
  }
}

TEST(HistogramDecoder, NeverTakesMoreThanAHistogramHolds) {
  const std::string bomb(64 << 20, '\0');
  EXPECT_EQ(problem_of(histogram_frame({}, bomb)), "holds more than a histogram can");
  const std::int32_t places = Histogram::places();
  EXPECT_EQ(problem_of(histogram_frame({}, zigzag(-places))), "none");
  for (const std::string& counts :
       {zigzag(-places - 1), zigzag(-places) + zigzag(1), zigzag(-places) + zigzag(0),
        zigzag(std::numeric_limits<std::int64_t>::min()), zigzag(-1) + zigzag(-places)}) {
    EXPECT_EQ(problem_of(histogram_frame({}, counts)), "has more places than a histogram");
  }
  const auto most = static_cast<std::int64_t>(kMostDecoded);
  EXPECT_EQ(problem_of(histogram_frame({}, zigzag(most))), "none");
  for (const std::string& counts : {zigzag(most + 1), zigzag(most) + zigzag(1),
                                    zigzag(std::numeric_limits<std::int64_t>::max()) +
                                        zigzag(std::numeric_limits<std::int64_t>::max())}) {
    EXPECT_THAT(problem_of(histogram_frame({}, counts)), HasSubstr("counts more than 2147483648"));
  }
}

}  // namespace
}  // namespace pushbench::harness
