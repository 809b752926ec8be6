#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace pushbench::net {

/// Random bytes from the operating system's generator, fetched a page at a time.
class Random {
 public:
  void fill(std::span<std::uint8_t> out);

 private:
  std::array<std::uint8_t, 4096> pool_{};
  std::size_t used_ = sizeof pool_;
};

}  // namespace pushbench::net
