#include "report/verdict_traffic_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "harness/units.h"
#include "report/numbers.h"

namespace pushbench::report {

using harness::Repetition;

namespace {

/// The share of deliveries that took as long as the beat, or longer.
double late_share(const TransportFacts& transport, double beat_us) {
  return median_over(*transport.result, [&](const Repetition& r) {
    const auto before =
        r.delivery_latency.count_between(0, static_cast<std::int64_t>(std::llround(beat_us)));
    return 1 - static_cast<double>(before) / static_cast<double>(r.delivery_latency.count());
  });
}

std::string interval_of_option(const harness::TransportResult& transport) {
  for (const auto& [key, value] : transport.options) {
    if (key == "interval") return value;
  }
  return "";
}

}  // namespace

// Rule "beat": users publish more often than every 100 ms. How much of the beat the mean delivery
// takes, and how many came only after their publisher's next message was due.
std::string beat_rule(const Story& story) {
  if (story.choice.traffic != Traffic::beat) return "";
  const double period = story.facts.publish_period_us;
  const auto late = [&](const TransportFacts& t) {
    const double share = late_share(t, period);
    return share == 0 ? "none" : percent(share);
  };
  return fmt::format(
      "Each user publishes every {}. Of that a delivery takes on average {}; {} came only after "
      "their sender's next message was due.",
      time_text(period),
      each(story, [&](const TransportFacts& t) { return percent(t.mean_latency_us / period); }),
      each(story, late));
}

// Rule "up": the same traffic; what goes up for each published message, and who takes a request for
// it: whose exchanges that did not ask are as many as the messages.
std::string up_rule(const Story& story) {
  if (story.choice.traffic != Traffic::beat) return "";
  std::vector<std::string> posting;
  std::vector<std::string> bytes;
  for (const TransportFacts& t : story.facts.transports) {
    if (t.own_requests >= t.published) posting.push_back(t.name);
    bytes.push_back(fmt::format("{} B with {}{}", significant(t.up_per_publish), t.name,
                                t.asked > 0 ? " (polls included)" : ""));
  }
  std::string text = fmt::format("For each published message users send {}", list(bytes));
  if (posting.empty()) return text + ".";
  const double rate = story.facts.transports.front().users * 1e6 / story.facts.publish_period_us;
  return text + fmt::format("; with {} each message is a request of its own, {} a second.",
                            list(posting), significant(rate));
}

// Rule "silent": a user gets less than 20 messages a minute, in a trace's own time. What waiting
// costs in polls: a user's figures times 10,000 users (or all there are, if more).
std::string silent_rule(const Story& story) {
  if (story.choice.traffic != Traffic::silent) return "";
  const double users = scaled_users(story.facts);
  std::vector<std::string> quiet;
  std::vector<std::string> asking;
  for (const TransportFacts& t : story.facts.transports) {
    if (t.asked == 0) {
      quiet.push_back(t.name);
      continue;
    }
    std::string text = fmt::format("{} {}", t.name, significant(t.asks * users));
    if (t.empty_share > 0) text += fmt::format(" ({} in vain)", percent(t.empty_share));
    asking.push_back(std::move(text));
  }
  std::string requests = list(asking);
  if (!quiet.empty()) {
    requests += fmt::format("{}none with {}, which only keep{} connections open",
                            asking.empty() ? "" : "; ", list(quiet), quiet.size() == 1 ? "s" : "");
  }
  const bool all = users == story.facts.transports.front().users;
  return fmt::format(
      "A user gets {} messages a minute, so it mostly waits; for {} polls a second are: {}.",
      significant(story.facts.transports.front().received * 60),
      all ? fmt::format("these {} users the", rounded(users))
          : fmt::format("{} such users, by arithmetic from this run, the", rounded(users)),
      requests);
}

// Rule "scaled": the same traffic; network, server CPU and memory of so many users. Memory is given
// where the verdict has a row for it, and is the most that it can be: the server's own is in it.
std::string scaled_rule(const Story& story) {
  if (story.choice.traffic != Traffic::silent) return "";
  const double users = scaled_users(story.facts);
  const bool memory =
      std::any_of(story.verdict.rows.begin(), story.verdict.rows.end(),
                  [](const VerdictRow& row) { return row.metric->name == "server_memory"; });
  std::vector<std::string> parts;
  for (const TransportFacts& t : story.facts.transports) {
    std::string part =
        fmt::format("{} {} Mbit/s", t.name, significant(t.network_bits * users / 1e6));
    if (t.cores) part += fmt::format(" and {} of a core", percent(*t.cores * users));
    if (memory && t.memory_bytes) {
      part += fmt::format(", memory up to {}", size_text(*t.memory_bytes * users));
    }
    parts.push_back(std::move(part));
  }
  return fmt::format("Waiting and messages together then take: {}.", fmt::join(parts, "; "));
}

// Rule "back": connections were lost, or cut on purpose. How long users were away, and why longer
// with an event stream.
std::string back_rule(const Story& story) {
  const std::string half = each(story, [](const TransportFacts& t) -> std::string {
    if (median_over(*t.result, [](const Repetition& r) { return r.rejoin.count(); }) == 0)
      return "";
    return time_text(
        median_over(*t.result, [](const Repetition& r) { return r.rejoin.percentile(50); }));
  });
  if (half.empty()) return "";
  const std::string last = each(story, [](const TransportFacts& t) -> std::string {
    const double most = median_over(*t.result, [](const Repetition& r) { return r.rejoin.max(); });
    return most == 0 ? "" : time_text(most);
  });
  const bool streams = std::any_of(
      story.facts.transports.begin(), story.facts.transports.end(), [](const TransportFacts& t) {
        return t.transport == "sse" &&
               median_over(*t.result, [](const Repetition& r) { return r.rejoin.count(); }) > 0;
      });
  return fmt::format(
      "After a cut half of the users were back within {}; the last one after {}{}.", half, last,
      streams ? " (sse first waits as long as the server's retry field asks, as browsers do)" : "");
}

// Rule "link": all users have the same link, and its way up and down is at least a quarter of the
// lowest median latency. That part no transport changes; a POST may have to open a connection.
std::string link_rule(const Story& story) {
  if (story.run.links.empty() || story.verdict.rows.empty()) return "";
  const net::Duration delay = story.run.links.front().profile.delay;
  for (const auto& link : story.run.links) {
    if (link.profile.delay != delay) return "";
  }
  const VerdictRow& p50 = story.verdict.rows.front();
  if (p50.metric->name != "delivery_latency.p50") return "";
  const double both_us = 2 * std::chrono::duration<double, std::micro>(delay).count();
  double least = std::numeric_limits<double>::infinity();
  for (const auto& figure : p50.figures) {
    if (figure) least = std::min(least, figure->median);
  }
  if (both_us < least / 4 || both_us == 0) return "";
  const bool posts =
      std::any_of(story.facts.transports.begin(), story.facts.transports.end(),
                  [](const TransportFacts& t) { return t.transport != "websocket"; });
  return fmt::format(
      "Of each latency the link takes {}, up and down, whatever the transport: the fastest p50 is "
      "{}.{}",
      time_text(both_us), time_text(least),
      posts ? " A message whose POST opens a connection takes that much once more." : "");
}

// Rule "waste": polling was run. The share of its polls that brought nothing; what these were of
// its network bytes, where all that is not in a body is shared evenly among the exchanges; and the
// wait, half an interval by arithmetic, in the trace's own time if that was sped up.
std::string waste_rule(const Story& story) {
  for (const TransportFacts& t : story.facts.transports) {
    const std::string interval = interval_of_option(*t.result);
    if (t.transport != "polling" || t.asked == 0 || interval.empty()) continue;
    const auto length = harness::parse_duration(interval);
    if (!length) return "";
    const double wait = std::chrono::duration<double, std::micro>(*length).count() / 2;
    std::string text = fmt::format(
        "Polling wasted {} of its {} polls and {}{} of its network bytes on empty answers, and "
        "made a message wait half of the interval {} on average, {}",
        percent(t.empty_share), rounded(t.asked), t.empty_bytes < 0.01 ? "" : "about ",
        percent(t.empty_bytes), interval, time_text(wait));
    if (story.facts.speedup != 1) {
      text += fmt::format(" ({} in the trace's own time)", time_text(wait * story.facts.speedup));
    }
    return text + fmt::format("; the measured mean is {}.", time_text(t.mean_latency_us));
  }
  return "";
}

// Rule "gather": answers that were not empty brought one and a half messages or more.
std::string gather_rule(const Story& story) {
  const std::string gathered = each(story, [](const TransportFacts& t) -> std::string {
    return t.messages_per_answer < 1.5 ? "" : significant(t.messages_per_answer) + " messages";
  });
  if (gathered.empty()) return "";
  return fmt::format("An answer that was not empty brought {} on average, which share its heads.",
                     gathered);
}

}  // namespace pushbench::report
