#include "harness/theory_replay.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "harness/byte_model.h"
#include "harness/ledger.h"
#include "harness/replay_joining.h"
#include "harness/replay_publishing.h"
#include "harness/replay_room.h"
#include "harness/transport_rules.h"
#include "net/segments.h"

namespace pushbench::harness {

namespace {

using net::Duration;

constexpr double kMostEvents = 2e6;  // deliveries or polls that are played
// The least that an exchange takes, where neither link nor server takes any time.
constexpr std::chrono::microseconds kLeastExchange{100};

/// An exchange that asked for messages, or a batch that was pushed.
struct Asked {
  Duration sent;      // by the user
  Duration answered;  // by the server
  Duration ended;
  double up = 0;
  double down = 0;
  bool empty = false;
  bool acknowledged = false;  // by itself, as the next request came too late to say so
};

/// What one user's subscription comes to.
struct Account {
  std::vector<Asked> late;  // that did not end within the scheduled time
  std::vector<Duration> latencies;
  Duration last = Duration::zero();
};

class Replay {
 public:
  Replay(Rules rules, const Scenario& scenario, const Schedule& schedule,
         const clients::RequestHeaders& headers)
      : rules_(rules),
        scenario_(scenario),
        schedule_(schedule),
        bytes_(scenario, headers),
        joining_(rules, scenario, schedule, bytes_),
        publishing_(rules, scenario, schedule, bytes_, joining_),
        subscribing_(net::kSegmentPayload, scenario.tls),
        rooms_(publishing_.publish()) {
    for (const Stay& stay : schedule_.stays) stays_[stay.user].push_back(stay);
  }

  Theory run();

 private:
  bool asks() const { return harness::asks(rules_); }
  void subscribe(std::uint32_t user);
  void subscribe(const Stay& stay, Account& account);
  void poll(const Stay& stay, Account& account);
  void poll_long(const Stay& stay, Account& account);
  void push(const Stay& stay, Account& account);
  Asked answer(std::uint32_t user, Duration sent, Duration at, Way& down, std::size_t up,
               std::size_t had, std::size_t end, bool first, Account& account);
  void settle(const std::optional<Asked>& asked, Duration next, Account& account);
  void deliver(const StoredRoom& room, std::size_t first, std::size_t end, Duration got,
               std::uint32_t user, Account& account) const;
  bool is_there(std::uint32_t user, Duration at) const;
  void open(std::uint32_t user);
  void count(const Asked& asked, Duration end);
  Theory theory();

  const Rules rules_;
  const Scenario& scenario_;
  const Schedule& schedule_;
  const ByteModel bytes_;
  const Joining joining_;
  Publishing publishing_;
  Ledger subscribing_;  // of the users that are played
  const std::vector<StoredRoom> rooms_;
  std::map<std::uint32_t, std::vector<Stay>> stays_;
  std::vector<Account> accounts_;
  Duration end_{};
  double asked_ = 0;
  double empty_ = 0;
};

bool Replay::is_there(std::uint32_t user, Duration at) const {
  if (schedule_.stays.empty()) return true;
  const auto stays = stays_.find(user);
  return stays != stays_.end() &&
         std::any_of(stays->second.begin(), stays->second.end(),
                     [at](const Stay& stay) { return stay.from <= at && at < stay.until; });
}

void Replay::deliver(const StoredRoom& room, std::size_t first, std::size_t end, Duration got,
                     std::uint32_t user, Account& account) const {
  for (std::size_t i = first; i < end; ++i) {
    const Duration due = schedule_.says[room.messages[i].say].due;
    if (!is_there(user, due)) continue;
    account.latencies.push_back(got - due);
    account.last = std::max(account.last, got);
  }
}

/// The server answers at `at` with what the user lacks.
Asked Replay::answer(std::uint32_t user, Duration sent, Duration at, Way& down, std::size_t up,
                     std::size_t had, std::size_t end, bool first, Account& account) {
  const StoredRoom& room = rooms_[schedule_.room_of(user)];
  const bool empty = end == had;
  const std::size_t size =
      empty ? bytes_.empty_answer(first) : bytes_.answer(room.batch_size(had, end), first);
  const Duration got = down.cross(size, at);
  deliver(room, had, end, got, user, account);
  return {sent, at, got, static_cast<double>(up), static_cast<double>(size), empty};
}

/// The link holds back at its user's what crosses it, both ways: the user's kernel has the answer
/// at once, and the next request not before it is at the server.
void Replay::settle(const std::optional<Asked>& asked, Duration next, Account& account) {
  if (!asked) return;
  Asked settled = *asked;
  settled.acknowledged = !scenario_.clients.close_each && next - asked->answered > kDelayedAck;
  if (settled.ended <= schedule_.duration) {
    count(settled, schedule_.duration);
  } else {
    account.late.push_back(settled);
  }
}

/// A poll on every beat, but for those that fall while an answer is to come.
void Replay::poll(const Stay& stay, Account& account) {
  const std::uint32_t user = stay.user;
  const std::uint32_t number = schedule_.room_of(user);
  const StoredRoom& room = rooms_[number];
  const net::LinkProfile& link = link_of(scenario_, schedule_, user);
  Way up(link, true, schedule_.seed + user);
  Way down(link, false, ~(schedule_.seed + user));
  const Duration interval = scenario_.clients.interval;
  Duration beat = joining_.joined(0) +
                  Duration(static_cast<Duration::rep>(schedule_.poll_phases[user] *
                                                      static_cast<double>(interval.count())));
  beat += interval * ((stay.from - beat) / interval + 1);  // the first poll is off the beat
  const Duration said = room.messages.empty() ? Duration::zero() : room.messages.back().at;
  const Duration last = std::max(said, schedule_.duration) + 2 * interval;
  std::size_t had = room.before(stay.from);
  Duration sent = stay.from;
  bool first = true;
  std::optional<Asked> before;
  while (sent < stay.until && (sent <= last || had < room.messages.size())) {
    Duration at = sent;
    if (first || scenario_.clients.close_each) at = joining_.set_up(up, down, at);
    const std::size_t request = bytes_.poll(number, had, first);
    at = up.cross(request, at);
    settle(before, at, account);
    std::size_t end = had;
    while (end < room.messages.size() && room.messages[end].at <= at) ++end;
    const Asked asked = answer(user, sent, at, down, request, had, end, first, account);
    before = asked;
    had = end;
    first = false;
    if (beat <= asked.ended) beat += interval * ((asked.ended - beat) / interval + 1);
    sent = beat;
  }
  settle(before, Duration::max(), account);
}

/// The server answers with what there is, or with the next batch, or when the hold is over.
void Replay::poll_long(const Stay& stay, Account& account) {
  const std::uint32_t user = stay.user;
  const StoredRoom& room = rooms_[schedule_.room_of(user)];
  const net::LinkProfile& link = link_of(scenario_, schedule_, user);
  Way up(link, true, schedule_.seed + user);
  Way down(link, false, ~(schedule_.seed + user));
  std::size_t batch = room.batches_before(stay.from);  // the next one to be given out
  bool first = true;
  std::optional<Asked> before;
  Duration sent = stay.from;
  while (sent < stay.until && (sent <= schedule_.duration || batch < room.batches.size())) {
    const std::size_t had = batch == 0 ? 0 : room.batches[batch - 1].end;
    const std::size_t request = bytes_.long_poll(schedule_.room_of(user), had, first);
    Duration at = sent;
    if (first || scenario_.clients.close_each) at = joining_.set_up(up, down, at);
    const Duration asked_at = up.cross(request, at);
    settle(before, asked_at, account);
    at = asked_at;
    if (batch == room.batches.size() || room.batches[batch].at > at + scenario_.clients.hold) {
      at += scenario_.clients.hold;
    } else {
      at = std::max(at, room.batches[batch].at);
    }
    while (batch < room.batches.size() && room.batches[batch].at <= at) ++batch;
    const std::size_t end = batch == 0 ? 0 : room.batches[batch - 1].end;
    const Asked asked = answer(user, sent, at, down, request, had, end, first, account);
    before = asked;
    const bool is_held = at > asked_at && asked.ended > Duration::zero();
    if (is_held && !scenario_.clients.close_each) subscribing_.acknowledge_down(1);
    first = false;
    sent = asked.empty ? std::max(asked.ended, sent + kLeastExchange) : asked.ended;
  }
  settle(before, before ? before->answered : Duration::zero(), account);  // it asks once more
}

/// What the room got before the server knew of the user comes behind the answer that subscribes it.
void Replay::push(const Stay& stay, Account& account) {
  const std::uint32_t user = stay.user;
  const StoredRoom& room = rooms_[schedule_.room_of(user)];
  const net::LinkProfile& link = link_of(scenario_, schedule_, user);
  Way up(link, true, schedule_.seed + user);
  Way down(link, false, ~(schedule_.seed + user));
  const std::uint32_t number = schedule_.room_of(user);
  const Duration known = up.cross(joining_.request(number), joining_.set_up(up, down, stay.from));
  down.cross(joining_.answer(), known);
  for (std::size_t i = room.batches_before(stay.from); i < room.batches.size(); ++i) {
    const StoredBatch& batch = room.batches[i];
    if (batch.at >= stay.until) break;
    const std::size_t json = room.batch_size(batch.first, batch.end);
    const std::size_t size =
        rules_ == Rules::socket ? ByteModel::frame(json, false) : ByteModel::event(json, batch.end);
    const Duration got = down.cross(size, std::max(batch.at, known));
    deliver(room, batch.first, batch.end, got, user, account);
    subscribing_.down(1, static_cast<double>(size), true);
  }
}

/// What the user needed to subscribe, which counts. A first poll's bytes do not.
void Replay::open(std::uint32_t user) {
  subscribing_.connect(1);
  if (asks()) return;
  subscribing_.up(1, static_cast<double>(joining_.request(schedule_.room_of(user))), false);
  subscribing_.down(1, static_cast<double>(joining_.answer()), false);
}

void Replay::subscribe(const Stay& stay, Account& account) {
  open(stay.user);
  if (rules_ == Rules::polling) {
    poll(stay, account);
  } else if (rules_ == Rules::long_polling) {
    poll_long(stay, account);
  } else {
    push(stay, account);
  }
}

void Replay::subscribe(std::uint32_t user) {
  Account account;
  if (schedule_.stays.empty()) {
    subscribe({joining_.joined(user), Duration::max(), user}, account);
  } else if (const auto stays = stays_.find(user); stays != stays_.end()) {
    for (Stay stay : stays->second) {
      // Those who are there from the start have joined before it.
      if (stay.from <= Duration::zero()) stay.from = joining_.joined(user);
      subscribe(stay, account);
    }
  }
  end_ = std::max(end_, account.last);
  accounts_.push_back(std::move(account));
}

/// Counts what of an exchange lies within the measured time, from 0 to `end`.
void Replay::count(const Asked& asked, Duration end) {
  if (asked.sent > Duration::zero() && asked.sent <= end) subscribing_.up(1, asked.up, false);
  if (asked.ended <= Duration::zero() || asked.ended > end) return;
  subscribing_.down(1, asked.down, asked.acknowledged);
  if (scenario_.clients.close_each) {
    subscribing_.connect(1);
    subscribing_.disconnect(1);
  }
  ++asked_;
  if (asked.empty) ++empty_;
}

Theory Replay::theory() {
  std::vector<Duration> all;
  for (const Account& account : accounts_) {
    all.insert(all.end(), account.latencies.begin(), account.latencies.end());
  }
  Theory theory;
  if (all.empty()) return theory;
  std::sort(all.begin(), all.end());
  const auto us = [](Duration d) { return std::chrono::duration<double, std::micro>(d).count(); };
  const auto count = static_cast<double>(all.size());
  // The least value that a share of all does not exceed, as HdrHistogram has it.
  const auto quantile = [&](double share) {
    const auto rank = static_cast<std::size_t>(std::max(1.0, std::ceil(share * count)));
    return us(all[std::min(rank, all.size()) - 1]);
  };
  double sum = 0;
  for (const Duration latency : all) sum += us(latency);
  theory.mean_latency_us = sum / count;
  if (schedule_.cuts.empty()) {
    theory.p50_latency_us = quantile(0.5);
    theory.p90_latency_us = quantile(0.9);
    theory.p99_latency_us = quantile(0.99);
    theory.max_latency_us = us(all.back());
  }
  if (asks()) {
    theory.empty_share = asked_ == 0 ? 0 : empty_ / asked_;
    theory.exchanges_per_message = asked_ / count;
  }
  if (rules_ == Rules::socket && scenario_.clients.compression) return theory;
  const auto published = static_cast<double>(schedule_.expected_deliveries());
  const Ledger& posts = publishing_.ledger();  // of all publishers
  theory.application_up =
      subscribing_.application_up() / count + posts.application_up() / published;
  theory.application_down =
      subscribing_.application_down() / count + posts.application_down() / published;
  theory.network_up = subscribing_.network_up() / count + posts.network_up() / published;
  theory.network_down = subscribing_.network_down() / count + posts.network_down() / published;
  return theory;
}

Theory Replay::run() {
  end_ = schedule_.duration;
  const auto polls = static_cast<double>(
      rules_ == Rules::polling ? schedule_.duration / scenario_.clients.interval : 0);
  const double events = std::max(static_cast<double>(schedule_.expected_deliveries()),
                                 polls * static_cast<double>(schedule_.users()));
  const auto stride = static_cast<std::size_t>(1 + events / kMostEvents);
  for (std::size_t user = 0; user < schedule_.users(); user += stride) {
    subscribe(static_cast<std::uint32_t>(user));
  }
  // The measured time lasts until everything is delivered.
  for (const Account& account : accounts_) {
    for (const Asked& asked : account.late) count(asked, end_);
  }
  return theory();
}

}  // namespace

Theory replay(std::string_view transport, const Scenario& scenario, const Schedule& schedule,
              const clients::RequestHeaders& headers) {
  const auto rules = rules_of(transport);
  if (!rules) return {};
  return Replay(*rules, scenario, schedule, headers).run();
}

}  // namespace pushbench::harness
