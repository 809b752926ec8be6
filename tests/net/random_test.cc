#include "net/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <set>
#include <vector>

namespace pushbench::net {
namespace {

/// 0, 1, 2, … in every page.
void count_up(std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(i);
}

TEST(Random, HandsOutWhatItsSourceGivesEachByteOnce) {
  Random random(count_up);
  std::array<std::uint8_t, 4> mask{};
  random.fill(mask);
  EXPECT_EQ(mask, (std::array<std::uint8_t, 4>{0, 1, 2, 3}));
  random.fill(mask);
  EXPECT_EQ(mask, (std::array<std::uint8_t, 4>{4, 5, 6, 7}));
  std::vector<std::uint8_t> many(10'000);
  random.fill(many);
  for (std::size_t i = 0; i < many.size(); ++i) {
    ASSERT_EQ(many[i], static_cast<std::uint8_t>((i + 8) % 4096)) << i;
  }
}

// 10,000 masks of the kernel's: two alike among them would be one chance in a hundred, ten never.
TEST(Random, TheKernelsBytesDoNotRepeat) {
  Random random;
  std::set<std::array<std::uint8_t, 4>> masks;
  for (int i = 0; i < 10'000; ++i) {
    std::array<std::uint8_t, 4> mask{};
    random.fill(mask);
    masks.insert(mask);
  }
  EXPECT_GT(masks.size(), 9'990u);
}

}  // namespace
}  // namespace pushbench::net
