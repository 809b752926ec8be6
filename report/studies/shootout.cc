#include "report/studies/shootout.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "report/figures.h"
#include "report/numbers.h"

namespace pushbench::report::shootout {

namespace {

constexpr std::array<int, 6> kSizes{100, 250, 500, 1000, 1500, 2000};
constexpr int kRounds = 3;
constexpr std::array<int, 4> kQuickSizes{20, 40, 60, 80};

using Points = std::vector<std::pair<double, double>>;

/// What one size came to: medians in µs over its runs' medians, and the server's CPU time a
/// delivery.
struct Fanout {
  double receivers = 0;
  double last = 0;
  double sender = 0;
  double anyone = 0;  // of all receivers
  double cpu = 0;
};

double median_over(const std::vector<const StudyRun*>& runs,
                   harness::Histogram harness::Repetition::*latency) {
  std::vector<double> medians;
  for (const StudyRun* run : runs) {
    for (const harness::Repetition& r : run->result.transports.front().repetitions) {
      medians.push_back(static_cast<double>((r.*latency).percentile(50)));
    }
  }
  return harness::spread_of(std::move(medians)).value_or(harness::Spread()).median;
}

Fanout fanout_of(double receivers, const std::vector<const StudyRun*>& runs) {
  double cpu = 0;
  double delivered = 0;
  for (const StudyRun* run : runs) {
    const Pooled sum = pooled(*run, "websocket");
    cpu += static_cast<double>(sum.server_cpu_us);
    delivered += static_cast<double>(sum.messages.delivered);
  }
  using R = harness::Repetition;
  return {receivers, median_over(runs, &R::last_receiver_latency),
          median_over(runs, &R::sender_latency), median_over(runs, &R::delivery_latency),
          cpu / delivered};
}

std::vector<Fanout> fanouts_of(const std::vector<StudyRun>& runs) {
  std::map<std::size_t, std::vector<const StudyRun*>> sizes;
  for (const StudyRun& run : runs) sizes[run.plan.schedule.users()].push_back(&run);
  std::vector<Fanout> fanouts;
  for (const auto& [users, of_size] : sizes) {
    fanouts.push_back(fanout_of(static_cast<double>(users), of_size));
  }
  return fanouts;
}

struct Fits {
  LineFit last;
  LineFit sender;
  LineFit published;
};

Fits fits_of(const std::vector<Fanout>& fanouts) {
  Points last;
  Points sender;
  for (const Fanout& f : fanouts) {
    last.emplace_back(f.receivers, f.last);
    sender.emplace_back(f.receivers, f.sender);
  }
  return {fit_line(last), fit_line(sender), fit_line(published())};
}

std::optional<double> published_at(double receivers) {
  for (const auto& [clients, us] : published()) {
    if (clients == receivers) return us;
  }
  return std::nullopt;
}

void add_sizes(StudyFindings& findings, const std::vector<Fanout>& fanouts, const Fits& fits) {
  findings.rows.push_back({"The last receiver's latency, median (arithmetic: the fitted line)"});
  for (const Fanout& f : fanouts) {
    findings.rows.push_back({thousands(static_cast<std::uint64_t>(f.receivers)) + " receivers",
                             StudyUnit::microseconds,
                             {},
                             fits.last.at(f.receivers),
                             f.last});
  }
  findings.rows.push_back({"The sender's own, median (arithmetic: half of the last receiver's)"});
  for (const Fanout& f : fanouts) {
    findings.rows.push_back({thousands(static_cast<std::uint64_t>(f.receivers)) + " receivers",
                             StudyUnit::microseconds, published_at(f.receivers), f.last / 2,
                             f.sender});
  }
}

void add_lines(StudyFindings& findings, const std::vector<Fanout>& fanouts, const Fits& fits) {
  const auto us = StudyUnit::microseconds;
  findings.rows.insert(
      findings.rows.end(),
      {{"A line through the medians (published: of Go's 24 round trips)"},
       {"a receiver more, the last's", us, {}, fanouts.back().cpu, fits.last.slope},
       {"its r²", StudyUnit::number, {}, {}, fits.last.r2},
       {"a receiver more, the sender's", us, fits.published.slope, fits.last.slope / 2,
        fits.sender.slope},
       {"its r²", StudyUnit::number, fits.published.r2, {}, fits.sender.r2}});
}

std::string why_they_differ(const LineFit& published, const LineFit& last, double cpu) {
  return fmt::format(
      "Where they differ: the original's slope is of another machine, of JSON parsed and written "
      "for each message, and of {:.0f} broadcasts at a time. Whoever sends the next one as soon as "
      "one is back waits for the three others too, so its round trip is about {:.0f} fan-outs "
      "long: {} a receiver and fan-out, not {}. By the server's CPU time a receiver costs {}; {}.",
      kConcurrent, kConcurrent, time_text(published.slope / kConcurrent),
      time_text(published.slope), time_text(cpu),
      last.slope > cpu
          ? "what the line has beyond that is the system's time on the way, and the harness's to "
            "read it"
          : "the line rises by no more than that, so that the last receiver waits for the server's "
            "writing and for nothing else that grows");
}

void add_words(StudyFindings& findings, const std::vector<Fanout>& fanouts, const Fits& fits) {
  const auto count = static_cast<double>(fanouts.size());
  double sender = 0;
  double anyone = 0;
  for (const Fanout& f : fanouts) {
    sender += f.sender / f.last / count;
    anyone += f.anyone / f.last / count;
  }
  findings.words.push_back(fmt::format(
      "The claim {}: r² of the last receiver's line is {:.3f}, and {} is what we ask. Each "
      "receiver more adds {}.",
      fits.last.r2 > kLinear ? "holds" : "does not hold here", fits.last.r2, kLinear,
      time_text(fits.last.slope)));
  findings.words.push_back(why_they_differ(fits.published, fits.last, fanouts.back().cpu));
  findings.words.push_back(fmt::format(
      "What it missed: nobody asked the receivers. Its round trip ends at the sender, when the "
      "server says that it has written to all; when the last of them has it is not seen. Where the "
      "sender is one of the receivers, as here, it sees its own place in the fan-out: {:.0f} % of "
      "the last one's latency, by the medians and in the mean of these sizes, and another share "
      "for "
      "each message. No one figure holds for everybody: half of all receivers have the message "
      "after "
      "{:.0f} % of the time that the last one waits.",
      sender * 100, anyone * 100));
}

template <std::size_t count>
void add_steps(std::vector<StudyStep>& steps, const std::array<int, count>& sizes, int round,
               const std::vector<std::string>& more) {
  for (const int size : sizes) {
    StudyStep step{
        fmt::format("users-{}-run-{}", size, round), "studies/shootout", {"websocket"}, more};
    step.overrides.push_back(fmt::format("users.count={}", size));
    steps.push_back(std::move(step));
  }
}

/// All sizes, and all of them again: what the machine does beside has a part in each.
std::vector<StudyStep> steps(bool quick) {
  std::vector<StudyStep> steps;
  if (quick) {
    add_steps(steps, kQuickSizes, 1,
              {"traffic.duration=1s", "traffic.rate=20/s", "users.join=100ms", "run.warmup=100ms"});
    return steps;
  }
  for (int round = 1; round <= kRounds; ++round) add_steps(steps, kSizes, round, {});
  return steps;
}

StudyFindings findings(const std::vector<StudyRun>& runs) {
  const std::vector<Fanout> fanouts = fanouts_of(runs);
  const Fits fits = fits_of(fanouts);
  StudyFindings findings;
  add_sizes(findings, fanouts, fits);
  add_lines(findings, fanouts, fits);
  add_words(findings, fanouts, fits);
  return findings;
}

}  // namespace

const Points& published() {
  static const Points points = [] {
    constexpr std::array<double, 24> kMs{13,  23,  35,  46,  60,  64,  78,  86,
                                         102, 105, 123, 122, 128, 141, 150, 169,
                                         184, 178, 197, 208, 228, 220, 239, 245};
    Points all;
    for (std::size_t i = 0; i < kMs.size(); ++i) {
      all.emplace_back(static_cast<double>(i + 1) * 1000, kMs[i] * 1000);
    }
    return all;
  }();
  return points;
}

Study study() {
  return {"shootout",
          "The time of a fan-out grows linearly with the receivers",
          "Hashrocket 2016",
          "github.com/hashrocket/websocket-shootout",
          steps,
          findings};
}

}  // namespace pushbench::report::shootout
