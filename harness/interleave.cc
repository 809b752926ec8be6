#include "harness/interleave.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

#include "harness/server_build.h"

namespace pushbench::harness {

namespace {

/// One of the two servers, and what was measured with it.
struct Side {
  const char* name;
  RunPlan plan;
  RunResult* result;
};

std::optional<Floor> copy_of(const std::optional<Floor>& floor) {
  if (!floor) return std::nullopt;
  Floor copy;
  copy.duration_s = floor->duration_s;
  copy.delivered = floor->delivered;
  copy.delivery_latency.add(floor->delivery_latency);
  copy.lateness.add(floor->lateness);
  copy.cpu_us_per_delivery = floor->cpu_us_per_delivery;
  return copy;
}

class Interleaving {
 public:
  Interleaving(const RunPlan& plan, const std::string& server_a, const std::string& server_b,
               RunListener& listener)
      : sides_{Side{"A", plan, &both_.a}, Side{"B", plan, &both_.b}}, listener_(listener) {
    sides_[0].plan.server_binary = server_a;
    sides_[1].plan.server_binary = server_b;
  }

  Interleaved run();

 private:
  bool take_pair(std::size_t transport, std::uint64_t number);
  bool take(const Side& side, std::size_t transport, std::uint64_t number);
  void stop(const Side* cause, const RunResult& stopped);

  Interleaved both_;
  std::array<Side, 2> sides_;
  RunListener& listener_;
  const net::Time start_ = net::now();
};

Interleaved Interleaving::run() {
  const RunPlan& plan = sides_[0].plan;
  both_.a = begin_result(plan);
  both_.b = begin_result(plan);
  for (const Side& side : sides_) {
    side.result->context.server = build_of(side.plan.server_binary);
  }
  if (!measure_floor(plan, listener_, both_.a)) {
    stop(nullptr, both_.a);
    return std::move(both_);
  }
  both_.b.floor = copy_of(both_.a.floor);  // one harness plays the users of both
  for (std::uint64_t number = 1; number <= plan.scenario.repeat; ++number) {
    for (std::size_t i = 0; i < plan.transports.size(); ++i) {
      if (!take_pair(i, number)) return std::move(both_);
    }
  }
  for (const Side& side : sides_) judge_limits(side.plan, *side.result);
  return std::move(both_);
}

bool Interleaving::take_pair(std::size_t transport, std::uint64_t number) {
  const std::size_t first = number % 2 == 1 ? 0 : 1;
  return take(sides_[first], transport, number) && take(sides_[1 - first], transport, number);
}

bool Interleaving::take(const Side& side, std::size_t transport, std::uint64_t number) {
  if (!goes_on(listener_, *side.result)) {
    stop(nullptr, *side.result);
    return false;
  }
  TransportResult& into = side.result->transports[transport];
  listener_.on_repetition_start(fmt::format("{} {}", into.name, side.name), number);
  if (repeat(side.plan, listener_, start_, *side.result, into)) return true;
  stop(&side, *side.result);
  return false;
}

/// Neither result is complete then, whichever of them it was. The problem of the one that stopped
/// stays as it is: its last repetition bears it, too.
void Interleaving::stop(const Side* cause, const RunResult& stopped) {
  both_.outcome = stopped.outcome;
  both_.problem = cause != nullptr && stopped.outcome == Outcome::broke
                      ? fmt::format("server {}: {}", cause->name, stopped.problem)
                      : stopped.problem;
  for (const Side& side : sides_) {
    if (side.result == &stopped) continue;
    side.result->outcome = both_.outcome;
    side.result->problem = both_.problem;
  }
}

}  // namespace

Interleaved interleave(const RunPlan& plan, const std::string& server_a,
                       const std::string& server_b, RunListener& listener) {
  return Interleaving(plan, server_a, server_b, listener).run();
}

}  // namespace pushbench::harness
