// A new connection for each exchange, against a real server: nothing is lost by it, and the ports
// that are kept for a minute after a close are the server's.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <tuple>

#include "harness/load.h"
#include "servers/server.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

Schedule schedule_of_a_second() {
  Scenario scenario;
  scenario.users = 10;
  scenario.traffic = TrafficKind::poisson;
  scenario.rate = 20;
  scenario.duration = 1s;
  return *unroll(scenario, {}, 6);
}

/// Connections in TIME_WAIT that led to that port of 127.0.0.1, and so hold a port of the client's.
int ports_held_by_clients(std::uint16_t server_port) {
  std::ifstream table("/proc/net/tcp");
  EXPECT_TRUE(table);
  const std::string peer_and_state = fmt::format(" 0100007F:{:04X} 06 ", server_port);
  int held = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.find(peer_and_state) != std::string::npos) ++held;
  }
  return held;
}

class CloseEach : public testing::TestWithParam<std::tuple<std::string, bool>>,
                  private LoadListener {
 protected:
  Repetition run(const Schedule& schedule) {
    const auto& [transport, secure] = GetParam();
    net::Loop loop;
    servers::ServerOptions options;
    options.port = 0;
    options.tls_self_signed = secure;
    const auto server = *servers::Server::start(loop, options);
    server_ = server.get();
    port_ = server->address().port();
    std::unique_ptr<net::TlsContext> tls;
    if (secure) tls = *net::TlsContext::client(server->fingerprint());
    LoadPlan plan{{transport}, {}, 50ms, 100ms, 5s};
    plan.clients.interval = 50ms;
    plan.clients.close_each = true;
    LoadListener& listener = *this;
    Load load(loop, server->address(), schedule, plan, listener, tls.get());
    load.start();
    loop.run();
    EXPECT_FALSE(load.problem()) << *load.problem();
    Repetition repetition;
    load.fill(repetition);
    return repetition;
  }

  int held_ports_ = -1;

 private:
  void on_measuring() override {}
  void on_measured() override { held_ports_ = ports_held_by_clients(port_); }
  void on_done() override { server_->shut_down(); }

  servers::Server* server_ = nullptr;
  std::uint16_t port_ = 0;
};

TEST_P(CloseEach, LosesNothingAndHoldsNoPorts) {
  const Schedule schedule = schedule_of_a_second();
  const Repetition repetition = run(schedule);
  EXPECT_EQ(repetition.messages.delivered, schedule.expected_deliveries());
  EXPECT_EQ(repetition.messages.lost + repetition.messages.duplicated, 0U);
  EXPECT_EQ(repetition.exchanges.disconnects, 0U) << repetition.first_loss;
  EXPECT_EQ(repetition.exchanges.reconnects, 0U);
  EXPECT_GE(repetition.exchanges.connections, repetition.exchanges.total);
  EXPECT_GT(repetition.exchanges.total, 100U);
  // Under TLS close_notify may come a moment before the server's FIN, and then it is the client
  // that ends first.
  const bool secure = std::get<1>(GetParam());
  if (!secure) {
    EXPECT_EQ(held_ports_, 0);
  }
}

std::string name_of(const testing::TestParamInfo<std::tuple<std::string, bool>>& param) {
  const auto& [transport, secure] = param.param;
  return (transport == "polling" ? "polling" : "long_polling") + std::string(secure ? "_tls" : "");
}

INSTANTIATE_TEST_SUITE_P(Transports, CloseEach,
                         testing::Combine(testing::Values("polling", "long-polling"),
                                          testing::Bool()),
                         name_of);

}  // namespace
}  // namespace pushbench::harness
