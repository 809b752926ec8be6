#include "harness/population.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace pushbench::harness {

namespace {

using net::seconds;

/// How many share the room of a user drawn at random, itself included. Of rooms with shares w of
/// the users that is Σw² of them all.
double company_of(const Scenario& scenario, double rooms) {
  const auto users = static_cast<double>(scenario.users);
  if (scenario.membership == Membership::even) return users / rooms;
  double sum = 0;
  double squares = 0;
  for (double k = 1; k <= rooms; ++k) {
    const double weight = std::pow(k, -scenario.zipf_exponent);
    sum += weight;
    squares += weight * weight;
  }
  return std::max(1.0, users * squares / (sum * sum));
}

/// Of a log-normal length that is cut off at both ends: the mean over slices of equal chance.
double mean_lognormal(const Scenario& scenario) {
  constexpr int slices = 400;
  constexpr double widest = 6;  // standard deviations
  double sum = 0;
  double weights = 0;
  for (int i = 0; i < slices; ++i) {
    const double z = widest * (2 * (i + 0.5) / slices - 1);
    const double weight = std::exp(-z * z / 2);
    const double size = static_cast<double>(scenario.size) * std::exp(scenario.size_sigma * z);
    sum += weight * std::clamp(size, static_cast<double>(scenario.size_min),
                               static_cast<double>(scenario.size_max));
    weights += weight;
  }
  return sum / weights;
}

double mean_text(const Scenario& scenario) {
  switch (scenario.size_kind) {
    case SizeKind::fixed:
      return static_cast<double>(scenario.size);
    case SizeKind::uniform:
      return static_cast<double>(scenario.size_min + scenario.size_max) / 2;
    case SizeKind::lognormal:
      return mean_lognormal(scenario);
  }
  return 0;
}

double share_present(const Scenario& scenario) {
  switch (scenario.presence) {
    case Presence::ramp:
      return 0.5;
    case Presence::churn:
      return seconds(scenario.stay) / (seconds(scenario.stay) + seconds(scenario.away));
    case Presence::fixed:
    case Presence::at_once:
      return 1;
  }
  return 1;
}

/// What `traffic.rate` is the rate of.
struct Publishing {
  double owners = 1;   // how many have such a rate
  double seen = 1;     // how many of them publish to one user
  double share = 1;    // of what such an owner publishes, one user's room gets
  double members = 1;  // users who share an owner's rate
};

Publishing publishing_of(const Scenario& scenario, const Population& population, double company) {
  const double room = population.users / population.rooms;
  const double sources = std::min(static_cast<double>(scenario.sources), room);
  switch (scenario.per) {
    case TrafficPer::all:
      return {1, 1, company / population.users, population.users};
    case TrafficPer::room:
      return {population.rooms, 1, 1, room};
    case TrafficPer::user:
      return {population.users, company, 1, 1};
    case TrafficPer::source:
      return {sources * population.rooms, sources, 1, 1};
  }
  return {};
}

Arrivals arrivals_of(const Scenario& scenario, const Publishing& by) {
  Arrivals arrivals;
  arrivals.rate = scenario.rate * by.seen * by.share;
  switch (scenario.traffic) {
    case TrafficKind::constant:
      arrivals.period = 1 / scenario.rate;
      arrivals.kept = by.share;
      arrivals.streams = by.seen;
      break;
    case TrafficKind::tick:  // all streams at once
      arrivals.period = 1 / scenario.rate;
      arrivals.kept = by.share;
      arrivals.together = by.seen;
      break;
    case TrafficKind::burst:
      arrivals.on = seconds(scenario.burst_on);
      arrivals.off = seconds(scenario.burst_off);
      arrivals.rate *= arrivals.on / (arrivals.on + arrivals.off);
      arrivals.streams = by.seen;
      break;
    case TrafficKind::poisson:
    case TrafficKind::trace:
      break;
  }
  return arrivals;
}

void take_trace(const Scenario& scenario, const std::vector<TraceEvent>& trace,
                Population& population) {
  const double from = seconds(scenario.trace_from);
  const double length = seconds(scenario.duration) * scenario.speedup;
  std::set<std::uint64_t> speakers;
  double says = 0;
  double bytes = 0;
  for (const TraceEvent& event : trace) {
    const double at = static_cast<double>(event.time_ms) / 1000 - from;
    if (event.kind != TraceEventKind::say || at < 0 || at >= length) continue;
    ++says;
    bytes += event.bytes;
    speakers.insert(event.speaker % scenario.users);
  }
  population.published = says / seconds(scenario.duration);
  population.text = says == 0 ? 0 : bytes / says;
  population.publishers = static_cast<double>(speakers.size());
}

}  // namespace

Population population_of(const Scenario& scenario, const std::vector<TraceEvent>& trace) {
  Population population;
  population.users = static_cast<double>(scenario.users);
  population.rooms = std::min(static_cast<double>(scenario.rooms), population.users);
  population.present = share_present(scenario);
  const double company = company_of(scenario, population.rooms);
  if (scenario.traffic == TrafficKind::trace) {
    take_trace(scenario, trace, population);
    population.fan_out = company * population.present;
    population.arrivals.rate = population.published * company / population.users;
    return population;
  }
  const Publishing by = publishing_of(scenario, population, company);
  population.arrivals = arrivals_of(scenario, by);
  population.text = mean_text(scenario);
  population.publishers = by.owners * by.members;
  population.published = population.arrivals.rate * by.owners / (by.seen * by.share);
  population.fan_out =
      population.arrivals.rate * population.users / population.published * population.present;
  return population;
}

}  // namespace pushbench::harness
