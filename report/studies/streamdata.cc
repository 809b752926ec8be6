#include "report/studies/streamdata.h"

#include <fmt/format.h>

#include <cmath>

#include "report/numbers.h"

namespace pushbench::report::streamdata {

namespace {

constexpr double kFaster = 10;  // how much faster than the quotes the scenario runs

std::optional<double> mean_latency(const StudyRun& run, std::string_view transport) {
  return first_repetition(run, transport).delivery_latency.mean();
}

double bytes_a_change(const StudyRun& run, std::string_view transport) {
  const Pooled sum = pooled(run, transport);
  return sum.application() / static_cast<double>(sum.messages.delivered);
}

std::optional<double> bytes_by_theory(const StudyRun& run, std::string_view transport) {
  const harness::Theory& theory = first_repetition(run, transport).theory;
  if (!theory.application_up || !theory.application_down) return std::nullopt;
  return *theory.application_up + *theory.application_down;
}

void add_polls(StudyFindings& findings, const StudyRun& run, std::string heading,
               std::optional<double> published, double by_arithmetic) {
  const Pooled sum = pooled(run, "polling");
  const double polls =
      static_cast<double>(sum.exchanges.asked) / static_cast<double>(sum.messages.delivered);
  findings.rows.insert(findings.rows.end(),
                       {{std::move(heading)},
                        {"polls that find nothing", StudyUnit::share, published, by_arithmetic,
                         sum.exchanges.empty_share()},
                        {"polls a change", StudyUnit::number,
                         published ? std::optional<double>(kPollsAChange) : std::nullopt,
                         kPeriod / kInterval, polls}});
}

void add_prices(StudyFindings& findings, const StudyRun& run) {
  const auto add = [&](std::string_view transport, std::string_view name) {
    findings.rows.push_back({std::string(name),
                             StudyUnit::bytes,
                             {},
                             bytes_by_theory(run, transport),
                             bytes_a_change(run, transport)});
  };
  findings.rows.push_back({"Application bytes a change, at even times"});
  add("polling", "polling");
  add("sse", "server-sent events");
  findings.rows.push_back({"Age of a change when it arrives, mean, at even times"});
  findings.rows.push_back({"polling, every 500 ms",
                           StudyUnit::microseconds,
                           {},
                           kInterval / kFaster / 2 * 1e6,
                           mean_latency(run, "polling")});
  findings.rows.push_back(
      {"server-sent events", StudyUnit::microseconds, {}, {}, mean_latency(run, "sse")});
}

/// Of the mean of one draw a user, uniform over the interval, in µs.
double age_error(const StudyRun& run) {
  return kInterval / kFaster * 1e6 / std::sqrt(12 * static_cast<double>(run.plan.schedule.users()));
}

void add_words(StudyFindings& findings, const StudyRun& even, const StudyRun& random) {
  const Pooled at_random = pooled(random, "polling");
  const double off =
      std::abs(at_random.exchanges.empty_share() - empty_share_random(kPeriod, kInterval));
  const double error = at_random.empty_share_error();
  findings.words.push_back(fmt::format(
      "Run {:.0f} times as fast: a change every {:.0f} s, a poll every {:.0f} ms. The shares "
      "depend "
      "on the ratio of the two only; the ages are {:.0f} times as long at the quotes' own speed.",
      kFaster, kPeriod / kFaster, kInterval / kFaster * 1000, kFaster));
  findings.words.push_back(fmt::format(
      "Where they differ: with changes at even times one poll in four finds the change, whoever "
      "asks when; what is left is the ends of the run. With changes at random the measured share "
      "lies {:.2f} points from e^(-1/4), which is {:.1f} standard errors ({:.2f} points, of {} "
      "polls). The age at even times is a mean of {} draws only, since each quote keeps its place "
      "between two polls: its standard error is {}.",
      off * 100, error == 0 ? 0.0 : off / error, error * 100, thousands(at_random.exchanges.asked),
      even.plan.schedule.users(), time_text(age_error(even))));
  findings.words.push_back(fmt::format(
      "What it missed: prices do not change by the clock. At random, more polls find nothing, and "
      "yet some find two changes at once, of which an app that shows the last price loses one. A "
      "share of polls is not a share of bytes either: if \"nothing new\" has an answer of its own, "
      "an empty poll is the cheaper one, and a change costs {} bytes by polling against {} "
      "by server-sent events, {:.1f} times as much. And it says nothing of age: a polled price is "
      "half an interval old in the mean, 2.5 s here, and that is what one pays for asking less.",
      significant(bytes_a_change(even, "polling")), significant(bytes_a_change(even, "sse")),
      bytes_a_change(even, "polling") / bytes_a_change(even, "sse")));
}

std::vector<StudyStep> steps(bool quick) {
  const std::vector<std::string> transports{"polling", "sse"};
  StudyStep even{"even", "studies/streamdata", transports, {}};
  StudyStep random{"random", "studies/streamdata", transports, {"traffic.kind=poisson"}};
  if (quick) {
    for (StudyStep* step : {&even, &random}) {
      step->overrides.emplace_back("traffic.duration=4s");
      step->overrides.emplace_back("users.join=200ms");
      step->overrides.emplace_back("run.warmup=100ms");
    }
  }
  return {even, random};
}

StudyFindings findings(const std::vector<StudyRun>& runs) {
  const StudyRun& even = runs[0];
  const StudyRun& random = runs[1];
  StudyFindings findings;
  add_polls(findings, even, "Changes at even times", kEmpty, empty_share_even(kPeriod, kInterval));
  add_polls(findings, random, "Changes at random, as often in the mean", {},
            empty_share_random(kPeriod, kInterval));
  add_prices(findings, even);
  add_words(findings, even, random);
  return findings;
}

}  // namespace

double empty_share_even(double period, double interval) { return 1 - interval / period; }

double empty_share_random(double period, double interval) { return std::exp(-interval / period); }

Study study() {
  return {"streamdata",    "A change every 20 s, a poll every 5 s: 75 % find nothing",
          "streamdata.io", "streamdata.io/how-it-works, as cited",
          steps,           findings};
}

}  // namespace pushbench::report::streamdata
