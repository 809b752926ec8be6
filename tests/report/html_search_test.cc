#include "report/html_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_search.h"
#include "report/html_extract.h"
#include "report/html_text.h"

namespace pushbench::report {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kAwkward = "</script><img src=x onerror=alert(1)>&";

/// The text of a page's element, as it was before it was escaped.
std::string embedded(const std::string& page, const std::string& id) {
  const std::string start = "id=\"" + id + "\">";
  const std::size_t from = page.find(start) + start.size();
  return plain_json(page.substr(from, page.find("</script>", from) - from));
}

TEST(SweepReport, HasEveryValueAndItsOwnJson) {
  const harness::SweepResult sweep = made_sweep("chat");
  const std::string page = html_report(sweep, made_context("chat"));
  for (const std::string& value : sweep.spec.values) {
    EXPECT_THAT(page, HasSubstr("<th scope=\"row\">" + value + "</th>"));
  }
  EXPECT_THAT(page, HasSubstr("polling: from 100ms to 5s the median latency goes from "));
  EXPECT_THAT(page, HasSubstr("takes on the network stays at "));
  EXPECT_THAT(page, HasSubstr("says nothing to long-polling, sse, websocket"));
  EXPECT_THAT(page, HasSubstr("INVALID"));
  EXPECT_THAT(page, HasSubstr("1s, sse, repetition 1: chat"));
  EXPECT_THAT(page, HasSubstr("data-chart=\"curve\" data-part=\"2\""));
  EXPECT_THAT(embedded(page, "sweep"), HasSubstr("\"schema\": \"pushbench-sweep/1\""));
  EXPECT_THAT(extract(page, "r.html").error().line(), HasSubstr("holds no run's result"));
}

TEST(SweepReport, SaysOfATargetWhatItsKeySaysToIt) {
  harness::SweepResult sweep = made_sweep("chat");
  for (harness::SweepStep& step : sweep.steps) {
    for (harness::TransportResult& column : step.result.transports) {
      column.target = harness::TargetResult{"other", "pushbench", "http://127.0.0.1:1"};
      column.name = "other/" + column.name;
    }
  }
  const std::string by_interval = html_report(sweep, made_context("chat"));
  EXPECT_THAT(by_interval, HasSubstr("<li>other/polling: from 100ms to 5s the median latency"));
  EXPECT_THAT(by_interval,
              HasSubstr("says nothing to other/long-polling, other/sse, other/websocket: what"));
  sweep.spec.key = *harness::parse_key("server.batch_window");
  EXPECT_THAT(
      html_report(sweep, made_context("chat")),
      HasSubstr("<li>server.batch_window says nothing to other/polling, other/long-polling, "
                "other/sse, other/websocket: what differs there is chance.</li>"));
}

TEST(CapacityReport, SaysTheAnswerAndWhatStoppedIt) {
  const auto curves = made_capacity("too slow");
  const std::string page = html_report(curves, made_question(), made_context("chat"));
  EXPECT_THAT(page, HasSubstr("websocket: users.count = 200; stopped at 400: too slow."));
  EXPECT_THAT(page, HasSubstr("<data value=\"700000\">700 ms</data>"));
  EXPECT_THAT(page, HasSubstr("<td>too much</td><td>too slow</td>"));  // the terminal's words
  EXPECT_THAT(page, HasSubstr("delivery_latency.p99&lt;250ms"));
  EXPECT_THAT(embedded(page, "capacity"), HasSubstr("\"schema\": \"pushbench-capacity/1\""));
}

TEST(SearchReports, NoNameIsMarkup) {
  for (const std::string& page :
       {html_report(made_sweep(kAwkward), made_context(kAwkward)),
        html_report(made_capacity(kAwkward), made_question(), made_context(kAwkward))}) {
    EXPECT_THAT(page, Not(HasSubstr("<img")));
    EXPECT_THAT(page, HasSubstr("&lt;img src=x"));
  }
}

}  // namespace
}  // namespace pushbench::report
