// What a watched user's connections carried in a real run, on each transport.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "harness/load.h"
#include "servers/server.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

struct Variant {
  bool tls = false;
  bool close_each = false;
  bool compression = false;
};

struct Seen {
  Repetition repetition;
  std::optional<WireView> view;
  std::string server;  // "127.0.0.1:8080"
};

class Watched : private LoadListener {
 public:
  Seen run(const std::string& transport, const Schedule& schedule,
           const std::optional<WireStretch>& stretch, const Variant& variant) {
    Seen seen;
    net::Loop loop;
    servers::ServerOptions options;
    options.port = 0;
    options.tls_self_signed = variant.tls;
    if (variant.compression) options.transports.compression.emplace();
    auto server = *servers::Server::start(loop, options);
    server_ = server.get();
    seen.server = server->address().text();
    std::unique_ptr<net::TlsContext> tls;
    if (variant.tls) tls = *net::TlsContext::client(server->fingerprint());
    LoadPlan plan;
    plan.transports = {transport};
    plan.clients.interval = 100ms;
    plan.clients.close_each = variant.close_each;
    plan.clients.compression = variant.compression;
    plan.warmup = 60ms;
    plan.drain = 5s;
    plan.watched = stretch;
    LoadListener& listener = *this;
    Load load(loop, server->address(), schedule, plan, listener, tls.get());
    load.start();
    loop.run();
    EXPECT_FALSE(load.problem()) << *load.problem();
    load.fill(seen.repetition);
    seen.view = load.wire_view();
    return seen;
  }

 private:
  void on_measuring() override {}
  void on_measured() override {}
  void on_done() override { server_->shut_down(); }
  servers::Server* server_ = nullptr;
};

/// Each user says something twice. One letter each makes bodies so short that none is cut, however
/// many a busy machine gathers in a batch.
Schedule schedule_of(std::uint32_t users, std::uint32_t bytes = 1) {
  Schedule schedule;
  schedule.poll_phases.resize(users);
  schedule.duration = 300ms;
  for (std::uint32_t i = 0; i < 2 * users; ++i) {
    schedule.says.push_back({20ms + i * 40ms, i % users, bytes});
  }
  return schedule;
}

Directions bytes_of(const WireView& view) {
  Directions sum;
  for (const WireEvent& event : view.events) {
    (event.up ? sum.up : sum.down) += event.head_bytes + event.body_bytes;
  }
  return sum;
}

std::size_t count(const WireView& view, const std::string& kind, const std::string& head,
                  const std::string& body) {
  return static_cast<std::size_t>(
      std::count_if(view.events.begin(), view.events.end(), [&](const WireEvent& event) {
        return event.kind == kind && event.head.starts_with(head) &&
               event.body.find(body) != std::string::npos;
      }));
}

using Case = std::tuple<std::string, Variant>;

class Capture : public testing::TestWithParam<Case> {
 protected:
  const std::string transport_ = std::get<0>(GetParam());
  const Variant variant_ = std::get<1>(GetParam());
};

/// One user and a stretch that holds all of its life: nothing is left out, nothing twice.
TEST_P(Capture, AddsUpToWhatTheConnectionsCarried) {
  const Seen seen = Watched().run(transport_, schedule_of(1), WireStretch{0, -10s, 1min}, variant_);
  ASSERT_TRUE(seen.view);
  EXPECT_FALSE(seen.view->more);
  EXPECT_EQ(seen.repetition.messages.delivered, 2U);
  const Directions sum = bytes_of(*seen.view);
  const Bytes& whole = seen.repetition.whole;
  EXPECT_EQ(sum.up, whole.application.up);
  EXPECT_EQ(sum.down, whole.application.down);
  std::uint64_t bodies = 0;
  for (const WireEvent& event : seen.view->events) bodies += event.body_bytes;
  EXPECT_EQ(bodies, whole.bodies.up + whole.bodies.down);
}

TEST_P(Capture, ShowsWhatTheUserSaidAndHeard) {
  const Seen seen = Watched().run(transport_, schedule_of(3), WireStretch{1, -10s, 1min}, variant_);
  ASSERT_TRUE(seen.view);
  const WireView& view = *seen.view;
  EXPECT_EQ(view.user, "u1");
  std::uint32_t highest = 0;
  for (const WireEvent& event : view.events) highest = std::max(highest, event.connection);
  EXPECT_GE(highest, transport_ == "websocket" ? 1U : 2U);
  const auto in_order = [](const WireEvent& a, const WireEvent& b) { return a.at_us < b.at_us; };
  EXPECT_TRUE(std::is_sorted(view.events.begin(), view.events.end(), in_order));
  EXPECT_THAT(view.events.front().head, HasSubstr("Host: " + seen.server + "\r\n"));

  const bool socket = transport_ == "websocket";
  const std::string bringer = socket ? "frame" : transport_ == "sse" ? "event" : "response";
  for (int user = 0; user < 3; ++user) {
    const auto said = fmt::format("\"from\":\"u{}\"", user);
    const std::size_t up = static_cast<std::size_t>(
        std::count_if(view.events.begin(), view.events.end(), [&](const WireEvent& event) {
          return event.up && event.body.find(said) != std::string::npos;
        }));
    EXPECT_EQ(up, user == 1 ? 2U : 0U);
    EXPECT_GE(count(view, bringer, "", said), 1U);
  }
  if (!socket) {
    EXPECT_EQ(count(view, "request", "POST /rooms/room-1/messages HTTP/1.1\r\n", "\"u1\""), 2U);
    EXPECT_EQ(count(view, "response", "HTTP/1.1 201 ", "{\"seq\":"), 2U);
  }
}

TEST_P(Capture, ShowsHeadersAsTheyAre) {
  const Seen seen =
      Watched().run(transport_, schedule_of(2, 200), WireStretch{0, -10s, 1min}, variant_);
  ASSERT_TRUE(seen.view);
  for (const WireEvent& event : seen.view->events) {
    if (event.kind == "event") {
      EXPECT_FALSE(event.up);
    } else if (event.kind == "frame") {
      const unsigned first =
          static_cast<unsigned>(std::stoul(event.head.substr(0, 2), nullptr, 16));
      const unsigned second =
          static_cast<unsigned>(std::stoul(event.head.substr(3, 2), nullptr, 16));
      EXPECT_EQ(first, variant_.compression ? 0xC1U : 0x81U);  // the only frame of a text
      EXPECT_EQ(second >> 7, event.up ? 1U : 0U);              // masked
      EXPECT_EQ(second & 0x7F, event.body_bytes <= 125 ? event.body_bytes : 126U);
      EXPECT_EQ(3 * event.head_bytes - 1, event.head.size());
      if (variant_.compression) {
        EXPECT_LT(event.body_bytes, event.body.size());
      }
    } else {
      EXPECT_THAT(event.head, testing::EndsWith("\r\n\r\n"));
      EXPECT_EQ(event.head.size(), event.head_bytes);
      if (event.body_bytes <= 400) {
        EXPECT_EQ(event.body.size(), event.body_bytes);
      }
    }
  }
}

TEST_P(Capture, SkipsWhatLiesOutsideOfItsStretch) {
  const Seen seen = Watched().run(transport_, schedule_of(2), WireStretch{0, 0s, 1ns}, variant_);
  ASSERT_TRUE(seen.view);
  EXPECT_TRUE(seen.view->events.empty());
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  std::string name = std::get<0>(info.param);
  std::erase(name, '-');
  const Variant& variant = std::get<1>(info.param);
  if (variant.tls) name += "Tls";
  if (variant.close_each) name += "CloseEach";
  if (variant.compression) name += "Compression";
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    All, Capture,
    testing::Combine(testing::Values("polling", "long-polling", "sse", "websocket"),
                     testing::Values(Variant{}, Variant{.tls = true}, Variant{.close_each = true})),
    name_of);
INSTANTIATE_TEST_SUITE_P(Compressed, Capture,
                         testing::Values(Case{"websocket", Variant{.compression = true}}), name_of);

TEST(Load, HasNoViewWhereNobodyIsWatched) {
  EXPECT_FALSE(Watched().run("sse", schedule_of(1), {}, {}).view);
}

}  // namespace
}  // namespace pushbench::harness
