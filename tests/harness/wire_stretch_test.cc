#include "harness/wire_stretch.h"

#include <gtest/gtest.h>

#include "tests/harness/unrolled.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

Schedule schedule_of(std::vector<Say> says) {
  Schedule schedule;
  schedule.says = std::move(says);
  schedule.poll_phases.resize(4);
  schedule.duration = 10s;
  return schedule;
}

void expect_stretch(const std::optional<WireStretch>& got, std::uint32_t user, net::Duration from,
                    net::Duration length) {
  ASSERT_TRUE(got);
  EXPECT_EQ(got->user, user);
  EXPECT_EQ(got->from, from);
  EXPECT_EQ(got->length, length);
}

TEST(ChooseStretch, TakesThePublisherOfAMessageThatAnotherOnesFollows) {
  const Schedule schedule =
      schedule_of({{1s, 0, 9}, {3s, 1, 9}, {3100ms, 1, 9}, {5s, 2, 9}, {5300ms, 3, 9}});
  expect_stretch(choose_stretch(schedule, 1s), 2, 4950ms, 1s);
}

TEST(ChooseStretch, LooksAtEachRoomForItself) {
  Schedule schedule = schedule_of({{1s, 0, 9}, {1200ms, 1, 9}, {4s, 2, 9}, {4400ms, 0, 9}});
  schedule.rooms = 2;
  schedule.user_rooms = {0, 1, 0, 1};
  expect_stretch(choose_stretch(schedule, 1s), 2, 3950ms, 1s);
}

TEST(ChooseStretch, TakesWhatComesNearWhereNothingFits) {
  expect_stretch(choose_stretch(schedule_of({{1s, 3, 9}, {5s, 1, 9}, {5100ms, 1, 9}}), 1s), 1,
                 4950ms, 1s);
  expect_stretch(choose_stretch(schedule_of({{2s, 3, 9}, {6s, 1, 9}}), 1s), 3, 1950ms, 1s);
}

TEST(ChooseStretch, IsWholeIfItCanAndElseCutAtTheEnd) {
  const Schedule late = schedule_of({{2s, 3, 9}, {9500ms, 1, 9}, {9600ms, 2, 9}});
  expect_stretch(choose_stretch(late, 1s), 3, 1950ms, 1s);
  expect_stretch(choose_stretch(schedule_of({{9800ms, 1, 9}}), 1s), 1, 9750ms, 250ms);
  expect_stretch(choose_stretch(schedule_of({{20ms, 1, 9}}), 1s), 1, 0s, 1s);
}

TEST(ChooseStretch, WantsAUserThatIsThereForAllOfIt) {
  Schedule schedule =
      schedule_of({{1s, 0, 9}, {1200ms, 1, 9}, {4s, 2, 9}, {4400ms, 0, 9}, {4500ms, 1, 9}});
  schedule.stays = {{500ms, 1500ms, 0}, {500ms, 9s, 1}, {3960ms, 9s, 2}, {4s, 9s, 0}};
  expect_stretch(choose_stretch(schedule, 1s), 0, 4350ms, 1s);
}

TEST(ChooseStretch, IsOfTheScheduleAlone) {
  const Schedule schedule = unrolled(poisson(), 3);
  const auto once = choose_stretch(schedule, 1s);
  const auto again = choose_stretch(unrolled(poisson(), 3), 1s);
  ASSERT_TRUE(again);
  expect_stretch(once, again->user, again->from, again->length);
  EXPECT_FALSE(choose_stretch(schedule_of({}), 1s));
}

}  // namespace
}  // namespace pushbench::harness
