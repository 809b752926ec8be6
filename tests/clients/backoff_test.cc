#include "clients/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace pushbench::clients {
namespace {

using namespace std::chrono_literals;

template <std::uint8_t Byte>
void always(std::span<std::uint8_t> out) {
  std::fill(out.begin(), out.end(), Byte);
}

TEST(Backoff, ItsBoundDoublesFrom100MillisecondsTo10Seconds) {
  net::Random highest(always<0xFF>);
  Backoff backoff(highest);
  for (const auto bound : {100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 6400ms, 10000ms, 10000ms}) {
    const net::Duration pause = backoff.next();
    EXPECT_LT(pause, bound);
    EXPECT_GE(pause, bound - 1us);
  }
}

TEST(Backoff, APauseIsAnythingBelowTheBound) {
  net::Random lowest(always<0>);
  EXPECT_EQ(Backoff(lowest).next(), 0ns);
  net::Random middle(always<0x80>);
  Backoff backoff(middle);
  EXPECT_NEAR(static_cast<double>(backoff.next() / 1us), 50'196, 1);
  EXPECT_NEAR(static_cast<double>(backoff.next() / 1us), 100'392, 1);
}

TEST(Backoff, ClientsThatWereCutTogetherDoNotComeBackTogether) {
  net::Random random;
  std::set<net::Duration> pauses;
  for (int i = 0; i < 100; ++i) pauses.insert(Backoff(random).next());
  EXPECT_GT(pauses.size(), 95U);
  EXPECT_LT(*pauses.begin(), 30ms);
  EXPECT_GT(*pauses.rbegin(), 70ms);
}

TEST(Backoff, BeginsAnewAfterASuccess) {
  net::Random highest(always<0xFF>);
  Backoff backoff(highest);
  for (int i = 0; i < 5; ++i) backoff.next();
  backoff.reset();
  EXPECT_LT(backoff.next(), 100ms);
}

}  // namespace
}  // namespace pushbench::clients
