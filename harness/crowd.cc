#include "harness/crowd.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "clients/registry.h"
#include "harness/needs.h"
#include "net/child.h"
#include "net/splitmix.h"

namespace pushbench::harness {

namespace {

constexpr std::chrono::milliseconds kTick{200};

Bytes bytes_of(const clients::Client& client) {
  const net::Traffic& traffic = client.traffic();
  const clients::Parts& parts = client.parts();
  return {{traffic.written, traffic.read},
          {parts.up.heads, parts.down.heads},
          {parts.up.bodies, parts.down.bodies},
          {traffic.tls_written, traffic.tls_read},
          {traffic.network_out(), traffic.network_in()},
          {traffic.segments_out, traffic.segments_in},
          traffic.unread};
}

/// Different for each user, and the same for the same seed.
std::uint64_t link_seed(std::uint64_t seed, std::size_t user) {
  return net::SplitMix64::mixed(net::SplitMix64::mixed(seed) + user);
}

std::int64_t microseconds_since(net::Time since) { return net::microseconds(net::now() - since); }

}  // namespace

Crowd::Crowd(const CrowdSetup& setup, Shard shard)
    : setup_(setup),
      shard_(shard),
      schedule_(setup.schedule),
      plan_(setup.plan),
      events_(events_of(schedule_, shard)),
      first_(first_stays(schedule_, shard)),
      first_count_(schedule_.stays.empty() ? shard.size(schedule_.users()) : first_.size()),
      orders_(loop_, net::Callback::to<&Crowd::on_orders>(this)),
      recorder_(schedule_, setup.rooms, setup.board, shard, setup.plan.has_seqs()),
      null_rooms_(loop_),
      shared_{loop_,    setup.server, setup.tls,     *this,
              batches_, random_,      setup.headers, &null_rooms_},
      seats_(shard.size(schedule_.users())),
      join_timer_(loop_, net::Callback::to<&Crowd::join_next>(this)),
      event_timer_(loop_, net::Callback::to<&Crowd::on_events_due>(this)),
      deadline_(loop_, net::Callback::to<&Crowd::on_deadline>(this)),
      tick_(loop_, net::Callback::to<&Crowd::on_tick>(this)) {
  loop_.add_hook(*this);
  if (plan_.watched && shard.has(plan_.watched->user)) tap_.emplace(*plan_.watched);
  if (!plan_.closed_loop) return;
  recorder_.count_from_publishing();
  waiting_.resize(seats_.size());
}

Crowd::~Crowd() { loop_.remove_hook(*this); }

void Crowd::run(net::Time origin) {
  origin_ = origin;
  if (first_count_ == 0) setup_.reports.post({Report::Kind::joined, {}});
  join_next();
  on_tick();
  loop_.run();
  whole_ = bytes_of_users();
}

void Crowd::on_orders() {
  for (const Order& order : orders_.take()) {
    switch (order.kind) {
      case Order::Kind::measure:
        phase_ = Phase::warming;
        start_ = order.start;
        recorder_.begin(start_);
        if (tap_) tap_->begin(start_);
        event_timer_.start_at(start_ - notice_for(seats_.size()));
        break;
      case Order::Kind::finish:
        finish();
        break;
      case Order::Kind::leave:
        leave_all();
        break;
    }
  }
}

/// The user that joins as this one's number, of those that are there from the start.
std::size_t Crowd::first_user(std::size_t number) const {
  return schedule_.stays.empty() ? shard_.index + number * shard_.of
                                 : schedule_.stays[first_[number]].user;
}

/// Users join one after the other, evenly over the join time.
void Crowd::join_next() {
  const auto due_of = [this](std::size_t user) {
    return origin_ + plan_.join_time * user / schedule_.users();
  };
  while (next_first_ < first_count_ && phase_ == Phase::joining) {
    const std::size_t user = first_user(next_first_);
    if (due_of(user) > net::now()) return join_timer_.start_at(due_of(user));
    if (!schedule_.stays.empty()) recorder_.arrive(first_[next_first_], net::now());
    ++next_first_;
    join(user, 0);
  }
}

void Crowd::join(std::size_t user, wire::Seq after) {
  Seat& seat = seat_of(user);
  if (seat.link == nullptr) seat.link = link_of(user);
  if (plan_.sources > 0) seat.from = source_of(user % plan_.sources);
  const clients::Identity identity{user,
                                   schedule_.poll_phases[user],
                                   origin_,
                                   seat.link.get(),
                                   seat.from ? &*seat.from : nullptr,
                                   tap_on(user)};
  seat.client =
      clients::make_client(transport_of(user), shared_, identity, plan_.clients, plan_.dialect);
  seat.since = net::now();
  seat.asked = true;
  seat.joining = true;
  ++joining_;
  exchanges_.connections_asked += connections_to_join(user);
  seat.client->join(fmt::format("{}{}", plan_.room_prefix, schedule_.room_of(user) + 1),
                    {"", after});
}

/// All of which are open once it has joined.
std::uint64_t Crowd::connections_to_join(std::size_t user) const {
  const clients::UserConnections of_user =
      clients::connections_of(transport_of(user), plan_.dialect);
  return of_user.before + of_user.kept;
}

std::unique_ptr<net::Link> Crowd::link_of(std::size_t user) const {
  const std::size_t group = schedule_.user_groups.empty() ? 0 : schedule_.user_groups[user];
  if (group >= plan_.links.size() || plan_.links[group].ideal()) return nullptr;
  return std::make_unique<net::Link>(plan_.links[group], link_seed(schedule_.seed, user));
}

void Crowd::on_joined(clients::Client& client) {
  Seat& seat = seat_of(client.user());
  join_time_.record(microseconds_since(seat.since));
  if (!std::exchange(seat.joined, true)) ++joined_;
  if (std::exchange(seat.joining, false)) --joining_;
  if (phase_ != Phase::joining) {
    recorder_.subscribe(client.user(), net::now());
    return end_when_all_is_done();
  }
  loop_.sample_network(client.traffic());
  set_up_ = set_up_ + bytes_of(client);
  if (joined_ == first_count_) setup_.reports.post({Report::Kind::joined, {}});
}

/// A little before the first event can be due: the kernel is asked for each connection.
void Crowd::begin_measuring() {
  phase_ = Phase::measuring;
  before_ = bytes_of_users();
  cpu_before_ = net::thread_cpu_us();
  deadline_.start_at(start_ + schedule_.duration);
}

void Crowd::on_events_due() {
  if (phase_ == Phase::warming) {
    begin_measuring();
    return event_timer_.start_at(start_);
  }
  while (next_event_ < events_.size()) {
    const Event& event = events_[next_event_];
    if (start_ + event.due > net::now()) return event_timer_.start_at(start_ + event.due);
    ++next_event_;
    carry_out(event);
  }
}

void Crowd::carry_out(const Event& event) {
  const net::Time now = net::now();
  // Cuts of many links that are due at once take their turn, and no latency counts from them.
  if (event.kind != EventKind::cut) recorder_.on_event(start_ + event.due, now);
  switch (event.kind) {
    case EventKind::leave:
      return leave(event.number);
    case EventKind::join:
      return join(schedule_.stays[event.number].user, recorder_.arrive(event.number, now));
    case EventKind::say:
      return publish(event.number);
    case EventKind::cut: {
      Seat& seat = seat_of(schedule_.cuts[event.number].user);
      if (seat.client == nullptr || !seat.client->cut()) return;
      seat.since = now;
      ++exchanges_.cuts;
    }
  }
}

void Crowd::publish(std::size_t say) {
  const std::size_t user = schedule_.says[say].user;
  Seat& seat = seat_of(user);
  if (seat.client == nullptr) return;
  // One that leaves soon may not get so far; of those that stay, what posting takes is asked.
  if (!std::exchange(seat.published, true) && schedule_.stays.empty()) {
    exchanges_.connections_asked +=
        clients::connections_of(transport_of(user), plan_.dialect).posting;
  }
  if (plan_.closed_loop) {
    std::deque<std::size_t>& waiting = waiting_[user / shard_.of];
    waiting.push_back(say);
    if (waiting.size() > 1) return;
  }
  recorder_.on_published(say, net::now());
  seat.client->publish(recorder_.draft(say));
}

/// Closed loop: a user has got back what it published, and goes on.
void Crowd::publish_next(std::size_t user) {
  std::deque<std::size_t>& waiting = waiting_[user / shard_.of];
  waiting.pop_front();
  if (waiting.empty()) return;
  recorder_.on_published(waiting.front(), net::now());
  seat_of(user).client->publish(recorder_.draft(waiting.front()));
}

void Crowd::leave(std::size_t stay) {
  const std::size_t user = schedule_.stays[stay].user;
  Seat& seat = seat_of(user);
  if (seat.client == nullptr) return;
  if (std::exchange(seat.joining, false)) {  // there was no time for it
    --joining_;
    exchanges_.connections_asked -= connections_to_join(user);
    seat.asked = seat.joined;
  }
  for (const std::string& id : seat.client->drafts_under_way()) {
    recorder_.take_along(id);
  }
  recorder_.depart(stay);
  seat.client->leave();
  leaving_.push_back(std::move(seat.client));
}

/// Their connections are closed by now, and all their bytes are known.
void Crowd::after_flush() {
  for (const auto& client : leaving_) gone_ = gone_ + bytes_of(*client);
  leaving_.clear();
}

void Crowd::on_message(clients::Client& client, const wire::Message& message) {
  if (phase_ == Phase::done) return;
  recorder_.on_delivered(client.user(), message, net::now());
  if (plan_.closed_loop) {
    const std::deque<std::size_t>& waiting = waiting_[client.user() / shard_.of];
    if (!waiting.empty() && message.id == std::to_string(waiting.front())) {
      publish_next(client.user());
    }
  }
  end_when_all_is_done();
}

/// Not from in here: the exchange that brought the last message is not over, and counts.
void Crowd::end_when_all_is_done() {
  if (phase_ == Phase::measuring && nothing_under_way() &&
      net::now() >= start_ + schedule_.duration) {
    deadline_.start_at(net::now());
  }
}

void Crowd::on_exchange(clients::Client&, clients::Ended how) {
  if (phase_ == Phase::done) return;
  if (how == clients::Ended::opened) ++exchanges_.total;
  if (how == clients::Ended::opened || phase_ < Phase::measuring) return;
  ++exchanges_.total;
  if (how == clients::Ended::published) return;
  ++exchanges_.asked;
  if (how == clients::Ended::empty) ++exchanges_.empty;
}

/// Polling's latency depends on the beats as it does on the schedule's events.
void Crowd::on_beat(clients::Client&, net::Duration late) {
  const net::Time now = net::now();
  const net::Duration due = now - late - start_;
  if (phase_ != Phase::measuring || due < net::Duration::zero() || due >= schedule_.duration)
    return;
  recorder_.on_event(now - late, now);
}

void Crowd::on_connection(clients::Client&) {
  if (phase_ != Phase::done) ++exchanges_.connections;
}

void Crowd::on_gap(clients::Client& client, const wire::Gap& gap) {
  if (phase_ != Phase::done) recorder_.on_gap(client.user(), gap);
}

void Crowd::on_disconnected(clients::Client& client, const std::string& reason) {
  if (phase_ == Phase::done) return;
  ++exchanges_.disconnects;
  if (!client.is_subscribed()) seat_of(client.user()).since = net::now();
  if (first_loss_.empty()) first_loss_ = fmt::format("user {}: {}", client.user(), reason);
}

void Crowd::on_rejoined(clients::Client& client) {
  if (phase_ == Phase::done) return;
  ++exchanges_.reconnects;
  rejoin_time_.record(microseconds_since(seat_of(client.user()).since));
}

void Crowd::on_failure(clients::Client& client, const Error& error) {
  if (phase_ == Phase::done || problem_) return;  // the others go on: what they measure is kept
  problem_ = fmt::format("user {}: {}", client.user(), error.line());
  if (phase_ == Phase::joining) setup_.reports.post({Report::Kind::failed, *problem_});
}

/// The measured time is over: all has been delivered and all have joined, or a little more time is
/// given, and what its link takes of it to one that came just now.
void Crowd::on_deadline() {
  net::Duration patience = plan_.patience();
  if (joining_ > 0) patience = std::max(patience, plan_.longest_set_up());
  const net::Time last_chance = start_ + schedule_.duration + patience;
  if (nothing_under_way() || net::now() >= last_chance) return settle();
  deadline_.start_at(last_chance);
}

void Crowd::settle() {
  phase_ = Phase::settled;
  setup_.reports.post({Report::Kind::settled, {}});
}

void Crowd::finish() {
  end_ = net::now();
  const bool was_measuring = phase_ == Phase::measuring || phase_ == Phase::settled;
  phase_ = Phase::done;
  if (was_measuring) {
    use_.cpu_us = net::thread_cpu_us() - cpu_before_;
    use_.share = static_cast<double>(use_.cpu_us) /
                 std::chrono::duration<double, std::micro>(end_ - start_).count();
  }
  measured_ = was_measuring ? set_up_ + (bytes_of_users() - before_) : set_up_;
  measured_.keep_parts_within();
  for (net::Timer* timer : {&join_timer_, &event_timer_, &deadline_, &tick_}) timer->cancel();
  on_tick();
  tick_.cancel();
  setup_.reports.post({Report::Kind::measured, {}});
}

void Crowd::leave_all() {
  phase_ = Phase::done;
  for (const Seat& seat : seats_) {
    if (seat.client != nullptr) seat.client->leave();
  }
  loop_.stop();
  setup_.reports.post({Report::Kind::left, {}});
}

/// What a person watches, without a lock on what is measured.
void Crowd::on_tick() {
  delivered_ = recorder_.delivered();
  p99_us_ = recorder_.latency().percentile(99);
  tick_.start_in(kTick);
}

Bytes Crowd::bytes_of_users() {
  loop_.sample_network();
  Bytes sum = gone_;
  for (const auto& client : leaving_) sum = sum + bytes_of(*client);
  for (const Seat& seat : seats_) {
    if (seat.client != nullptr) sum = sum + bytes_of(*seat.client);
  }
  return sum;
}

void Crowd::add_to(Repetition& repetition) const {
  repetition.users += joined_;
  for (const Seat& seat : seats_) repetition.users_asked += seat.asked ? 1 : 0;
  repetition.exchanges += exchanges_;
  repetition.bytes = repetition.bytes + measured_;
  repetition.whole = repetition.whole + whole_;
  repetition.events = repetition.events + Events{events_.size(), next_event_};
  repetition.join.add(join_time_);
  repetition.rejoin.add(rejoin_time_);
  repetition.threads.push_back(use_);
  if (repetition.first_loss.empty()) repetition.first_loss = first_loss_;
}

}  // namespace pushbench::harness
