#include "harness/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "clients/registry.h"
#include "harness/floor.h"
#include "harness/repetition.h"
#include "servers/server.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Quiet final : public ProgressListener {
  void on_progress(const Progress&) override {}
};

/// A user that presses Ctrl-C once so many questions were asked.
class Impatient final : public ProgressListener {
 public:
  explicit Impatient(std::size_t patience) : patience_(patience) {}
  void on_progress(const Progress&) override {}
  bool interrupted() override { return patience_ == 0 || --patience_ == 0; }

 private:
  std::size_t patience_;
};

Schedule small_schedule(std::size_t users, std::uint64_t rooms = 1) {
  Scenario scenario;
  scenario.users = users;
  scenario.rooms = rooms;
  scenario.traffic = TrafficKind::poisson;
  scenario.rate = 40;
  scenario.duration = 1s;
  return *unroll(scenario, {}, 6);
}

/// A load against a real server on the same loop.
class LoadAgainstServer : private LoadListener {
 public:
  explicit LoadAgainstServer(bool tls = false, std::size_t threads = 1, std::size_t sources = 0,
                             bool compression = false)
      : tls_(tls), threads_(threads), sources_(sources), compression_(compression) {}

  LoadAgainstServer& over(net::Duration delay, net::Duration drain) {
    links_ = {{.delay = delay}};
    drain_ = drain;
    return *this;
  }

  Repetition run(const std::string& transport, const Schedule& schedule) {
    return run(std::vector{transport}, schedule);
  }

  Repetition run(const std::vector<std::string>& transports, const Schedule& schedule) {
    Repetition repetition;
    net::Loop loop;
    servers::ServerOptions options;
    options.port = 0;
    options.tls_self_signed = tls_;
    if (compression_) options.transports.compression.emplace();
    auto server = *servers::Server::start(loop, options);
    server_ = server.get();
    clients::ClientOptions clients;
    clients.interval = 50ms;
    clients.compression = compression_;
    std::unique_ptr<net::TlsContext> tls;
    if (tls_) tls = *net::TlsContext::client(server->fingerprint());
    LoadListener& listener = *this;
    Load load(loop, server->address(), schedule,
              {transports, clients, 50ms, 100ms, drain_, {}, links_, sources_, threads_}, listener,
              tls.get());
    load.start();
    loop.run();  // ends when the server has shut down and nothing is open any more
    EXPECT_FALSE(load.problem()) << *load.problem();
    load.fill(repetition);
    return repetition;
  }

 private:
  void on_measuring() override {}
  void on_measured() override {}
  void on_done() override { server_->shut_down(); }
  const bool tls_;
  const std::size_t threads_;
  const std::size_t sources_;
  const bool compression_;
  std::vector<net::LinkProfile> links_;
  net::Duration drain_ = 5s;
  servers::Server* server_ = nullptr;
};

class EveryTransport : public testing::TestWithParam<std::string> {};

TEST_P(EveryTransport, DeliversEveryMessageToEveryUserOnceAndInOrder) {
  const Schedule schedule = small_schedule(20);
  const Repetition repetition = LoadAgainstServer().run(GetParam(), schedule);
  EXPECT_EQ(repetition.messages.published, schedule.says.size());
  EXPECT_EQ(repetition.messages.delivered, schedule.says.size() * 20);
  EXPECT_EQ(repetition.messages.lost + repetition.messages.duplicated +
                repetition.messages.reordered + repetition.messages.damaged,
            0U);
  EXPECT_EQ(repetition.users, 20U);
  EXPECT_EQ(repetition.payload.up, schedule.says.size() * 64);
  EXPECT_EQ(repetition.payload.down, schedule.says.size() * 64 * 20);
  EXPECT_GT(repetition.bytes.application.down, repetition.payload.down);
  EXPECT_GT(repetition.bytes.application.up, repetition.payload.up);
}

/// Sum of the ways: all of a repetition's bytes that are heads, bodies and frames.
Directions parts_of(const Bytes& bytes) { return bytes.heads + bytes.bodies + bytes.frames(); }

TEST_P(EveryTransport, TellsHeadsBodiesAndFramesApart) {
  const Schedule schedule = small_schedule(20);
  for (const bool tls : {false, true}) {
    const Repetition repetition = LoadAgainstServer(tls).run(GetParam(), schedule);
    for (const Bytes& bytes : {repetition.bytes, repetition.whole}) {
      for (const auto way : {&Directions::up, &Directions::down}) {
        EXPECT_LE(bytes.heads.*way + bytes.bodies.*way, bytes.application.*way);
        EXPECT_EQ(parts_of(bytes).*way, bytes.application.*way);
        EXPECT_GE(bytes.bodies.*way, repetition.payload.*way);  // the texts are in there
        EXPECT_GT(bytes.heads.*way, 0U);
      }
    }
  }
}

TEST_P(EveryTransport, OfManyThreadsGivesOneAccount) {
  const Schedule schedule = small_schedule(20, 3);
  const Repetition repetition = LoadAgainstServer(false, 4).run(GetParam(), schedule);
  EXPECT_EQ(repetition.users, 20U);
  EXPECT_EQ(repetition.threads.size(), 4U);
  EXPECT_EQ(repetition.messages.published, schedule.says.size());
  EXPECT_EQ(repetition.messages.expected, schedule.expected_deliveries());
  EXPECT_EQ(repetition.messages.delivered, schedule.expected_deliveries());
  EXPECT_EQ(repetition.messages.lost + repetition.messages.duplicated +
                repetition.messages.reordered + repetition.messages.damaged,
            0U);
  EXPECT_EQ(repetition.delivery_latency.count(), schedule.expected_deliveries());
  EXPECT_EQ(repetition.sender_latency.count(), schedule.says.size());
  EXPECT_EQ(repetition.last_receiver_latency.count(), schedule.says.size());
  EXPECT_EQ(repetition.last_receiver_latency.max(), repetition.delivery_latency.max());
  EXPECT_EQ(repetition.events.due, schedule.says.size());
  EXPECT_EQ(repetition.events.done, schedule.says.size());
  EXPECT_EQ(repetition.join.count(), 20U);
  EXPECT_EQ(repetition.exchanges.connections, repetition.exchanges.connections_asked);
}

TEST_P(EveryTransport, UsersMayComeFromManyAddresses) {
  const Schedule schedule = small_schedule(20);
  const Repetition repetition = LoadAgainstServer(false, 2, 5).run(GetParam(), schedule);
  EXPECT_EQ(repetition.users, 20U);
  EXPECT_EQ(repetition.messages.delivered, schedule.expected_deliveries());
}

/// Users 0 to 9 are there all the time, and publish. Users 10 to 19 come and go every 200 ms.
Schedule churning_schedule() {
  Schedule schedule = small_schedule(20);
  for (Say& say : schedule.says) say.user %= 10;
  for (std::uint32_t user = 0; user < 10; ++user) schedule.stays.push_back({0s, 1s, user});
  for (std::uint32_t user = 10; user < 20; ++user) {
    for (net::Duration from = user * 10ms; from < 1s; from += 300ms) {
      schedule.stays.push_back({from, from + 200ms, user});
    }
  }
  std::stable_sort(schedule.stays.begin(), schedule.stays.end(),
                   [](const Stay& a, const Stay& b) { return a.from < b.from; });
  return schedule;
}

TEST_P(EveryTransport, AccountsForUsersThatComeAndGo) {
  const Schedule schedule = churning_schedule();
  const Repetition repetition = LoadAgainstServer(false, 3).run(GetParam(), schedule);
  const Messages& m = repetition.messages;
  EXPECT_EQ(repetition.users, 20U);
  EXPECT_EQ(repetition.join.count(), schedule.stays.size());
  EXPECT_EQ(m.published, schedule.says.size());
  EXPECT_GT(m.expected, schedule.says.size() * 10);
  EXPECT_EQ(m.delivered + m.left, m.expected);
  EXPECT_EQ(m.lost + m.missed + m.duplicated + m.reordered + m.damaged + m.gaps, 0U);
  EXPECT_EQ(repetition.events.done, repetition.events.due);
  EXPECT_GE(repetition.exchanges.connections, repetition.exchanges.connections_asked);
  EXPECT_EQ(repetition.delivery_latency.count(), m.delivered);
}

/// Each user leaves right behind something that it says.
TEST_P(EveryTransport, WhatAUserTakesAlongWhenItLeavesIsNotPublished) {
  Schedule schedule = churning_schedule();
  schedule.user_groups.clear();  // all are on the one link
  for (std::uint32_t i = 0; i < 20; ++i) {
    const Stay stay = schedule.stays[i + 10];
    if (stay.until < 1s) schedule.says.push_back({stay.until - 1us, stay.user, 64});
  }
  std::stable_sort(schedule.says.begin(), schedule.says.end(),
                   [](const Say& a, const Say& b) { return a.due < b.due; });
  const Repetition repetition = LoadAgainstServer().over(20ms, 300ms).run(GetParam(), schedule);
  const Messages& m = repetition.messages;
  EXPECT_LT(m.published, schedule.says.size());
  EXPECT_GT(m.published, 0U);
  EXPECT_EQ(m.delivered + m.left, m.expected);
  EXPECT_EQ(m.lost + m.missed + m.duplicated + m.reordered + m.damaged + m.gaps, 0U);
  EXPECT_EQ(repetition.payload.up, m.published * 64);
}

TEST_P(EveryTransport, WaitsForThoseThatComeShortlyBeforeTheEnd) {
  Schedule schedule = small_schedule(20);
  for (Say& say : schedule.says) say.user = 0;
  for (std::uint32_t user = 0; user < 20; ++user) {
    schedule.stays.push_back({user * 52ms, 1s, user});  // the last one 12 ms before the end
  }
  schedule.user_groups.clear();
  const Repetition repetition = LoadAgainstServer().over(40ms, 10ms).run(GetParam(), schedule);
  EXPECT_EQ(repetition.users_asked, 20U);
  EXPECT_EQ(repetition.users, 20U);
  EXPECT_EQ(repetition.join.count(), 20U);
  EXPECT_GE(repetition.exchanges.connections, repetition.exchanges.connections_asked);
}

TEST_P(EveryTransport, DeliversEveryMessageOnceAndInOrderAcrossCuts) {
  Schedule schedule = small_schedule(20, 3);
  // Every 10 ms somebody's link is cut: each user's about five times, and once two of them at once.
  for (std::uint32_t i = 0; i < 100; ++i) schedule.cuts.push_back({i * 10ms, i * 7 % 20});
  schedule.cuts.push_back({990ms, 3});
  const Repetition repetition = LoadAgainstServer().run(GetParam(), schedule);
  EXPECT_EQ(repetition.messages.published, schedule.says.size());
  EXPECT_EQ(repetition.messages.delivered, schedule.expected_deliveries());
  EXPECT_EQ(repetition.messages.duplicated + repetition.messages.reordered +
                repetition.messages.damaged + repetition.messages.gaps + repetition.messages.lost,
            0U);
  EXPECT_GE(repetition.exchanges.cuts, 20U);  // the others fell on users who were not back yet
  EXPECT_GE(repetition.exchanges.reconnects, 20U);
  EXPECT_EQ(repetition.exchanges.disconnects, 0U);
  if (GetParam() == "polling") return;  // whose beats are in the lateness, too
  EXPECT_EQ(repetition.lateness.count(), schedule.says.size());  // and no cuts
}

TEST_P(EveryTransport, CountsWhatTlsAddsByItself) {
  const Schedule schedule = small_schedule(5);
  const Repetition plain = LoadAgainstServer().run(GetParam(), schedule);
  const Repetition encrypted = LoadAgainstServer(true).run(GetParam(), schedule);
  EXPECT_EQ(plain.bytes.tls.up + plain.bytes.tls.down, 0U);
  EXPECT_EQ(encrypted.messages.delivered, schedule.expected_deliveries());
  // Each user's handshake brings the server's certificate, and each delivery a record.
  EXPECT_GT(encrypted.bytes.tls.down, 5 * 500 + schedule.expected_deliveries() * 20);
  EXPECT_GT(encrypted.bytes.tls.up, 5 * 200U);
}

TEST_P(EveryTransport, KeepsRoomsApart) {
  const Schedule schedule = small_schedule(20, 3);
  const Repetition repetition = LoadAgainstServer().run(GetParam(), schedule);
  EXPECT_EQ(repetition.messages.delivered, schedule.expected_deliveries());
  EXPECT_EQ(repetition.messages.damaged, 0U);
}

INSTANTIATE_TEST_SUITE_P(Transports, EveryTransport,
                         testing::Values("polling", "long-polling", "sse", "websocket"),
                         [](const auto& transport) {
                           std::string name = transport.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Floor, IsTheHarnessOnItsOwn) {
  const Schedule schedule = small_schedule(20, 3);
  LoadPlan plan;
  plan.drain = 1s;
  Quiet quiet;
  const auto floor = FloorRun(plan, schedule, quiet).run();
  ASSERT_TRUE(floor);
  EXPECT_EQ(floor->delivered, schedule.expected_deliveries());
  EXPECT_EQ(floor->delivery_latency.count(), floor->delivered);
  EXPECT_EQ(floor->lateness.count(), schedule.says.size());
  EXPECT_GT(floor->cpu_us_per_delivery, 0);
}

TEST(Floor, TakesTheFirstPartOfALongSchedule) {
  Schedule schedule = churning_schedule();
  schedule.cuts = {{100ms, 1}, {600ms, 2}};
  const Schedule part = first_part(schedule, 500ms);
  EXPECT_EQ(part.duration, 500ms);
  EXPECT_EQ(part.cuts.size(), 1U);
  EXPECT_LT(part.says.size(), schedule.says.size());
  EXPECT_TRUE(std::all_of(part.says.begin(), part.says.end(),
                          [](const Say& say) { return say.due < 500ms; }));
  EXPECT_TRUE(std::all_of(part.stays.begin(), part.stays.end(),
                          [](const Stay& stay) { return stay.from < 500ms; }));
  EXPECT_EQ(part.users(), schedule.users());
}

TEST(Floor, HandsOutOnceAndInOrderAcrossCutsAndToThoseThatComeAndGo) {
  Schedule schedule = churning_schedule();
  for (std::uint32_t i = 0; i < 90; ++i) schedule.cuts.push_back({i * 10ms, i % 10});
  const Repetition repetition = LoadAgainstServer().run(std::string("null"), schedule);
  const Messages& m = repetition.messages;
  EXPECT_EQ(m.delivered + m.left, m.expected);
  EXPECT_GT(m.delivered, 0U);
  EXPECT_EQ(m.lost + m.missed + m.duplicated + m.reordered + m.damaged + m.gaps, 0U);
  EXPECT_GT(repetition.exchanges.reconnects, 0U);
}

TEST(LoadPlan, GivesUsersTheTimeThatTheSlowestLinkTakes) {
  LoadPlan plan;
  EXPECT_EQ(plan.longest_set_up(), 0s);
  plan.links = {{.delay = 200ms}, {.delay = 1s, .jitter = 500ms}, {.jitter = 1s}};
  EXPECT_EQ(plan.longest_set_up(), 12s);
}

TEST(Load, UsersOfAllTransportsShareTheirRooms) {
  const Schedule schedule = small_schedule(20, 3);
  const Repetition repetition =
      LoadAgainstServer().run({"polling", "long-polling", "sse", "websocket"}, schedule);
  EXPECT_EQ(repetition.messages.delivered, schedule.expected_deliveries());
  EXPECT_EQ(repetition.messages.reordered + repetition.messages.duplicated, 0U);
}

TEST(Load, ATransportsFramesAreWhatItsProtocolSays) {
  const Schedule schedule = small_schedule(10);
  const std::uint64_t says = schedule.says.size();
  for (const std::string transport : {"polling", "long-polling"}) {
    const Bytes whole = LoadAgainstServer().run(transport, schedule).whole;
    EXPECT_EQ(whole.frames().up, 0U) << transport;
    EXPECT_EQ(whole.frames().down, 0U) << transport;
  }
  const Bytes polled = LoadAgainstServer().run("polling", schedule).bytes;
  EXPECT_EQ(polled.frames().up + polled.frames().down, 0U);

  const Bytes streamed = LoadAgainstServer().run("sse", schedule).whole;
  EXPECT_EQ(streamed.frames().up, 0U);    // posts are heads and bodies only
  EXPECT_GT(streamed.frames().down, 0U);  // chunks and events

  const Bytes socket = LoadAgainstServer().run("websocket", schedule).whole;
  EXPECT_EQ(socket.frames().up, says * 6);  // short frames: two bytes and the mask
  EXPECT_GE(socket.frames().down, 10 * 2U);
}

TEST(Load, AWebSocketsHeadsDoNotGrowWithItsMessages) {
  Schedule schedule = small_schedule(10);
  const Repetition many = LoadAgainstServer().run("websocket", schedule);
  schedule.says.resize(schedule.says.size() / 4);
  const Repetition few = LoadAgainstServer().run("websocket", schedule);
  EXPECT_LT(few.bytes.bodies.down, many.bytes.bodies.down / 2);
  EXPECT_EQ(few.bytes.heads.up, many.bytes.heads.up);
  EXPECT_EQ(few.bytes.heads.down, many.bytes.heads.down);
}

TEST(Load, CompressedBodiesAreCountedAsTheyWere) {
  Schedule schedule = small_schedule(10);
  for (Say& say : schedule.says) say.bytes = 2000;  // a filler that compresses well
  const Repetition plain = LoadAgainstServer().run("websocket", schedule);
  const Repetition packed = LoadAgainstServer(false, 1, 0, true).run("websocket", schedule);
  EXPECT_EQ(packed.messages.delivered, plain.messages.delivered);
  EXPECT_LT(packed.whole.bodies.up, packed.payload.up);
  EXPECT_LT(packed.whole.bodies.down, packed.payload.down);
  const std::uint64_t says = schedule.says.size();
  EXPECT_GE(packed.whole.frames().up, says * 6);
  EXPECT_LE(packed.whole.frames().up, plain.whole.frames().up);
}

TEST(Load, ATransportsExchangesAreWhatItsProtocolSays) {
  const Schedule schedule = small_schedule(10);
  const std::uint64_t says = schedule.says.size();
  const Repetition socket = LoadAgainstServer().run("websocket", schedule);
  EXPECT_EQ(socket.exchanges.connections, 10U);
  EXPECT_EQ(socket.exchanges.total, 10U);  // the upgrades, and nothing else
  EXPECT_EQ(socket.exchanges.asked, 0U);
  EXPECT_EQ(socket.lateness.count(), says);

  const Repetition held = LoadAgainstServer().run("long-polling", schedule);
  EXPECT_EQ(held.exchanges.connections, 10 + schedule.publishers());
  EXPECT_EQ(held.exchanges.empty, 0U);  // nobody is held for 25 s here
  EXPECT_EQ(held.exchanges.total, held.exchanges.asked + says);
  EXPECT_LE(held.exchanges.asked, says * 10);  // several messages in one answer at most lessen it

  const Repetition polled = LoadAgainstServer().run("polling", schedule);
  EXPECT_EQ(polled.exchanges.total, polled.exchanges.asked + says);
  EXPECT_GT(polled.exchanges.empty, 0U);
  EXPECT_LT(polled.exchanges.empty, polled.exchanges.asked);
  EXPECT_GT(polled.lateness.count(), says + 10);       // the polls' beats, too …
  EXPECT_LE(polled.lateness.count(), says + 10 * 20);  // … of a second at 50 ms
}

Repetition run_with(const std::vector<std::string>& command, Outcome& outcome,
                    std::string& problem) {
  const Schedule schedule = small_schedule(3);
  const RepetitionPlan plan{command, {{"websocket"}, {}, net::Duration{}, 50ms, 100ms}};
  Quiet quiet;
  RepetitionRun run(plan, schedule, quiet);
  Repetition repetition = run.run();
  outcome = run.outcome();
  problem = run.problem();
  return repetition;
}

TEST(RepetitionRun, SaysWhatIsWrongWithTheServerItStarts) {
  Outcome outcome{};
  std::string problem;
  run_with({"./no-such-server"}, outcome, problem);
  EXPECT_EQ(outcome, Outcome::broke);
  EXPECT_THAT(problem, HasSubstr("./no-such-server: cannot start"));

  run_with({"/bin/sh", "-c", "exit 3"}, outcome, problem);
  EXPECT_EQ(outcome, Outcome::broke);
  EXPECT_THAT(problem, HasSubstr("ended with status 3"));

  run_with({"/bin/sh", "-c", "echo hello; exec sleep 60"}, outcome, problem);
  EXPECT_EQ(outcome, Outcome::broke);
  EXPECT_THAT(problem, HasSubstr("printed \"hello\" first"));

  // Port 1 of loopback: nothing listens there.
  run_with({"/bin/sh", "-c", "echo listening on http://127.0.0.1:1; exec sleep 60"}, outcome,
           problem);
  EXPECT_EQ(outcome, Outcome::broke);
  EXPECT_THAT(problem, HasSubstr("127.0.0.1:1: connection refused"));
}

TEST(RepetitionRun, IsInterruptedWhileItWaitsForItsServer) {
  const Schedule schedule = small_schedule(3);
  const RepetitionPlan plan{{"/bin/sh", "-c", "exec sleep 60"}, {{"websocket"}}};
  Impatient user(1);
  RepetitionRun run(plan, schedule, user);
  EXPECT_EQ(run.run().messages.delivered, 0U);
  EXPECT_EQ(run.outcome(), Outcome::interrupted);
  EXPECT_EQ(run.problem(), "");
}

TEST(Floor, IsLeftOutIfItIsInterrupted) {
  const Schedule schedule = small_schedule(20, 3);
  Impatient user(1);
  EXPECT_FALSE(FloorRun({}, schedule, user).run());
}

}  // namespace
}  // namespace pushbench::harness
