#include "harness/latency_log.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <sstream>

#include "harness/histogram_decoder.h"
#include "tests/support/histogram_frame.h"

namespace pushbench::harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kPath = "somewhere/latency.hlog";

/// Deliveries in the seconds 0, 2 and 3 of 3.25 s.
Repetition repetition(std::mt19937_64& random, double started_s) {
  Repetition r;
  r.started_s = started_s;
  r.duration_s = 3.25;
  const auto draw = [&random](std::int64_t most) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most));
  };
  for (const double second : {0.0, 2.0, 3.0}) {
    Histogram histogram;
    for (int i = 0; i < 400; ++i) histogram.record(draw(draw(1'000'000) + 1));
    r.delivery_latency.add(histogram);
    r.by_second.push_back({second, std::min(1.0, r.duration_s - second), histogram.sparse()});
  }
  r.messages.delivered = r.delivery_latency.count();
  for (int i = 0; i < 50; ++i) {
    r.sender_latency.record(draw(5'000));
    r.last_receiver_latency.record(draw(50'000));
    r.lateness.record(draw(300));
    if (started_s < 10) r.join.record(draw(2'000));
  }
  return r;
}

/// Two transports, twice each, and the floor; of the second repetitions there is no time to join.
RunResult sample() {
  std::mt19937_64 random(5);
  RunResult result;
  result.context.date = "2026-01-31T12:00:00Z";
  result.floor = Floor();
  for (int i = 0; i < 100; ++i) result.floor->delivery_latency.record(i);
  result.floor->lateness.record(12);
  result.floor->delivered = 100;
  result.floor->duration_s = 1.5;
  result.transports.resize(2);
  result.transports[0].name = "polling";
  result.transports[1].name = "long-polling";
  for (const double round : {2.0, 14.1234}) {
    for (const double place : {0.0, 4.5678}) {
      TransportResult& transport = result.transports[place == 0 ? 0 : 1];
      transport.repetitions.push_back(repetition(random, round + place));
    }
  }
  return result;
}

/// As it is read from a result.json.
RunResult without_histograms(RunResult result) {
  for (Histogram* histogram : {&result.floor->delivery_latency, &result.floor->lateness}) {
    histogram->clear();
  }
  for (TransportResult& transport : result.transports) {
    for (Repetition& r : transport.repetitions) {
      for (Histogram* histogram : {&r.delivery_latency, &r.sender_latency, &r.join, &r.rejoin,
                                   &r.last_receiver_latency, &r.lateness}) {
        histogram->clear();
      }
      r.by_second.clear();
    }
  }
  return result;
}

void expect_same(const Histogram& a, const Histogram& b) {
  EXPECT_EQ(a.sparse().counts, b.sparse().counts);
  EXPECT_EQ(a.max(), b.max());
  EXPECT_EQ(a.mean(), b.mean());
  for (const double percent : {50.0, 99.0, 99.9}) {
    EXPECT_EQ(a.percentile(percent), b.percentile(percent));
  }
}

void expect_same(const Repetition& a, const Repetition& b) {
  for (const auto histogram :
       {&Repetition::delivery_latency, &Repetition::sender_latency, &Repetition::join,
        &Repetition::rejoin, &Repetition::last_receiver_latency, &Repetition::lateness}) {
    expect_same(a.*histogram, b.*histogram);
  }
  ASSERT_EQ(a.by_second.size(), b.by_second.size());
  for (std::size_t i = 0; i < a.by_second.size(); ++i) {
    EXPECT_EQ(a.by_second[i].start_s, b.by_second[i].start_s);
    EXPECT_EQ(a.by_second[i].length_s, b.by_second[i].length_s);
    EXPECT_EQ(a.by_second[i].latency.counts, b.by_second[i].latency.counts);
  }
}

void expect_same(const RunResult& a, const RunResult& b) {
  expect_same(a.floor->delivery_latency, b.floor->delivery_latency);
  expect_same(a.floor->lateness, b.floor->lateness);
  for (std::size_t t = 0; t < a.transports.size(); ++t) {
    for (std::size_t i = 0; i < a.transports[t].repetitions.size(); ++i) {
      SCOPED_TRACE(fmt::format("{} {}", a.transports[t].name, i));
      expect_same(a.transports[t].repetitions[i], b.transports[t].repetitions[i]);
    }
  }
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

/// The line's first fields: all but the histogram.
std::string fields(const std::string& line) { return line.substr(0, line.rfind(',')); }

/// What is said of a log beside the sample's result; "" if it is taken.
std::string problem_of(const std::string& log, RunResult result = sample()) {
  const auto taken = take_latency_log(log, kPath, result);
  return taken ? "" : taken.error().line();
}

TEST(LatencyLog, GivesBackEveryHistogram) {
  const RunResult written = sample();
  const std::string log = latency_log(written);
  RunResult read = without_histograms(sample());
  const auto taken = take_latency_log(log, kPath, read);
  ASSERT_TRUE(taken) << taken.error().line();
  expect_same(written, read);
  EXPECT_EQ(latency_log(read), log);
}

TEST(LatencyLog, TakesThePlaceOfWhatWasThere) {
  RunResult read = sample();
  ASSERT_EQ(problem_of(latency_log(read), sample()), "");
  ASSERT_TRUE(take_latency_log(latency_log(read), kPath, read));
  expect_same(sample(), read);
}

TEST(LatencyLog, BeginsAsHdrHistogramsJavaWriterDoes) {
  const std::vector<std::string> lines = lines_of(latency_log(sample()));
  EXPECT_EQ(lines[0], "#[Histogram log format version 1.3]");
  EXPECT_EQ(lines[1], "#[StartTime: 1769860800.000 (seconds since epoch), 2026-01-31T12:00:00Z]");
  EXPECT_EQ(lines[4],
            R"("StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram")");
  for (const std::string& line : lines) {
    if (!line.starts_with('#')) continue;
    EXPECT_LT(line.size(), 128U);  // that the C reader takes
  }
}

TEST(LatencyLog, HasALineForEachSecondInOrderOfTime) {
  std::vector<std::string> times;
  for (const std::string& line : lines_of(latency_log(sample()))) {
    const bool is_of_interest = line.starts_with("Tag=polling,") || line.starts_with("Tag=floor") ||
                                line.starts_with("Tag=polling:join");
    if (is_of_interest) times.push_back(line.substr(4, line.find(',', line.find('.') + 1) - 4));
  }
  EXPECT_THAT(times, ElementsAre("floor,0.000", "floor:lateness,0.000", "polling,2.000",
                                 "polling:join,2.000", "polling,4.000", "polling,5.000",
                                 "polling,14.123", "polling,16.123", "polling,17.123"));
}

TEST(LatencyLog, MaxIsInMilliseconds) {
  RunResult result = sample();
  Repetition& r = result.transports[0].repetitions[0];
  r.by_second = {{3, 0.25, {}}};
  Histogram histogram;
  histogram.record(1'500);
  r.by_second[0].latency = histogram.sparse();
  EXPECT_THAT(latency_log(result), HasSubstr("\nTag=polling,5.000,0.250,1.500,HISTFAAA"));
}

TEST(LatencyLog, WithoutADateThereIsNoStartTime) {
  for (const char* date : {"", "yesterday", "2026-01-31T12:00:00Z]\n", "2026-01-31 12:00:00Z"}) {
    RunResult result = sample();
    result.context.date = date;
    EXPECT_THAT(latency_log(result), testing::Not(HasSubstr("StartTime:"))) << date;
    EXPECT_EQ(problem_of(latency_log(result)), "");
  }
}

TEST(LatencyLog, ARepetitionWithoutSecondsHasOneLine) {
  RunResult result = sample();
  result.transports[0].repetitions[1].by_second.clear();
  const std::string log = latency_log(result);
  EXPECT_THAT(log, HasSubstr("\nTag=polling,14.123,3.250,"));
  RunResult read = without_histograms(sample());
  ASSERT_TRUE(take_latency_log(log, kPath, read));
  const Repetition& r = read.transports[0].repetitions[1];
  expect_same(r.delivery_latency, sample().transports[0].repetitions[1].delivery_latency);
  ASSERT_EQ(r.by_second.size(), 1U);
  EXPECT_EQ(r.by_second[0].length_s, 3.25);
}

TEST(LatencyLog, TakesCommentsBlankLinesOtherLineEndsAndLinesInAnyOrder) {
  std::vector<std::string> lines = lines_of(latency_log(sample()));
  std::reverse(lines.begin() + 5, lines.end());
  lines.insert(lines.begin() + 7, {"# a comment", ""});
  const std::string log = fmt::format("{}", fmt::join(lines, "\r\n"));
  RunResult read = without_histograms(sample());
  const auto taken = take_latency_log(log, kPath, read);
  ASSERT_TRUE(taken) << taken.error().line();
  expect_same(sample(), read);
}

TEST(LatencyLog, SaysWhatIsNoLog) {
  for (const char* text : {"", "{}", "\n#[Histogram log format version 1.3]\n"}) {
    EXPECT_EQ(problem_of(text),
              "somewhere/latency.hlog:1: is no HdrHistogram log: one begins with \"#[Histogram log "
              "format version 1.3]\"");
  }
}

/// What is said once the first second's line is changed.
struct Broken {
  const char* name;
  std::function<void(std::string& line)> change;
  const char* what;
};

void replace(std::string& line, const std::string& what, const std::string& by) {
  const std::size_t at = line.find(what);
  ASSERT_NE(at, std::string::npos) << line;
  line.replace(at, what.size(), by);
}

std::function<void(std::string&)> replacing(const std::string& what, const std::string& by) {
  return [what, by](std::string& line) { replace(line, what, by); };
}

/// Another histogram, with a max that fits an empty one.
std::function<void(std::string&)> with_histogram(const std::string& encoded) {
  return [encoded](std::string& line) { line = "Tag=polling,2.000,1.000,0.000," + encoded; };
}

class BrokenLogTest : public testing::TestWithParam<Broken> {};

TEST_P(BrokenLogTest, NamesTheLineAndWhatWouldBeRight) {
  std::vector<std::string> lines = lines_of(latency_log(sample()));
  const auto line = std::find_if(lines.begin(), lines.end(), [](const std::string& each) {
    return each.starts_with("Tag=polling,2.000,1.000,");
  });
  ASSERT_NE(line, lines.end());
  GetParam().change(*line);
  const std::string problem = problem_of(joined(lines));
  EXPECT_THAT(problem, StartsWith(fmt::format("{}:{}: ", kPath, line - lines.begin() + 1)));
  EXPECT_THAT(problem, HasSubstr(GetParam().what));
  EXPECT_EQ(problem.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, BrokenLogTest,
    testing::Values(
        Broken{"no_tag", replacing("Tag=polling,", ""), "Tag=NAME,start,length,max,histogram"},
        Broken{"too_few_fields", [](std::string& line) { line = fields(line); },
               "Tag=NAME,start,length,max,histogram"},
        Broken{"too_many_fields", replacing("2.000,", "2.000,,"), "Tag=NAME,start,length,max"},
        Broken{"words", [](std::string& line) { line = "hello"; }, "Tag=NAME,start,length,max"},
        Broken{"unknown_transport", replacing("polling", "poling"),
               "\"poling\": the result has no transport of that name; it has floor, polling, "
               "long-polling"},
        Broken{"escapes", replacing("polling", "\x1b[2J\xc3"), "\"?[2J?\": the result has no"},
        Broken{"unknown_histogram", replacing("polling", "polling:latenes"),
               "\"polling:latenes\": there is no such histogram; there are polling, "
               "polling:lateness, polling:sender"},
        Broken{"colon_only", replacing("polling", "polling:"), "\"polling:\": there is no such"},
        Broken{"floors_own", replacing("polling,2.000", "floor:join,0.000"), "the floor has only"},
        Broken{"no_number", replacing("2.000", "two"), "\"two\" is no number from 0 on"},
        Broken{"below_0", replacing("2.000", "-2.000"), "\"-2.000\" is no number"},
        Broken{"not_a_number", replacing("2.000", "nan"), "\"nan\" is no number"},
        Broken{"infinite", replacing("1.000", "inf"), "\"inf\" is no number"},
        Broken{"too_large", replacing("2.000", "2e999"), "\"2e999\" is no number"},
        Broken{"before_all", replacing("2.000", "1.900"),
               "1.900 s is in the measured time of no repetition of polling, which began at 2.000 "
               "s, 14.123 s"},
        Broken{"between_two", replacing("2.000", "6.000"), "6.000 s is in the measured time of no"},
        Broken{"after_all", replacing("2.000", "1e300"), "is in the measured time of no"},
        Broken{"no_seconds_start", replacing("2.000", "2.400"),
               "2.400 s is not where a second begins: 2.000 s is"},
        Broken{"long_second", replacing("1.000", "1.100"),
               "lasts 1.100 s; this second lasts 1.000"},
        Broken{"huge_length", replacing("1.000", "1e18"), "this second lasts 1.000"},
        Broken{"not_the_whole", replacing("polling,2.000,1.000", "polling:rejoin,2.000,1.000"),
               "is not of the whole repetition, which is 2.000,3.250"},
        Broken{"another_max", replacing("1.000,", "1.000,9"), "was changed: its max is 9"},
        Broken{"no_base64", replacing(",HISTFAAA", ",HIST*AAA"), "is cut off, or no base64"},
        Broken{"no_histogram", replacing(",HISTFAAA", ","), "its histogram is "},
        Broken{"cut_off", [](std::string& line) { line.resize(line.size() - 40); },
               "its histogram is "},
        Broken{"empty", [](std::string& line) { line = fields(line) + ","; },
               "its histogram is no HdrHistogram in V2 encoding"},
        Broken{"damaged", [](std::string& line) { line[line.size() - 30] ^= 2; },
               "its histogram is damaged"},
        Broken{"another_range", with_histogram(test::histogram_frame({.digits = 2}, "")),
               "its histogram is of another range: 1 to 3600000000 with 2 digits; pushbench keeps"},
        Broken{"bomb", with_histogram(test::histogram_frame({}, std::string(1 << 24, '\0'))),
               "its histogram holds more than a histogram can"},
        Broken{"huge_count", with_histogram(test::histogram_frame({}, test::zigzag(1LL << 62))),
               "its histogram counts more than 2147483648 values"}),
    [](const auto& broken) { return std::string(broken.param.name); });

TEST(LatencyLog, ManyLinesOfOneHistogramDoNotOverflowIt) {
  const std::string line =
      "Tag=floor,0.000,1.500,0.000," +
      test::histogram_frame({}, test::zigzag(static_cast<std::int64_t>(kMostDecoded))) + "\n";
  EXPECT_EQ(problem_of("#[Histogram log format version 1.3]\n" + line + line),
            "somewhere/latency.hlog:3: counts more than 2147483648 values with those before it");
}

TEST(LatencyLog, AFloorThatTheResultDoesNotHaveIsAnError) {
  RunResult result = sample();
  result.floor.reset();
  EXPECT_THAT(problem_of(latency_log(sample()), std::move(result)),
              HasSubstr(":6: \"floor\": the result has no floor"));
}

TEST(LatencyLog, TellsALogThatWasCutOffFromAResultThatWasChanged) {
  std::vector<std::string> lines = lines_of(latency_log(sample()));
  RunResult changed = sample();
  changed.transports[1].repetitions[1].messages.delivered = 1'201;
  EXPECT_EQ(problem_of(joined(lines), std::move(changed)),
            "somewhere/latency.hlog: holds 1200 delivery latencies of long-polling's repetition 2, "
            "but the result beside it has 1201 deliveries: the result was changed, or is of "
            "another run");
  while (!lines.back().starts_with("Tag=long-polling,")) lines.pop_back();
  lines.pop_back();
  EXPECT_EQ(problem_of(joined(lines)),
            "somewhere/latency.hlog: holds 800 delivery latencies of long-polling's repetition 2, "
            "but the result beside it has 1200 deliveries: the log was changed or cut off, or is "
            "of another run");
}

TEST(LatencyLog, ItsChecksumTellsWhetherALineWasChanged) {
  const std::string log = latency_log(sample());
  EXPECT_TRUE(is_as_written(log));
  EXPECT_FALSE(is_as_written(log.substr(0, log.size() - 1)));
  EXPECT_FALSE(is_as_written(log + "\n"));
  std::string changed = log;
  changed[log.rfind(',') + 20] ^= 1;
  EXPECT_FALSE(is_as_written(changed));
  EXPECT_FALSE(is_as_written(""));
  EXPECT_FALSE(is_as_written("#[Histogram log format version 1.3]\n"));
}

}  // namespace
}  // namespace pushbench::harness
