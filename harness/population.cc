#include "harness/population.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace pushbench::harness {

namespace {

using net::seconds;

/// Rooms of about one size.
struct Rooms {
  double count = 0;
  double size = 0;  // of that room in which a user of them is
};

/// As membership has it: shares w = k^−s of the users, but at least one user in each.
std::vector<double> zipf_sizes(const Scenario& scenario, double rooms) {
  std::vector<double> sizes;
  double sum = 0;
  for (double k = 1; k <= rooms; ++k) {
    sizes.push_back(std::pow(k, -scenario.zipf_exponent));
    sum += sizes.back();
  }
  const auto users = static_cast<double>(scenario.users);
  std::size_t larger = sizes.size();
  const auto each = [&] { return (users - rooms + static_cast<double>(larger)) / sum; };
  for (; larger > 1 && sizes[larger - 1] * each() < 1; --larger) sum -= sizes[larger - 1];
  const double scale = each();
  for (std::size_t k = 0; k < sizes.size(); ++k) sizes[k] = k < larger ? sizes[k] * scale : 1;
  return sizes;
}

/// Gathers rooms that differ by little.
std::vector<Rooms> rooms_of(const Scenario& scenario, double rooms) {
  if (scenario.membership == Membership::even) {
    return {{rooms, static_cast<double>(scenario.users) / rooms}};
  }
  constexpr double alike = 1.2;
  std::vector<Rooms> all;
  double largest = 0;
  double users = 0;
  double squares = 0;
  for (const double size : zipf_sizes(scenario, rooms)) {
    if (all.empty() || size * alike < largest) {
      all.emplace_back();
      largest = size;
      users = squares = 0;
    }
    users += size;
    squares += size * size;
    all.back().size = squares / users;
    all.back().count = users / all.back().size;  // as many users as there are
  }
  return all;
}

/// How many share the room of a user drawn at random, itself included.
double company_of(const std::vector<Rooms>& rooms, double users) {
  double squares = 0;
  for (const Rooms& some : rooms) squares += some.count * some.size * some.size;
  return squares / users;
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

/// Who publishes is away at times, and then nobody does in its place.
bool speaks_for_itself(const Scenario& scenario) {
  return scenario.traffic != TrafficKind::trace &&
         (scenario.per == TrafficPer::user || scenario.per == TrafficPer::source);
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

/// `there`: of what its streams would bring one user who is there, if nobody were ever away.
Arrivals arrivals_of(const Scenario& scenario, const Publishing& by, double there) {
  Arrivals arrivals;
  arrivals.rate = scenario.rate * by.seen * by.share * there;
  arrivals.there = there;
  arrivals.streams = there < 1 ? by.seen : 1;
  switch (scenario.traffic) {
    case TrafficKind::constant:
      arrivals.period = 1 / scenario.rate;
      arrivals.kept = by.share;
      arrivals.streams = by.seen;
      break;
    case TrafficKind::tick: {  // all streams at once
      const double any = -std::expm1(by.seen * std::log1p(-there));
      arrivals.period = 1 / scenario.rate;
      arrivals.kept = by.share;
      arrivals.there = any > 0.999 ? 1 : any;  // almost always somebody
      arrivals.together = by.seen * there / arrivals.there;
      arrivals.streams = 1;
      break;
    }
    case TrafficKind::burst:
      arrivals.on = seconds(scenario.burst_on);
      arrivals.off = seconds(scenario.burst_off);
      arrivals.rate *= arrivals.share_on();
      arrivals.streams = by.seen;
      break;
    case TrafficKind::poisson:
    case TrafficKind::trace:
      break;
  }
  return arrivals;
}

/// How publishers who speak for themselves are there, against how the others are.
struct Speaking {
  double there = 1;   // share of the time for which one is there
  double beside = 1;  // the chance that another user is there while one is
};

Speaking speaking_of(const Scenario& scenario, const Population& population, double seen,
                     double company) {
  if (!speaks_for_itself(scenario) || population.present >= 1) return {};
  if (scenario.presence != Presence::ramp) return {population.present, population.present};
  // In a ramp a share t of all is there at t, from 0 to 1, and of the sources, which are the first
  // of their room, t/f until all are there at f. So ∫ min(1, t/f) t dt of all pairs are.
  const double f = std::min(1.0, seen / company);
  return {1 - f / 2, (0.5 - f * f / 6) / (1 - f / 2)};
}

/// At a user of a room of `company`, while it is there.
Arrivals arrivals_at(const Scenario& scenario, const Population& population, double company) {
  const Publishing by = publishing_of(scenario, population, company);
  if (!speaks_for_itself(scenario)) return arrivals_of(scenario, by, 1);
  const Speaking speaking = speaking_of(scenario, population, by.seen, company);
  const double receivers = 1 + (company - 1) * speaking.beside;  // itself, and others of its room
  const double there = speaking.there * receivers / company / population.present;
  return arrivals_of(scenario, by, std::min(1.0, there));
}

/// With a rate a room all see the same, however large theirs is.
std::vector<Sight> sights_of(const Scenario& scenario, const Population& population,
                             const std::vector<Rooms>& rooms) {
  const bool by_size = scenario.per == TrafficPer::all || scenario.per == TrafficPer::user;
  if (!by_size || rooms.size() == 1) return {{1, population.arrivals}};
  std::vector<Sight> sights;
  double all = 0;
  for (const Rooms& some : rooms) {
    const Arrivals arrivals = arrivals_at(scenario, population, some.size);
    sights.push_back({some.count * some.size * arrivals.rate, arrivals});
    all += sights.back().share;
  }
  for (Sight& sight : sights) sight.share /= all;
  return sights;
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
  const std::vector<Rooms> rooms = rooms_of(scenario, population.rooms);
  const double company = company_of(rooms, population.users);
  if (scenario.traffic == TrafficKind::trace) {
    take_trace(scenario, trace, population);
    population.fan_out = company * population.present;
    population.arrivals.rate = population.published * company / population.users;
    population.sights = {{1, population.arrivals}};
    return population;
  }
  const Publishing by = publishing_of(scenario, population, company);
  population.arrivals = arrivals_at(scenario, population, company);
  population.sights = sights_of(scenario, population, rooms);
  population.text = mean_text(scenario);
  population.publishers = by.owners * by.members * population.present;
  const double there = speaking_of(scenario, population, by.seen, company).there;
  population.published = scenario.rate * population.arrivals.share_on() * by.owners * there;
  population.fan_out =
      population.arrivals.rate * population.users / population.published * population.present;
  return population;
}

}  // namespace pushbench::harness
