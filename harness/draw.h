#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

#include "net/clock.h"
#include "net/splitmix.h"

namespace pushbench::harness {

/// What is drawn. Each concern has random numbers of its own, so that what is asked of one changes
/// nothing about the others.
enum class Concern : std::uint64_t {
  poll_phases = 1,
  rooms,
  groups,
  times,
  publishers,
  stand_ins,  // for publishers that are away
  sizes,
  presence,
  cuts,
};

/// Random numbers that are the same on every machine, and what is made of them by our own code, so
/// that it is the same, too. Whatever goes through the C library's log, exp or cos is rounded to
/// whole nanoseconds or bytes at once, as their last bit may differ.
class Draw {
 public:
  Draw(std::uint64_t seed, Concern concern, std::uint64_t number = 0)
      : random_(mixed(mixed(mixed(seed) + static_cast<std::uint64_t>(concern)) + number)) {}

  double unit() { return static_cast<double>(random_.next() >> 11) * 0x1.0p-53; }  // [0, 1)

  std::size_t below(std::size_t n) {
    return std::min(n - 1, static_cast<std::size_t>(unit() * static_cast<double>(n)));
  }

  /// Exponential with this mean in seconds; at most 30 years.
  net::Duration wait(double mean) {
    const double seconds = std::min(-std::log1p(-unit()) * mean, 1e9);
    return net::Duration(std::llround(seconds * 1e9));
  }

  /// Standard normal, by Box and Muller.
  double normal() {
    const double radius = std::sqrt(-2 * std::log1p(-unit()));
    return radius * std::cos(2 * std::numbers::pi * unit());
  }

  template <class Sequence>
  void shuffle(Sequence& sequence) {
    for (std::size_t i = sequence.size(); i > 1; --i)
      std::swap(sequence[i - 1], sequence[below(i)]);
  }

 private:
  static constexpr auto mixed = net::SplitMix64::mixed;

  net::SplitMix64 random_;
};

}  // namespace pushbench::harness
