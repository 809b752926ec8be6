#include "report/condition.h"

#include <fmt/format.h>

#include <algorithm>

#include "clients/registry.h"
#include "harness/metrics.h"
#include "harness/scenario.h"
#include "harness/units.h"

namespace pushbench::report {

using harness::FigureUnit;
using harness::Metric;
using harness::MetricLimit;

namespace {

constexpr std::string_view kExample = "websocket.delivery_latency.p99 > +10%";

/// A piece of the text, and where in it that stands.
struct Piece {
  std::string_view text;
  std::size_t at = 0;

  void trim() {
    while (text.starts_with(' ')) {
      text.remove_prefix(1);
      ++at;
    }
    while (text.ends_with(' ')) text.remove_suffix(1);
  }
};

tl::unexpected<Error> failure_at(std::string_view whole, const Piece& piece,
                                 const std::string& what) {
  return failure(fmt::format("\"{}\", character {}", whole, piece.at + 1), what);
}

/// Or a target's column: "nchan/websocket".
bool is_transport(std::string_view name) {
  const auto known = clients::transport_names();
  const std::size_t slash = name.find('/');
  const std::string_view transport =
      slash == std::string_view::npos || slash == 0 ? name : name.substr(slash + 1);
  return name == "*" || std::find(known.begin(), known.end(), transport) != known.end();
}

bool is_metric(std::string_view name) { return harness::parse_metric(name).has_value(); }

/// Whether what stands before the first dot is, or was meant to be, a transport, and not the first
/// word of a metric.
bool means_transport(std::string_view first, std::string_view rest) {
  if (is_transport(first) || is_metric(rest)) return true;
  const auto transports = clients::transport_names();
  std::vector<std::string_view> words = transports;
  for (const Metric& metric : harness::metrics()) {
    words.push_back(metric.name.substr(0, metric.name.find('.')));
  }
  const std::string near = harness::nearest(first, words);
  return std::find(transports.begin(), transports.end(), near) != transports.end();
}

/// "websocket.delivery_latency.p99", or "delivery_latency.p99" of each transport.
Result<void> take_name(std::string_view whole, const Piece& name, Condition& condition) {
  const std::size_t dot = name.text.find('.');
  const std::string_view first = name.text.substr(0, dot);
  Piece rest = name;
  const bool is_dotted = dot != std::string_view::npos && !is_metric(name.text);
  if (is_dotted && means_transport(first, name.text.substr(dot + 1))) {
    if (!is_transport(first)) {
      const auto known = clients::transport_names();
      return failure_at(
          whole, name,
          fmt::format("\"{}\": there is no such transport{} There are: {}, and * "
                      "for each",
                      first, harness::suggestion(first, known), fmt::join(known, ", ")));
    }
    condition.transport = first;
    rest = {name.text.substr(dot + 1), name.at + dot + 1};
  }
  const auto metric = harness::parse_metric(rest.text);
  if (!metric) return failure_at(whole, rest, metric.error().line());
  condition.metric = *metric;
  return {};
}

MetricLimit::Sense sense_of(std::string_view sign) {
  using Sense = MetricLimit::Sense;
  if (sign == "<=") return Sense::at_most;
  if (sign == ">=") return Sense::at_least;
  return sign == "<" ? Sense::below : Sense::above;
}

/// A value of the metric, read as a limit's is.
Result<double> value_of(const Metric& metric, std::string_view text) {
  return harness::parse_limit(fmt::format("{}<{}", metric.name, text))
      .map([](const MetricLimit& limit) { return limit.bound; });
}

/// "+10%", "-1ms", "250ms".
Result<void> take_value(std::string_view whole, Piece value, Condition& condition) {
  const Metric& metric = *condition.metric;
  const bool is_signed = value.text.starts_with('+') || value.text.starts_with('-');
  const double sign = value.text.starts_with('-') ? -1 : 1;
  const std::string_view text = value.text.substr(is_signed ? 1 : 0);
  const bool is_percent = text.ends_with('%');
  if (!is_signed && is_percent && metric.unit != FigureUnit::share) {
    return failure_at(whole, value,
                      fmt::format("\"{}\" is no figure of {}; for a change write +{} or -{}",
                                  value.text, metric.name, value.text, value.text));
  }
  const auto number = is_signed && is_percent ? parse_percent(text) : value_of(metric, text);
  if (!number) return failure_at(whole, value, number.error().what);
  using Of = Condition::Of;
  condition.of = !is_signed ? Of::figure : is_percent ? Of::share : Of::difference;
  condition.value = sign * *number;
  return {};
}

}  // namespace

bool Condition::is_met(const Change& change) const {
  const MetricLimit limit{metric, sense, value, text};
  switch (of) {
    case Of::share:
      return limit.holds(change.share(change.change));
    case Of::difference:
      return limit.holds(change.change);
    case Of::figure:
      break;
  }
  return limit.holds(change.after);
}

bool Condition::fails(const Change& change) const {
  return is_met(change) && (of == Of::figure || change.is_real());
}

Result<double> parse_percent(std::string_view text) {
  const bool is_percent = text.ends_with('%');
  const std::string_view digits = text.substr(0, text.size() - (is_percent ? 1 : 0));
  const auto number = digits == "0" ? Result<double>(0.0) : harness::parse_factor(digits);
  if (is_percent && number) return *number / 100;
  return failure("", fmt::format("\"{}\": write a number and %, as in 10%", text));
}

Result<Condition> parse_condition(std::string_view text) {
  const std::size_t place = text.find_first_of("<>=");
  if (place == std::string_view::npos) {
    return failure(
        fmt::format("\"{}\"", text),
        fmt::format("write a metric, one of < <= > >=, and a value, as in \"{}\"", kExample));
  }
  Condition condition;
  condition.text = std::string(text);
  Piece name{text.substr(0, place), 0};
  name.trim();
  if (const auto taken = take_name(text, name, condition); !taken) {
    return tl::unexpected(taken.error());
  }
  const std::size_t end = std::min(text.find_first_not_of("<>=", place), text.size());
  const Piece sign{text.substr(place, end - place), place};
  if (sign.text != "<" && sign.text != "<=" && sign.text != ">" && sign.text != ">=") {
    return failure_at(text, sign, fmt::format("\"{}\": write one of < <= > >=", sign.text));
  }
  condition.sense = sense_of(sign.text);
  Piece value{text.substr(end), end};
  value.trim();
  if (const auto taken = take_value(text, value, condition); !taken) {
    return tl::unexpected(taken.error());
  }
  return condition;
}

}  // namespace pushbench::report
