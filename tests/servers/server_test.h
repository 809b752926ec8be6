#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "net/loop.h"
#include "net/timer.h"
#include "servers/server.h"
#include "tests/servers/test_client.h"

namespace pushbench::test {

using servers::ServerOptions;
using wire::CloseCode;
using wire::Opcode;

/// A server and its clients on one loop, turned until something has happened.
class ServerTest : public ::testing::Test, private net::TurnHook {
 protected:
  ServerTest() : guard_(loop_, net::Callback::to<&ServerTest::on_guard>(this)) {
    loop_.add_hook(*this);
    std::signal(SIGPIPE, SIG_IGN);  // as main() does: writing to one who is gone is an error only
  }
  ~ServerTest() override { loop_.remove_hook(*this); }

  /// Starts the server with options_ as the test has set them.
  void start() {
    options_.port = 0;
    auto server = servers::Server::start(loop_, options_);
    if (!server) throw std::runtime_error(server.error().line());
    server_ = std::move(*server);
  }

  std::unique_ptr<TestClient> connect() {
    return std::make_unique<TestClient>(loop_, server_->address());
  }

  /// A WebSocket whose handshake is done.
  std::unique_ptr<TestSocket> open_socket(std::string_view target,
                                          std::string_view first_frames = {}) {
    auto socket = std::make_unique<TestSocket>(loop_, server_->address(), target, first_frames);
    EXPECT_TRUE(run_until([&] { return socket->open(); })) << socket->problem;
    return socket;
  }

  /// Turns the loop until `done`, which is asked at the end of each turn. False after ten seconds.
  [[nodiscard]] bool run_until(const std::function<bool()>& done) {
    if (done()) return true;
    done_ = &done;
    guard_.start_in(kGuard);
    loop_.run();
    guard_.cancel();
    const bool in_time = !std::exchange(late_, false);
    return std::exchange(done_, nullptr) == nullptr && in_time;
  }

  /// The response to what was sent last; a test failure and an empty message where none comes.
  wire::HttpMessage await(TestClient& client) {
    std::optional<wire::HttpMessage> answer;
    EXPECT_TRUE(run_until([&] {
      if (!answer) answer = client.response();
      return answer.has_value();
    })) << "no response; ended: "
        << client.ended() << ", received: " << client.received();
    return answer.value_or(wire::HttpMessage());
  }

  wire::HttpMessage exchange(TestClient& client, std::string request) {
    client.send(std::move(request));
    return await(client);
  }

  servers::Room& room(std::string_view name) {
    auto opened = server_->store().open(name);
    if (!opened) throw std::runtime_error(opened.error().line());
    return **opened;
  }

  /// Publishes as part of the coming turn, without a connection.
  void publish(std::string_view name, std::string_view text) {
    server_->store().publish(room(name), {"host", text, ""}, 1);
  }

  /// Whether that many subscribers of a transport stand in the room now, as the server says.
  bool room_says(TestClient& asker, std::string_view name, std::string_view transport,
                 int subscribers) {
    const auto answer = exchange(asker, get(fmt::format("/rooms/{}", name)));
    return answer.body().find(fmt::format(R"("{}":{})", transport, subscribers)) !=
           std::string_view::npos;
  }

  /// The same, asked until it is so: what clients have sent may still be on its way.
  bool room_has(std::string_view name, std::string_view transport, int subscribers) {
    const auto asker = connect();
    const net::Time give_up = net::now() + kGuard;
    while (!room_says(*asker, name, transport, subscribers)) {
      if (net::now() > give_up) return false;
    }
    return true;
  }

  static constexpr std::chrono::seconds kGuard{10};

  ServerOptions options_;
  net::Loop loop_;
  std::unique_ptr<servers::Server> server_;

 private:
  void before_flush() override {}
  void after_flush() override {
    if (done_ == nullptr || !(*done_)()) return;
    done_ = nullptr;
    loop_.stop();
  }
  void on_guard() {
    late_ = true;  // even if the guard's own turn brings about what none did before
    loop_.stop();
  }

  const std::function<bool()>* done_ = nullptr;
  bool late_ = false;
  net::Timer guard_;
};

}  // namespace pushbench::test
