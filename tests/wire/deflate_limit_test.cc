#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/frames.h"
#include "tests/wire/deflating.h"

namespace pushbench::wire {
namespace {

using test::bytes;
using test::deflated;
using test::Inflated;
using test::inflated;
using test::some_text;
using Outcome = Inflater::Outcome;

TEST(Inflating, TakesWhatIsJustAtTheLimit) {
  for (const std::size_t size : {1u, 5u, 258u, 16383u, 16384u, 16385u, 32768u, 100000u}) {
    for (const std::string& message : {std::string(size, 'x'), some_text(size, 5)}) {
      Deflater deflater(15, true);
      const std::string payload = deflated(deflater, message);
      EXPECT_TRUE(inflated(payload, size) == (Inflated{Outcome::ok, message})) << size;
      EXPECT_TRUE(inflated(payload, size - 1) == (Inflated{Outcome::too_big, message})) << size;
    }
  }
}

TEST(Inflating, CountsWhatEarlierPiecesInflatedTo) {
  const std::string payload = bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
  std::vector<std::string_view> pieces;
  for (const char& c : payload) pieces.emplace_back(&c, 1);
  Inflater takes(15, true);
  EXPECT_EQ(inflated(takes, pieces, 5), (Inflated{Outcome::ok, "Hello"}));
  Inflater refuses(15, true);
  EXPECT_EQ(inflated(refuses, pieces, 4), (Inflated{Outcome::too_big, "Hello"}));
  Inflater nothing(15, true);
  EXPECT_EQ(inflated(nothing, pieces, 0), (Inflated{Outcome::too_big, "H"}));
}

TEST(Inflating, TakesEmptyBlocksWithoutEnd) {
  std::string blocks;
  for (int i = 0; i < 100000; ++i) blocks += bytes({0x00, 0x00, 0x00, 0xff, 0xff});
  EXPECT_EQ(inflated(blocks + bytes({0x00}), 0), (Inflated{Outcome::ok, ""}));
  std::string last_blocks;  // each of them resets the inflater, which must cost nothing
  for (int i = 0; i < 500000; ++i) last_blocks += bytes({0x03, 0x00});
  EXPECT_EQ(inflated(last_blocks + bytes({0x00}), 0), (Inflated{Outcome::ok, ""}));
}

TEST(Inflating, StopsABombAtTheLimit) {
  Deflater deflater(15, true);
  const std::string bomb = deflated(deflater, std::string(64 * 1024 * 1024, '\0'));
  ASSERT_LT(bomb.size(), 70000u);
  Inflater inflater(15, true);
  std::string out;
  EXPECT_EQ(inflater.inflate(bomb, 100000, out), Outcome::too_big);
  EXPECT_EQ(out.size(), 100001u);
  EXPECT_LT(out.capacity(), 300000u);
  // Also where it comes in pieces that each seem harmless.
  Inflater careful(15, true);
  std::string slowly;
  std::size_t pieces = 0;
  for (; careful.inflate(std::string_view(bomb).substr(pieces, 1), 100000, slowly) == Outcome::ok;
       ++pieces) {
    ASSERT_LE(slowly.size(), 100000u);
  }
  EXPECT_EQ(slowly.size(), 100001u);
  EXPECT_LT(pieces, 200u);
}

TEST(Inflating, StaysSpentPastTheLimit) {
  Inflater inflater(15, true);
  std::string out;
  EXPECT_EQ(inflater.inflate(bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}), 3, out),
            Outcome::too_big);
  EXPECT_EQ(inflater.inflate("more", 3, out), Outcome::too_big);
  EXPECT_EQ(inflater.end_message(3, out), Outcome::too_big);
  EXPECT_EQ(out, "Hell");
}

}  // namespace
}  // namespace pushbench::wire
