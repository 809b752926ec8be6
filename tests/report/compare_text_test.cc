#include "report/compare_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "report/columns.h"
#include "report/compare_json.h"
#include "report/compare_markdown.h"
#include "report/compare_words.h"
#include "synthetic.h"

namespace pushbench::report {
namespace {

using harness::RunResult;
using testing::HasSubstr;
using testing::Not;

/// A baseline, the same again, and one with a millisecond more.
struct Runs {
  RunResult a, b, c;

  explicit Runs(std::size_t repetitions = 3) {
    Machine machine(11);
    a = machine.run(repetitions);
    b = machine.run(repetitions);
    c = machine.run(repetitions, {.delay_us = 1000});
  }
  Compared compared(const std::vector<const char*>& conditions = {}) const {
    CompareOptions options;
    for (const char* text : conditions) options.conditions.push_back(*parse_condition(text));
    return *compare({{&a, "results/old"}, {&b, "results/same"}, {&c, "results/new"}}, options);
  }
};

void expect_fits_80_columns(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), 80U) << line;
}

TEST(CompareText, MarksChangedRowsAndNamesEachRegression) {
  const std::string text = compare_text(Runs().compared());
  expect_fits_80_columns(text);
  EXPECT_THAT(text, HasSubstr("A, results/old"));
  EXPECT_THAT(text, HasSubstr("websocket                      A        C   change"));
  EXPECT_THAT(text, HasSubstr("\n! delivery_latency.mean"));
  EXPECT_THAT(text, HasSubstr("worse: websocket.delivery_latency.mean: "));
  EXPECT_THAT(text, HasSubstr("C against A: "));
  EXPECT_THAT(text, HasSubstr("least to most"));
  EXPECT_THAT(text, HasSubstr("cannot tell (a single delivery's): polling.delivery_latency.max"));
  EXPECT_THAT(compare_text(Runs(8).compared()), HasSubstr("interval (95 %)"));
  expect_fits_80_columns(compare_text(Runs(8).compared()));
}

TEST(CompareText, NamesEachServersOwnBuild) {
  Runs runs;
  for (RunResult* run : {&runs.a, &runs.b, &runs.c}) run->context.build = {"0.2.0", "abc"};
  EXPECT_THAT(compare_text(runs.compared()), HasSubstr(", pushbench 0.2.0 (abc), 3 repetitions"));
  runs.a.context.server = harness::BuildInfo{"0.1.0", "old"};
  runs.b.context.server = harness::BuildInfo{};
  const Compared compared = runs.compared();
  EXPECT_THAT(source_line(compared.baseline), HasSubstr("server 0.1.0 (old), harness 0.2.0 (abc)"));
  EXPECT_THAT(source_line(compared.candidates[0].source),
              HasSubstr("server of a version that it does not say, harness 0.2.0 (abc)"));
  const auto json = nlohmann::json::parse(compare_json(compared));
  EXPECT_EQ(json["baseline"]["server"]["version"], "0.1.0");
  EXPECT_EQ(json["baseline"]["server"]["commit"], "old");
  EXPECT_EQ(json["candidates"][0]["server"]["version"], "");
  EXPECT_TRUE(json["candidates"][1]["server"].is_null());
}

TEST(CompareText, SaysWhatBecameOfTheConditions) {
  const std::string text = compare_text(
      Runs().compared({"websocket.delivery_latency.p50 > +50%", "sse.network_bytes > +5%"}));
  EXPECT_THAT(text, HasSubstr("FAILED: websocket.delivery_latency.p50 > +50%: "));
  EXPECT_THAT(text, HasSubstr("held: sse.network_bytes > +5%: "));
}

TEST(CompareText, WarnsAndSaysWhatIsInvalid) {
  Runs runs;
  runs.b.context.machine.kernel = "Linux 7";
  runs.b.transports[1].repetitions[0].invalid = {"3 of 2000 deliveries were lost"};
  const std::string text = compare_text(runs.compared());
  EXPECT_THAT(text, HasSubstr("warning: kernel is "));
  EXPECT_THAT(text, HasSubstr("INVALID: B: long-polling, repetition 1: 3 of 2000 deliveries were "
                              "lost"));
}

TEST(CompareMarkdown, ShowsWhatChangedFirstAndLetsNoNameInject) {
  Runs runs;
  runs.a.scenario = runs.b.scenario = runs.c.scenario = "<b>|`x`";
  const std::string text =
      compare_markdown(*compare({{&runs.a, "results/old"}, {&runs.c, "results/new"}}, {}));
  EXPECT_THAT(text, HasSubstr("### pushbench compare: &#60;b&#62;&#124;&#96;x&#96;, seed 1"));
  EXPECT_THAT(text, HasSubstr("| websocket | delivery&#95;latency.mean |"));
  EXPECT_THAT(text, HasSubstr("**worse** |"));
  EXPECT_LT(text.find("**worse**"), text.find("<details>"));
  EXPECT_THAT(text, Not(HasSubstr("<b>")));
}

TEST(CompareJson, HasEachFigureWithItsRepetitionsAndVerdict) {
  const auto json = nlohmann::json::parse(compare_json(Runs().compared({"server_cpu > +90%"})));
  EXPECT_EQ(json["schema"], "pushbench-compare/1");
  EXPECT_EQ(json["regressed"], false);  // by the condition
  const auto& c = json["candidates"][1];
  EXPECT_EQ(c["name"], "C");
  EXPECT_GT(c["worse"], 0);
  EXPECT_EQ(c["conditions"].size(), 4U);
  EXPECT_EQ(c["conditions"][0]["outcome"], "held");
  const auto& mean = c["transports"][3]["figures"][0];
  EXPECT_EQ(mean["metric"], "delivery_latency.mean");
  EXPECT_EQ(mean["unit"], "us");
  EXPECT_EQ(mean["baseline"]["repetitions"].size(), 3U);
  EXPECT_EQ(mean["verdict"], "worse");
  EXPECT_EQ(mean["interval"]["kind"], "least_most");
  EXPECT_TRUE(mean["p"].is_null());
  EXPECT_GT(mean["interval"]["low"], 500);
}

}  // namespace
}  // namespace pushbench::report
