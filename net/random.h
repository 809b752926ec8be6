#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace pushbench::net {

/// Random bytes, fetched from their source a page at a time and handed out once each.
class Random {
 public:
  /// Fills all that it is given; a test's may be predictable.
  using Source = void (*)(std::span<std::uint8_t> out);

  explicit Random(Source source = operating_system) : source_(source) {}

  void fill(std::span<std::uint8_t> out);

  /// The kernel's generator, fit for the masks of RFC 6455 §10.3.
  static void operating_system(std::span<std::uint8_t> out);

 private:
  Source source_;
  std::array<std::uint8_t, 4096> pool_{};
  std::size_t used_ = sizeof pool_;
};

}  // namespace pushbench::net
