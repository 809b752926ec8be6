#include <gtest/gtest.h>

#include <random>
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

// The examples of RFC 7692 §7.2.3.
TEST(Deflating, WritesTheHelloOfTheRfc) {
  Deflater deflater(15, true);
  EXPECT_EQ(deflated(deflater, "Hello"), bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}));
  EXPECT_EQ(deflated(deflater, "Hello"), bytes({0xf2, 0x00, 0x11, 0x00, 0x00}));
}

TEST(Deflating, WritesTheSameAgainWithoutContext) {
  Deflater deflater(15, false);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(deflated(deflater, "Hello"), bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}));
  }
}

TEST(Deflating, WritesAnEmptyMessageAsOneEmptyBlock) {
  for (const bool keep_context : {false, true}) {
    Deflater deflater(15, keep_context);
    Inflater inflater(15, keep_context);
    for (const std::string_view message : {"", "", "Hello", "", "Hello", ""}) {
      const std::string payload = deflated(deflater, message);
      EXPECT_EQ(payload == bytes({0x00}), message.empty());
      EXPECT_EQ(inflated(inflater, {payload}), (Inflated{Outcome::ok, std::string(message)}));
    }
  }
}

TEST(Deflating, AppendsToWhatIsThere) {
  Deflater deflater(15, true);
  std::string out = "front";
  deflater.compress("Hello", out);
  EXPECT_EQ(out, "front" + bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}));
}

TEST(Deflating, MayBeMovedBetweenMessages) {
  Deflater first(15, true);
  deflated(first, "Hello");
  Deflater second = std::move(first);
  EXPECT_EQ(deflated(second, "Hello"), bytes({0xf2, 0x00, 0x11, 0x00, 0x00}));
}

TEST(Inflating, ReadsTheHelloOfTheRfc) {
  Inflater inflater(15, true);
  const Inflated hello{Outcome::ok, "Hello"};
  EXPECT_EQ(inflated(inflater, {bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})}), hello);
  EXPECT_EQ(inflated(inflater, {bytes({0xf2, 0x00, 0x11, 0x00, 0x00})}), hello);
}

TEST(Inflating, ReadsTheFragmentedHelloOfTheRfc) {
  Inflater inflater(15, true);
  EXPECT_EQ(inflated(inflater, {bytes({0xf2, 0x48, 0xcd}), bytes({0xc9, 0xc9, 0x07, 0x00})}),
            (Inflated{Outcome::ok, "Hello"}));
}

TEST(Inflating, ReadsABlockWithoutCompression) {
  EXPECT_EQ(inflated(bytes({0x00, 0x05, 0x00, 0xfa, 0xff}) + "Hello" + bytes({0x00})),
            (Inflated{Outcome::ok, "Hello"}));
}

TEST(Inflating, ReadsALastBlock) {
  Inflater inflater(15, true);
  const std::string last = bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00});
  EXPECT_EQ(inflated(inflater, {last}), (Inflated{Outcome::ok, "Hello"}));
  // The message after it may refer to what came before it.
  EXPECT_EQ(inflated(inflater, {bytes({0xf2, 0x00, 0x11, 0x00, 0x00})}),
            (Inflated{Outcome::ok, "Hello"}));
  EXPECT_EQ(inflated(inflater, {last}), (Inflated{Outcome::ok, "Hello"}));
}

TEST(Inflating, ReadsSeveralLastBlocksInAMessage) {
  const std::string last = bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
  EXPECT_EQ(inflated(last + last + bytes({0x00})), (Inflated{Outcome::ok, "HelloHello"}));
  // The empty block that the tail completes may be a last one, too.
  EXPECT_EQ(inflated(last + bytes({0x01})), (Inflated{Outcome::ok, "Hello"}));
}

TEST(Inflating, ReadsTwoBlocksInAMessage) {
  EXPECT_EQ(inflated(bytes(
                {0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00})),
            (Inflated{Outcome::ok, "Hello"}));
}

TEST(Inflating, ReadsTheExamplesHoweverTheyAreCut) {
  for (const std::string& payload :
       {bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}),
        bytes({0x00, 0x05, 0x00, 0xfa, 0xff}) + "Hello" + bytes({0x00}),
        bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00}),
        bytes({0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00})}) {
    const std::string_view all = payload;
    for (std::size_t cut = 0; cut <= all.size(); ++cut) {
      for (std::size_t then = cut; then <= all.size(); ++then) {
        Inflater inflater(15, true);
        ASSERT_EQ(
            inflated(inflater, {all.substr(0, cut), all.substr(cut, then - cut), all.substr(then)}),
            (Inflated{Outcome::ok, "Hello"}))
            << "cut at " << cut << " and " << then;
      }
    }
  }
}

// Within a message it is tolerated, as there it costs nothing.
TEST(Inflating, RefusesWhatRefersFurtherBackThanItsWindowIntoTheMessagesBefore) {
  std::string noise(1000, '\0');
  std::mt19937 random(2);
  for (char& c : noise) c = static_cast<char>(random());
  for (const int bits : {8, 9, 10}) {
    Deflater deflater(15, true);
    Inflater inflater(bits, true);
    EXPECT_EQ(inflated(inflater, {deflated(deflater, noise + noise.substr(0, 200))}).outcome,
              Outcome::ok);
    EXPECT_EQ(inflated(inflater, {deflated(deflater, noise.substr(200, 100))}).outcome,
              bits == 10 ? Outcome::ok : Outcome::corrupt)
        << bits;
  }
}

TEST(Inflating, WithoutContextRefusesAReferenceToTheMessageBefore) {
  Inflater inflater(15, false);
  EXPECT_EQ(inflated(inflater, {bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})}).outcome,
            Outcome::ok);
  EXPECT_EQ(inflated(inflater, {bytes({0xf2, 0x00, 0x11, 0x00, 0x00})}).outcome, Outcome::corrupt);
}

TEST(Inflating, RefusesWhatIsNotDeflate) {
  EXPECT_EQ(inflated(bytes({0x06})).outcome, Outcome::corrupt);  // a block of type 3
  EXPECT_EQ(inflated(bytes({0xff, 0xff, 0xff})).outcome, Outcome::corrupt);
  // An uncompressed block whose length and its complement don't fit.
  EXPECT_EQ(inflated(bytes({0x00, 0x05, 0x00, 0xfa, 0xfe}) + "Hello" + bytes({0x00})).outcome,
            Outcome::corrupt);
  EXPECT_EQ(inflated("Hello, world").outcome, Outcome::corrupt);
}

TEST(Inflating, RefusesAMessageThatEndsWithinABlock) {
  const std::string payload = bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
  for (std::size_t size = 0; size < payload.size(); ++size) {
    EXPECT_EQ(inflated(payload.substr(0, size)).outcome, Outcome::corrupt) << size;
  }
  EXPECT_EQ(inflated(bytes({0x00, 0x05, 0x00, 0xfa, 0xff}) + "Hel").outcome, Outcome::corrupt);
  // The tail is never sent; here it is.
  EXPECT_EQ(inflated(payload + bytes({0x00, 0x00, 0xff, 0xff})).outcome, Outcome::corrupt);
}

TEST(Inflating, GivesWhatCameBeforeTheCorruption) {
  const Inflated got = inflated(bytes({0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0x07}));
  EXPECT_EQ(got, (Inflated{Outcome::corrupt, "He"}));
}

TEST(Inflating, SurvivesAnyBytes) {
  std::mt19937 random(9);
  int corrupt = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string noise(1 + random() % 100, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    Inflater whole(8 + round % 8, true);
    Inflater cut(8 + round % 8, true);
    const std::string_view all = noise;
    const std::size_t at = random() % (noise.size() + 1);
    const Inflated one = inflated(whole, {all}, 1000);
    ASSERT_EQ(inflated(cut, {all.substr(0, at), all.substr(at)}, 1000), one) << round;
    corrupt += one.outcome == Outcome::corrupt ? 1 : 0;
  }
  EXPECT_GT(corrupt, 4000);
}

}  // namespace
}  // namespace pushbench::wire
