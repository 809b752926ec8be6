// What the commands that search print and draw.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "report/axis.h"
#include "report/capacity_table.h"
#include "report/columns.h"
#include "report/crossover_text.h"
#include "report/csv.h"
#include "report/curve.h"
#include "report/plan_text.h"
#include "report/sweep_table.h"

namespace pushbench::report {
namespace {

using harness::FigureUnit;
using harness::ProbeRun;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

void expect_fits_80_columns(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), 80U) << line;
}

/// Whether every element is closed by its own end, in order, and every & begins an entity.
bool well_formed(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t at = 0; (at = xml.find_first_of("<&", at)) != std::string::npos; ++at) {
    if (xml[at] == '&') {
      if (xml.substr(at, 9).find(';') == std::string::npos) return false;
      continue;
    }
    const std::size_t end = xml.find('>', at);
    if (end == std::string::npos || xml.find('<', at + 1) < end) return false;
    const std::string tag = xml.substr(at + 1, end - at - 1);
    const std::string name =
        tag.substr(tag[0] == '/' ? 1 : 0, tag.find_first_of(" /", 1) - (tag[0] == '/' ? 1 : 0));
    if (tag[0] == '/') {
      if (open.empty() || open.back() != name) return false;
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(name);
    }
  }
  return open.empty();
}

harness::Repetition repetition(std::int64_t latency_us, std::uint64_t bytes) {
  harness::Repetition r;
  r.users = 10;
  r.messages.delivered = 1'000;
  for (int i = 0; i < 1'000; ++i) r.delivery_latency.record(latency_us);
  r.bytes.network.down = bytes * 1'000;
  r.server.emplace().cpu_us = 5'000;
  return r;
}

harness::SweepResult sweep_of(const std::string& text) {
  harness::SweepResult sweep;
  sweep.spec = *harness::parse_sweep(text);
  std::int64_t latency = 10'000;
  for (const std::string& value : sweep.spec.values) {
    harness::RunResult result;
    result.scenario = "chat";
    for (const char* name : {"polling", "websocket"}) {
      result.transports.push_back({name, {}, {}});
      for (const std::int64_t part : {9, 10, 12}) {
        result.transports.back().repetitions.push_back(repetition(latency * part / 10, 200));
      }
    }
    for (auto& r : result.transports[0].repetitions) r.exchanges = {.asked = 10, .empty = 4};
    latency *= 10;
    sweep.steps.push_back({value, std::move(result)});
  }
  return sweep;
}

TEST(SweepTable, HasARowForEachValueAndTransport) {
  const std::string text = sweep_table(sweep_of("transport.polling.interval=20ms,200ms"));
  EXPECT_THAT(text, HasSubstr("chat over transport.polling.interval: seed 0; medians of 3 runs"));
  EXPECT_THAT(text, HasSubstr("20ms            polling         10.0 ms   10.0 ms      40 %       "
                              "200   5.00 µs\n"));
  EXPECT_THAT(text, HasSubstr("                websocket        100 ms"));
  EXPECT_THAT(text, Not(HasSubstr("INVALID")));
  expect_fits_80_columns(text);
}

TEST(SweepTable, MarksWhatDoesNotCount) {
  harness::SweepResult sweep = sweep_of("users.count=5,10");
  sweep.steps[1].result.transports[1].repetitions[2].invalid = {"9 of 10 deliveries were lost"};
  const std::string text = sweep_table(sweep);
  EXPECT_THAT(text, HasSubstr("µs!\n"));
  EXPECT_THAT(text, HasSubstr("10, websocket, repetition 3: 9 of 10 deliveries were lost"));
  EXPECT_EQ(sweep_table({}), "nothing was measured\n");
}

TEST(SweepCsv, HasALineForEachFigure) {
  const std::string csv = sweep_csv(sweep_of("traffic.rate=1/s,2/s"));
  EXPECT_TRUE(csv.starts_with("value,transport,repetition,valid,metric,unit,figure\n"));
  EXPECT_THAT(csv, HasSubstr("1/s,polling,1,true,exchanges.empty_share,share,0.4\n"));
  EXPECT_THAT(csv, HasSubstr("2/s,websocket,3,true,network_bytes,bytes,200\n"));
  EXPECT_THAT(csv, Not(HasSubstr("websocket,1,true,exchanges.empty_share")));
}

TEST(CsvField, IsQuotedWhereItMustBe) {
  EXPECT_EQ(csv_field("10ms"), "10ms");
  EXPECT_EQ(csv_field("a, \"b\""), "\"a, \"\"b\"\"\"");
}

TEST(SweepCurve, PutsNumbersAtTheirPlaceAndWordsInARow) {
  const Curve numbers = sweep_curve(sweep_of("transport.polling.interval=5s,20ms,200ms"));
  ASSERT_EQ(numbers.ticks.size(), 3U);
  EXPECT_EQ(numbers.ticks[0].text, "20ms");
  EXPECT_EQ(numbers.ticks[0].x, 0.02);
  EXPECT_EQ(numbers.panels[0].lines[1].points[0].x, 0.02);
  ASSERT_EQ(numbers.panels.size(), 3U);
  const Curve words = sweep_curve(sweep_of("traffic.kind=constant,poisson"));
  EXPECT_EQ(words.ticks[1].x, 1);
  EXPECT_EQ(words.ticks[1].text, "poisson");
}

TEST(CurveSvg, IsWellFormedAndHasTheValues) {
  harness::SweepResult sweep = sweep_of("transport.polling.interval=20ms,200ms,5s");
  sweep.steps[0].result.scenario = "a<b & \"c\"";
  const std::string svg = curve_svg(sweep_curve(sweep));
  EXPECT_TRUE(well_formed(svg)) << svg;
  EXPECT_TRUE(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_THAT(svg, HasSubstr("<title>a&lt;b &amp; "));
  EXPECT_THAT(svg, HasSubstr("<title>polling, 200ms: 100 ms</title>"));
  EXPECT_THAT(svg, HasSubstr(">websocket</text>"));
  EXPECT_THAT(svg, HasSubstr(">transport.polling.interval</text>"));
  EXPECT_THAT(svg, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_FALSE(well_formed("<a><b></a></b>"));
  EXPECT_FALSE(well_formed("<a>&</a>"));
}

const std::vector<std::string> kManyColumns{"polling",
                                            "long-polling",
                                            "sse",
                                            "websocket",
                                            "nchan/websocket",
                                            "socketio/long-polling",
                                            "socketio/websocket",
                                            "ws/websocket",
                                            "mine/websocket"};

std::string curve_of_many_columns() {
  harness::SweepResult sweep = sweep_of("users.count=5,10");
  for (harness::SweepStep& step : sweep.steps) {
    step.result.transports.clear();
    for (const std::string& name : kManyColumns) {
      harness::TransportResult& column = step.result.transports.emplace_back();
      column.name = name;
      column.repetitions.push_back(repetition(1'000, 200));
      const std::size_t slash = name.find('/');
      if (slash == std::string::npos) continue;
      column.target = harness::TargetResult{name.substr(0, slash), "ws", "http://127.0.0.1:1"};
    }
  }
  return curve_svg(sweep_curve(sweep));
}

/// What stands between two words behind a place.
std::string between(const std::string& text, std::size_t at, const std::string& from,
                    const std::string& to) {
  const std::size_t begin = text.find(from, at) + from.size();
  return text.substr(begin, text.find(to, begin) - begin);
}

/// The class and the shape of a column's mark at its first value.
std::pair<std::string, std::string> mark_of(const std::string& svg, const std::string& column) {
  const std::size_t at = svg.rfind("<path", svg.find("<title>" + column + ", 5:"));
  return {between(svg, at, "class=\"", "\""), between(svg, at, " d=\"", "\"")};
}

TEST(CurveSvg, TellsTargetsApartByDashAndMark) {
  const std::string svg = curve_of_many_columns();
  const auto own = mark_of(svg, "websocket");
  std::set<std::string> shapes{own.second};
  std::set<std::string> dashes;
  for (const std::string& column : kManyColumns) {
    if (!column.ends_with("websocket")) continue;
    const auto mark = mark_of(svg, column);
    EXPECT_EQ(mark.first, own.first) << column;  // the colour is the transport's
    shapes.insert(mark.second);
    const std::size_t line = svg.rfind("<line class=\"line ", svg.find(">" + column + "</text>"));
    dashes.insert(between(svg, line, "class=\"", "\""));
  }
  EXPECT_EQ(shapes.size(), 5U);
  EXPECT_EQ(dashes.size(), 5U);
  EXPECT_EQ(mark_of(svg, "socketio/websocket").second,
            mark_of(svg, "socketio/long-polling").second);
  EXPECT_NE(mark_of(svg, "socketio/websocket").first, mark_of(svg, "socketio/long-polling").first);
}

TEST(CurveSvg, HasRoomForALongLegend) {
  const std::string svg = curve_of_many_columns();
  EXPECT_TRUE(well_formed(svg));
  double lowest = 0;
  for (const std::string& column : kManyColumns) {
    const std::size_t at = svg.rfind("<text", svg.find(">" + column + "</text>"));
    const double x = std::stod(between(svg, at, "x=\"", "\""));
    EXPECT_LE(x + 7.0 * static_cast<double>(column.size()), 720) << column;
    lowest = std::max(lowest, std::stod(between(svg, at, "y=\"", "\"")));
  }
  const auto y_of = [&](const std::string& text, bool last) {
    const std::size_t found = last ? svg.rfind(text) : svg.find(text);
    return std::stod(between(svg, svg.rfind("<text", found), "y=\"", "\""));
  };
  EXPECT_GT(y_of(">delivery latency, median</text>", false), lowest + 12);
  EXPECT_LT(y_of(">users.count</text>", true), std::stod(between(svg, 0, "height=\"", "\"")));
}

TEST(CurveSvg, OfNothingOrOnePointIsStillAPicture) {
  EXPECT_TRUE(well_formed(curve_svg({})));
  Curve one;
  one.panels.push_back({"y", FigureUnit::bytes, {{"sse", style_of("sse"), {{1, 0, {}}}}}, 3});
  const std::string svg = curve_svg(one);
  EXPECT_TRUE(well_formed(svg));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

TEST(Axis, IsLogarithmicWhereValuesSpanMuch) {
  EXPECT_FALSE(Axis({1, 19}, 0, 100).logarithmic());
  EXPECT_FALSE(Axis({0, 1'000}, 0, 100).logarithmic());
  const Axis axis({1, 1'000}, 0, 100);
  EXPECT_TRUE(axis.logarithmic());
  EXPECT_NEAR(axis.place(std::sqrt(1'000)), 50, 1e-9);
  EXPECT_THAT(axis.ticks(), ElementsAre(1, 2, 5, 10, 20, 50, 100, 200, 500, 1'000));
  EXPECT_THAT(Axis({0, 100}, 0, 100).ticks(), ElementsAre(0, 20, 40, 60, 80, 100));
}

TEST(Axis, TicksAreWrittenShort) {
  EXPECT_EQ(tick_text(FigureUnit::microseconds, 2'000), "2 ms");
  EXPECT_EQ(tick_text(FigureUnit::microseconds, 5'000'000), "5 s");
  EXPECT_EQ(tick_text(FigureUnit::bytes, 20'000), "20,000");
  EXPECT_EQ(tick_text(FigureUnit::share, 0.2), "20 %");
}

harness::CapacityQuestion capacity_question() {
  return {*harness::VariedKey::of(*harness::parse_key("users")),
          {100, 1'000, 0.1, true},
          {*harness::parse_limit("delivery_latency.p99<250ms")},
          2};
}

harness::CapacityCurve capacity_curve_of(bool capped) {
  harness::CapacityCurve curve;
  curve.transport = "sse";
  curve.probes.push_back({100, true, {{ProbeRun::Verdict::good, false, {}, {120'000.0}}}});
  curve.best = 100;
  curve.capped = capped;
  if (capped) return curve;
  curve.probes.push_back(
      {200, false, {{ProbeRun::Verdict::bad, false, {"too slow, by far"}, {400'000.0}}}});
  curve.failed = 200;
  return curve;
}

TEST(CapacityTable, ShowsTheCurveTheAnswerAndWhatStoppedIt) {
  const std::string text = capacity_table("chat", {capacity_curve_of(false)}, capacity_question());
  EXPECT_THAT(text, HasSubstr("         100      1                120 ms  good\n"));
  EXPECT_THAT(text, HasSubstr("400 ms  too much\n      too slow, by far\n"));
  EXPECT_THAT(text, HasSubstr("  users.count = 100; stopped at 200: too slow, by far.\n"));
  expect_fits_80_columns(text);
  EXPECT_THAT(capacity_table("chat", {capacity_curve_of(true)}, capacity_question()),
              HasSubstr("the end of the range, is still good"));
  harness::CapacityCurve none = capacity_curve_of(false);
  none.best.reset();
  EXPECT_THAT(capacity_table("chat", {none}, capacity_question()), HasSubstr("None: "));
}

TEST(CapacityTable, HasTheFiguresOfRunsThatCount) {
  harness::CapacityCurve curve;
  curve.transport = "websocket";
  curve.probes = {{100,
                   true,
                   {{ProbeRun::Verdict::bad, false, {"the harness was late"}, {90'000.0}, false},
                    {ProbeRun::Verdict::good, false, {}, {20'000.0}}}},
                  {200,
                   false,
                   {{ProbeRun::Verdict::bad, false, {"too late"}, {70'000.0}, false},
                    {ProbeRun::Verdict::bad, false, {"too late"}, {70'000.0}, false}}}};
  curve.best = 100;
  curve.failed = 200;
  auto question = capacity_question();
  question.repeat = 1;
  const std::string text = capacity_table("chat", {curve}, question);
  EXPECT_THAT(text, HasSubstr("at which a run is valid"));
  EXPECT_THAT(text, HasSubstr("20.0 ms  good\n      one run did not count, and was done again: "
                              "the harness was late\n"));
  EXPECT_THAT(text, HasSubstr("70.0 ms  too much\n      too late\n      no run counts"));
  expect_fits_80_columns(text);
}

TEST(CapacityFiles, HaveEveryRunAndTheLimit) {
  const auto question = capacity_question();
  EXPECT_THAT(capacity_csv({capacity_curve_of(false)}, question),
              HasSubstr("sse,200,1,bad,\"too slow, by far\",delivery_latency.p99,us,400000\n"));
  const Curve curve = capacity_curve("chat", {capacity_curve_of(false)}, question);
  EXPECT_EQ(curve.panels[0].bound, 250'000);
  EXPECT_TRUE(curve.panels[0].lines[0].points[1].hollow);
  EXPECT_THAT(curve_svg(curve), HasSubstr("class=\"bound\""));
}

harness::CrossoverQuestion crossover_question() {
  return {{"polling", "websocket"},
          *harness::parse_metric("network_bytes"),
          *harness::VariedKey::of(*harness::parse_key("transport.polling.interval")),
          0.1,
          60};
}

harness::CrossoverRun side_of(double value, double theory, const harness::Spread& measured) {
  harness::CrossoverRun run;
  run.value = value;
  run.theory = {theory, 200};
  run.measured = {measured, harness::Spread{199, 198, 200}};
  return run;
}

harness::Crossover crossover_of(harness::Confirmation confirmation) {
  harness::Crossover crossover;
  crossover.theory = harness::Comparison{
      {{5, harness::Winner::second, harness::Winner::first}}, harness::Winner::second, 60};
  crossover.sides.push_back(side_of(2.5, 300, {330, 320, 340}));
  crossover.sides.push_back(side_of(10, 100, {110, 110, 111}));
  crossover.confirmation = confirmation;
  crossover.measured_at = 5.5;
  return crossover;
}

TEST(CrossoverText, SaysWhereAndHowFarTheoryIsOff) {
  using harness::Confirmation;
  const std::string text =
      crossover_text("chat", crossover_of(Confirmation::confirmed), crossover_question());
  EXPECT_THAT(text, HasSubstr("they cross at transport.polling.interval = 5s: below it websocket"));
  EXPECT_THAT(text, HasSubstr("        2.5s  polling             300 B       330 B       +10 %\n"));
  EXPECT_THAT(text, HasSubstr("-0.5 %  wins\n"));
  EXPECT_THAT(text, HasSubstr("Confirmed: on both sides"));
  EXPECT_THAT(text, HasSubstr("5.5s, +10 %"));
  expect_fits_80_columns(text);
  EXPECT_THAT(crossover_text("chat", crossover_of(Confirmation::refuted), crossover_question()),
              HasSubstr("Not confirmed: what was measured has another winner"));
  EXPECT_THAT(crossover_csv(crossover_of(Confirmation::confirmed), crossover_question()),
              HasSubstr("2.5s,side,websocket,measured,network_bytes,bytes,199\n"));
}

TEST(PlanText, SaysWhatARunWouldDo) {
  harness::Scenario scenario;
  scenario.name = "chat";
  auto plan = harness::plan_run(scenario, 7, PUSHBENCH_SOURCE_DIR "/scenarios/headers");
  ASSERT_TRUE(plan);
  plan->transports = {"polling", "websocket"};
  const std::string text = plan_text(*plan);
  EXPECT_THAT(text, HasSubstr("users         100\n"));
  EXPECT_THAT(text, HasSubstr("2 transports (polling, websocket), 3 repetitions each"));
  EXPECT_THAT(text, HasSubstr("takes         about 116s in all\n"));
  EXPECT_THAT(text, HasSubstr(plan->schedule.hash() + " (seed 7)"));
  EXPECT_THAT(text, HasSubstr("open files"));
  EXPECT_THAT(text, HasSubstr("\n  websocket "));
  expect_fits_80_columns(text);
}

}  // namespace
}  // namespace pushbench::report
