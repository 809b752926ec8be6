#include "harness/repetition.h"

#include <fmt/format.h>

#include <csignal>
#include <utility>

#include "harness/target_server.h"

namespace pushbench::harness {

namespace {

constexpr std::chrono::seconds kStartLimit{10};
constexpr std::chrono::seconds kStopLimit{10};
constexpr std::chrono::milliseconds kTick{200};

}  // namespace

RepetitionRun::RepetitionRun(const RepetitionPlan& plan, const Schedule& schedule,
                             ProgressListener& progress)
    : plan_(plan),
      schedule_(schedule),
      progress_(progress),
      tick_(loop_, net::Callback::to<&RepetitionRun::on_tick>(this)),
      overdue_(loop_, net::Callback::to<&RepetitionRun::on_overdue>(this)) {}

Repetition RepetitionRun::run() {
  Repetition repetition;
  repetition.started_s = net::seconds(net::now() - plan_.run_start);  // unless it gets to measure
  auto server = start_server();
  if (!server) {
    fail(server.error().line());
    return repetition;
  }
  server_ = std::move(*server);
  const std::vector<int> allowed = net::allowed_cores();
  if (!keep_to_cores()) return repetition;
  overdue_.start_in(kStartLimit);
  tick_.start_in(kTick);
  if (plan_.target != nullptr) on_serving();
  loop_.run();
  if (plan_.cores) (void)net::keep_to_cores(0, allowed);  // for what comes after the run
  if (load_ != nullptr) {
    fill_load(repetition);
    wire_ = load_->wire_view();
  }
  fill_cost(repetition);
  load_.reset();
  server_.reset();
  return repetition;
}

Result<std::unique_ptr<RunServer>> RepetitionRun::start_server() {
  if (plan_.target != nullptr) return TargetServer::make(*plan_.target);
  ServerProcessListener& listener = *this;
  return ServerProcess::start(loop_, plan_.server_command, listener);
}

/// A server of ours has its core to itself: all threads of the harness, which are started later,
/// inherit those of this one.
bool RepetitionRun::keep_to_cores() {
  if (!plan_.cores) return true;
  auto kept = server_->keep_to(plan_.cores->server);
  if (kept) kept = net::keep_to_cores(0, plan_.cores->harness);
  if (kept) return true;
  fail(kept.error().line());
  server_.reset();
  return false;
}

void RepetitionRun::on_serving() {
  if (done_) return;
  overdue_.cancel();
  LoadListener& listener = *this;
  load_ = std::make_unique<Load>(loop_, server_->address(), schedule_, plan_.load, listener,
                                 server_->tls());
  load_->start();
}

void RepetitionRun::on_measuring() {
  if (const auto begun = server_->begin_cost(); !begun) fail(begun.error().line());
  own_cpu_before_ = net::own_cpu_us();  // last: to look for a target's processes takes CPU time too
}

void RepetitionRun::on_measured() {
  own_cpu_ = net::own_cpu_us() - own_cpu_before_;
  if (const auto cost = server_->cost()) {
    cost_ = *cost;
  } else {
    fail(cost.error().line());
  }
}

void RepetitionRun::on_done() {
  done_ = true;
  tick_.cancel();
  if (outcome_ == Outcome::complete && load_->problem()) {
    outcome_ = Outcome::broke;
    problem_ = *load_->problem();
  }
  if (!server_->running()) return;
  server_->signal(SIGTERM);
  overdue_.start_in(kStopLimit);
}

/// A server that ends by itself is the cause of whatever else went wrong with its users.
void RepetitionRun::on_server_exit(std::int64_t status, int signal) {
  overdue_.cancel();
  const bool as_asked = status == 0 && (signal == 0 || signal == SIGTERM);
  if (killed_ || (done_ && as_asked)) return;
  if (outcome_ != Outcome::interrupted) outcome_ = Outcome::complete;
  fail(fmt::format(
      "the server ended {} during the run",
      signal != 0 ? fmt::format("by signal {}", signal) : fmt::format("with status {}", status)));
}

void RepetitionRun::interrupt() {
  outcome_ = Outcome::interrupted;
  tick_.cancel();
  if (load_ != nullptr) return load_->stop("interrupted");
  done_ = true;
  server_->signal(SIGTERM);
  overdue_.start_in(kStopLimit);
}

void RepetitionRun::on_tick() {
  if (done_) return;
  if (progress_.interrupted()) return interrupt();
  if (load_ != nullptr) {
    progress_.on_progress({load_->time_left(), load_->delivered(), load_->p99_us()});
  }
  tick_.start_in(kTick);
}

void RepetitionRun::on_overdue() {
  fail(done_ ? "the server did not stop in time" : "the server did not say where it listens");
  kill_server();
}

void RepetitionRun::kill_server() {
  killed_ = true;
  if (server_ != nullptr) server_->signal(SIGKILL);
}

void RepetitionRun::fail(const std::string& what) {
  if (outcome_ == Outcome::complete) {
    outcome_ = Outcome::broke;
    problem_ = what;
  }
  if (done_) return;
  if (load_ != nullptr) return load_->stop(what);
  done_ = true;
  tick_.cancel();
  kill_server();
}

void RepetitionRun::fill_load(Repetition& repetition) {
  load_->fill(repetition);
  const auto from = load_->measured_from();
  if (from) repetition.started_s = net::seconds(*from - plan_.run_start);
}

void RepetitionRun::fill_cost(Repetition& repetition) const {
  repetition.server = cost_;
  repetition.harness_cpu_us = own_cpu_.value_or(0);
}

}  // namespace pushbench::harness
