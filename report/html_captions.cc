#include "report/html_captions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/numbers.h"
#include "report/verdict_story.h"

namespace pushbench::report {

namespace {

constexpr double kNear = 0.1;  // what counts as "as foretold"

const PercentilePoint* at(const LatencyLine& line, double percent) {
  for (const PercentilePoint& point : line.points) {
    if (point.percent == percent) return &point;
  }
  return nullptr;
}

/// "half of the deliveries took at most 412 µs over websocket, and 50.2 ms over polling": the
/// quickest and the slowest.
std::string quickest_and_slowest(const std::vector<LatencyLine>& lines, double percent,
                                 const std::string& share) {
  const LatencyLine* quick = nullptr;
  const LatencyLine* slow = nullptr;
  for (const LatencyLine& line : lines) {
    if (!at(line, percent)) continue;
    if (!quick || at(line, percent)->us < at(*quick, percent)->us) quick = &line;
    if (!slow || at(line, percent)->us >= at(*slow, percent)->us) slow = &line;
  }
  if (!quick) return "";
  std::string text = fmt::format("{} took at most {} over {}", share,
                                 time_text(at(*quick, percent)->us), quick->transport);
  if (slow != quick) {
    text += fmt::format(", and {} over {}", time_text(at(*slow, percent)->us), slow->transport);
  }
  return text;
}

double value_of(const StackedBar& bar, std::string_view name) {
  for (const BarPart& part : bar.parts) {
    if (part.name == name) return part.value;
  }
  return 0;
}

}  // namespace

std::string latency_caption(const std::vector<LatencyLine>& lines) {
  const std::string half =
      quickest_and_slowest(lines, 50, "Of all repetitions together half of the deliveries");
  if (half.empty()) return "There are too few deliveries for percentiles.";
  const std::string tail = quickest_and_slowest(lines, 99, "99 in 100");
  return half + (tail.empty() ? "." : "; " + tail + ".");
}

std::string times_caption(const std::vector<LatencyTimes>& times) {
  const LatencySlice* worst = nullptr;
  std::string transport;
  for (const LatencyTimes& of : times) {
    for (const LatencySlice& slice : of.slices) {
      if (worst && slice.max_us <= worst->max_us) continue;
      worst = &slice;
      transport = of.transport;
    }
  }
  if (!worst) return "";
  return fmt::format(
      "The slowest delivery of all took {}, over {}, and came {:.0f} to {:.0f} s after the "
      "measured "
      "time's start. Each stretch of {:.0f} s takes the deliveries of all repetitions together.",
      time_text(worst->max_us), transport, worst->start_s, worst->start_s + worst->length_s,
      worst->length_s);
}

std::string exchanges_caption(const std::vector<StackedBar>& bars) {
  std::string text;
  std::vector<std::string> silent;
  for (const StackedBar& bar : bars) {
    const double empty = value_of(bar, "empty");
    const double asked = value_of(bar, "useful") + empty;
    if (asked == 0) {
      silent.push_back(bar.transport);
      continue;
    }
    text += fmt::format("{}{} {} times, {} of them in vain", text.empty() ? "" : "; ",
                        bar.transport, rounded(asked), percent(empty / asked));
  }
  const std::string pushed = list(silent);
  if (text.empty()) return "Nobody asked for messages: over " + pushed + " the server pushes them.";
  if (!pushed.empty()) text += "; " + pushed + " never: the server pushes";
  return "Asked for messages: " + text + ".";
}

std::string bytes_caption(const std::vector<StackedBar>& bars) {
  std::vector<std::string> each;
  for (const StackedBar& bar : bars) {
    if (bar.total() == 0) continue;
    each.push_back(fmt::format("{} over {} ({} of it payload)", bytes_text(bar.total()),
                               bar.transport, percent(value_of(bar, "payload") / bar.total())));
  }
  if (each.empty()) return "";
  return fmt::format("A delivered message took {} on the network, both ways together.", list(each));
}

std::string theory_caption(const std::vector<TheoryPoint>& points) {
  std::size_t compared = 0;
  std::size_t near = 0;
  const TheoryPoint* furthest = nullptr;
  const auto off = [](const TheoryPoint& p) {
    return std::abs(std::log(p.measured->median / p.theory));
  };
  for (const TheoryPoint& point : points) {
    if (!point.measured || point.theory <= 0 || point.measured->median <= 0) continue;
    ++compared;
    if (std::abs(point.measured->median / point.theory - 1) <= kNear) ++near;
    if (!furthest || off(point) > off(*furthest)) furthest = &point;
  }
  if (!furthest) return "";
  return fmt::format(
      "{} of {} measured figures lie within 10 % of theory's. Furthest off: {} over {} ({}).", near,
      compared, furthest->metric->meaning, furthest->transport,
      difference_text(furthest->measured->median, furthest->theory));
}

std::string cost_caption(const std::vector<CostBar>& bars, const std::string& what,
                         std::string (*text)(double)) {
  const CostBar* least = nullptr;
  const CostBar* most = nullptr;
  for (const CostBar& bar : bars) {
    if (!bar.interval) continue;
    if (!least || bar.interval->median < least->interval->median) least = &bar;
    if (!most || bar.interval->median >= most->interval->median) most = &bar;
  }
  if (!least) return "";
  const std::string low = text(least->interval->median);
  const std::string high = text(most->interval->median);
  if (least == most) return fmt::format("{} {} over {}.", what, low, least->transport);
  if (low == high) return fmt::format("{} {}, whatever the transport.", what, low);
  return fmt::format("{} {} over {}, the least, and {} over {}, the most.", what, low,
                     least->transport, high, most->transport);
}

std::string bytes_text(double bytes) {
  return bytes < 99'999.5 ? significant(bytes) + " B" : size_text(bytes);
}

std::string unit_text(harness::FigureUnit unit, double value) {
  switch (unit) {
    case harness::FigureUnit::microseconds:
      return time_text(value);
    case harness::FigureUnit::bytes:
      return bytes_text(value);
    case harness::FigureUnit::share:
      return percent(value);
    case harness::FigureUnit::rate:
      return significant(value) + "/s";
    case harness::FigureUnit::ratio:
      break;
  }
  return significant(value);
}

std::string range_text(const Interval& interval, std::string (*text)(double)) {
  std::string low = text(interval.low);
  const std::string high = text(interval.high);
  if (low == high) return "";
  const std::size_t unit = low.rfind(' ');
  if (unit != std::string::npos && high.ends_with(low.substr(unit))) low.resize(unit);
  return low + "–" + high;
}

std::string difference_text(double measured, double theory) {
  if (theory == 0) return measured == 0 ? "0 %" : "–";
  const double off = (measured - theory) / theory * 100;
  if (std::abs(off) < 0.05) return "0 %";
  if (off >= 1000) return fmt::format("{} times", significant(measured / theory));
  return fmt::format("{}{:.{}f} %", off < 0 ? "−" : "+", std::abs(off), std::abs(off) < 10 ? 1 : 0);
}

}  // namespace pushbench::report
