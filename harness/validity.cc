#include "harness/validity.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::harness {

namespace {

using Faults = std::vector<std::string>;

/// All that was asked for came about.
void check_presence(const Repetition& repetition, const Asked& asked, Faults& found) {
  const Exchanges& exchanges = repetition.exchanges;
  if (repetition.users < asked.users) {
    found.push_back(fmt::format("{} of {} users joined", repetition.users, asked.users));
  }
  if (exchanges.connections < exchanges.connections_asked) {
    found.push_back(fmt::format("{} connections were opened and {} asked for",
                                exchanges.connections, exchanges.connections_asked));
  }
  if (repetition.events.done < repetition.events.due) {
    found.push_back(fmt::format("{} of the schedule's {} events were carried out",
                                repetition.events.done, repetition.events.due));
  }
}

void check_messages(const Messages& messages, const Asked& asked, Faults& found) {
  const auto complain = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) {
      found.push_back(fmt::format("{} of {} deliveries {}", count, messages.expected, what));
    }
  };
  // Our own server promises to resume; what a target does across cuts is a finding about it.
  if (asked.own_server || !asked.cuts) {
    complain(messages.lost, "were lost");
    complain(messages.duplicated, "came twice");
  }
  complain(messages.reordered, "came out of order");
  complain(messages.damaged, "were not what was published");
}

/// What may only happen where links are cut on purpose.
void check_links(const Repetition& repetition, bool own_server, Faults& found) {
  if (repetition.exchanges.disconnects > 0) {
    found.push_back(fmt::format("{} connections were lost, the first: {}",
                                repetition.exchanges.disconnects, repetition.first_loss));
  }
  if (repetition.messages.gaps > 0) {
    found.push_back(fmt::format(
        "the server dropped messages before users had them ({} gaps, {} deliveries missed){}",
        repetition.messages.gaps, repetition.messages.missed,
        own_server ? "; raise server.retain" : ""));
  }
}

/// The harness was not the bottleneck.
void check_harness(const Repetition& repetition, Faults& found) {
  for (const double percent : {50.0, 99.0}) {
    const std::int64_t late = repetition.lateness.percentile(percent);
    const std::int64_t limit = lateness_limit_us(repetition, percent);
    if (late <= limit) continue;
    found.push_back(fmt::format(
        "the harness was {:.1f} ms late at p{:g}, over its limit of {:.1f} ms: this machine is too "
        "slow or too busy for the load",
        static_cast<double>(late) / 1000, percent, static_cast<double>(limit) / 1000));
  }
  double busiest = 0;
  for (const ThreadUse& use : repetition.threads) busiest = std::max(busiest, use.share);
  if (busiest <= kBusiestShare) return;
  found.push_back(fmt::format(
      "a harness thread used {:.0f} % of a core, over its limit of {:.0f} %: messages waited for "
      "it; give the harness more threads, on more cores",
      busiest * 100, kBusiestShare * 100));
}

}  // namespace

std::int64_t lateness_limit_us(const Repetition& repetition, double percent) {
  const std::int64_t floor = percent <= 50 ? 1'000 : 20'000;
  return std::max(floor, repetition.delivery_latency.percentile(percent) / 4);
}

std::vector<std::string> faults(const Repetition& repetition, const Asked& asked) {
  Faults found;
  check_presence(repetition, asked, found);
  check_messages(repetition.messages, asked, found);
  if (!asked.cuts) check_links(repetition, asked.own_server, found);
  check_harness(repetition, found);
  return found;
}

}  // namespace pushbench::harness
