#include "harness/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "harness/target_ports.h"
#include "harness/transports.h"
#include "tests/support/stream_pair.h"

namespace pushbench::harness {
namespace {

using testing::HasSubstr;

/// Somebody takes connections at 127.0.0.1, at a port where nobody does at 127.0.0.2.
class Reachable : public testing::Test, private net::Acceptor {
 protected:
  ~Reachable() override {
    listener_.reset();
    test::run_out(loop_);
  }

  net::Address at(const std::string& ip) const {
    return net::Address::parse(ip, listener_->address().port()).value();
  }
  static Target target_at(std::vector<net::Address> addresses) {
    Target target;
    target.name = "ws";
    target.url = "http://chat.example";
    target.addresses = std::move(addresses);
    return target;
  }

 private:
  void on_accept(std::unique_ptr<net::Stream>) override {}

  net::Loop loop_;
  std::unique_ptr<net::Listener> listener_ = test::listen_on_loopback(loop_, *this);
};

TEST(RoomPrefix, IsAnothersNeitherLaterNorAtTheSameMillisecond) {
  constexpr std::uint64_t kNow = 1'795'642'484'000;
  EXPECT_EQ(room_prefix(kNow, 0), "w6psy0wgi68r");
  EXPECT_NE(room_prefix(kNow, 1), room_prefix(kNow, 2));
  EXPECT_NE(room_prefix(kNow, 65535), room_prefix(kNow + 1, 0));
}

TEST_F(Reachable, IsTheFirstAddressThatTakesConnections) {
  std::vector<Target> targets{target_at({at("127.0.0.2"), at("127.0.0.1"), at("127.0.0.3")}),
                              target_at({at("127.0.0.1")})};
  const auto found = find_reachable(targets);
  ASSERT_TRUE(found) << found.error().line();
  for (const Target& target : targets) {
    EXPECT_EQ(target.addresses.size(), 1U);
    EXPECT_EQ(target.address().text(), at("127.0.0.1").text());
  }
}

TEST_F(Reachable, IsNoneOfThose) {
  std::vector<Target> targets{target_at({at("127.0.0.2")})};
  EXPECT_EQ(find_reachable(targets).error().line(),
            "target ws: nobody takes connections at http://chat.example: Connection refused; start "
            "the server, or give the address that it has");
}

TEST(TargetPorts, AreOfManyAddressesOnIPv4LoopbackOnly) {
  Target target;
  target.url = "http://chat.example";
  for (const char* elsewhere : {"::1", "192.0.2.1"}) {
    target.addresses = {net::Address::parse(elsewhere, 80).value()};
    EXPECT_FALSE(can_come_from_many(target));
    EXPECT_TRUE(ensure_ports(target, 20'000, 28'232)) << elsewhere;
    EXPECT_THAT(ensure_ports(target, 30'000, 28'232).error().line(),
                HasSubstr("ports: 30000 are needed, and 28232 are there to connect from to http"))
        << elsewhere;
  }
  target.addresses = {net::Address::parse("127.0.0.1", 80).value()};
  EXPECT_TRUE(can_come_from_many(target));
  EXPECT_TRUE(ensure_ports(target, 30'000, 28'232));
}

TEST(Unreachable, NamesTheAddressesThatWereTried) {
  std::uint16_t port = 0;
  {
    net::Loop loop;
    struct : net::Acceptor {
      void on_accept(std::unique_ptr<net::Stream>) override {}
    } nobody;
    port = test::listen_on_loopback(loop, nobody)->address().port();
    test::run_out(loop);
  }
  Target target;
  target.name = "ws";
  target.url = fmt::format("http://localhost:{}", port);
  target.addresses = net::Address::look_up("localhost", port).value();
  std::vector<Target> targets{target};
  EXPECT_THAT(
      find_reachable(targets).error().line(),
      HasSubstr(fmt::format("at {}: {}: ", target.url, target.addresses.front().numeric())));
}

TEST(TheoryOfATarget, SaysWhenMessagesArriveWhereItsRulesAreOurs) {
  Theory ours;
  ours.mean_latency_us = ours.p50_latency_us = ours.p90_latency_us = ours.p99_latency_us =
      ours.max_latency_us = 40'000;
  ours.empty_share = 0.5;
  ours.network_up = ours.network_down = ours.application_up = ours.application_down = 100;
  for (const auto& [transport, dialect, known] :
       std::vector<std::tuple<std::string, std::string, bool>>{
           {"sse", "nchan", true},
           {"long-polling", "nchan", false},
           {"websocket", "nchan", false},
           {"websocket", "socketio", true},
           {"long-polling", "socketio", false},
           {"websocket", "ws", true},
           {"polling", "pushbench", true},
           {"long-polling", "pushbench", true}}) {
    const Theory theory = of_target(ours, transport, dialect);
    EXPECT_EQ(theory.mean_latency_us.has_value(), known) << dialect << "/" << transport;
    EXPECT_EQ(theory.max_latency_us.has_value(), known) << dialect << "/" << transport;
    EXPECT_EQ(theory.empty_share.has_value(), dialect == "pushbench");
    EXPECT_FALSE(theory.network_up);
  }
}

}  // namespace
}  // namespace pushbench::harness
