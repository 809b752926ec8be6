#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <utility>

#include "harness/result.h"

namespace pushbench::report {

/// What a candidate's server does beside what the baseline's does.
struct Slower {
  std::int64_t delay_us = 0;  // to each delivery
  double bytes = 1;           // so many times as many
};

/// Draws results as a virtual machine makes them: one run is faster than the next by some percent,
/// its repetitions differ by twice as much (README's chat: 10 % in latency, 13 % in CPU time), and
/// in some of them something stalls.
class Machine {
 public:
  explicit Machine(std::uint32_t seed, double noise = 1) : random_(seed), noise_(noise) {}

  /// A run of all four transports, one after the other.
  harness::RunResult run(std::size_t repetitions, const Slower& slower = {}) {
    const double speed = factor(0.05);
    harness::RunResult result = empty();
    for (std::size_t i = 0; i < repetitions; ++i) {
      for (auto& transport : result.transports) {
        transport.repetitions.push_back(repetition(transport.name, speed, slower));
      }
    }
    return result;
  }

  /// Two runs whose repetitions took turns, while the machine got slower and faster.
  std::pair<harness::RunResult, harness::RunResult> turns(std::size_t pairs,
                                                          const Slower& slower = {}) {
    std::pair<harness::RunResult, harness::RunResult> both{empty(), empty()};
    for (std::size_t i = 0; i < pairs; ++i) {
      for (std::size_t t = 0; t < both.first.transports.size(); ++t) {
        const double speed = factor(0.15);
        const std::string& name = both.first.transports[t].name;
        both.first.transports[t].repetitions.push_back(repetition(name, speed, {}));
        both.second.transports[t].repetitions.push_back(repetition(name, speed, slower));
      }
    }
    return both;
  }

 private:
  static harness::RunResult empty() {
    harness::RunResult result;
    result.scenario = "chat";
    result.seed = 1;
    result.schedule_hash = "0123456789abcdef";
    result.links.emplace_back();
    for (const char* name : {"polling", "long-polling", "sse", "websocket"}) {
      auto& transport = result.transports.emplace_back();
      transport.name = name;
      if (transport.name == "polling") transport.options = {{"interval", "100ms"}};
    }
    return result;
  }

  /// From 0 to 1. Not std::normal_distribution and its like, which are each library's own.
  double uniform() { return (static_cast<double>(random_()) + 0.5) / 4294967296.0; }

  double normal() {
    return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * 3.14159265358979 * uniform());
  }

  double factor(double sigma) { return std::exp(noise_ * sigma * normal()); }

  harness::Repetition repetition(const std::string& transport, double speed, const Slower& slower) {
    harness::Repetition r;
    const bool polls = transport == "polling";
    r.users = r.users_asked = 100;
    r.duration_s = 15;
    r.messages.published = kDeliveries / 100;
    r.messages.expected = r.messages.delivered = kDeliveries;
    const double middle = 600 * speed * factor(0.10);
    const double spread = 0.35 * factor(0.15);
    const double stalled = uniform() < 0.1 * noise_ ? 0.02 : 0;
    for (std::uint64_t i = 0; i < kDeliveries; ++i) {
      const double wait = polls ? 100'000 * (static_cast<double>(i) + 0.5) / kDeliveries : 0;
      const double stall = uniform() < stalled ? 3'000 * uniform() : 0;
      const double work = polls ? middle / 6 : middle * std::exp(spread * normal());
      r.delivery_latency.record(static_cast<std::int64_t>(wait + work + stall) + slower.delay_us);
    }
    for (int i = 0; i < 1000; ++i) r.lateness.record(static_cast<std::int64_t>(uniform() * 300));
    if (polls) {
      r.theory.mean_latency_us = r.theory.p50_latency_us = 50'000;
      r.theory.p90_latency_us = 90'000;
      r.theory.p99_latency_us = 99'000;
      r.theory.max_latency_us = 100'000;
    }
    fill_counts(r, polls, speed, slower);
    return r;
  }

  void fill_counts(harness::Repetition& r, bool polls, double speed, const Slower& slower) {
    const auto of_each = [](double each) {
      return static_cast<std::uint64_t>(each * static_cast<double>(kDeliveries));
    };
    r.payload = {of_each(0.6), of_each(60)};
    const double heads = polls ? 100 : 2;
    r.bytes.application = {of_each(heads * factor(0.0003) * slower.bytes),
                           of_each((heads + 108) * slower.bytes)};
    r.bytes.network = {of_each((heads + 60) * factor(0.002) * slower.bytes),
                       of_each((heads + 160) * factor(0.002) * slower.bytes)};
    r.theory.application_up = heads;
    r.theory.application_down = heads + 108;
    r.exchanges.total = 100;
    if (polls) {
      r.exchanges.asked = of_each(0.592 * factor(0.0005));
      r.exchanges.empty = static_cast<std::uint64_t>(static_cast<double>(r.exchanges.asked) *
                                                     0.156 * factor(0.002));
    }
    r.server = {of_each(8 * speed * factor(0.13)), static_cast<std::uint64_t>(9e6 * factor(0.01)),
                1000};
  }

  static constexpr std::uint64_t kDeliveries = 2'000;
  std::mt19937 random_;
  const double noise_;
};

}  // namespace pushbench::report
