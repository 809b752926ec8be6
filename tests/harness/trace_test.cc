#include "harness/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace pushbench::harness {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

class Trace : public testing::Test {
 protected:
  Result<std::vector<TraceEvent>> read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_trace(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string path_ = testing::TempDir() + "trace-" +
                      testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
};

constexpr const char* kColumns = "time_ms,event,speaker,bytes\n";

TEST_F(Trace, ReadsEventsBehindTheCommentedHeader) {
  const auto events = read(std::string("# source: none\n") + kColumns +
                           "0,join,0,0\n1200,say,0,42\n1200,leave,1,0\n");
  ASSERT_TRUE(events) << events.error().line();
  ASSERT_EQ(events->size(), 3U);
  EXPECT_EQ((*events)[1].time_ms, 1200U);
  EXPECT_EQ((*events)[1].kind, TraceEventKind::say);
  EXPECT_EQ((*events)[1].bytes, 42U);
  EXPECT_EQ((*events)[2].kind, TraceEventKind::leave);
  EXPECT_EQ((*events)[2].speaker, 1U);
}

TEST_F(Trace, NamesTheLineThatIsBroken) {
  for (const char* broken : {"12,say,1", "12,say,1,2,3", "x,say,1,2", "12,sing,1,2", "12,say,-1,2",
                             "12,say,1,2.5", "12,say,1,0", "", "12 ,say,1,2"}) {
    const auto events = read(std::string(kColumns) + "0,say,0,1\n" + broken + "\n5,say,0,1\n");
    ASSERT_FALSE(events) << broken;
    EXPECT_THAT(events.error().where, EndsWith(".csv:3")) << broken;
    EXPECT_THAT(events.error().what, HasSubstr("1200,say,7,42"));
  }
}

TEST_F(Trace, RefusesEventsOutOfOrder) {
  const auto events = read(std::string(kColumns) + "5,say,0,1\n4,say,0,1\n");
  ASSERT_FALSE(events);
  EXPECT_THAT(events.error().where, EndsWith(":3"));
}

TEST_F(Trace, RefusesOtherColumnsAndEmptyFiles) {
  EXPECT_THAT(read("time,what\n1,say\n").error().where, EndsWith(":1"));
  EXPECT_THAT(read("# only a comment\n").error().what, HasSubstr("no events"));
  EXPECT_THAT(read_trace("no/such/trace.csv").error().line(), HasSubstr("no/such/trace.csv"));
}

}  // namespace
}  // namespace pushbench::harness
