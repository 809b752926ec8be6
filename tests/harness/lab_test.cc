#include "harness/lab.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "clients/registry.h"

namespace pushbench::harness {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const std::vector<std::string> kTransports{"polling", "long-polling", "sse", "websocket"};

/// A whole lab, for tests that break one line of it.
const std::string kLab = R"(minutes = 40
runs_take = "90s"
title = { en = "Polling", ru = "Опрос" }
[[run]]
name = "slow"
scenario = "slow.toml"
transports = ["websocket", "polling"]
[[run]]
name = "usual"
scenario = "chat"
set = ["traffic.duration=5s"]
[[predict]]
id = "empty"
ask = { en = "How many?", ru = "Сколько?" }
unit = "%"
figure = "slow.polling.exchanges.empty_share"
[[predict]]
id = "more"
ask = { en = "How much more?", ru = "Во сколько раз?" }
figure = "slow.polling.network_bytes / usual.sse.network_bytes"
[[check]]
says = "prediction.empty > 20%"
hint = { en = "Think", ru = "Думайте" }
[knob]
run = "slow"
set = "transport.polling.interval=2s"
ask = { en = "What then?", ru = "Что тогда?" }
)";

Result<Lab> parsed(const std::string& toml) {
  return parse_lab(toml, "labs/7/lab.toml", kTransports);
}

/// The lab with one text in place of another, and what is said of it.
std::string complaint(const std::string& from, const std::string& to) {
  std::string toml = kLab;
  const std::size_t place = toml.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  toml.replace(place, from.size(), to);
  const auto lab = parsed(toml);
  return lab ? "none" : lab.error().line();
}

TEST(LabReader, TakesAWholeLab) {
  const auto lab = parsed(kLab);
  ASSERT_TRUE(lab) << lab.error().line();
  EXPECT_EQ(lab->minutes, 40u);
  EXPECT_EQ(lab->runs_take, std::chrono::seconds(90));
  EXPECT_EQ(lab->title.ru, "Опрос");
  EXPECT_EQ(lab->folder, "labs/7");
  ASSERT_EQ(lab->runs.size(), 2u);
  EXPECT_THAT(lab->runs[0].transports, ElementsAre("polling", "websocket"));
  EXPECT_EQ(lab->runs[1].transports, kTransports);
  EXPECT_THAT(lab->runs[1].set, ElementsAre("traffic.duration=5s"));
  ASSERT_EQ(lab->questions.size(), 2u);
  EXPECT_EQ(lab->questions[0].unit->name, "%");
  EXPECT_EQ(lab->questions[1].unit->name, "");
  ASSERT_EQ(lab->checks.size(), 1u);
  EXPECT_EQ(lab->checks[0].says.text, "prediction.empty > 20%");
  EXPECT_EQ(lab->knob->set, "transport.polling.interval=2s");
  EXPECT_EQ(lab->question("more"), &lab->questions[1]);
  EXPECT_EQ(lab->question("less"), nullptr);
  EXPECT_EQ(lab->run("usual"), &lab->runs[1]);
}

TEST(LabReader, NamesFileLineColumnAndTheNearestKey) {
  EXPECT_THAT(complaint("minutes = 40", "minuts = 40"),
              AllOf(StartsWith("labs/7/lab.toml:1:1: minuts: there is no such key"),
                    HasSubstr("did you mean minutes?")));
  EXPECT_THAT(complaint("scenario = \"slow.toml\"", "scenarios = \"slow.toml\""),
              AllOf(StartsWith("labs/7/lab.toml:6:1: scenarios"), HasSubstr("scenario?")));
  EXPECT_THAT(complaint("hint = {", "hnit = {"),
              AllOf(StartsWith("labs/7/lab.toml:23:1: hnit"), HasSubstr("hint?")));
  EXPECT_THAT(complaint("run = \"slow\"", "ran = \"slow\""), HasSubstr("did you mean run?"));
  EXPECT_THAT(complaint("minutes = 40", "minutes 40"), StartsWith("labs/7/lab.toml:1:"));
}

TEST(LabReader, SaysWhatAKeyTakes) {
  EXPECT_THAT(complaint("minutes = 40", "minutes = \"40\""),
              AllOf(StartsWith("labs/7/lab.toml:1:11: minutes: takes"), HasSubstr("1 to 240")));
  EXPECT_THAT(complaint("minutes = 40", "minutes = 241"), HasSubstr("1 to 240"));
  EXPECT_THAT(complaint("\"90s\"", "\"90\""), HasSubstr("as in \"2min\""));
  EXPECT_THAT(complaint("en = \"Polling\", ru = \"Опрос\"", "en = \"Polling\""),
              AllOf(HasSubstr("title: takes both languages"), HasSubstr(":3:9:")));
  EXPECT_THAT(complaint("en = \"Think\"", "en = \"\""), HasSubstr("both languages"));
  EXPECT_THAT(complaint("[\"websocket\", \"polling\"]", "\"polling\""),
              HasSubstr("a list of texts"));
  EXPECT_THAT(complaint("[[check]]", "[check]"), HasSubstr("[[check]]"));
  EXPECT_THAT(complaint("says = \"prediction.empty > 20%\"\n", ""),
              AllOf(StartsWith("labs/7/lab.toml:21:1: says: is missing")));
  EXPECT_THAT(complaint("runs_take = \"90s\"\n", ""), HasSubstr("runs_take: is missing"));
}

TEST(LabReader, SaysWhatDoesNotFitTogether) {
  EXPECT_THAT(complaint("[\"websocket\", ", "[\"websockets\", "),
              HasSubstr("did you mean websocket?"));
  EXPECT_THAT(complaint("name = \"usual\"", "name = \"slow\""), HasSubstr("of this name already"));
  EXPECT_THAT(complaint("name = \"slow\"", "name = \"Slow run\""), HasSubstr("a letter first"));
  EXPECT_THAT(complaint("name = \"slow\"", "name = \"prediction\""), HasSubstr("something else"));
  EXPECT_THAT(complaint("slow.polling.exchanges", "slov.polling.exchanges"),
              AllOf(StartsWith("labs/7/lab.toml:16:10: figure: "), HasSubstr("character 1"),
                    HasSubstr("did you mean slow?")));
  EXPECT_THAT(complaint("slow.polling.exchanges", "slow.sse.exchanges"),
              HasSubstr("no transport of slow"));
  EXPECT_THAT(complaint("unit = \"%\"", "unit = \"ms\""),
              AllOf(StartsWith("labs/7/lab.toml:15:8: unit: "), HasSubstr("a number")));
  EXPECT_THAT(complaint("/ usual.sse.network_bytes", "/ usual.sse.server_cpu"),
              HasSubstr("no unit that one could answer in"));
  EXPECT_THAT(complaint("prediction.empty > 20%", "prediction.empty > 20ms"),
              AllOf(StartsWith("labs/7/lab.toml:22:8: says: "), HasSubstr("character 18")));
  EXPECT_THAT(complaint("run = \"slow\"", "run = \"slw\""), HasSubstr("did you mean slow?"));
  EXPECT_THAT(complaint("interval=2s", "intervall=2s"), HasSubstr("transport.polling.interval?"));
  EXPECT_THAT(complaint("transport.polling.interval=2s", "2s"), HasSubstr("write KEY=VALUE"));
}

TEST(LabReader, FindsTheLabsOfAFolder) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(testing::TempDir()) / "pushbench-labs";
  fs::remove_all(folder);
  for (const char* name : {"10", "2", "notes"}) {
    fs::create_directories(folder / name);
    std::ofstream(folder / name / "lab.toml") << kLab;
  }
  fs::create_directories(folder / "3");
  EXPECT_THAT(lab_numbers(folder.string()), ElementsAre(2, 10));
  EXPECT_EQ(load_lab(folder.string(), 10, kTransports)->number, 10u);
  EXPECT_THAT(load_lab(folder.string(), 3, kTransports).error().line(),
              AllOf(StartsWith("lab 3: there is no such lab"), HasSubstr("There are: 2, 10")));
  fs::remove_all(folder);
  EXPECT_THAT(lab_numbers(folder.string()), ElementsAre());
}

TEST(ShippedLabs, AllRead) {
  const std::string folder = std::string(PUSHBENCH_SOURCE_DIR) + "/course/labs";
  const auto names = clients::transport_names();
  const std::vector<std::uint64_t> numbers = lab_numbers(folder);
  EXPECT_FALSE(numbers.empty());
  for (const std::uint64_t number : numbers) {
    const auto lab = load_lab(folder, number, {names.begin(), names.end()});
    EXPECT_TRUE(lab) << lab.error().line();
  }
}

}  // namespace
}  // namespace pushbench::harness
