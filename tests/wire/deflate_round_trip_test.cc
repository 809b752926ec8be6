#include <gtest/gtest.h>

#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "tests/support/awkward_texts.h"
#include "tests/wire/deflating.h"

namespace pushbench::wire {
namespace {

using test::deflated;
using test::Inflated;
using test::inflated;
using test::some_text;
using Outcome = Inflater::Outcome;

class EveryWindow : public testing::TestWithParam<std::tuple<int, bool>> {
 protected:
  const int bits_ = std::get<0>(GetParam());
  const bool keep_context_ = std::get<1>(GetParam());
};

TEST_P(EveryWindow, RoundTrip) {
  Deflater deflater(bits_, keep_context_);
  Inflater inflater(bits_, keep_context_);
  std::uint32_t seed = 7692;
  for (const std::size_t size : {1u, 5u, 100u, 255u, 256u, 257u, 511u, 512u, 513u, 3000u, 32767u,
                                 32768u, 32769u, 70000u, 0u, 200000u, 17u}) {
    const std::string message = some_text(size, ++seed);
    const std::string payload = deflated(deflater, message);
    ASSERT_TRUE(inflated(inflater, {payload}) == (Inflated{Outcome::ok, message})) << size;
  }
  for (const std::string& message : test::awkward_texts()) {
    ASSERT_EQ(inflated(inflater, {deflated(deflater, message)}), (Inflated{Outcome::ok, message}));
  }
}

TEST_P(EveryWindow, RoundTripOfNoise) {
  Deflater deflater(bits_, keep_context_);
  Inflater inflater(bits_, keep_context_);
  std::mt19937 random(1);
  for (const std::size_t size : {1u, 1000u, 100000u}) {
    std::string message(size, '\0');
    for (char& c : message) c = static_cast<char>(random());
    const std::string payload = deflated(deflater, message);
    EXPECT_LE(payload.size(), size + size / 8 + 16);
    ASSERT_TRUE(inflated(inflater, {payload}) == (Inflated{Outcome::ok, message})) << size;
  }
}

TEST_P(EveryWindow, RoundTripHoweverTheMessageIsCut) {
  Deflater deflater(bits_, keep_context_);
  const std::string first = some_text(300, 1);
  const std::string second = some_text(700, 1);
  const std::string payloads[] = {deflated(deflater, first), deflated(deflater, second)};
  for (std::size_t cut = 0; cut <= payloads[1].size(); ++cut) {
    Inflater inflater(bits_, keep_context_);
    const std::string_view all = payloads[1];
    ASSERT_EQ(inflated(inflater, {payloads[0]}), (Inflated{Outcome::ok, first}));
    ASSERT_EQ(inflated(inflater, {all.substr(0, cut), all.substr(cut)}),
              (Inflated{Outcome::ok, second}))
        << "cut at " << cut;
  }
}

TEST_P(EveryWindow, ByteByByte) {
  Deflater deflater(bits_, keep_context_);
  Inflater inflater(bits_, keep_context_);
  for (std::uint32_t seed = 0; seed < 5; ++seed) {
    const std::string message = some_text(5000, seed);
    const std::string payload = deflated(deflater, message);
    std::vector<std::string_view> pieces;
    for (const char& c : payload) pieces.emplace_back(&c, 1);
    ASSERT_EQ(inflated(inflater, pieces), (Inflated{Outcome::ok, message}));
  }
}

// Whoever said that it takes a small window would otherwise not understand.
TEST_P(EveryWindow, RefersNoFurtherBackThanTheWindow) {
  const std::size_t window = std::size_t{1} << bits_;
  // Nothing in it repeats but at one distance, just past the window.
  for (const std::size_t distance : {window - 3, window, window + 1, window + 200}) {
    std::mt19937 random(static_cast<std::uint32_t>(distance));
    std::string message(distance, '\0');
    for (char& c : message) c = static_cast<char>(random());
    message += message.substr(0, 250);
    Inflater inflater(bits_, keep_context_);
    Deflater deflater(bits_, keep_context_);
    ASSERT_TRUE(inflated(inflater, {deflated(deflater, message)}) ==
                (Inflated{Outcome::ok, message}))
        << distance;
  }
}

INSTANTIATE_TEST_SUITE_P(Deflate, EveryWindow,
                         testing::Combine(testing::Range(8, 16), testing::Bool()),
                         [](const auto& window) {
                           return std::to_string(std::get<0>(window.param)) + "Bits" +
                                  (std::get<1>(window.param) ? "WithContext" : "WithoutContext");
                         });

}  // namespace
}  // namespace pushbench::wire
