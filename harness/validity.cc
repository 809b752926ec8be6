#include "harness/validity.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::harness {

std::int64_t lateness_limit_us(const Repetition& repetition) {
  return std::max<std::int64_t>(5'000, repetition.delivery_latency.percentile(99) / 4);
}

std::vector<std::string> faults(const Repetition& repetition, std::uint64_t users_asked) {
  std::vector<std::string> found;
  const Messages& messages = repetition.messages;
  const auto complain = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) {
      found.push_back(fmt::format("{} of {} deliveries {}", count, messages.expected, what));
    }
  };
  if (repetition.users < users_asked) {
    found.push_back(fmt::format("{} of {} users joined", repetition.users, users_asked));
  }
  complain(messages.lost, "were lost");
  complain(messages.duplicated, "came twice");
  complain(messages.reordered, "came out of order");
  complain(messages.damaged, "were not what was published");
  if (messages.gaps > 0) {
    found.push_back(fmt::format(
        "the server dropped messages before users had them ({} gaps); raise server.retain",
        messages.gaps));
  }
  const std::int64_t late = repetition.lateness.percentile(99);
  if (late > lateness_limit_us(repetition)) {
    found.push_back(fmt::format(
        "the harness published {:.1f} ms late at p99, over its limit of {:.1f} ms: this machine is "
        "too slow or too busy for the load",
        static_cast<double>(late) / 1000,
        static_cast<double>(lateness_limit_us(repetition)) / 1000));
  }
  return found;
}

}  // namespace pushbench::harness
