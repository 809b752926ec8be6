#include "report/verdict_choice.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <string_view>

namespace pushbench::report {

namespace {

constexpr double kBeatUs = 100e3;
constexpr double kSilentPerMinute = 20;
constexpr double kUsers = 10'000;

constexpr double kClearly = 1.25;  // times the best
constexpr double kLatencyUs = 10e3;
constexpr double kShareOfBeat = 0.1;
constexpr double kBits = 1e6;          // a second
constexpr double kCores = 0.05;        //
constexpr double kMemory = 10 * 1024;  // a user

constexpr std::array<std::string_view, 5> kForBeat{"delivery_latency.p99", "delivery_latency.p50",
                                                   "network_bytes", "server_cpu", "server_memory"};
constexpr std::array<std::string_view, 5> kForSilent{
    "network_bytes", "server_cpu", "server_memory", "delivery_latency.p50", "delivery_latency.p99"};
constexpr std::array<std::string_view, 5> kForTalk{"delivery_latency.p50", "delivery_latency.p99",
                                                   "network_bytes", "server_cpu", "server_memory"};

std::span<const std::string_view> order_of(Traffic traffic) {
  switch (traffic) {
    case Traffic::beat:
      return kForBeat;
    case Traffic::silent:
      return kForSilent;
    case Traffic::talk:
      break;
  }
  return kForTalk;
}

/// The smallest difference in a row that is worth anything, in the row's unit.
double smallest_difference(const VerdictRow& row, Traffic traffic, const VerdictFacts& facts) {
  const double received = facts.transports.front().received * scaled_users(facts);  // a second
  if (row.metric->name == "network_bytes") return kBits / 8 / received;
  if (row.metric->name == "server_cpu") return kCores * 1e6 / received;
  if (row.metric->name == "server_memory") return kMemory;
  return traffic == Traffic::beat ? kShareOfBeat * facts.publish_period_us : kLatencyUs;
}

/// Of those that are left, the one with the lowest figure; none if none has one.
std::optional<std::size_t> best_of(const VerdictRow& row, const std::vector<std::size_t>& left) {
  std::optional<std::size_t> best;
  for (const std::size_t i : left) {
    if (!row.figures[i]) continue;
    if (!best || row.figures[i]->median < row.figures[*best]->median) best = i;
  }
  return best;
}

void rule_out(const VerdictRow& row, const VerdictFacts& facts, Choice& choice) {
  const auto best = best_of(row, choice.kept);
  if (!best) return;
  std::erase_if(choice.kept, [&](std::size_t i) {
    if (!clearly_worse(row, i, *best, choice.traffic, facts)) return false;
    choice.out.push_back({i, &row, *best});
    return true;
  });
}

std::ptrdiff_t rows_won(const Verdict& verdict, std::size_t transport) {
  return std::count_if(verdict.rows.begin(), verdict.rows.end(),
                       [&](const VerdictRow& row) { return row.best[transport]; });
}

}  // namespace

Traffic traffic_of(const VerdictFacts& facts) {
  // A trace that is sped up has its own time's gaps, but not its latencies.
  if (facts.speedup == 1 && facts.publish_period_us > 0 && facts.publish_period_us < kBeatUs) {
    return Traffic::beat;
  }
  const bool silent = facts.transports.front().received * 60 < kSilentPerMinute;
  return silent ? Traffic::silent : Traffic::talk;
}

double scaled_users(const VerdictFacts& facts) {
  return std::max(kUsers, facts.transports.front().users);
}

bool clearly_worse(const VerdictRow& row, std::size_t transport, std::size_t than, Traffic traffic,
                   const VerdictFacts& facts) {
  const auto& figure = row.figures[transport];
  const auto& better = row.figures[than];
  return figure && better && figure->low > better->high &&
         figure->median > kClearly * better->median &&
         figure->median - better->median >= smallest_difference(row, traffic, facts);
}

Choice choose(const Verdict& verdict, const VerdictFacts& facts) {
  Choice choice{traffic_of(facts), {}, {}, {}};
  choice.kept.resize(verdict.transports.size());
  std::iota(choice.kept.begin(), choice.kept.end(), std::size_t{0});
  for (const std::string_view metric : order_of(choice.traffic)) {
    for (const VerdictRow& row : verdict.rows) {
      if (row.metric->name != metric) continue;
      choice.deciding.push_back(&row);
      rule_out(row, facts, choice);
    }
  }
  std::stable_sort(choice.kept.begin(), choice.kept.end(), [&](std::size_t a, std::size_t b) {
    return rows_won(verdict, a) > rows_won(verdict, b);
  });
  return choice;
}

}  // namespace pushbench::report
