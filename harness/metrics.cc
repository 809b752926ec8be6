#include "harness/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/scenario.h"
#include "harness/units.h"

namespace pushbench::harness {

namespace {

using Figure = std::optional<double>;
using R = Repetition;
using T = Theory;

Figure both_ways(const Directions& bytes, const R& r) {
  return per_message(bytes.up + bytes.down, r);
}

Figure mean_latency(const R& r) {
  if (r.delivery_latency.count() == 0) return std::nullopt;
  return r.delivery_latency.mean();
}

Figure percentile(const Histogram& histogram, double percent) {
  if (!histogram.supports(percent)) return std::nullopt;
  return static_cast<double>(histogram.percentile(percent));
}

Figure max_latency(const R& r) {
  if (r.delivery_latency.count() == 0) return std::nullopt;
  return static_cast<double>(r.delivery_latency.max());
}

/// A transport that never asks for messages has no empty exchanges, and no share of them.
Figure empty_share(const R& r) {
  if (r.exchanges.asked == 0) return std::nullopt;
  return r.exchanges.empty_share();
}

/// The publishers' own exchanges are not among them: only those that asked for messages.
Figure exchanges_per_message(const R& r) { return per_message(r.exchanges.asked, r); }

Figure server_memory(const R& r) {
  if (r.users == 0 || !r.server || r.server->peak_rss_bytes == 0) return std::nullopt;
  return static_cast<double>(r.server->peak_rss_bytes) / static_cast<double>(r.users);
}

Figure delivered_per_second(const R& r) {
  if (r.duration_s <= 0) return std::nullopt;
  return static_cast<double>(r.messages.delivered) / r.duration_s;
}

Figure sum(Figure a, Figure b) {
  if (!a || !b) return std::nullopt;
  return *a + *b;
}

Figure nothing(const T&) { return std::nullopt; }

std::vector<Metric> make_metrics() {
  using U = FigureUnit;
  return {
      {"delivery_latency.mean", "delivery latency, mean", U::microseconds, mean_latency,
       [](const T& t) { return t.mean_latency_us; }},
      {"delivery_latency.p50", "delivery latency, median", U::microseconds,
       [](const R& r) { return percentile(r.delivery_latency, 50); },
       [](const T& t) { return t.p50_latency_us; }, 50},
      {"delivery_latency.p90", "delivery latency, 90th percentile", U::microseconds,
       [](const R& r) { return percentile(r.delivery_latency, 90); },
       [](const T& t) { return t.p90_latency_us; }, 90},
      {"delivery_latency.p99", "delivery latency, 99th percentile", U::microseconds,
       [](const R& r) { return percentile(r.delivery_latency, 99); },
       [](const T& t) { return t.p99_latency_us; }, 99},
      {"delivery_latency.p999", "delivery latency, 99.9th percentile", U::microseconds,
       [](const R& r) { return percentile(r.delivery_latency, 99.9); }, nothing, 99.9},
      {"delivery_latency.max", "delivery latency, maximum", U::microseconds, max_latency,
       [](const T& t) { return t.max_latency_us; }},
      {"exchanges.empty_share", "share of empty exchanges", U::share, empty_share,
       [](const T& t) { return t.empty_share; }},
      {"exchanges_per_message", "exchanges that asked, per delivered message", U::ratio,
       exchanges_per_message, [](const T& t) { return t.exchanges_per_message; }},
      {"payload_bytes", "payload bytes per delivered message", U::bytes,
       [](const R& r) { return both_ways(r.payload, r); }, nothing},
      {"application_bytes", "application bytes per delivered message", U::bytes,
       [](const R& r) { return both_ways(r.bytes.application, r); },
       [](const T& t) { return sum(t.application_up, t.application_down); }},
      {"network_bytes", "network bytes per delivered message", U::bytes,
       [](const R& r) { return both_ways(r.bytes.network, r); },
       [](const T& t) { return sum(t.network_up, t.network_down); }},
      {"server_cpu", "server CPU time per delivered message", U::microseconds,
       [](const R& r) { return r.server ? per_message(r.server->cpu_us, r) : std::nullopt; },
       nothing},
      {"server_memory", "server memory per user", U::bytes, server_memory, nothing},
      {"lateness.p99", "the harness's own lateness, 99th percentile", U::microseconds,
       [](const R& r) { return percentile(r.lateness, 99); }, nothing},
      {"delivered_per_second", "messages delivered a second", U::rate, delivered_per_second,
       nothing},
  };
}

Result<double> parse_share(std::string_view text) {
  const bool percent = text.ends_with('%');
  const std::string_view digits = percent ? text.substr(0, text.size() - 1) : text;
  const auto number = digits == "0" ? Result<double>(0.0) : parse_factor(digits);
  const double share = number ? *number / (percent ? 100 : 1) : 2;
  if (share > 1) return failure(std::string(text), "write a share, as in 0.2 or 20%");
  return share;
}

/// A value as the metric's unit wants it written.
Result<double> parse_value(FigureUnit unit, std::string_view text) {
  switch (unit) {
    case FigureUnit::microseconds:
      return parse_duration(text).map(
          [](net::Duration d) { return std::chrono::duration<double, std::micro>(d).count(); });
    case FigureUnit::bytes:
      return parse_size_or_bytes(text).map([](auto bytes) { return static_cast<double>(bytes); });
    case FigureUnit::share:
      return parse_share(text);
    case FigureUnit::rate:
      if (text.find('/') != std::string_view::npos) return parse_rate(text);
      break;
    case FigureUnit::ratio:
      break;
  }
  return text == "0" ? Result<double>(0.0) : parse_factor(text);
}

struct Sign {
  std::string_view text;
  MetricLimit::Sense sense;
};

Sign sign_at(std::string_view text) {
  using Sense = MetricLimit::Sense;
  if (text.starts_with("<=")) return {"<=", Sense::at_most};
  if (text.starts_with(">=")) return {">=", Sense::at_least};
  return text.starts_with("<") ? Sign{"<", Sense::below} : Sign{">", Sense::above};
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Three significant digits, or all those before the point.
std::string digits(double value) {
  const double size = std::abs(value);
  if (size >= 99.95 || size < 0.0005) return fmt::format("{:.0f}", value);
  return fmt::format("{:.{}f}", value, size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3);
}

}  // namespace

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> all = make_metrics();
  return all;
}

Result<const Metric*> parse_metric(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Metric& metric : metrics()) {
    if (metric.name == name) return &metric;
    names.push_back(metric.name);
  }
  return failure(std::string(name), fmt::format("there is no such metric{} There are: {}",
                                                suggestion(name, names), fmt::join(names, ", ")));
}

std::string_view unit_name(FigureUnit unit) {
  switch (unit) {
    case FigureUnit::microseconds:
      return "us";
    case FigureUnit::bytes:
      return "bytes";
    case FigureUnit::share:
      return "share";
    case FigureUnit::ratio:
      return "ratio";
    case FigureUnit::rate:
      return "/s";
  }
  return "";
}

std::string figure_text(FigureUnit unit, double value) {
  switch (unit) {
    case FigureUnit::microseconds:
      if (value < 999.5) return digits(value) + " µs";
      if (value < 999.5e3) return digits(value / 1e3) + " ms";
      return digits(value / 1e6) + " s";
    case FigureUnit::bytes:
      return digits(value) + " B";
    case FigureUnit::share:
      return digits(value * 100) + " %";
    case FigureUnit::rate:
      return digits(value) + "/s";
    case FigureUnit::ratio:
      break;
  }
  return digits(value);
}

bool MetricLimit::holds(double value) const {
  switch (sense) {
    case Sense::below:
      return value < bound;
    case Sense::at_most:
      return value <= bound;
    case Sense::above:
      return value > bound;
    case Sense::at_least:
      return value >= bound;
  }
  return false;
}

Result<MetricLimit> parse_limit(std::string_view text) {
  const std::size_t place = text.find_first_of("<>");
  if (place == std::string_view::npos) {
    return failure(std::string(text),
                   "write a metric, one of < <= > >=, and a value, as in "
                   "delivery_latency.p99<250ms");
  }
  const auto metric = parse_metric(trimmed(text.substr(0, place)));
  if (!metric) return tl::unexpected(metric.error());
  const Sign sign = sign_at(text.substr(place));
  const std::string_view value = trimmed(text.substr(place + sign.text.size()));
  const auto bound = parse_value((*metric)->unit, value);
  if (!bound) {
    return failure(std::string(text), fmt::format("\"{}\": {}", value, bound.error().what));
  }
  return MetricLimit{*metric, sign.sense, *bound, std::string(text)};
}

std::optional<double> per_message(std::uint64_t amount, const Repetition& repetition) {
  if (repetition.messages.delivered == 0) return std::nullopt;
  return static_cast<double>(amount) / static_cast<double>(repetition.messages.delivered);
}

std::string lacking(const Metric& metric, std::uint64_t deliveries) {
  if (metric.percent == 0) return "";
  const std::uint64_t needed = Histogram::needed_for(metric.percent);
  if (deliveries >= needed) return "";
  return fmt::format("{} takes {} deliveries, there were {}; lengthen the run (traffic.duration)",
                     metric.name, needed, deliveries);
}

std::optional<Spread> spread_of(const std::vector<Repetition>& repetitions, const Metric& metric) {
  std::vector<double> values;
  for (const Repetition& repetition : repetitions) {
    if (const auto value = metric.of(repetition)) values.push_back(*value);
  }
  return spread_of(std::move(values));
}

}  // namespace pushbench::harness
