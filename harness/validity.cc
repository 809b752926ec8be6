#include "harness/validity.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::harness {

std::int64_t lateness_limit_us(const Repetition& repetition, double percent) {
  const std::int64_t floor = percent <= 50 ? 1'000 : 20'000;
  return std::max(floor, repetition.delivery_latency.percentile(percent) / 4);
}

std::vector<std::string> faults(const Repetition& repetition, const Asked& asked) {
  std::vector<std::string> found;
  const Messages& messages = repetition.messages;
  const auto complain = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) {
      found.push_back(fmt::format("{} of {} deliveries {}", count, messages.expected, what));
    }
  };
  if (repetition.users < asked.users) {
    found.push_back(fmt::format("{} of {} users joined", repetition.users, asked.users));
  }
  complain(messages.lost, "were lost");
  complain(messages.duplicated, "came twice");
  complain(messages.reordered, "came out of order");
  complain(messages.damaged, "were not what was published");
  if (repetition.exchanges.disconnects > 0 && !asked.cuts) {
    found.push_back(fmt::format("{} connections were lost, the first: {}",
                                repetition.exchanges.disconnects, repetition.first_loss));
  }
  if (messages.gaps > 0 && !asked.cuts) {
    found.push_back(fmt::format(
        "the server dropped messages before users had them ({} gaps, {} deliveries missed); raise "
        "server.retain",
        messages.gaps, messages.missed));
  }
  for (const double percent : {50.0, 99.0}) {
    const std::int64_t late = repetition.lateness.percentile(percent);
    const std::int64_t limit = lateness_limit_us(repetition, percent);
    if (late <= limit) continue;
    found.push_back(fmt::format(
        "the harness published {:.1f} ms late at p{:g}, over its limit of {:.1f} ms: this "
        "machine is too slow or too busy for the load",
        static_cast<double>(late) / 1000, percent, static_cast<double>(limit) / 1000));
  }
  return found;
}

}  // namespace pushbench::harness
