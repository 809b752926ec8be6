#include "report/html_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/latency_log.h"
#include "harness/result_json.h"
#include "made_result.h"
#include "report/chart_data.h"
#include "report/chart_figures.h"
#include "report/html_extract.h"
#include "report/html_text.h"
#include "report/numbers.h"

namespace pushbench::report {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kAwkward =
    "</script><img src=x onerror=alert(1)>\"'&<!-- \xE2\x80\xA8 \\u003c \\ \xC3\xA4";

std::size_t times(const std::string& text, const std::string& word) {
  std::size_t n = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
  return n;
}

TEST(HtmlText, NothingOfATextIsMarkup) {
  EXPECT_EQ(html("<a b=\"c\" d='e'>&amp;"), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;");
  EXPECT_EQ(html("gr\xC3\xBC\xC3\x9F dich"), "gr\xC3\xBC\xC3\x9F dich");
}

TEST(HtmlText, NumbersStayWithTheirUnits) {
  EXPECT_EQ(html_prose("50.2 ms (16 %), <1 % of 20 users; 5 B & more"),
            "50.2\u00A0ms (16\u00A0%), &lt;1\u00A0% of 20 users; 5\u00A0B &amp; more");
  EXPECT_EQ(html_prose(""), "");
  EXPECT_EQ(html_prose(" a  b "), " a  b ");
}

TEST(HtmlText, JsonInAScriptHasTheSameMeaning) {
  const nlohmann::json json = {{"name", kAwkward}, {"more", {1, "\\u003c", "\\\\<", nullptr}}};
  const std::string text = json.dump();
  const std::string script = script_json(text);
  EXPECT_THAT(script, Not(HasSubstr("<")));
  EXPECT_THAT(script, Not(HasSubstr("\xE2\x80\xA8")));
  EXPECT_EQ(nlohmann::json::parse(script), json);
  EXPECT_EQ(plain_json(script), text);
}

TEST(HtmlText, AnyTextSurvives) {
  const std::string text = std::string("#[a]\n\"b\",<\\u003c>\r\n\0", 19) + kAwkward;
  const std::string script = script_text(text);
  EXPECT_THAT(script, Not(HasSubstr("<")));
  EXPECT_EQ(plain_text(script).value(), text);
  EXPECT_FALSE(plain_text("{}"));
  EXPECT_FALSE(plain_text("\"cut off"));
}

TEST(HtmlReport, NoNameIsMarkup) {
  harness::RunResult result = made_result(kAwkward);
  result.outcome = harness::Outcome::broke;
  result.problem = kAwkward;
  result.failed_limits = {kAwkward};
  result.transports[2].repetitions[0].invalid = {kAwkward};
  const std::string page = html_report(result);
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("<!--")));
  EXPECT_THAT(page, HasSubstr("&lt;img src=x"));
  EXPECT_THAT(page, HasSubstr("INVALID"));
  EXPECT_THAT(page, HasSubstr("FAILED"));
  EXPECT_EQ(times(page, "<script"), times(page, "</script>"));
}

TEST(ChartFigures, CutAllTransportsTimeAlike) {
  harness::RunResult result = made_result("chat");
  // One second more than fits into slices of one second.
  result.transports[1].repetitions[0].by_second.back().start_s = 300;
  for (const LatencyTimes& times : latency_times(result)) {
    ASSERT_FALSE(times.slices.empty());
    for (const LatencySlice& slice : times.slices) EXPECT_EQ(slice.length_s, 2) << times.transport;
  }
}

TEST(HtmlReport, SaysWhatTheRangesAreAndWhetherAnythingIsMarked) {
  harness::RunResult result = made_result("chat");
  EXPECT_THAT(html_report(result), HasSubstr("Figures are medians over the repetitions, with the "
                                             "least and the most of them below. The best of each"));
  result.transports[2].repetitions[0].invalid = {"late"};
  EXPECT_THAT(html_report(result), HasSubstr("below. None is marked as the best."));
}

TEST(HtmlReport, NoAddressLeadsOutside) {
  const std::string page = html_report(made_result("chat"));
  std::string rest = page;
  for (const char* name : {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml",
                           "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace",
                           "http://www.w3.org/2000/xmlns/"}) {
    for (std::size_t at = rest.find(name); at != std::string::npos; at = rest.find(name)) {
      rest.erase(at, std::string(name).size());
    }
  }
  EXPECT_THAT(rest, Not(HasSubstr("http:")));
  EXPECT_THAT(rest, Not(HasSubstr("https:")));
  EXPECT_THAT(rest, Not(HasSubstr(" src=")));
  EXPECT_THAT(rest, Not(HasSubstr("<link")));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_LT(page.size(), 1'000'000U);
}

TEST(HtmlReport, GivesBackWhatItHolds) {
  const harness::RunResult result = made_result(kAwkward);
  const auto back = extract(html_report(result), "report.html");
  ASSERT_TRUE(back) << back.error().line();
  EXPECT_EQ(back->result, harness::to_json(result));
  EXPECT_EQ(back->log, harness::latency_log(result));
}

TEST(HtmlReport, SaysWhatItCannotGiveBack) {
  const std::string page = html_report(made_result("chat"));
  const auto error = [](const std::string& text) { return extract(text, "r.html").error().line(); };
  EXPECT_THAT(error("<!doctype html><html></html>"), HasSubstr("r.html: is not a report"));
  EXPECT_THAT(error(page.substr(0, page.size() - 20)), HasSubstr("cut off"));
  std::string without = page;
  without.replace(without.find("id=\"latency-log\""), 4, "xx=\"");
  EXPECT_THAT(error(without), HasSubstr("holds no run's result"));
  std::string broken = page;
  broken.replace(broken.find("{\"schema\""), 2, "[");
  EXPECT_THAT(error(broken), HasSubstr("holds a result that is not JSON"));
}

TEST(HtmlReport, ShowsTheFiguresOfEveryRepetition) {
  const harness::RunResult result = made_result("chat");
  const std::string page = html_report(result);
  for (const auto& transport : result.transports) {
    for (const auto& r : transport.repetitions) {
      const auto p99 = static_cast<double>(r.delivery_latency.percentile(99));
      EXPECT_THAT(page, HasSubstr(">" + time_text(p99) + "</data>")) << transport.name;
      EXPECT_THAT(page, HasSubstr(">" + thousands(r.bytes.network.down) + "</data>"));
    }
  }
  EXPECT_THAT(page, HasSubstr("20ms each way, jitter up to 5ms, 1Mbit/s up"));
  EXPECT_THAT(page, HasSubstr("<td><data value=\"2400\">2,400</data></td>"));
}

TEST(HtmlReport, SaysWhoseMemoryThatOfFewUsersIs) {
  const std::string note = "Of so few users that is mostly what the server needs by itself.";
  EXPECT_THAT(html_report(made_result("chat")), HasSubstr(note));
  harness::RunResult many = made_result("chat");
  for (auto& transport : many.transports) {
    for (auto& r : transport.repetitions) r.users = 2000;
  }
  EXPECT_THAT(html_report(many), Not(HasSubstr(note)));
}

TEST(HtmlReport, OfNothingSaysSo) {
  harness::RunResult result;
  result.scenario = "chat";
  result.outcome = harness::Outcome::interrupted;
  const std::string page = html_report(result);
  EXPECT_THAT(page, HasSubstr("nothing was measured"));
  EXPECT_THAT(page, HasSubstr("interrupted before its end"));
  EXPECT_THAT(page, Not(HasSubstr("data-chart=\"")));
}

TEST(ChartData, HasWhatTheTablesShow) {
  const auto data = nlohmann::json::parse(chart_data(made_result("chat")));
  ASSERT_EQ(data["percentiles"].size(), 4U);
  for (const auto& line : data["percentiles"]) {
    double before = 0;
    for (const auto& point : line["points"]) {
      EXPECT_GE(point[0], 0);
      EXPECT_LE(point[0], 99.9);  // of 7,200 deliveries no more can be told
      EXPECT_GE(point[1], before);
      EXPECT_LE(point[2], point[3]);
      before = point[1];
    }
  }
  ASSERT_EQ(data["times"][0]["points"].size(), 12U);
  EXPECT_EQ(data["times"][0]["points"][3][0], 3);
  const auto& bytes = data["bytes"][3]["parts"];
  ASSERT_EQ(bytes.size(), 6U);
  EXPECT_EQ(bytes[4]["name"], "TLS");
  EXPECT_NEAR(bytes[4]["value"].get<double>(), 33, 1e-9);
  EXPECT_EQ(data["exchanges"][0]["parts"][1]["value"], 9803);  // the middle repetition's
}

TEST(ChartData, HasNoTlsWithoutIt) {
  harness::RunResult result = made_result("chat");
  result.tls = false;
  const auto data = nlohmann::json::parse(chart_data(result));
  for (const auto& part : data["bytes"][0]["parts"]) EXPECT_NE(part["name"], "TLS");
}

}  // namespace
}  // namespace pushbench::report
