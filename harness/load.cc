#include "harness/load.h"

#include <fmt/format.h>

#include <algorithm>

#include "clients/registry.h"

namespace pushbench::harness {

namespace {
constexpr std::chrono::seconds kJoinLimit{10};  // past the time over which users join
// The listener asks the kernel what the server has used, which takes longer than a delivery: it is
// told this much before the first message can be due.
constexpr std::chrono::milliseconds kNotice{10};
}  // namespace

Load::Load(net::Loop& loop, const net::Address& server, const Schedule& schedule,
           const LoadPlan& plan, LoadListener& listener, net::TlsContext* tls)
    : server_(server),
      schedule_(schedule),
      plan_(plan),
      listener_(listener),
      recorder_(schedule),
      headers_(plan.headers.for_server(server_.text(), tls != nullptr)),
      shared_{loop, server_, tls, *this, batches_, random_, headers_},
      join_timer_(loop, net::Callback::to<&Load::join_next>(this)),
      publish_timer_(loop, net::Callback::to<&Load::publish_due>(this)),
      cut_timer_(loop, net::Callback::to<&Load::cut_due>(this)),
      deadline_(loop, net::Callback::to<&Load::on_deadline>(this)) {}

Load::~Load() = default;

void Load::start() {
  origin_ = net::now();
  deadline_.start_at(origin_ + plan_.join_time + kJoinLimit);
  join_next();
}

/// Users join one after the other, evenly over the join time.
void Load::join_next() {
  const std::size_t count = schedule_.users();
  const auto due_of = [&](std::size_t user) { return origin_ + plan_.join_time * user / count; };
  while (users_.size() < count && due_of(users_.size()) <= net::now()) {
    const std::size_t user = users_.size();
    const clients::Identity identity{user, schedule_.poll_phases[user], origin_};
    const std::string& transport = plan_.transports[user % plan_.transports.size()];
    users_.push_back(clients::make_client(transport, shared_, identity, plan_.clients));
    users_.back()->join(fmt::format("room-{}", schedule_.room_of(user) + 1));
    if (phase_ == Phase::done) return;
  }
  if (users_.size() < count) join_timer_.start_at(due_of(users_.size()));
}

void Load::on_joined(clients::Client& client) {
  set_up_ = set_up_ + bytes_of(client.traffic());
  if (++joined_ < schedule_.users()) return;
  phase_ = Phase::warming;
  deadline_.cancel();
  start_ = net::now() + plan_.warmup + kNotice;
  publish_timer_.start_at(start_ - kNotice);
}

void Load::begin_measuring() {
  phase_ = Phase::measuring;
  before_ = bytes_of_users();
  recorder_.begin(start_);
  deadline_.start_at(start_ + schedule_.duration);
  cut_due();
}

void Load::publish_due() {
  if (phase_ == Phase::warming && net::now() < start_) {
    listener_.on_measuring();
    return publish_timer_.start_at(start_);
  }
  if (phase_ == Phase::warming) begin_measuring();
  while (next_say_ < schedule_.says.size() && recorder_.due(next_say_) <= net::now()) {
    const std::size_t say = next_say_++;
    recorder_.on_published(say, net::now());
    users_[schedule_.says[say].user]->publish(recorder_.draft(say));
  }
  if (next_say_ < schedule_.says.size()) publish_timer_.start_at(recorder_.due(next_say_));
}

void Load::cut_due() {
  while (next_cut_ < schedule_.cuts.size()) {
    const Cut& cut = schedule_.cuts[next_cut_];
    if (start_ + cut.due > net::now()) return cut_timer_.start_at(start_ + cut.due);
    ++next_cut_;
    if (users_[cut.user]->cut()) ++exchanges_.cuts;
  }
}

void Load::on_message(clients::Client& client, const wire::Message& message) {
  if (phase_ == Phase::done) return;
  recorder_.on_delivered(client.user(), message, net::now());
  // Not ended from in here: the exchange that brought the message is not over, and counts.
  if (recorder_.complete() && net::now() >= start_ + schedule_.duration) {
    deadline_.start_at(net::now());
  }
}

void Load::on_exchange(clients::Client&, clients::Ended how) {
  if (how == clients::Ended::opened) ++exchanges_.total;
  if (how == clients::Ended::opened || phase_ != Phase::measuring) return;
  ++exchanges_.total;
  if (how == clients::Ended::published) return;
  ++exchanges_.asked;
  if (how == clients::Ended::empty) ++exchanges_.empty;
}

void Load::on_connection(clients::Client&) {
  if (phase_ != Phase::done) ++exchanges_.connections;
}

void Load::on_gap(clients::Client& client, const wire::Gap& gap) {
  if (phase_ != Phase::done) recorder_.on_gap(client.user(), gap);
}

void Load::on_disconnected(clients::Client& client, const std::string& reason) {
  if (phase_ == Phase::done) return;
  ++exchanges_.disconnects;
  if (first_loss_.empty()) first_loss_ = fmt::format("user {}: {}", client.user(), reason);
}

void Load::on_rejoined(clients::Client&) {
  if (phase_ != Phase::done) ++exchanges_.reconnects;
}

void Load::on_failure(clients::Client& client, const Error& error) {
  if (phase_ == Phase::done) return;
  const std::string what = fmt::format("user {}: {}", client.user(), error.line());
  if (phase_ == Phase::joining) return stop(what);
  if (!problem_) problem_ = what;  // the others go on: what they measure is kept
}

/// Either not everybody joined in time, or the measured time is over: then everything has been
/// delivered, or a little more time is given.
void Load::on_deadline() {
  if (phase_ == Phase::joining) {
    return stop(fmt::format("only {} of {} users could join within {} s", joined_,
                            schedule_.users(),
                            std::chrono::duration<double>(plan_.join_time + kJoinLimit).count()));
  }
  const net::Time last_chance = start_ + schedule_.duration + plan_.clients.interval + plan_.drain;
  if (recorder_.complete() || net::now() >= last_chance) return finish();
  deadline_.start_at(last_chance);
}

void Load::stop(const std::string& problem) {
  if (phase_ == Phase::done) return;
  problem_ = problem;
  finish();
}

void Load::finish() {
  end_ = net::now();
  const bool was_measuring = phase_ == Phase::measuring;
  phase_ = Phase::done;
  const Bytes all = bytes_of_users();
  if (!was_measuring) {
    start_ = end_;
    before_ = all;
  }
  measured_ = set_up_ + (all - before_);
  if (was_measuring) listener_.on_measured();
  join_timer_.cancel();
  publish_timer_.cancel();
  cut_timer_.cancel();
  deadline_.cancel();
  for (const auto& user : users_) user->leave();
  listener_.on_done();
}

Load::Bytes Load::bytes_of_users() const {
  Bytes sum;
  for (const auto& user : users_) sum = sum + bytes_of(user->traffic());
  return sum;
}

net::Duration Load::time_left() const {
  const net::Time now = net::now();
  if (phase_ == Phase::measuring) return start_ + schedule_.duration - now;
  if (phase_ == Phase::warming) return start_ - now + schedule_.duration;
  return origin_ + plan_.join_time - now + plan_.warmup + schedule_.duration;
}

void Load::fill(Repetition& repetition) {
  repetition.users = joined_;
  repetition.duration_s = std::chrono::duration<double>(end_ - start_).count();
  repetition.exchanges = exchanges_;
  repetition.first_loss = first_loss_;
  repetition.application = measured_.application;
  repetition.tls = measured_.tls;
  recorder_.fill(repetition);
}

}  // namespace pushbench::harness
