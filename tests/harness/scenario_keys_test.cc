// The table of keys agrees with what is documented, and with itself.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "harness/scenario_docs.h"
#include "harness/scenario_file.h"

namespace pushbench::harness {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(PUSHBENCH_SOURCE_DIR "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The keys' own names, with a group in them where there is one.
std::string name_of(const ScenarioKey& key) {
  return std::regex_replace(key.name, std::regex("NAME"), "mobile");
}

std::string without_quotes(std::string text) {
  std::erase(text, '"');
  return text;
}

TEST(ScenarioKeys, TheReadmeHasTheTableAsItIs) {
  const std::string readme = content_of("scenarios/README.md");
  const std::string first = "do not edit by hand. -->\n";
  const std::size_t begin = readme.find(first);
  const std::size_t end = readme.find("<!-- End of the keys. -->");
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  EXPECT_EQ(readme.substr(begin + first.size(), end - begin - first.size()), keys_as_markdown())
      << "scripts/scenario-docs writes it anew";
}

TEST(ScenarioKeys, TheSchemaInTheDocsIsWhatTheTableMakes) {
  EXPECT_EQ(content_of("docs/scenario.schema.json"), keys_as_json_schema())
      << "scripts/scenario-docs writes it anew";
}

TEST(ScenarioKeys, EachDefaultIsTakenAndChangesNothing) {
  const auto text = [](const Scenario& s) {
    return fmt::format(
        "{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} "
        "{} "
        "{} {} {} {} {} {} {} {} {} {}",
        s.purpose, s.tls, s.rooms, static_cast<int>(s.membership), s.zipf_exponent, s.users,
        s.join_time.count(), static_cast<int>(s.presence), s.stay.count(), s.away.count(),
        static_cast<int>(s.traffic), s.duration.count(), s.rate, static_cast<int>(s.per), s.sources,
        s.burst_on.count(), s.burst_off.count(), static_cast<int>(s.size_kind), s.size, s.size_min,
        s.size_max, s.size_sigma, s.trace, s.trace_from.count(), s.speedup,
        s.clients.interval.count(), s.clients.hold.count(), s.clients.compression,
        s.clients.close_each, s.headers, s.cookie, s.link.profile.delay.count(),
        s.link.profile.jitter.count(), s.link.profile.up, s.link.profile.down,
        s.link.cut_every.count(), s.link.cut_at.size(), s.repeat, s.warmup.count(),
        s.drain.count() + static_cast<std::int64_t>(s.threads), s.retain);
  };
  for (const ScenarioKey& key : scenario_keys()) {
    if (key.usual.empty()) continue;
    Scenario changed;
    const std::string usual = key.usual == "[]" ? "" : without_quotes(std::string(key.usual));
    const auto set = set_key(changed, name_of(key), usual);
    ASSERT_TRUE(set) << set.error().line();
    EXPECT_EQ(text(changed), text(Scenario())) << key.name;
    EXPECT_EQ(changed.batch_window, Scenario().batch_window);
  }
}

TEST(ScenarioKeys, EachRangesEndsAreTakenAndNothingBeyondThem) {
  std::size_t checked = 0;
  for (const ScenarioKey& key : scenario_keys()) {
    const std::string range(key.range.substr(0, key.range.find(',')));
    const std::size_t middle = range.find(" to ");
    if (middle == std::string::npos) continue;
    ++checked;
    Scenario scenario;
    const std::string least = without_quotes(range.substr(0, middle));
    const std::string most = without_quotes(range.substr(middle + 4));
    EXPECT_TRUE(set_key(scenario, name_of(key), least)) << key.name;
    EXPECT_TRUE(set_key(scenario, name_of(key), most)) << key.name;
    EXPECT_FALSE(set_key(scenario, name_of(key), "9" + most)) << key.name;  // 1h: 91h
    EXPECT_FALSE(set_key(scenario, name_of(key), "-1" + most)) << key.name;
  }
  EXPECT_GT(checked, 30U);
}

TEST(ScenarioKeys, EachOfItsWordsIsTakenAndReadBack) {
  for (const ScenarioKey& key : scenario_keys()) {
    if (key.form != "word") continue;
    std::stringstream words{std::string(key.range)};
    for (std::string word; std::getline(words >> std::ws, word, ',');) {
      Scenario scenario;
      ASSERT_TRUE(set_key(scenario, key.name, word)) << key.name << " " << word;
      EXPECT_EQ(word_of(scenario, key.name), word);
    }
  }
}

TEST(ScenarioKeys, WhatLeavesAKeyWithoutAMeaningIsAKeyOfWords) {
  for (const ScenarioKey& key : scenario_keys()) {
    if (key.governor.empty()) continue;
    const ScenarioKey* const governor = find_key(key.governor);
    ASSERT_NE(governor, nullptr) << key.name;
    std::stringstream words{std::string(key.only_for)};
    for (std::string word; std::getline(words >> std::ws, word, ',');) {
      EXPECT_TRUE(is_one_of(word, governor->range)) << key.name << " " << word;
    }
  }
}

/// The schema's table of a key, and its last name in it.
nlohmann::json schema_of(const std::string& name) {
  nlohmann::json schema = nlohmann::json::parse(keys_as_json_schema());
  std::stringstream parts(name);
  for (std::string part; std::getline(parts, part, '.');) {
    schema = part == "NAME" ? schema["patternProperties"].front() : schema["properties"][part];
  }
  return schema;
}

TEST(ScenarioKeys, TheSchemasPatternsTakeWhatTheParserTakes) {
  for (const ScenarioKey& key : scenario_keys()) {
    const nlohmann::json schema = schema_of(key.name);
    ASSERT_TRUE(schema.contains("description")) << key.name;
    if (!schema.contains("pattern")) continue;
    const std::regex pattern(schema["pattern"].get<std::string>(), std::regex::ECMAScript);
    for (const char* text :
         {"5s",    "1.5s",      ".5s",  "5.s",  ".s",      "5",         "5 s",       "-5s",
          "5m",    "5min",      "20us", "3h",   "64B",     "1.5KiB",    "64kB",      "2MiB",
          "2/s",   "30/min",    "1/h",  "1/d",  "1Mbit/s", "9600bit/s", "0.5kbit/s", "1Gbit/s",
          "1MB/s", "unlimited", "",     "1e3s", "inf"}) {
      Scenario scenario;
      const auto set = set_key(scenario, name_of(key), text);
      const bool known = set || set.error().what.find("out of range") != std::string::npos;
      EXPECT_EQ(std::regex_match(text, pattern), known) << key.name << " " << text;
    }
  }
}

}  // namespace
}  // namespace pushbench::harness
