// A server under users of all four transports whose connections are cut at random, for as long as
// one likes. Fails unless nothing is lost, repeated or out of order without a gap notice, the
// server's memory stays flat and no descriptor is left over.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clients/registry.h"
#include "harness/load.h"
#include "harness/schedule.h"
#include "harness/server_process.h"
#include "harness/units.h"
#include "net/limits.h"
#include "net/timer.h"
#include "tests/faults/process_watch.h"

namespace pushbench::test {
namespace {

using namespace std::chrono_literals;

constexpr double kFlat = 0.05;         // how far memory at the end may be from that in the middle
constexpr double kShortest = 60;       // seconds of which memory tells something
constexpr std::uint64_t kRetain = 50;  // messages a room: soon full, so that rooms grow no more
// libuv opens one with the first connection, to have it when there are none left.
constexpr std::uint64_t kReserve = 1;
constexpr std::chrono::seconds kLeaveLimit{10};

struct Options {
  std::string server;
  std::uint64_t users = 5000;
  std::uint64_t rooms = 25;  // shares no factor with the four transports: all meet in every room
  double seconds = 600;
  double rate = 20;  // messages a second in all
  std::string cut_every = "60s";
  std::uint64_t seed = 1;
  bool tls = false;
};

harness::Scenario scenario_of(const Options& options) {
  harness::Scenario scenario;
  scenario.users = options.users;
  scenario.rooms = options.rooms;
  scenario.traffic = harness::TrafficKind::poisson;
  scenario.rate = options.rate;
  scenario.duration =
      std::chrono::duration_cast<net::Duration>(std::chrono::duration<double>(options.seconds));
  scenario.link.cut_every = harness::parse_duration(options.cut_every).value();
  scenario.clients.interval = 5s;
  return scenario;
}

class Soak final : private harness::ServerProcessListener, private harness::LoadListener {
 public:
  Soak(const Options& options, const harness::Scenario& scenario, const harness::Schedule& schedule)
      : options_(options),
        scenario_(scenario),
        schedule_(schedule),
        sample_(loop_, net::Callback::to<&Soak::on_sample>(this)),
        overdue_(loop_, net::Callback::to<&Soak::on_overdue>(this)) {}

  bool run();

 private:
  bool all_closed() const { return after_.descriptors <= before_.descriptors + kReserve; }
  void on_serving() override;
  void on_server_trouble(const std::string& what) override { fail(what); }
  void on_server_exit(std::int64_t status, int signal) override;
  void on_measuring() override { measuring_ = true; }
  void on_measured() override { measuring_ = false; }
  void on_done() override;
  void on_sample();
  void on_overdue();
  void fail(const std::string& what);
  void stop_server();
  void judge();
  void require(bool good, const std::string& line);

  const Options& options_;
  const harness::Scenario& scenario_;
  const harness::Schedule& schedule_;
  net::Loop loop_;
  std::unique_ptr<harness::ServerProcess> server_;
  std::unique_ptr<harness::Load> load_;
  net::Timer sample_;
  net::Timer overdue_;
  std::vector<ProcessFigures> samples_;  // while all users are there
  ProcessFigures before_;
  ProcessFigures after_;
  bool measuring_ = false;
  bool leaving_ = false;  // the users have left; the server has yet to close their descriptors
  bool stopping_ = false;
  bool good_ = true;
};

bool Soak::run() {
  std::vector<std::string> command = harness::serve_command(options_.server);
  command.insert(command.end(), {"--retain", std::to_string(kRetain)});
  if (options_.tls) command.emplace_back("--tls-self-signed");
  harness::ServerProcessListener& listener = *this;
  auto started = harness::ServerProcess::start(loop_, command, listener);
  if (!started) {
    fail(started.error().line());
    return false;
  }
  server_ = std::move(*started);
  loop_.run();
  if (load_ != nullptr) judge();
  return good_;
}

void Soak::on_serving() {
  before_ = figures_of(server_->pid());
  harness::LoadPlan plan;
  for (const std::string_view name : clients::transport_names()) plan.transports.emplace_back(name);
  plan.clients = scenario_.clients;
  plan.join_time = options_.users * 4ms;
  plan.warmup = 1s;
  plan.drain = 20s;  // a user that was cut several times in a row may wait 10 s to connect again
  harness::LoadListener& listener = *this;
  load_ = std::make_unique<harness::Load>(loop_, server_->address(), schedule_, plan, listener,
                                          server_->tls());
  load_->start();
  sample_.start_in(1s);
}

void Soak::on_sample() {
  const ProcessFigures now = figures_of(server_->pid());
  if (leaving_) {
    after_ = now;
    if (all_closed()) return stop_server();
    return sample_.start_in(100ms);
  }
  if (measuring_) samples_.push_back(now);
  fmt::print(stderr, "{:.0f} s left: {} delivered, server {:.1f} MiB, {} descriptors\n",
             std::max(0.0, std::chrono::duration<double>(load_->time_left()).count()),
             load_->delivered(), static_cast<double>(now.rss_bytes) / (1024 * 1024),
             now.descriptors);
  sample_.start_in(std::max<net::Duration>(500ms, schedule_.duration / 200));
}

void Soak::on_done() {
  leaving_ = true;
  sample_.start_in(100ms);
  overdue_.start_in(kLeaveLimit);
}

void Soak::on_overdue() {
  if (!stopping_) return stop_server();
  fail("the server did not stop in time");
  server_->signal(SIGKILL);
}

void Soak::stop_server() {
  stopping_ = true;
  sample_.cancel();
  overdue_.start_in(kLeaveLimit);
  server_->signal(SIGTERM);
}

void Soak::on_server_exit(std::int64_t status, int signal) {
  overdue_.cancel();
  sample_.cancel();
  if (status != 0 || signal != 0) {
    fail(fmt::format("the server ended with status {}, signal {}", status, signal));
  }
  if (!stopping_ && load_ != nullptr) load_->stop("the server is gone");
  sample_.cancel();
  overdue_.cancel();
}

void Soak::fail(const std::string& what) { require(false, what); }

void Soak::require(bool good, const std::string& line) {
  fmt::print("{} {}\n", good ? "ok  " : "BAD ", line);
  good_ = good_ && good;
}

void Soak::judge() {
  harness::Repetition result;
  load_->fill(result);
  const harness::Messages& m = result.messages;
  if (load_->problem()) fail(*load_->problem());
  require(result.users == options_.users, fmt::format("{} users joined", result.users));
  require(m.published == schedule_.says.size(), fmt::format("{} messages published", m.published));
  require(m.delivered + m.missed == m.expected,
          fmt::format("{} of {} deliveries", m.delivered, m.expected));
  require(m.lost == 0, fmt::format("{} lost", m.lost));
  require(m.duplicated == 0, fmt::format("{} duplicated", m.duplicated));
  require(m.reordered == 0, fmt::format("{} reordered", m.reordered));
  require(m.damaged == 0, fmt::format("{} damaged", m.damaged));
  require(true, fmt::format("{} missed, with {} gap notices", m.missed, m.gaps));
  const harness::Exchanges& e = result.exchanges;
  require(e.cuts > 0, fmt::format("{} cuts, {} connections lost otherwise, {} times back", e.cuts,
                                  e.disconnects, e.reconnects));

  const auto middle = static_cast<double>(median_rss(samples_, 0.45, 0.55));
  const auto end = static_cast<double>(median_rss(samples_, 0.9, 1));
  const double change = middle == 0 ? 0 : end / middle - 1;
  require(options_.seconds < kShortest || std::abs(change) <= kFlat,
          fmt::format("server memory {:.1f} MiB in the middle, {:.1f} MiB at the end: {:+.1f} %",
                      middle / (1024 * 1024), end / (1024 * 1024), change * 100));
  require(all_closed(),
          fmt::format("{} descriptors of the server before, {} after, one of them libuv's",
                      before_.descriptors, after_.descriptors));
}

int soak(const Options& options) {
  const harness::Scenario scenario = scenario_of(options);
  const auto schedule = harness::unroll(scenario, {}, options.seed);
  if (!schedule) {
    fmt::print(stderr, "soak: {}\n", schedule.error().line());
    return 2;
  }
  // A user has a second connection once it publishes; a cut one's may overlap with its next.
  if (const auto limit = net::ensure_file_limit(2 * options.users + 64); !limit) {
    fmt::print(stderr, "soak: {}\n", limit.error().line());
    return 1;
  }
  const bool good = Soak(options, scenario, *schedule).run();
  fmt::print("{}: {} users, {:g} s, seed {}\n", good ? "GOOD" : "BAD", options.users,
             options.seconds, options.seed);
  return good ? 0 : 1;
}

int parse_and_soak(int argc, char** argv) {
  Options options;
  CLI::App app{"Users of all transports on one server, cut at random, for as long as you like"};
  app.option_defaults()->always_capture_default();
  app.add_option("--server", options.server, "The pushbench to start with \"serve\"")->required();
  app.add_option("--users", options.users, "In all")->check(CLI::Range(1, 50'000));
  app.add_option("--rooms", options.rooms, "That they share")->check(CLI::Range(1, 10'000));
  app.add_option("--seconds", options.seconds, "How long")->check(CLI::Range(1.0, 86'400.0));
  app.add_option("--rate", options.rate, "Messages a second in all")->check(CLI::Range(0.1, 1e4));
  app.add_option("--cut-every", options.cut_every, "Mean time between two cuts of one user")
      ->check([](const std::string& text) {
        const auto duration = harness::parse_duration(text);
        return duration ? std::string() : duration.error().line();
      });
  app.add_option("--seed", options.seed, "Draws messages and cuts");
  app.add_flag("--tls", options.tls, "Encrypt all connections");
  CLI11_PARSE(app, argc, argv);
  return soak(options);
}

}  // namespace
}  // namespace pushbench::test

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  try {
    return pushbench::test::parse_and_soak(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "soak: %s\n", error.what());
    return 1;
  }
}
