#include "harness/prediction.h"

#include <algorithm>
#include <cmath>

#include "clients/registry.h"
#include "harness/byte_model.h"
#include "harness/ledger.h"
#include "harness/transport_rules.h"

namespace pushbench::harness {

namespace {

using net::seconds;

/// A group of users and the part of all that it is.
struct Group {
  double share = 1;
  net::LinkProfile link;
};

std::vector<Group> groups_of(const Scenario& scenario) {
  std::vector<Group> groups;
  double rest = 1;
  for (const UserGroup& group : scenario.groups) {
    groups.push_back({group.share, group.link.profile});
    rest -= group.share;
  }
  if (rest > 1e-9) groups.push_back({rest, scenario.link.profile});
  return groups;
}

/// Bytes of what goes over the links, of typical numbers: those in the middle.
class Sizes {
 public:
  Sizes(Rules rules, const Scenario& scenario, const Grounds& grounds, const Population& population)
      : bytes_(scenario, grounds.headers), polls_(rules == Rules::polling) {
    const double length = seconds(scenario.duration);
    const auto number = [](double value) { return static_cast<std::uint64_t>(value); };
    const std::uint64_t user = number(population.users / 2);
    const std::uint64_t say = number(population.published * length / 2);
    const auto text = static_cast<std::size_t>(std::llround(population.text));
    room_ = number(population.rooms / 2);
    seq_ = 1 + number(population.arrivals.rate * length / 2);
    message_ = static_cast<double>(ByteModel::message(user, say, text, seq_));
    draft_ = ByteModel::draft(user, say, text);
  }

  double batch(double messages) const { return messages * (message_ + 1) + 1; }
  double ask() const {
    return static_cast<double>(polls_ ? bytes_.poll(room_, seq_, false)
                                      : bytes_.long_poll(room_, seq_, false));
  }
  double nothing() const { return static_cast<double>(bytes_.empty_answer(false)); }
  double answer(double messages) const { return framed(messages, &Sizes::whole_answer); }
  double event(double messages) const { return framed(messages, &Sizes::whole_event); }
  double frame(double messages) const { return framed(messages, &Sizes::whole_frame); }
  double post() const { return static_cast<double>(bytes_.post(room_, draft_)); }
  double post_answer() const { return static_cast<double>(bytes_.post_answer(seq_)); }
  double draft_frame() const { return static_cast<double>(ByteModel::frame(draft_, true)); }

 private:
  using Frame = std::size_t (Sizes::*)(std::size_t) const;
  std::size_t whole_answer(std::size_t json) const { return bytes_.answer(json, false); }
  std::size_t whole_event(std::size_t json) const { return ByteModel::event(json, seq_); }
  std::size_t whole_frame(std::size_t json) const { return ByteModel::frame(json, false); }
  double framed(double messages, Frame wrap) const {
    const double json = batch(messages);
    const auto whole = static_cast<std::size_t>(std::llround(json));
    return json + static_cast<double>((this->*wrap)(whole)-whole);
  }

  ByteModel bytes_;
  bool polls_;
  std::uint64_t room_ = 0;
  wire::Seq seq_ = 0;
  double message_ = 0;
  std::size_t draft_ = 0;
};

/// A link as it is for an exchange: what bytes take to pass a narrow one is in its delays.
Path path_of(const net::LinkProfile& link, double up, double down, bool tls) {
  Path path;
  const double delay = seconds(link.delay);
  path.up = delay;
  path.down = delay;
  path.jitter = seconds(link.jitter);
  path.set_up = (tls ? 2 : 1) * (2 * delay + path.jitter);
  constexpr auto segment = static_cast<double>(net::kSegmentPayload);
  if (link.up > 0) path.up += (up + packet_headers(up, segment)) * 8 / link.up;
  if (link.down > 0) path.down += (down + packet_headers(down, segment)) * 8 / link.down;
  return path;
}

/// Works out one transport, from its waiting to its bytes.
class Predictor {
 public:
  Predictor(std::optional<Rules> rules, const Scenario& scenario, const Grounds& grounds)
      : known_(rules.has_value()),
        rules_(rules.value_or(Rules::polling)),
        scenario_(scenario),
        grounds_(grounds),
        population_(population_of(scenario, grounds.trace)),
        groups_(groups_of(scenario)),
        sizes_(rules_, scenario, grounds, population_),
        ledger_(grounds.segment, scenario.tls) {}

  Prediction run() {
    result_.users = population_.users * population_.present;
    result_.published = population_.published;
    result_.delivered = population_.delivered();
    if (!known_ || result_.delivered <= 0) return result_;
    publish();
    for (const Group& group : groups_) {
      for (const Sight& sight : population_.sights) subscribe(group, sight);
    }
    finish_exchanges();
    finish_latency();
    finish_bytes();
    return result_;
  }

 private:
  bool asks() const { return harness::asks(rules_); }
  bool is_socket() const { return rules_ == Rules::socket; }
  bool close_each() const { return scenario_.clients.close_each; }
  double window() const { return seconds(scenario_.batch_window); }

  /// From the publishers to the server, weighed by how many are in each group. Byte counts here and
  /// below are per delivered message.
  void publish() {
    const double each = 1 / population_.fan_out;
    if (is_socket()) {
      ledger_.up(each, sizes_.draft_frame(), false);  // its echo acknowledges it
      result_.pushed += population_.published;
    } else {
      ledger_.up(each, sizes_.post(), false);
      ledger_.down(each, sizes_.post_answer(), !close_each());
      if (close_each()) reconnect(each);
      result_.exchanges += population_.published;
      result_.connections += close_each() ? 0 : population_.publishers;
    }
    for (const Group& group : groups_) {
      const LatencyMixture way = publish_way(group);
      if (way.empty()) result_.overload = Overload::posts;
      publish_.add(way, group.share);
    }
  }

  LatencyMixture publish_way(const Group& group) const {
    const bool tls = scenario_.tls;
    if (is_socket()) return socket_way(path_of(group.link, sizes_.draft_frame(), 0, tls));
    const Path path = path_of(group.link, sizes_.post(), sizes_.post_answer(), tls);
    // Of the drafts of the scenario's time, each publisher's first one opens its connection.
    const double drafts =
        population_.published * seconds(scenario_.duration) / population_.publishers;
    const double first = close_each() ? 1 : -std::expm1(-drafts) / drafts;
    return post_way(path, population_.published / population_.publishers, first,
                    grounds_.costs.turnaround, drafts_apart());
  }

  /// Whoever speaks on a beat is one of those who share it.
  double drafts_apart() const {
    const bool beats =
        scenario_.traffic == TrafficKind::constant || scenario_.traffic == TrafficKind::tick;
    return beats ? 1 / scenario_.rate : 0;
  }

  /// One group's subscribers, of those that see the same.
  void subscribe(const Group& group, const Sight& sight) {
    const double share = group.share * sight.share;
    const Path ideal = path_of(group.link, sizes_.ask(), sizes_.answer(1), scenario_.tls);
    Waiting waiting = waiting_of(sight.arrivals, ideal);
    const double messages = messages_each(waiting);
    const double size = asks()        ? sizes_.answer(messages)
                        : is_socket() ? sizes_.frame(messages)
                                      : sizes_.event(messages);
    const Path path = path_of(group.link, sizes_.ask(), size, scenario_.tls);
    LatencyMixture down;
    down.add({1, path.down, path.jitter > 0 ? std::vector{path.jitter} : std::vector<double>{}});
    const double receivers = population_.fan_out * sight.arrivals.rate / population_.arrivals.rate;
    const double queue = grounds_.costs.push * receivers;
    if (queue > 0 && rules_ != Rules::polling) down = down.plus({{{1, 0, {queue}}}});
    deliver_.add(waiting.wait.plus(down), share);
    count(share, sight, waiting, messages, size, path);
  }

  Waiting waiting_of(const Arrivals& arrivals, const Path& path) const {
    const ServerCosts& costs = grounds_.costs;
    if (rules_ == Rules::polling) {
      return polling_waiting(arrivals, path, seconds(scenario_.clients.interval), costs.turnaround,
                             close_each());
    }
    // What the server gathers comes to its subscribers as one.
    const double gathered = messages_in_window(arrivals, window());
    Waiting waiting;
    waiting.wait = window_wait(arrivals, window());
    if (rules_ != Rules::long_polling) {
      waiting.exchanges_per_message = 1 / gathered;  // batches, here
      return waiting;
    }
    Waiting held =
        long_polling_waiting(batches_of(arrivals, window()), path, seconds(scenario_.clients.hold),
                             costs.turnaround, close_each());
    held.wait = held.wait.plus(waiting.wait);
    held.exchanges_per_message /= gathered;
    return held;
  }

  /// Messages that a batch brings.
  static double messages_each(const Waiting& waiting) {
    const double batches = waiting.exchanges_per_message * (1 - waiting.empty_share);
    return batches <= 0 ? 1 : std::max(1.0, 1 / batches);
  }

  /// What such subscribers take for each message that is delivered.
  void count(double share, const Sight& sight, const Waiting& waiting, double messages, double size,
             const Path& path) {
    const double full = share / messages;
    if (!asks()) {
      result_.pushed += share * result_.delivered;
      return ledger_.down(full, size, true);
    }
    const double asked = share * waiting.exchanges_per_message;
    const double empty = asked * waiting.empty_share;
    // Who asks again soon acknowledges the answer with that, but a server that lets the question
    // wait has to do it by itself. A new connection has acknowledged both.
    const bool bare = !close_each() && next_comes_late(sight, waiting, path);
    ledger_.up(asked, sizes_.ask(), false);
    if (!close_each()) ledger_.acknowledge_down(asked * waiting.held);
    ledger_.down(full, size, bare);
    ledger_.down(empty, sizes_.nothing(), bare);
    if (bare && rules_ == Rules::long_polling) result_.held_back_up += asked * net::kSegmentHeader;
    if (close_each()) reconnect(asked);
    asked_ += asked;
    empty_ += empty;
  }

  /// A link holds back at its user's what crosses it: the user's kernel has an answer at once, and
  /// the next request not before it is at the server.
  bool next_comes_late(const Sight& sight, const Waiting& waiting, const Path& path) const {
    const double gap = rules_ == Rules::long_polling
                           ? path.round_trip()
                           : 1 / (sight.arrivals.rate * waiting.exchanges_per_message);
    return gap > seconds(kDelayedAck);
  }

  void reconnect(double times) {
    ledger_.connect(times);
    ledger_.disconnect(times);
  }

  /// Design §7: a server with one thread has at most 1/(N·s) broadcasts a second.
  void finish_latency() {
    if (result_.busy(grounds_.costs) >= 1) result_.overload = Overload::server;
    if (result_.overload != Overload::none) return;
    const LatencyMixture latency = publish_.plus(deliver_);
    Theory& theory = result_.theory;
    theory.mean_latency_us = latency.mean() * 1e6;
    theory.p50_latency_us = latency.quantile(0.5) * 1e6;
    theory.p90_latency_us = latency.quantile(0.9) * 1e6;
    theory.p99_latency_us = latency.quantile(0.99) * 1e6;
    theory.max_latency_us = latency.max() * 1e6;
  }

  void finish_exchanges() {
    if (!(asks() && close_each())) result_.connections += result_.users;
    if (!asks()) return;
    result_.theory.empty_share = asked_ <= 0 ? 0 : empty_ / asked_;
    result_.theory.exchanges_per_message = asked_;
    result_.exchanges += asked_ * result_.delivered;
  }

  void finish_bytes() {
    Theory& theory = result_.theory;
    if (is_socket() && scenario_.clients.compression) return;  // how well texts compress is theirs
    theory.application_up = ledger_.application_up();
    theory.application_down = ledger_.application_down();
    theory.network_up = ledger_.network_up();
    theory.network_down = ledger_.network_down();
  }

  const bool known_;
  const Rules rules_;
  const Scenario& scenario_;
  const Grounds& grounds_;
  const Population population_;
  const std::vector<Group> groups_;
  const Sizes sizes_;
  Ledger ledger_;
  LatencyMixture publish_;
  LatencyMixture deliver_;
  double asked_ = 0;
  double empty_ = 0;
  Prediction result_;
};

}  // namespace

Prediction predict(std::string_view transport, const Scenario& scenario, const Grounds& grounds) {
  return Predictor(rules_of(transport), scenario, grounds).run();
}

}  // namespace pushbench::harness
