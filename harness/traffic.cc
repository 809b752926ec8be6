#include "harness/traffic.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "harness/draw.h"
#include "harness/presence.h"

namespace pushbench::harness {

namespace {

using net::seconds;

/// A message of one stream, before anybody is found to say it.
struct Moment {
  net::Duration due;
  std::uint32_t stream;  // of a trace: the speaker
  std::uint32_t bytes;   // of a trace
};

using Moments = std::vector<Moment>;

/// Each stream's messages; in order within a stream only.
class Clockwork {
 public:
  Clockwork(const Scenario& scenario, std::uint64_t seed, Moments& moments)
      : scenario_(scenario), seed_(seed), end_(scenario.duration), moments_(moments) {}

  void add_stream(std::uint32_t stream) {
    Draw draw(seed_, Concern::times, stream);
    switch (scenario_.traffic) {
      case TrafficKind::constant:
        // Streams of their own do not keep step, where nothing makes them.
        return add_evenly(stream, scenario_.per == TrafficPer::all ? 0.5 : draw.unit());
      case TrafficKind::tick:
        return add_evenly(stream, 0.5);
      case TrafficKind::poisson:
        return add_at_random(stream, {}, end_, draw);
      case TrafficKind::burst:
        return add_bursts(stream, draw);
      case TrafficKind::trace:
        return;
    }
  }

 private:
  void add_evenly(std::uint32_t stream, double phase) {
    const double gap = 1 / scenario_.rate;
    for (double number = phase;; ++number) {
      const double at = gap * number;
      if (at >= seconds(end_)) return;
      const net::Duration due(std::llround(at * 1e9));
      if (due < end_) moments_.push_back({due, stream, 0});
    }
  }

  void add_at_random(std::uint32_t stream, net::Duration from, net::Duration until, Draw& draw) {
    const double gap = 1 / scenario_.rate;
    for (net::Duration due = from + draw.wait(gap); due < until; due += draw.wait(gap)) {
      moments_.push_back({due, stream, 0});
    }
  }

  /// The stream may be in the middle of a burst when the measured time begins.
  void add_bursts(std::uint32_t stream, Draw& draw) {
    const double on = seconds(scenario_.burst_on);
    const double off = seconds(scenario_.burst_off);
    bool is_on = draw.unit() < on / (on + off);
    for (net::Duration at{}; at < end_; is_on = !is_on) {
      const net::Duration until = at + std::max(net::Duration(1), draw.wait(is_on ? on : off));
      if (is_on) add_at_random(stream, at, std::min(until, end_), draw);
      at = until;
    }
  }

  const Scenario& scenario_;
  const std::uint64_t seed_;
  const net::Duration end_;
  Moments& moments_;
};

/// What was said in the trace's window. Who joined and who left is not replayed.
Moments moments_of_trace(const Scenario& scenario, const std::vector<TraceEvent>& trace) {
  Moments moments;
  const double from_ms = std::chrono::duration<double, std::milli>(scenario.trace_from).count();
  for (const TraceEvent& event : trace) {
    const double at = (static_cast<double>(event.time_ms) - from_ms) / 1000 / scenario.speedup;
    if (event.kind != TraceEventKind::say || at < 0 || at >= seconds(scenario.duration)) continue;
    const net::Duration due(std::llround(at * 1e9));
    if (due < scenario.duration) moments.push_back({due, event.speaker, event.bytes});
  }
  return moments;
}

Moments moments_of(const Scenario& scenario, const std::vector<TraceEvent>& trace,
                   std::uint64_t seed) {
  if (scenario.traffic == TrafficKind::trace) return moments_of_trace(scenario, trace);
  Moments moments;
  Clockwork clockwork(scenario, seed, moments);
  const auto streams = static_cast<std::uint32_t>(streams_of(scenario));
  for (std::uint32_t stream = 0; stream < streams; ++stream) clockwork.add_stream(stream);
  std::sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) {
    return a.due != b.due ? a.due < b.due : a.stream < b.stream;
  });
  return moments;
}

/// Finds who publishes a stream's next message.
class Publishers {
 public:
  Publishers(const Scenario& scenario, const Schedule& schedule, std::uint64_t seed)
      : scenario_(scenario),
        schedule_(schedule),
        attendance_(schedule),
        draw_(seed, Concern::publishers),
        stand_ins_(seed, Concern::stand_ins),
        members_(schedule.rooms) {
    for (std::uint32_t user = 0; user < schedule.users(); ++user) {
      members_[schedule.room_of(user)].push_back(user);
    }
  }

  /// None: who should have is away, and there is nobody to speak in its place.
  std::optional<std::uint32_t> find(const Moment& moment) {
    attendance_.advance(moment.due);
    const std::uint32_t user = chosen(moment.stream);
    if (attendance_.is_there(user)) return user;
    const bool speaks_for_itself =
        scenario_.traffic != TrafficKind::trace &&
        (scenario_.per == TrafficPer::user || scenario_.per == TrafficPer::source);
    if (speaks_for_itself) return std::nullopt;
    return attendance_.anyone(schedule_.room_of(user), stand_ins_);
  }

 private:
  std::uint32_t chosen(std::uint32_t stream) {
    if (scenario_.traffic == TrafficKind::trace) {
      return stream % static_cast<std::uint32_t>(schedule_.users());
    }
    switch (scenario_.per) {
      case TrafficPer::all:
        return static_cast<std::uint32_t>(draw_.below(schedule_.users()));
      case TrafficPer::room:
        return members_[stream][draw_.below(members_[stream].size())];
      case TrafficPer::user:
        return stream;
      case TrafficPer::source:
        return members_[stream / scenario_.sources][stream % scenario_.sources];
    }
    return 0;
  }

  const Scenario& scenario_;
  const Schedule& schedule_;
  Attendance attendance_;
  Draw draw_;
  Draw stand_ins_;
  std::vector<std::vector<std::uint32_t>> members_;  // of each room, whether there or not
};

std::uint32_t draw_size(const Scenario& scenario, Draw& draw) {
  const auto least = static_cast<double>(scenario.size_min);
  const auto most = static_cast<double>(scenario.size_max);
  double size = static_cast<double>(scenario.size);
  if (scenario.size_kind == SizeKind::uniform) {
    size = least + static_cast<double>(draw.below(scenario.size_max - scenario.size_min + 1));
  }
  if (scenario.size_kind == SizeKind::lognormal) {
    size =
        std::clamp(std::round(size * std::exp(scenario.size_sigma * draw.normal())), least, most);
  }
  return static_cast<std::uint32_t>(size);
}

}  // namespace

std::uint64_t streams_of(const Scenario& scenario) {
  if (scenario.traffic == TrafficKind::trace) return 0;
  switch (scenario.per) {
    case TrafficPer::all:
      return 1;
    case TrafficPer::room:
      return scenario.rooms;
    case TrafficPer::user:
      return scenario.users;
    case TrafficPer::source:
      return scenario.rooms * scenario.sources;
  }
  return 0;
}

std::vector<Say> draw_says(const Scenario& scenario, const std::vector<TraceEvent>& trace,
                           const Schedule& schedule, std::uint64_t seed) {
  std::vector<Say> says;
  Publishers publishers(scenario, schedule, seed);
  Draw sizes(seed, Concern::sizes);
  const bool sized_by_trace = scenario.traffic == TrafficKind::trace;
  for (const Moment& moment : moments_of(scenario, trace, seed)) {
    // Drawn for those that are not said too, so that who is away changes no other's size.
    const std::uint32_t bytes = sized_by_trace ? moment.bytes : draw_size(scenario, sizes);
    if (const auto user = publishers.find(moment)) says.push_back({moment.due, *user, bytes});
  }
  return says;
}

}  // namespace pushbench::harness
