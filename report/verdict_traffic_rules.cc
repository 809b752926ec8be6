#include "report/verdict_traffic_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

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

/// "10,000 such users, by arithmetic from this run's,": who is spoken of.
std::string those_users(const Story& story) {
  const double users = scaled_users(story.facts);
  if (users == story.facts.transports.front().users) {
    return fmt::format("these {} users", count_text(users));
  }
  return fmt::format("{} such users, by arithmetic from each one's figures here,",
                     count_text(users));
}

std::string asks_text(const TransportFacts& t, double users) {
  if (t.asked == 0) return "";
  return fmt::format("{} times a second ({} in vain)", significant(t.asks * users),
                     percent(t.empty_share));
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
  return fmt::format(
      "Each user publishes every {}: of that the mean delivery takes {}; later than the next "
      "message came {}.",
      time_text(period),
      each(story, [&](const TransportFacts& t) { return percent(t.mean_latency_us / period); }),
      each(story, [&](const TransportFacts& t) { return percent(late_share(t, period)); }));
}

// Rule "up": the same traffic; what the way up costs for each published message, and who takes a
// request for it: whose exchanges that did not ask are as many as the messages.
std::string up_rule(const Story& story) {
  if (story.choice.traffic != Traffic::beat) return "";
  std::vector<std::string> posting;
  for (const TransportFacts& t : story.facts.transports) {
    if (t.own_requests >= t.published) posting.push_back(t.name);
  }
  std::string text = fmt::format(
      "Up, a published message costs {}",
      each(story, [](const TransportFacts& t) { return significant(t.up_per_publish) + " B"; }));
  if (posting.empty()) return text + ".";
  const double rate = story.facts.transports.front().users * 1e6 / story.facts.publish_period_us;
  return text + fmt::format(": with {} each is a request of its own, {} a second.", list(posting),
                            significant(rate));
}

// Rule "silent": a user gets less than 20 messages a minute, in a trace's own time. What waiting
// costs in requests, a user's figures times 10,000 users (or all there are, if more).
std::string silent_rule(const Story& story) {
  if (story.choice.traffic != Traffic::silent) return "";
  const double users = scaled_users(story.facts);
  std::vector<std::string> quiet;
  for (const TransportFacts& t : story.facts.transports) {
    if (t.asked == 0) quiet.push_back(t.name);
  }
  const std::string asking =
      each(story, [&](const TransportFacts& t) { return asks_text(t, users); });
  std::string text =
      fmt::format("A user gets {} messages a minute: {} ",
                  significant(story.facts.transports.front().received * 60), those_users(story));
  if (!asking.empty()) text += fmt::format("ask {}", asking);
  if (!asking.empty() && !quiet.empty()) text += ", and ";
  if (!quiet.empty()) {
    text += fmt::format("ask for nothing with {}, which {} connections open", list(quiet, "or"),
                        quiet.size() == 1 ? "only keeps" : "only keep");
  }
  return text + ".";
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
        fmt::format("{} {} Mbit/s and {} of a core", t.name,
                    significant(t.network_bits * users / 1e6), percent(t.cores * users));
    if (memory) part += fmt::format(", memory up to {}", size_text(t.memory_bytes * users));
    parts.push_back(std::move(part));
  }
  return fmt::format("Messages included that is: {}.", fmt::join(parts, "; "));
}

// Rule "back": connections were lost, or cut on purpose. How long users were away.
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
  return fmt::format("After a cut half of the users were back within {}; the last one after {}.",
                     half, last);
}

// Rule "link": all users have the same link, and its way up and down is at least a quarter of the
// lowest median latency. That part no transport changes.
std::string link_rule(const Story& story) {
  if (story.run.links.empty() || story.verdict.rows.empty()) return "";
  const net::Duration delay = story.run.links.front().profile.delay;
  for (const auto& link : story.run.links) {
    if (link.profile.delay != delay) return "";
  }
  const VerdictRow& p50 = story.verdict.rows.front();
  if (p50.metric->name != "delivery_latency.p50") return "";
  const double both_us = 2 * std::chrono::duration<double, std::micro>(delay).count();
  double least = p50.figures.front()->median;
  for (const auto& figure : p50.figures) {
    if (figure) least = std::min(least, figure->median);
  }
  if (both_us < least / 4 || both_us == 0) return "";
  return fmt::format(
      "Of each latency the link takes {}, up and down, whatever the transport: the fastest p50 is "
      "{}.",
      time_text(both_us), time_text(least));
}

// Rule "waste": polling was run. The share of its polls that brought nothing; what these were of
// its network bytes, where all that is not in a body is shared evenly among the exchanges; and the
// wait, half an interval by arithmetic, in the trace's own time if that was sped up.
std::string waste_rule(const Story& story) {
  for (const TransportFacts& t : story.facts.transports) {
    const std::string interval = interval_of_option(*t.result);
    if (t.name != "polling" || t.asked == 0 || interval.empty()) continue;
    const auto length = harness::parse_duration(interval);
    if (!length) return "";
    const double wait =
        std::chrono::duration<double, std::micro>(*length).count() / 2 * story.facts.speedup;
    std::string text = fmt::format(
        "Polling wasted {} of its {} polls and about {} of its network bytes on empty answers, and "
        "makes a message wait {} on average, half of the interval",
        percent(t.empty_share), count_text(t.asked), percent(t.empty_bytes), time_text(wait));
    text += story.facts.speedup == 1 ? fmt::format(" {}", interval)
                                     : fmt::format(" {} in the trace's own time", interval);
    return text + ".";
  }
  return "";
}

// Rule "gather": answers that were not empty brought one and a half messages or more.
std::string gather_rule(const Story& story) {
  const std::string gathered = each(story, [](const TransportFacts& t) -> std::string {
    return t.messages_per_answer < 1.5 ? "" : significant(t.messages_per_answer) + " messages";
  });
  if (gathered.empty()) return "";
  return fmt::format(
      "An answer that was not empty brought {} on average, which share its heads.",
      gathered);
}

}  // namespace pushbench::report
