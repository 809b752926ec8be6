// One transport against a server that stands still now and then, by an open or a closed loop: what
// each of them makes of the same stalls. Prints the percentiles of the delivery latency as CSV.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

#include "clients/registry.h"
#include "harness/load.h"
#include "harness/schedule.h"
#include "harness/server_process.h"
#include "net/timer.h"

namespace pushbench::test {
namespace {

using namespace std::chrono_literals;

constexpr std::array kPercentiles{10.0, 25.0, 50.0, 75.0, 90.0, 92.0, 94.0,  95.0,
                                  96.0, 97.0, 98.0, 99.0, 99.5, 99.9, 99.99, 100.0};

struct Options {
  std::string server;
  std::string transport = "websocket";
  double seconds = 60;
  double stall_ms = 300;
  double every_ms = 5000;
  std::uint64_t users = 10;
  double rate = 100;  // messages a second in all
  double interval_ms = 100;
  bool closed = false;
};

net::Duration milliseconds(double ms) {
  return std::chrono::duration_cast<net::Duration>(std::chrono::duration<double, std::milli>(ms));
}

/// A chat whose messages are as many at any time as at another: a stall hits its share of them.
harness::Schedule schedule_of(const Options& options) {
  harness::Scenario scenario;
  scenario.users = options.users;
  scenario.traffic = harness::TrafficKind::constant;
  scenario.rate = options.rate;
  scenario.duration = milliseconds(options.seconds * 1000);
  return harness::unroll(scenario, {}, 1).value();
}

class Stalls final : private harness::ServerProcessListener, private harness::LoadListener {
 public:
  explicit Stalls(const Options& options)
      : options_(options),
        schedule_(schedule_of(options)),
        stop_(loop_, net::Callback::to<&Stalls::on_stop>(this)),
        go_on_(loop_, net::Callback::to<&Stalls::on_go_on>(this)) {}

  /// False, with a line on stderr, if anything but the stalls was wrong.
  bool run();

 private:
  void on_serving() override;
  void on_server_trouble(const std::string& what) override { fail(what); }
  void on_server_exit(std::int64_t status, int signal) override;
  void on_measuring() override { stop_.start_in(milliseconds(options_.every_ms / 2)); }
  void on_measured() override;
  void on_done() override { server_->signal(SIGTERM); }
  void on_stop();
  void on_go_on();
  void fail(const std::string& what);
  void print() const;

  const Options options_;
  const harness::Schedule schedule_;
  net::Loop loop_;
  std::unique_ptr<harness::ServerProcess> server_;
  std::unique_ptr<harness::Load> load_;
  net::Timer stop_;
  net::Timer go_on_;
  net::Time next_stop_{};
  harness::Repetition result_;
  bool good_ = true;
};

bool Stalls::run() {
  harness::ServerProcessListener& listener = *this;
  auto started =
      harness::ServerProcess::start(loop_, harness::serve_command(options_.server), listener);
  if (!started) {
    fail(started.error().line());
    return false;
  }
  server_ = std::move(*started);
  loop_.run();
  if (load_ == nullptr) return false;
  if (load_->problem()) fail(*load_->problem());
  load_->fill(result_);
  const harness::Messages& m = result_.messages;
  if (m.delivered != m.expected || m.duplicated + m.reordered + m.damaged > 0) {
    fail(fmt::format("{} of {} deliveries", m.delivered, m.expected));
  }
  if (good_) print();
  return good_;
}

void Stalls::on_serving() {
  harness::LoadPlan plan;
  plan.transports = {options_.transport};
  plan.clients.interval = milliseconds(options_.interval_ms);
  plan.join_time = 100ms;
  plan.warmup = 200ms;
  plan.drain = 10s;
  plan.closed_loop = options_.closed;
  harness::LoadListener& listener = *this;
  load_ = std::make_unique<harness::Load>(loop_, server_->address(), schedule_, plan, listener);
  load_->start();
}

void Stalls::on_stop() {
  if (next_stop_ == net::Time()) next_stop_ = net::now();
  next_stop_ += milliseconds(options_.every_ms);
  server_->signal(SIGSTOP);
  go_on_.start_in(milliseconds(options_.stall_ms));
}

void Stalls::on_go_on() {
  server_->signal(SIGCONT);
  stop_.start_at(next_stop_);
}

void Stalls::on_measured() {
  stop_.cancel();
  go_on_.cancel();
  server_->signal(SIGCONT);
}

void Stalls::on_server_exit(std::int64_t status, int signal) {
  stop_.cancel();
  go_on_.cancel();
  if (status != 0 || signal != 0) {
    fail(fmt::format("the server ended with status {}, signal {}", status, signal));
    if (load_ != nullptr) load_->stop("the server is gone");
  }
}

void Stalls::fail(const std::string& what) {
  fmt::print(stderr, "stall_tool: {}\n", what);
  good_ = false;
}

void Stalls::print() const {
  fmt::print("percentile,us\n");
  for (const double percent : kPercentiles) {
    fmt::print("{:g},{}\n", percent, result_.delivery_latency.percentile(percent));
  }
}

int parse_and_run(int argc, char** argv) {
  Options options;
  CLI::App app{"A server that stands still now and then, seen by an open or a closed loop"};
  app.option_defaults()->always_capture_default();
  app.add_option("--server", options.server, "The pushbench to start with \"serve\"")->required();
  const std::vector<std::string_view> known = clients::transport_names();
  app.add_option("--transport", options.transport, "One of the transports")
      ->check(CLI::IsMember(std::vector<std::string>(known.begin(), known.end())));
  app.add_option("--seconds", options.seconds, "How long")->check(CLI::Range(1.0, 3600.0));
  app.add_option("--stall", options.stall_ms, "How long the server stands still, in ms")
      ->check(CLI::Range(1.0, 60'000.0));
  app.add_option("--every", options.every_ms, "From one stall to the next, in ms")
      ->check(CLI::Range(10.0, 600'000.0));
  app.add_option("--users", options.users, "In one room")->check(CLI::Range(1, 10'000));
  app.add_option("--rate", options.rate, "Messages a second in all")->check(CLI::Range(1.0, 1e4));
  app.add_option("--interval", options.interval_ms, "Of polling, in ms")
      ->check(CLI::Range(1.0, 60'000.0));
  app.add_flag("--closed", options.closed, "A user waits for its own message before the next one");
  CLI11_PARSE(app, argc, argv);
  return Stalls(options).run() ? 0 : 1;
}

}  // namespace
}  // namespace pushbench::test

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return pushbench::test::parse_and_run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "stall_tool: %s\n", error.what());
    return 1;
  }
}
