#include "harness/theory_formulas.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace pushbench::harness {

namespace {

struct Chance {
  double value = 0;
  double probability = 1;
};

/// The sum of two jitters, each uniform from 0 to `jitter`: a triangle, in slices of one width.
std::vector<Chance> two_jitters(double jitter) {
  if (jitter <= 0) return {{}};
  constexpr int slices = 32;
  std::vector<Chance> chances;
  for (int i = 0; i < slices; ++i) {
    const double x = (i + 0.5) / slices;  // of 2 · jitter
    chances.push_back({x * 2 * jitter, (x < 0.5 ? x : 1 - x) * 4 / slices});
  }
  return chances;
}

/// How far two polls in a row are apart at the server, when `least` is what an answer takes without
/// jitter: a whole number of intervals, of which jitter takes and adds. Slices of one probability,
/// gathered where they hardly differ.
std::vector<Chance> poll_gaps(double interval, double least, double jitter) {
  const auto beats = [&](double answer) {
    return answer <= 0 ? 1.0 : std::floor(answer / interval) + 1;
  };
  if (jitter <= 0) return {{beats(least) * interval}};
  constexpr int slices = 16;
  constexpr double resolution = 0.01;  // of an interval
  std::map<long, Chance> gaps;
  const auto slice = [jitter](int i) { return (i + 0.5) / slices * jitter; };
  for (int i = 0; i < slices * slices * slices; ++i) {
    const double up = slice(i % slices);
    const double down = slice(i / slices % slices);
    const double next_up = slice(i / slices / slices);
    const double gap = beats(least + up + down) * interval + next_up - up;
    if (gap <= 0) continue;
    Chance& chance =
        gaps.try_emplace(std::lround(gap / interval / resolution), Chance{0, 0}).first->second;
    chance.value += gap;
    chance.probability += 1;
  }
  std::vector<Chance> all;
  for (const auto& [at, chance] : gaps) {
    all.push_back(
        {chance.value / chance.probability, chance.probability / (slices * slices * slices)});
  }
  return all;
}

/// No message of one source with bursts in `time`: it is on or off when that begins, and changes
/// between them at random. With f and g the probabilities from "on" and "off",
/// f' = −(λ + 1/on) f + g/on and g' = f/off − g/off, f(0) = g(0) = 1: two exponentials.
double none_in_bursts(double rate_on, double on, double off, double time) {
  const double leave_on = 1 / on;
  const double leave_off = 1 / off;
  const double sum = rate_on + leave_on + leave_off;
  const double root = std::sqrt(sum * sum - 4 * rate_on * leave_off);
  const double slow = (root - sum) / 2;
  const double fast = (-root - sum) / 2;
  const double is_on = on / (on + off);
  // The mean of f and g starts at 1 with slope −λ·P(on).
  const double share = (-rate_on * is_on - fast) / (slow - fast);
  return share * std::exp(slow * time) + (1 - share) * std::exp(fast * time);
}

double none_of_periodic(const Arrivals& arrivals, double time) {
  // `time` covers a whole number of moments, or one more.
  const double moments = time / arrivals.period;
  const double whole = std::floor(moments);
  const double drop = 1 - arrivals.kept;
  const double one_more = moments - whole;
  return std::pow(drop, whole) * (1 - one_more + one_more * drop);
}

/// Long polls of one user that end empty between two moments of a periodic source.
double empties_between(double period, double gap, double hold) {
  const double left = period - gap - hold;
  return left <= 0 ? 0 : std::ceil(left / (gap + hold));
}

/// Long polls a second that end empty, when one takes `turn`. A silence of length X between two
/// messages has ⌊X/turn⌋ of them, and P(X > t) is −none_within'(t)/λ. While no stream is there at
/// all, they follow each other.
double empties_in_silence(const Arrivals& arrivals, double turn) {
  constexpr int most = 1'000'000;
  const double step = turn * 1e-4;
  if (turn <= 0) return 0;
  double sum = std::pow(1 - arrivals.there, arrivals.streams) / turn;
  for (int k = 1; k < most; ++k) {
    const double until = k * turn;
    const double ends = arrivals.none_within(until - step) - arrivals.none_within(until + step);
    sum += ends / (2 * step);
    if (ends <= 1e-9 * sum * step) break;
  }
  return sum;
}

void add_empties(Waiting& waiting, double empties_per_message) {
  const double full = waiting.exchanges_per_message;
  waiting.exchanges_per_message = full + empties_per_message;
  waiting.empty_share = empties_per_message / waiting.exchanges_per_message;
  waiting.held = (waiting.held * full + empties_per_message) / waiting.exchanges_per_message;
}

/// A source with a beat: while the gap is shorter than the beat nothing falls into it.
Waiting long_polling_periodic(const Arrivals& arrivals, double gap, double hold) {
  Waiting waiting;
  if (gap <= arrivals.period) {
    const double empty = empties_between(arrivals.period, gap, hold);
    waiting.wait.add({});
    waiting.empty_share = empty / (1 + empty);
    waiting.exchanges_per_message = (1 + empty) / arrivals.together;
    waiting.held = 1;
  } else {
    waiting.wait.add({1, 0, {gap}});
    waiting.exchanges_per_message = arrivals.period / gap / arrivals.together;
  }
  return waiting;
}

}  // namespace

double Arrivals::rate_of_active() const { return rate / streams / there / share_on(); }

double Arrivals::rate_in_bursts() const {
  return pauses() ? rate_of_active() + rate * (1 - 1 / streams) : rate;
}

double Arrivals::none_within(double time) const {
  double none = 0;  // of a stream that is there
  if (period > 0) {
    none = none_of_periodic(*this, time);
  } else if (on <= 0 || off <= 0) {
    none = std::exp(-rate_of_active() * time);
  } else {
    none = none_in_bursts(rate_of_active(), on, off, time);
  }
  return std::pow(1 - there + there * none, streams);
}

/// Polls go by the clock; one that is not answered by the next beat leaves that out.
Waiting polling_waiting(const Arrivals& arrivals, const Path& path, double interval,
                        double turnaround, bool close_each) {
  const double set_up = close_each ? path.set_up : 0;
  const double least = path.up + path.down + set_up + turnaround;
  Waiting waiting;
  double mean_gap = 0;
  for (const auto& [gap, probability] : poll_gaps(interval, least, path.jitter)) {
    mean_gap += probability * gap;
    waiting.wait.add({probability * gap, 0, {gap}});  // a longer gap catches more messages
    waiting.empty_share += probability * arrivals.none_within(gap);
  }
  waiting.exchanges_per_message = 1 / (arrivals.rate * mean_gap);
  return waiting;
}

/// After each answer the user is blind for the gap. What comes in it waits for its end; if nothing
/// did, the server holds the request for the next message, which then waits for nothing.
Waiting long_polling_waiting(const Arrivals& arrivals, const Path& path, double hold,
                             double turnaround, bool close_each) {
  const double least = path.up + path.down + turnaround + (close_each ? path.set_up : 0);
  if (arrivals.beats()) {
    return long_polling_periodic(arrivals, least + path.jitter, hold);
  }
  const double rate = arrivals.rate_in_bursts();
  const bool pauses = arrivals.pauses();  // then what ends empty is counted by itself
  double blind = 0;                       // messages an exchange that came in the gap before it
  double unblind = 0;                     // … and that it was held for
  double nothing = 0;                     // exchanges that end empty
  Waiting waiting;
  for (const auto& [jitter, probability] : two_jitters(path.jitter)) {
    const double gap = std::max(0.0, least + jitter - arrivals.spacing);
    const double none = std::exp(-rate * gap);
    const double in_vain = pauses ? 0 : std::exp(-rate * hold);
    waiting.held += probability * none;
    blind += probability * rate * gap;
    unblind += probability * none * (1 - in_vain);
    nothing += probability * none * in_vain;
    if (gap > 0) waiting.wait.add({probability * rate * gap, 0, {gap}});
  }
  waiting.wait.add({unblind, 0, {}});
  waiting.empty_share = nothing;
  waiting.exchanges_per_message = 1 / (blind + unblind);
  if (pauses) {
    add_empties(waiting, empties_in_silence(arrivals, hold + least + path.jitter) / arrivals.rate);
  }
  return waiting;
}

double messages_in_window(const Arrivals& arrivals, double window) {
  if (!arrivals.beats()) return 1 + arrivals.rate_in_bursts() * window;
  return arrivals.together * (1 + std::floor(window / arrivals.period));
}

Arrivals batches_of(const Arrivals& arrivals, double window) {
  Arrivals batches = arrivals;
  batches.rate /= messages_in_window(arrivals, window);
  batches.spacing = window;
  if (batches.beats()) {  // a window begins with a beat, and takes those that fall into it along
    batches.period *= 1 + std::floor(window / arrivals.period);
    batches.together = 1;
  }
  return batches;
}

LatencyMixture window_wait(const Arrivals& arrivals, double window) {
  if (window <= 0) return {{{}}};
  if (arrivals.beats()) {
    LatencyMixture wait;
    for (double left = window; left >= 0; left -= arrivals.period) wait.add({1, left, {}});
    return wait;
  }
  return {{{1, window, {}}, {arrivals.rate_in_bursts() * window, 0, {window}}}};
}

/// A draft that finds another one on its way waits for that one's answer. The mean is that of a
/// queue with Poisson arrivals and one constant time of service (M/D/1): ρR / (2 (1 − ρ)). On a
/// beat that leaves time for the slowest answer none ever waits.
LatencyMixture post_way(const Path& path, double rate, double first, double turnaround,
                        double apart) {
  const double service = path.round_trip() + turnaround;
  const double busy = rate * (service + first * path.set_up);
  LatencyMixture way;
  if (busy >= 1) return way;
  const LatencyMixture set_up({{1 - first, 0, {}}, {first, path.set_up, {}}});
  const LatencyMixture way_up = socket_way(path).plus(set_up);
  if (path.set_up + service + path.jitter <= apart) return way_up;
  const double queue = service / (1 - busy);
  return way_up.plus({{{1 - busy, 0, {}}, {busy, 0, {queue}}}});
}

LatencyMixture socket_way(const Path& path) {
  LatencyMixture way;
  way.add({1, path.up, {}});
  if (path.jitter > 0) way = LatencyMixture({{1, path.up, {path.jitter}}});
  return way;
}

}  // namespace pushbench::harness
