#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "harness/latency_log.h"
#include "harness/result_json.h"
#include "harness/result_reader.h"
#include "tests/support/sample_result.h"

namespace pushbench::harness {
namespace {

namespace fs = std::filesystem;

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

void expect_same_when_read(const RunResult& result) {
  const std::string json = to_json(result);
  const std::string log = latency_log(result);
  const auto read = parse_run(json, log, "r/result.json");
  ASSERT_TRUE(read) << read.error().line();
  EXPECT_EQ(to_json(*read), json);
  EXPECT_EQ(latency_log(*read), log);
}

TEST(RunReader, GivesBackAllThatWasWritten) { expect_same_when_read(test::sample_result()); }

TEST(RunReader, TakesResultsInWhichMuchIsMissing) {
  expect_same_when_read(test::sample_result({.flawed = false}));
  expect_same_when_read(test::sample_result({.merged = true}));
  expect_same_when_read(test::sample_result({.transports = {"sse"}, .repetitions = 1}));
  RunResult with_targets =
      test::sample_result({.transports = {"sse", "nchan/sse", "my-own/polling"}});
  with_targets.transports[1].repetitions[0].server.reset();
  expect_same_when_read(with_targets);
  RunResult nothing_measured = test::sample_result({.repetitions = 0});
  nothing_measured.floor.reset();
  nothing_measured.cores.reset();
  nothing_measured.outcome = Outcome::interrupted;
  expect_same_when_read(nothing_measured);
  RunResult without_deliveries = test::sample_result({.transports = {"polling"}, .repetitions = 1});
  Repetition& empty = without_deliveries.transports[0].repetitions[0];
  const double started_s = empty.started_s;
  empty = Repetition();
  empty.started_s = started_s;
  empty.invalid = {"nobody joined"};
  expect_same_when_read(without_deliveries);
}

TEST(RunReader, KeepsTheSecondsApart) {
  const RunResult result = test::sample_result();
  const auto read = parse_run(to_json(result), latency_log(result), "r/result.json");
  ASSERT_TRUE(read) << read.error().line();
  for (std::size_t t = 0; t < result.transports.size(); ++t) {
    for (std::size_t i = 0; i < result.transports[t].repetitions.size(); ++i) {
      const auto& wrote = result.transports[t].repetitions[i].by_second;
      const auto& got = read->transports[t].repetitions[i].by_second;
      ASSERT_EQ(got.size(), wrote.size());
      for (std::size_t s = 0; s < wrote.size(); ++s) {
        EXPECT_EQ(got[s].start_s, wrote[s].start_s);
        EXPECT_EQ(got[s].latency.counts, wrote[s].latency.counts);
      }
    }
  }
}

/// The line that says what is wrong with a result in which `from` was replaced.
std::string problem_with(const std::string& from, const std::string& to) {
  const RunResult result = test::sample_result();
  std::string json = to_json(result);
  const std::size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at == std::string::npos) return "";
  json.replace(at, from.size(), to);
  const auto read = parse_run(json, latency_log(result), "r/result.json");
  EXPECT_FALSE(read) << from;
  const std::string line = read ? "" : read.error().line();
  EXPECT_THAT(line, AllOf(StartsWith("r/"), Not(HasSubstr("\n"))));
  return line;
}

TEST(RunReader, NamesThePlaceThatWasEdited) {
  EXPECT_THAT(problem_with("\"published\": ", "\"published\": -"),
              AllOf(HasSubstr("/transports/0/repetitions/0/messages/published: is -"),
                    HasSubstr("a whole number from 0 on belongs there")));
  EXPECT_THAT(problem_with("\"published\":", "\"publsihed\":"),
              HasSubstr("/transports/0/repetitions/0/messages/published: is missing"));
  EXPECT_THAT(problem_with("\"users\": 100", "\"users\": \"100\""),
              HasSubstr("/transports/0/repetitions/0/users: is \"100\"; a whole number"));
  EXPECT_THAT(problem_with("\"users\": 100", "\"users\": 1e99"),
              HasSubstr("/transports/0/repetitions/0/users: is 1e+99; a whole number"));
  EXPECT_THAT(problem_with("\"users\": 100", "\"users\": 1e999"), HasSubstr("too large"));
  EXPECT_THAT(problem_with("\"server\": 3", "\"server\": 3000000000"),
              HasSubstr("/context/cores/server: is 3000000000; at most 2147483647 belongs there"));
  EXPECT_THAT(problem_with("\"delay\": \"40ms\"", "\"delay\": \"40\""),
              HasSubstr("/links/0/delay: is \"40\"; write a number with its unit"));
  EXPECT_THAT(problem_with("\"tls\": true", "\"tls\": 1"),
              HasSubstr("/tls: is 1; true or false belongs there"));
  EXPECT_THAT(problem_with("\"name\": \"sse\"", "\"name\": \"sse2\""),
              HasSubstr("/transports/2/name: is \"sse2\"; one of polling, long-polling"));
  EXPECT_THAT(problem_with("\"name\": \"sse\"", "\"name\": \"polling\""),
              HasSubstr("/transports/2/name: is \"polling\"; each transport is there once"));
  EXPECT_THAT(problem_with("\"delay\": \"40ms\"", "\"delay\": \"0.04s\""),
              HasSubstr("/links/0/delay: is \"0.04s\"; a result has 40ms for it"));
  EXPECT_THAT(problem_with("\"purpose\":", "\"porpoise\": 1, \"purpose\":"),
              HasSubstr("/porpoise: is no key of a result of this version"));
}

TEST(RunReader, NamesFiguresThatTheOthersContradict) {
  const RunResult result = test::sample_result();
  const Repetition& first = result.transports[0].repetitions[0];
  const auto with_p99 = [](std::int64_t us) { return "\"p99\": " + std::to_string(us); };
  const std::int64_t p99 = first.delivery_latency.percentile(99);
  EXPECT_THAT(problem_with(with_p99(p99), with_p99(p99 - 1)),
              AllOf(HasSubstr("/transports/0/repetitions/0/delivery_latency_us/p99: is " +
                              std::to_string(p99 - 1)),
                    HasSubstr("make it " + std::to_string(p99))));
  EXPECT_THAT(problem_with("\"valid\": false", "\"valid\": true"), HasSubstr("/valid: is true"));
  EXPECT_THAT(problem_with("\"empty_share\": ", "\"empty_share\": 1"),
              HasSubstr("/transports/0/repetitions/0/exchanges/empty_share: is 1"));
  EXPECT_THAT(problem_with("\"frames\": {\n              \"up\": ",
                           "\"frames\": {\n              \"up\": 1"),
              HasSubstr("/transports/0/repetitions/0/bytes/frames/up: is 1"));
  const std::string delivered = "\"delivered\": " + std::to_string(first.messages.delivered);
  EXPECT_THAT(problem_with(delivered, delivered + "0"), HasSubstr("latency.hlog: holds"));
}

TEST(RunReader, TellsWhichOfTheTwoFilesWasEdited) {
  const RunResult result = test::sample_result();
  EXPECT_THAT(problem_with("\"count\": 150", "\"count\": 151"),
              HasSubstr("was it edited by hand?"));
  std::string log = latency_log(result);
  const std::size_t line = log.find("Tag=polling:join,");
  log.erase(line, log.find('\n', line) + 1 - line);
  const auto read = parse_run(to_json(result), log, "r/result.json");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().line(),
              AllOf(HasSubstr("/transports/0/repetitions/0/join_us/count: is 150"),
                    HasSubstr("make it 0; was latency.hlog edited by hand?")));
}

TEST(RunReader, TellsWhyItIsNoResult) {
  const auto problem = [](const std::string& json) {
    const auto read = parse_run(json, "", "r.json");
    return read ? "" : read.error().line();
  };
  EXPECT_THAT(problem(R"({"schema": "pushbench-result/2"})"),
              AllOf(HasSubstr("written by a newer pushbench"), HasSubstr("\"pushbench-result/2\""),
                    HasSubstr("reads \"pushbench-result/1\"")));
  EXPECT_THAT(problem(R"({"schema": "pushbench-sweep/1"})"), HasSubstr("is no result"));
  EXPECT_THAT(problem(R"({"schema": "pushbench-result/99999999999999999999"})"),
              HasSubstr("is no result"));
  EXPECT_THAT(problem(R"({"schema": ["pushbench-result/1"]})"), HasSubstr("its schema is a list"));
  EXPECT_THAT(problem("42"), HasSubstr("its schema is none"));
  EXPECT_THAT(problem(std::string(100'000, '[')), HasSubstr("ends after 100000 bytes"));
  EXPECT_THAT(problem(std::string("\xff\xfe")), HasSubstr("is not JSON"));
}

/// A folder that is gone when the test is over.
class RunFolder : public testing::Test {
 protected:
  RunFolder() {
    std::string name = (fs::temp_directory_path() / "pushbench-reader-XXXXXX").string();
    folder_ = ::mkdtemp(name.data()) == nullptr ? "" : name;
  }
  ~RunFolder() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string problem(const std::string& name) const {
    const auto read = read_run((folder_ / name).string());
    return read ? "" : read.error().line();
  }

  fs::path folder_;
};

TEST_F(RunFolder, IsReadByItsOwnNameAndByItsResults) {
  const RunResult result = test::sample_result();
  write("result.json", to_json(result));
  EXPECT_THAT(problem(""), AllOf(HasSubstr("latency.hlog: cannot be read (No such file"),
                                 HasSubstr("only predict --from does without")));
  write("latency.hlog", latency_log(result));
  for (const char* name : {"", "result.json"}) {
    const auto read = read_run((folder_ / name).string());
    ASSERT_TRUE(read) << read.error().line();
    EXPECT_EQ(to_json(*read), to_json(result));
  }
}

TEST_F(RunFolder, WithoutAResultIsOneClearLine) {
  EXPECT_THAT(problem(""), HasSubstr("result.json: cannot be read (No such file"));
  EXPECT_THAT(problem("nothing"), HasSubstr("nothing: cannot be read (No such file"));
  write("file", "");
  EXPECT_THAT(problem("file"), HasSubstr("file: is empty"));
  EXPECT_THAT(problem("file/result.json"), HasSubstr("cannot be read (Not a directory)"));
  fs::create_directory(folder_ / "result.json");
  EXPECT_THAT(problem(""), HasSubstr("result.json: cannot be read (it is a folder)"));
}

}  // namespace
}  // namespace pushbench::harness
