#include "harness/load.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/account.h"
#include "harness/notice.h"
#include "net/tcp_info.h"

namespace pushbench::harness {

namespace {
// Past the time over which users join, and what their links make of it. It is more than
// ClientOptions::set_up, so that who waits in vain can say for what.
constexpr std::chrono::seconds kJoinLimit{10};
}  // namespace

net::Duration LoadPlan::longest_set_up() const {
  net::Duration longest{};
  for (const net::LinkProfile& link : links) longest = std::max(longest, link.delay + link.jitter);
  return 8 * longest;
}

Load::Load(net::Loop& loop, const net::Address& server, const Schedule& schedule,
           const LoadPlan& plan, LoadListener& listener, net::TlsContext* tls)
    : server_(server),
      schedule_(schedule),
      plan_(plan),
      listener_(listener),
      headers_(plan.headers.for_server(server_.http_host(tls != nullptr), tls != nullptr)),
      rooms_(schedule),
      board_(schedule),
      reports_(
          std::make_unique<net::Mailbox<Report>>(loop, net::Callback::to<&Load::on_reports>(this))),
      notice_(loop, net::Callback::to<&Load::notify>(this)),
      join_limit_(loop, net::Callback::to<&Load::on_join_limit>(this)) {
  const std::size_t threads =
      plan.closed_loop ? 1 : std::clamp<std::size_t>(plan.threads, 1, schedule.users());
  const CrowdSetup setup{server_, schedule_, plan_, headers_, rooms_, board_, tls, *reports_};
  for (std::size_t index = 0; index < threads; ++index) {
    crowds_.push_back(std::make_unique<Crowd>(setup, Shard{index, threads}));
  }
}

Load::~Load() {
  if (!threads_.empty()) order({Order::Kind::leave});
  join_threads();
}

void Load::start() {
  origin_ = net::now();
  join_limit_.start_at(origin_ + join_limit());
  for (const auto& crowd : crowds_) threads_.emplace_back(&Crowd::run, crowd.get(), origin_);
}

void Load::on_reports() {
  for (const Report& report : reports_->take()) take(report);
}

void Load::take(const Report& report) {
  switch (report.kind) {
    case Report::Kind::failed:
      if (phase_ == Phase::joining) stop(report.what);
      break;
    case Report::Kind::joined:
      if (all_have(joined_) && phase_ == Phase::joining) begin();
      break;
    case Report::Kind::settled:
      if (all_have(settled_)) finish();
      break;
    case Report::Kind::measured:
      if (!all_have(measured_)) break;
      if (measures_) listener_.on_measured();
      phase_ = Phase::leaving;
      order({Order::Kind::leave});
      break;
    case Report::Kind::left:
      if (all_have(left_)) end();
      break;
  }
}

void Load::order(const Order& order) {
  for (const auto& crowd : crowds_) crowd->obey(order);
}

void Load::begin() {
  join_limit_.cancel();
  phase_ = Phase::measuring;
  const net::Duration notice = notice_for(schedule_.users());
  start_ = net::now() + kNews + plan_.warmup + notice;
  notice_.start_at(start_ - notice);
  order({Order::Kind::measure, start_});
}

void Load::notify() {
  measures_ = true;
  listener_.on_measuring();
}

void Load::on_join_limit() {
  stop(fmt::format(
      "only {} of {} users could join within {} s; the server has not answered the others",
      joined(), first_users(), net::seconds(join_limit())));
}

void Load::stop(const std::string& problem) {
  if (phase_ == Phase::joining || phase_ == Phase::measuring) problem_ = problem;
  finish();
}

void Load::finish() {
  if (phase_ != Phase::joining && phase_ != Phase::measuring) return;
  phase_ = Phase::finishing;
  join_limit_.cancel();
  notice_.cancel();
  order({Order::Kind::finish});
}

void Load::end() {
  phase_ = Phase::done;
  join_threads();
  reports_.reset();
  for (const auto& crowd : crowds_) {
    if (!problem_) problem_ = crowd->problem();
  }
  listener_.on_done();
}

net::Duration Load::join_limit() const {
  return plan_.join_time + plan_.longest_set_up() + kJoinLimit;
}

void Load::join_threads() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::uint64_t Load::joined() const {
  std::uint64_t sum = 0;
  for (const auto& crowd : crowds_) sum += crowd->joined();
  return sum;
}

std::size_t Load::first_users() const {
  return schedule_.stays.empty() ? schedule_.users() : first_stays(schedule_, {}).size();
}

std::uint64_t Load::delivered() const {
  std::uint64_t sum = 0;
  for (const auto& crowd : crowds_) sum += crowd->delivered();
  return sum;
}

std::int64_t Load::p99_us() const {
  std::int64_t highest = 0;
  for (const auto& crowd : crowds_) highest = std::max(highest, crowd->p99_us());
  return highest;
}

net::Duration Load::time_left() const {
  const net::Time now = net::now();
  if (phase_ != Phase::joining) return start_ + schedule_.duration - now;
  return origin_ + plan_.join_time - now + plan_.warmup + schedule_.duration;
}

std::optional<net::Time> Load::measured_from() const {
  return measures_ ? std::optional(start_) : std::nullopt;
}

std::optional<WireView> Load::wire_view() const {
  for (const auto& crowd : crowds_) {
    if (crowd->tap()) return crowd->tap()->view();
  }
  return std::nullopt;
}

void Load::fill(Repetition& repetition) {
  std::vector<Recorder*> recorders;
  net::Time end = start_;
  for (const auto& crowd : crowds_) {
    recorders.push_back(&crowd->recorder());
    crowd->add_to(repetition);
    if (measures_) end = std::max(end, crowd->end());
  }
  repetition.duration_s = net::seconds(end - start_);
  account(schedule_, recorders, plan_.patience(), repetition);
  if (!net::tcp_info_available()) add_headers_by_formula(repetition);
}

}  // namespace pushbench::harness
