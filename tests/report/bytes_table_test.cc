#include "report/bytes_table.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <sstream>
#include <string>

#include "harness/result.h"
#include "report/columns.h"

namespace pushbench::report {
namespace {

using harness::Bytes;
using harness::Directions;
using harness::Repetition;
using harness::RunResult;

/// Of ten deliveries; `heads` are each way.
Repetition repetition(std::uint64_t heads) {
  Repetition r;
  r.messages.delivered = 10;
  r.bytes.heads = {heads, heads};
  r.bytes.bodies = {100, 900};
  r.bytes.application = r.bytes.heads + r.bytes.bodies + Directions{20, 40};
  r.bytes.tls = {100, 150};
  r.bytes.network = r.bytes.application + r.bytes.tls + Directions{400, 1600};
  return r;
}

void add(RunResult& result, const char* name, std::initializer_list<std::uint64_t> heads) {
  harness::TransportResult& transport = result.transports.emplace_back();
  transport.name = name;
  for (const std::uint64_t each : heads) transport.repetitions.push_back(repetition(each));
}

TEST(BytesTable, HasEachPartsMedianADeliveryBothWaysTogether) {
  RunResult result;
  add(result, "long-polling", {1000, 5000, 2000});
  add(result, "websocket", {2});
  EXPECT_EQ(bytes_table(figures_of(result)),
            "                bytes a message, up and down\n"
            "transport        heads   bodies   frames      TLS   TCP/IP\n"
            "long-polling       400      100     6.00     25.0      200\n"
            "websocket        0.400      100     6.00     25.0      200\n");
}

TEST(BytesTable, HasNoColumnForTlsWithoutIt) {
  RunResult result;
  add(result, "sse", {10});
  Bytes& bytes = result.transports[0].repetitions[0].bytes;
  bytes.network = bytes.network - bytes.tls;
  bytes.tls = {};
  EXPECT_EQ(bytes_table(figures_of(result)),
            "                bytes a message, up and down\n"
            "transport        heads   bodies   frames   TCP/IP\n"
            "sse               2.00      100     6.00      200\n");
}

TEST(BytesTable, FitsATerminalWithLargeFigures) {
  RunResult result;
  add(result, "long-polling", {49'000'000});
  std::istringstream lines(bytes_table(figures_of(result)));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), 80U) << line;
}

TEST(BytesTable, IsNotThereWithoutBytes) {
  EXPECT_EQ(bytes_table({}), "");
  RunResult result;
  result.transports.resize(1);
  result.transports[0].name = "null";
  result.transports[0].repetitions.resize(1);
  EXPECT_EQ(bytes_table(figures_of(result)), "");
}

TEST(BytesParts, StayWithinTheApplications) {
  Bytes bytes;
  bytes.application = {100, 100};
  bytes.heads = {60, 120};
  bytes.bodies = {50, 10};
  bytes.keep_parts_within();
  EXPECT_EQ(bytes.heads.up, 60U);
  EXPECT_EQ(bytes.bodies.up, 40U);
  EXPECT_EQ(bytes.heads.down, 100U);
  EXPECT_EQ(bytes.bodies.down, 0U);
  EXPECT_EQ(bytes.frames().up + bytes.frames().down, 0U);
}

}  // namespace
}  // namespace pushbench::report
