#include "harness/byte_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "harness/ledger.h"
#include "harness/load.h"
#include "harness/theory_replay.h"
#include "net/tcp_info.h"
#include "servers/server.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

/// What the clients' and the server's own code writes in a run of a scenario, in this process.
class RealRun : private LoadListener {
 public:
  Repetition run(const std::string& transport, const Scenario& scenario, const Schedule& schedule,
                 const clients::RequestHeaders& headers) {
    net::Loop loop;
    servers::ServerOptions options;
    options.port = 0;
    options.tls_self_signed = scenario.tls;
    auto server = *servers::Server::start(loop, options);
    server_ = server.get();
    std::unique_ptr<net::TlsContext> tls;
    if (scenario.tls) tls = *net::TlsContext::client(server->fingerprint());
    LoadListener& listener = *this;
    LoadPlan plan;
    plan.transports = {transport};
    plan.clients = scenario.clients;
    plan.headers = headers;
    plan.join_time = scenario.join_time;
    plan.warmup = scenario.warmup;
    plan.drain = scenario.drain;
    Load load(loop, server->address(), schedule, plan, listener, tls.get());
    load.start();
    loop.run();
    EXPECT_FALSE(load.problem()) << *load.problem();
    Repetition repetition;
    load.fill(repetition);
    return repetition;
  }

 private:
  void on_measuring() override {}
  void on_measured() override {}
  void on_done() override { server_->shut_down(); }
  servers::Server* server_ = nullptr;
};

clients::RequestHeaders profile(const std::string& name, std::size_t cookie) {
  return *clients::read_request_headers(
      std::string(PUSHBENCH_SOURCE_DIR) + "/scenarios/headers/" + name + ".txt", cookie);
}

struct Variant {
  const char* name;
  clients::RequestHeaders headers;
  bool close_each = false;
  bool tls = false;
};

/// Two users of one room and six messages of theirs, far enough apart that each goes out alone.
/// They are long, so that lengths have three digits, and so few that a seq has one.
class ByteModelOf : public testing::TestWithParam<Variant> {
 protected:
  ByteModelOf() {
    scenario_.users = 2;
    scenario_.duration = 1200ms;
    scenario_.join_time = 20ms;
    scenario_.warmup = 300ms;
    scenario_.clients.interval = 50ms;
    scenario_.clients.close_each = GetParam().close_each;
    scenario_.tls = GetParam().tls;
    schedule_ = *unroll(scenario_, {}, 3);
    schedule_.says.clear();
    for (std::uint32_t i = 0; i < 6; ++i)
      schedule_.says.push_back({100ms + i * 150ms, i % 2, 300 + i});
  }

  Repetition run(const std::string& transport) {
    Repetition r = RealRun().run(transport, scenario_, schedule_, GetParam().headers);
    EXPECT_EQ(r.messages.delivered, 12U);
    return r;
  }
  Theory theory(const std::string& transport) const {
    return replay(transport, scenario_, schedule_, GetParam().headers);
  }
  /// The bytes of all posts, which no other transport than WebSocket has.
  Directions posts(const ByteModel& model) const {
    Directions sum;
    for (std::uint64_t i = 0; i < 6; ++i) {
      const Say& say = schedule_.says[i];
      sum.up += model.post(0, ByteModel::draft(say.user, i, say.bytes));
      sum.down += model.post_answer(i + 1);
    }
    return sum;
  }

  Scenario scenario_;
  Schedule schedule_;
};

TEST_P(ByteModelOf, PushIsWhatWasCountedToTheByte) {
  for (const char* transport : {"sse", "websocket"}) {
    const Repetition r = run(transport);
    EXPECT_EQ(static_cast<double>(r.bytes.application.up), *theory(transport).application_up * 12)
        << transport;
    EXPECT_EQ(static_cast<double>(r.bytes.application.down),
              *theory(transport).application_down * 12)
        << transport;
  }
}

TEST_P(ByteModelOf, LongPollingIsWhatWasCountedToTheByte) {
  const Repetition r = run("long-polling");
  ASSERT_EQ(r.exchanges.asked, 12U);  // else two messages came at once, and the answer brought both
  const double up = *theory("long-polling").application_up * 12;
  // Its next request may be under way when all is delivered and the run ends.
  const ByteModel model(scenario_, GetParam().headers);
  const auto request = static_cast<double>(model.long_poll(0, 6, false));
  EXPECT_THAT(static_cast<double>(r.bytes.application.up),
              testing::AnyOf(up, up - request, up - 2 * request));
  EXPECT_EQ(static_cast<double>(r.bytes.application.down),
            *theory("long-polling").application_down * 12);
}

TEST_P(ByteModelOf, PollingIsWhatWasCountedToTheByte) {
  const Repetition r = run("polling");
  const ByteModel model(scenario_, GetParam().headers);
  const std::size_t request = model.poll(0, 6, false);
  const Directions posted = posts(model);
  // A poll may be on its way when the run begins, and when it ends, for each user.
  const std::uint64_t up = posted.up + r.exchanges.asked * request;
  EXPECT_EQ((r.bytes.application.up + 2 * request - up) % request, 0U);
  EXPECT_NEAR(static_cast<double>(r.bytes.application.up), static_cast<double>(up),
              2 * static_cast<double>(request));
  std::uint64_t down = posted.down + r.exchanges.empty * model.empty_answer(false);
  for (std::uint64_t i = 0; i < 6; ++i) {
    const Say& say = schedule_.says[i];
    const std::size_t json = ByteModel::batch(1, ByteModel::message(say.user, i, say.bytes, i + 1));
    down += 2 * model.answer(json, false);
  }
  ASSERT_EQ(r.exchanges.asked - r.exchanges.empty, 12U);  // as above
  EXPECT_EQ(r.bytes.application.down, down);
}

TEST_P(ByteModelOf, PartsOfAWebSocketAreWhatWasCountedToTheByte) {
  const ByteModel model(scenario_, GetParam().headers);
  Directions bodies;
  Directions frames;
  for (std::uint64_t i = 0; i < 6; ++i) {
    const Say& say = schedule_.says[i];
    const std::size_t draft = ByteModel::draft(say.user, i, say.bytes);
    const std::size_t json = ByteModel::batch(1, ByteModel::message(say.user, i, say.bytes, i + 1));
    bodies = bodies + Directions{draft, 2 * json};
    frames = frames + Directions{ByteModel::frame(draft, true) - draft,
                                 2 * (ByteModel::frame(json, false) - json)};
  }
  const Bytes bytes = run("websocket").bytes;
  EXPECT_EQ(bytes.heads.up, 2 * model.upgrade_request(0));
  EXPECT_EQ(bytes.heads.down, 2 * ByteModel::upgrade_answer());
  EXPECT_EQ(bytes.bodies.up, bodies.up);
  EXPECT_EQ(bytes.bodies.down, bodies.down);
  EXPECT_EQ(bytes.frames().up, frames.up);
  EXPECT_EQ(bytes.frames().down, frames.down);
}

TEST_P(ByteModelOf, PartsOfAnEventStreamAreWhatWasCountedToTheByte) {
  const ByteModel model(scenario_, GetParam().headers);
  Directions bodies;
  std::uint64_t events = 0;
  for (std::uint64_t i = 0; i < 6; ++i) {
    const Say& say = schedule_.says[i];
    const std::size_t json = ByteModel::batch(1, ByteModel::message(say.user, i, say.bytes, i + 1));
    bodies = bodies + Directions{ByteModel::draft(say.user, i, say.bytes), 2 * json};
    events += 2 * (ByteModel::event(json, i + 1) - json);
  }
  const Bytes bytes = run("sse").bytes;
  EXPECT_EQ(bytes.bodies.up, bodies.up);
  EXPECT_EQ(bytes.heads.up, 2 * model.stream_request(0) + posts(model).up - bodies.up);
  EXPECT_EQ(bytes.frames().up, 0U);
  EXPECT_GE(bytes.bodies.down, bodies.down);  // and a few bytes in answer to each post
  EXPECT_LE(bytes.bodies.down, bodies.down + 6 * 100);
  EXPECT_GE(bytes.frames().down, events);  // and the stream's first line
  EXPECT_LE(bytes.frames().down, events + 2 * ByteModel::stream_start());
}

/// Each exchange opens a connection, acknowledges on it and closes it: packets outweigh what is
/// said.
TEST(Ledger, PacksAConnectionForEachExchangeAsTheKernelDoes) {
  if (!net::tcp_info_available()) GTEST_SKIP() << "the kernel does not tell";
  Scenario scenario;
  scenario.users = 4;
  scenario.duration = 2s;
  scenario.join_time = 20ms;
  scenario.warmup = 300ms;
  scenario.clients.interval = 50ms;
  scenario.clients.close_each = true;
  Schedule schedule = *unroll(scenario, {}, 3);
  schedule.says.clear();
  for (std::uint32_t i = 0; i < 16; ++i) {
    schedule.says.push_back({100ms + i * 110ms, i % 4, 300});
  }
  const Repetition r = RealRun().run("polling", scenario, schedule, {});
  ASSERT_EQ(r.messages.delivered, 64U);
  const Theory theory = replay("polling", scenario, schedule, {});
  // Slower machines may leave polls out: by what was exchanged, then.
  const double polls = *theory.exchanges_per_message * 64 / static_cast<double>(r.exchanges.asked);
  EXPECT_NEAR(static_cast<double>(r.bytes.network.up) / (*theory.network_up * 64) * polls, 1, 0.06);
  EXPECT_NEAR(static_cast<double>(r.bytes.network.down) / (*theory.network_down * 64) * polls, 1,
              0.06);
}

/// Whether an answer's acknowledgement rides on the next request depends on when that leaves.
void expect_network_up(const char* transport, net::Duration delay, net::Duration interval) {
  Scenario scenario;
  scenario.users = 4;
  scenario.duration = 2s;
  scenario.join_time = 20ms;
  scenario.warmup = 300ms;
  scenario.clients.interval = interval;
  scenario.link.profile.delay = delay;
  Schedule schedule = *unroll(scenario, {}, 3);
  schedule.says.clear();
  for (std::uint32_t i = 0; i < 8; ++i) schedule.says.push_back({100ms + i * 220ms, i % 4, 300});
  const Repetition r = RealRun().run(transport, scenario, schedule, {});
  ASSERT_EQ(r.messages.delivered, 32U);
  const Theory theory = replay(transport, scenario, schedule, {});
  const double polls = *theory.exchanges_per_message * 32 / static_cast<double>(r.exchanges.asked);
  EXPECT_NEAR(static_cast<double>(r.bytes.network.up) / (*theory.network_up * 32) * polls, 1, 0.06)
      << transport << " over " << net::seconds(delay) << " s";
}

TEST(Ledger, AcknowledgesByItselfWhatNoRequestFollowsSoon) {
  expect_network_up("long-polling", 0ms, 1s);
  expect_network_up("polling", 0ms, 100ms);
  expect_network_up("polling", 0ms, 20ms);
}

TEST(Ledger, AcknowledgesALongPollsAnswerByItselfOverALongLink) {
  Scenario scenario;
  scenario.users = 4;
  scenario.rate = 2;
  const auto network_up = [&scenario](net::Duration delay) {
    scenario.link.profile.delay = delay;
    return *replay("long-polling", scenario, *unroll(scenario, {}, 3), {}).network_up;
  };
  EXPECT_NEAR(network_up(19ms), network_up(1ms), 1e-9);  // there and back within 40 ms
  EXPECT_NEAR(network_up(21ms) - network_up(19ms), 52, 2);
}

INSTANTIATE_TEST_SUITE_P(Variants, ByteModelOf,
                         testing::Values(Variant{"minimal", {}}, Variant{"tls", {}, false, true},
                                         Variant{"browser", profile("browser", 300)},
                                         Variant{"browser_closing", profile("browser", 300), true},
                                         Variant{"closing", {}, true}),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(ByteModel, CountsAsRfc6455And9112Do) {
  EXPECT_EQ(ByteModel::frame(125, false), 127U);
  EXPECT_EQ(ByteModel::frame(126, false), 130U);
  EXPECT_EQ(ByteModel::frame(65'536, false), 65'546U);
  EXPECT_EQ(ByteModel::frame(125, true), 131U);
  // "1c\r\n", "id: k3f9.17\n", "data: [..]\n\n" and "\r\n".
  EXPECT_EQ(ByteModel::event(8, 17), 4U + 12 + 6 + 8 + 2 + 2);
  EXPECT_EQ(ByteModel::batch(0, 0), 2U);
  EXPECT_EQ(ByteModel::batch(3, 30), 34U);
}

TEST(ExchangeSizes, GiveTheStudiesTheirFigures) {
  // Kaazing: 871 bytes of HTTP headers against a frame's 2, once a second.
  EXPECT_NEAR(bits_per_second(871, 1, 1'000), 6.968e6, 1);
  EXPECT_NEAR(bits_per_second(871, 1, 100'000), 696.8e6, 1);
  EXPECT_NEAR(bits_per_second(2, 1, 1'000), 16'000, 1e-6);
  // Aquilio: a short poll of a 430-byte request and a 108-byte head with 50 bytes behind it.
  const ExchangeSizes poll{430, 0, 108, 50};
  EXPECT_EQ(poll.all(), 588);
}

TEST(Ledger, PacksAsTcpDoes) {
  Ledger ledger(1448, false);
  ledger.up(2, 100, false);
  EXPECT_EQ(ledger.network_up(), 2 * 152);
  EXPECT_EQ(ledger.network_down(), 0);
  ledger.down(1, 1449, true);  // two segments, and one acknowledgement
  EXPECT_EQ(ledger.network_down(), 1449 + 104);
  EXPECT_EQ(ledger.network_up(), 2 * 152 + 52);
  ledger.connect(1);
  EXPECT_EQ(ledger.network_up(), 2 * 152 + 52 + 112 + 52);  // and its first acknowledgement
  EXPECT_EQ(ledger.network_down(), 1449 + 104 + 60 + 52);
  ledger.disconnect(1);
  EXPECT_EQ(ledger.network_up(), 2 * 152 + 52 + 112 + 52 + 52);
  EXPECT_EQ(ledger.network_down(), 1449 + 104 + 60 + 52 + 104);
  EXPECT_EQ(ledger.application_up(), 200);
  Ledger encrypted(1448, true);
  encrypted.up(1, 100, false);
  EXPECT_EQ(encrypted.network_up(), 100 + 22 + 52);
}

TEST(Ledger, AcknowledgesAsTheRulesOfSegmentsDo) {
  for (const std::uint64_t bytes : {1U, 1448U, 1449U, 3 * 1448U, 10'000U}) {
    Ledger alone(1448, false);
    alone.down(1, static_cast<double>(bytes), true);
    EXPECT_EQ(alone.network_up(), static_cast<double>(net::ack_bytes(bytes))) << bytes;
    Ledger answered(1448, false);
    answered.up(1, static_cast<double>(bytes), false);
    EXPECT_EQ(answered.network_down(), static_cast<double>(net::ack_bytes_if_answered(bytes)))
        << bytes;
  }
  Ledger larger(65'000, false);  // as loopback's are
  larger.down(1, 100'000, true);
  EXPECT_EQ(larger.network_up(), 52);
  Ledger encrypted(1448, true);  // the record's bytes make a second segment
  encrypted.up(1, 1440, false);
  EXPECT_EQ(encrypted.network_down(), 52);
  encrypted.connect(1);
  EXPECT_EQ(encrypted.network_down(), 52 + 60);
}

}  // namespace
}  // namespace pushbench::harness
