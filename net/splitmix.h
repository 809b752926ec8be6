#pragma once

#include <cstdint>

namespace pushbench::net {

/// Random numbers that are the same on every machine, which the standard library's distributions
/// do not promise: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014). Not for secrets.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() { return mixed(state_ += kStep); }

  /// A number that tells nothing of the one it is made of, and is another one for another.
  static constexpr std::uint64_t mixed(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
    return bits ^ (bits >> 31);
  }

 private:
  static constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15;
  std::uint64_t state_;
};

}  // namespace pushbench::net
