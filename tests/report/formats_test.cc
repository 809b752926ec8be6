#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "harness/metrics.h"
#include "report/all_figures.h"
#include "report/figures_csv.h"
#include "report/gbench.h"
#include "report/markdown.h"
#include "report/prometheus.h"
#include "tests/report/shaped_run.h"

namespace pushbench::report {
namespace {

using harness::RunResult;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kHostile = "a|b`c<script>@me #1 *x* [l](u) \\ \"q\", \n end";

RunResult hostile() {
  RunResult run = chat_run();
  run.scenario = run.purpose = kHostile;
  run.transports[0].repetitions[0].invalid = {kHostile};
  run.overrides = {kHostile};
  run.failed_limits = {kHostile};
  return run;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

/// Reads CSV as RFC 4180 has it, and nothing that is not.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    std::string& field = rows.back().back();
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      field += text[++i];
    } else if (c == '"') {
      EXPECT_TRUE(quoted || field.empty()) << "a quote inside an unquoted field at " << i;
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      rows.back().emplace_back();
    } else if (!quoted && c == '\n') {
      rows.push_back({""});
    } else {
      field += c;
    }
  }
  EXPECT_FALSE(quoted);
  EXPECT_EQ(rows.back(), std::vector<std::string>{""}) << "no newline at the end";
  rows.pop_back();
  return rows;
}

TEST(Markdown, HasTheVerdictWithItsWinnersBold) {
  const std::string text = markdown(chat_run());
  EXPECT_THAT(text, HasSubstr("## pushbench: chat\n"));
  EXPECT_THAT(text, HasSubstr("The measurement is valid."));
  EXPECT_THAT(text, HasSubstr("|  | polling | long-polling | sse | websocket |\n|---|---:|"));
  EXPECT_THAT(text, HasSubstr("| network bytes a message | 323 B | 478 B | 247 B | **218 B** |"));
  EXPECT_THAT(text, HasSubstr("**824 µs**<br><sub>815 µs to 832 µs</sub>"));
  EXPECT_THAT(text, HasSubstr("- For this traffic: websocket or sse; "));
}

TEST(Markdown, HasAsManyCellsInEachRowAsTheHeadingHas) {
  for (const RunResult& run : {chat_run(), hostile()}) {
    std::size_t cells = 0;
    for (const std::string& line : lines(markdown(run))) {
      if (!line.starts_with("|")) {
        cells = 0;
        continue;
      }
      const auto bars = static_cast<std::size_t>(std::count(line.begin(), line.end(), '|'));
      if (cells == 0) cells = bars;
      EXPECT_EQ(bars, cells) << line;
    }
  }
}

TEST(Markdown, GroupsTheDigitsOfAllFigures) {
  RunResult run = chat_run();
  for (auto& r : run.transports[0].repetitions) {
    r.theory.mean_latency_us = 1'000'170.25;
    r.theory.p50_latency_us = 50'200.5;
    r.theory.p90_latency_us = 12'345.04;
    r.theory.p99_latency_us = 0.25;
  }
  const std::string text = markdown(run);
  EXPECT_THAT(text, HasSubstr("| `theory.delivery_latency.mean` | us | 1,000,170 |"));
  EXPECT_THAT(text, HasSubstr("| `theory.delivery_latency.p50` | us | 50,200.5 |"));
  EXPECT_THAT(text, HasSubstr("| `theory.delivery_latency.p90` | us | 12,345 |"));
  EXPECT_THAT(text, HasSubstr("| `theory.delivery_latency.p99` | us | 0.25 |"));
}

TEST(Markdown, SaysThatARunDoesNotCount) {
  RunResult run = chat_run();
  run.transports[1].repetitions[2].invalid = {"3 of 25500 deliveries were lost"};
  const std::string text = markdown(run);
  EXPECT_THAT(text, HasSubstr("**INVALID: these figures do not count.**"));
  EXPECT_THAT(text, HasSubstr("- long-polling, repetition 3: 3 of 25500 deliveries were lost"));
  EXPECT_THAT(text, Not(HasSubstr("Bold:")));
  EXPECT_THAT(text, Not(HasSubstr("| **")));
}

TEST(Markdown, NothingInANameIsMarkupOrMentionsAnybody) {
  const std::string text = markdown(hostile());
  for (const char* harm : {"<script", "@me", " #1 ", "*x*", "[l]", "b`c", "a|b"}) {
    EXPECT_THAT(text, Not(HasSubstr(harm)));
  }
  EXPECT_EQ(markdown_text("a|b\n@x #2"), "a&#124;b @&#8203;x #&#8203;2");
  EXPECT_EQ(markdown_text("42 µs – 1.5 (x)"), "42 µs – 1.5 (x)");
}

TEST(FiguresCsv, HasARowForEachTransportRepetitionAndFigure) {
  const RunResult run = hostile();
  const auto rows = read_csv(figures_csv(run));
  const std::vector<std::string> titles{"scenario", "seed",   "transport", "repetition",
                                        "valid",    "metric", "unit",      "value"};
  ASSERT_EQ(rows.front(), titles);
  std::size_t expected = 1;
  for (const auto& transport : run.transports) {
    for (const auto& r : transport.repetitions) expected += all_figures(r).size();
  }
  EXPECT_EQ(rows.size(), expected);
  std::map<std::string, std::string> first;
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), titles.size());
    if (row[2] == "polling" && row[3] == "1") first[row[5]] = row[7];
  }
  EXPECT_EQ(rows[1][0], kHostile);
  EXPECT_EQ(rows[1][4], "false");
  EXPECT_EQ(first["messages.delivered"], "25500");
  EXPECT_EQ(first["network_bytes"], "323");
  EXPECT_EQ(first["bytes.network.up"], std::to_string(25'500 * 323 / 4));
  EXPECT_EQ(first["server.cpu_us"], "346800");
}

TEST(AllFigures, HaveEachNameOnce) {
  RunResult run = chat_run();
  run.transports[0].repetitions[0].theory.mean_latency_us = 50'000;
  std::set<std::string> names;
  for (const NamedFigure& figure : all_figures(run.transports[0].repetitions[0])) {
    EXPECT_TRUE(names.insert(figure.name).second) << figure.name;
  }
  EXPECT_TRUE(names.contains("theory.delivery_latency.mean"));
  EXPECT_TRUE(names.contains("delivery_latency.p99"));
}

/// The entries of a benchmark in their order.
std::vector<json> entries(const RunResult& run, const std::string& run_name) {
  std::vector<json> found;
  const json parsed = json::parse(gbench_json(run));
  for (const json& entry : parsed["benchmarks"]) {
    if (entry["run_name"] == run_name) found.push_back(entry);
  }
  return found;
}

TEST(Gbench, HasAnEntryForEachRepetitionAndThreeAggregates) {
  const RunResult run = chat_run();
  const auto p50 = entries(run, "chat/sse/latency_p50");
  ASSERT_EQ(p50.size(), 6U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(p50[i]["run_type"], "iteration");
    EXPECT_EQ(p50[i]["repetition_index"], i);
    EXPECT_EQ(p50[i]["repetitions"], 3);
    EXPECT_EQ(p50[i]["iterations"], 25'500);
    EXPECT_EQ(p50[i]["time_unit"], "us");
    EXPECT_EQ(p50[i]["network_bytes"], 247);
    const auto& r = run.transports[2].repetitions[i];
    EXPECT_EQ(p50[i]["real_time"], r.delivery_latency.percentile(50));
    EXPECT_DOUBLE_EQ(p50[i]["cpu_time"], static_cast<double>(r.server->cpu_us) / 25'500);
  }
  EXPECT_EQ(p50[4]["name"], "chat/sse/latency_p50_median");
  EXPECT_EQ(p50[4]["aggregate_name"], "median");
  EXPECT_EQ(p50[4]["real_time"], p50[0]["real_time"]);
  EXPECT_EQ(p50[5]["aggregate_name"], "stddev");
  EXPECT_NEAR(p50[5]["real_time"], 9, 1);  // 890, 899 and 907 µs
}

TEST(Gbench, AnInvalidRepetitionIsMarkedAndInNoAggregate) {
  RunResult run = chat_run();
  run.transports[2].repetitions[0].invalid = {"late"};
  const auto cpu = entries(run, "chat/sse/server_cpu");
  ASSERT_EQ(cpu.size(), 6U);
  EXPECT_EQ(cpu[0]["error_occurred"], true);
  EXPECT_EQ(cpu[0]["error_message"], "invalid: late");
  EXPECT_FALSE(cpu[1].contains("error_occurred"));
  EXPECT_EQ(cpu[3]["iterations"], 2);
  run.transports[2].repetitions[1].invalid = {"late"};
  EXPECT_EQ(entries(run, "chat/sse/server_cpu").size(), 3U);
}

TEST(Gbench, LeavesOutAPercentileThatTooFewDeliveriesTell) {
  RunResult run = chat_run();
  for (auto& r : run.transports[2].repetitions) {
    r.delivery_latency.clear();
    for (int i = 0; i < 100; ++i) r.delivery_latency.record(1000);
  }
  EXPECT_EQ(entries(run, "chat/sse/latency_p99").size(), 0U);
  EXPECT_EQ(entries(run, "chat/sse/latency_p50").size(), 6U);
}

/// Reads the text format strictly: a family's HELP, its TYPE, then all of its samples and nothing
/// else; label values with the three escapes. Returns each sample by name and labels.
std::map<std::string, double> read_exposition(const std::string& text) {
  const std::regex help("# HELP ([a-z_]+) [^\\\\]+");
  const std::regex type("# TYPE ([a-z_]+) (counter|gauge|summary)");
  const std::regex sample(
      "([a-z_]+)(\\{([a-z_]+=\"([^\"\\\\]|\\\\[\\\\\"n])*\",?)+\\})? ([0-9.e+-]+)");
  std::map<std::string, double> samples;
  std::set<std::string> families;
  std::string family;
  std::string kind;
  for (const std::string& line : lines(text)) {
    std::smatch parts;
    if (std::regex_match(line, parts, help)) {
      family = parts[1];
      kind.clear();
      EXPECT_TRUE(families.insert(family).second) << line;
    } else if (std::regex_match(line, parts, type)) {
      EXPECT_EQ(parts[1], family);
      kind = parts[2];
      EXPECT_EQ(kind == "counter", family.ends_with("_total")) << line;
    } else if (std::regex_match(line, parts, sample)) {
      const std::string name = parts[1];
      const bool own = name == family || (kind == "summary" &&
                                          (name == family + "_sum" || name == family + "_count"));
      EXPECT_TRUE(own && !kind.empty()) << line;
      EXPECT_TRUE(samples.emplace(parts[1].str() + parts[2].str(), std::stod(parts[5])).second)
          << line;
    } else {
      ADD_FAILURE() << "not the text format: " << line;
    }
  }
  return samples;
}

TEST(Prometheus, IsTheTextFormatInBaseUnits) {
  const auto samples = read_exposition(prometheus(chat_run()));
  const std::string sse = "{scenario=\"chat\",transport=\"sse\"";
  EXPECT_EQ(samples.at("pushbench_run_valid{scenario=\"chat\"}"), 1);
  EXPECT_EQ(samples.at("pushbench_repetitions" + sse + "}"), 3);
  EXPECT_EQ(samples.at("pushbench_messages_total" + sse + ",state=\"delivered\"}"), 3 * 25'500);
  EXPECT_EQ(samples.at("pushbench_exchanges_total{scenario=\"chat\",transport=\"polling\","
                       "kind=\"empty\"}"),
            3 * 2415);
  EXPECT_NEAR(samples.at("pushbench_server_cpu_seconds_total" + sse + "}"), 3 * 25'500 * 8.45e-6,
              1e-5);
  EXPECT_NEAR(samples.at("pushbench_delivery_latency_seconds" + sse + ",quantile=\"0.5\"}"), 899e-6,
              2e-6);
  EXPECT_EQ(samples.at("pushbench_delivery_latency_seconds_count" + sse + "}"), 3 * 2000);
  EXPECT_NEAR(samples.at("pushbench_delivery_latency_seconds_sum" + sse + "}"), 3 * 2000 * 899.5e-6,
              0.01);
  EXPECT_FALSE(
      samples.contains("pushbench_delivery_latency_seconds" + sse + ",quantile=\"0.999\"}"));
}

TEST(Prometheus, EscapesWhatANameMayHold) {
  const std::string text = prometheus(hostile());
  read_exposition(text);
  EXPECT_THAT(text, HasSubstr("\\\\ \\\"q\\\", \\n end\"} 0"));
}

}  // namespace
}  // namespace pushbench::report
