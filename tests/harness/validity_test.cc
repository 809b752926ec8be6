#include "harness/validity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pushbench::harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Repetition good() {
  Repetition repetition;
  repetition.users = 10;
  repetition.messages.expected = repetition.messages.delivered = 100;
  for (int i = 0; i < 100; ++i) {
    repetition.delivery_latency.record(2'000);
    repetition.lateness.record(100);
  }
  return repetition;
}

TEST(Validity, AGoodRepetitionHasNoFaults) { EXPECT_THAT(faults(good(), {10}), IsEmpty()); }

TEST(Validity, EachFaultIsNamedWithItsFigure) {
  Repetition repetition = good();
  repetition.messages.lost = 3;
  repetition.messages.duplicated = 2;
  repetition.messages.reordered = 1;
  repetition.messages.damaged = 4;
  repetition.messages.gaps = 5;
  EXPECT_THAT(
      faults(repetition, {12}),
      ElementsAre(HasSubstr("10 of 12 users joined"), HasSubstr("3 of 100 deliveries were lost"),
                  HasSubstr("2 of 100 deliveries came twice"),
                  HasSubstr("1 of 100 deliveries came out of order"),
                  HasSubstr("4 of 100 deliveries were not"), HasSubstr("5 gaps")));
}

TEST(Validity, ALostConnectionIsAFaultUnlessLinksAreCutOnPurpose) {
  Repetition repetition = good();
  repetition.exchanges.disconnects = 3;
  repetition.first_loss = "user 7: connection reset by peer";
  EXPECT_THAT(faults(repetition, {10}),
              ElementsAre("3 connections were lost, the first: user 7: connection reset by peer"));
  EXPECT_THAT(faults(repetition, {10, true}), IsEmpty());
}

TEST(Validity, AcrossCutsAGapIsReportedButAHoleIsAFault) {
  Repetition repetition = good();
  repetition.messages.gaps = 2;
  repetition.messages.missed = 9;
  EXPECT_THAT(faults(repetition, {10, true}), IsEmpty());
  EXPECT_THAT(faults(repetition, {10}), ElementsAre(HasSubstr("2 gaps, 9 deliveries missed")));
  repetition.messages.lost = 1;
  repetition.messages.duplicated = 1;
  repetition.messages.reordered = 1;
  EXPECT_THAT(faults(repetition, {10, true}),
              ElementsAre(HasSubstr("lost"), HasSubstr("twice"), HasSubstr("out of order")));
}

TEST(Validity, WhatATargetLosesOrRepeatsAcrossCutsIsAFinding) {
  Repetition repetition = good();
  repetition.messages.lost = 3;
  repetition.messages.duplicated = 2;
  EXPECT_THAT(faults(repetition, {10, true, false}), IsEmpty());
  EXPECT_THAT(faults(repetition, {10, false, false}),
              ElementsAre(HasSubstr("lost"), HasSubstr("twice")));
  repetition.messages.reordered = 1;
  repetition.messages.damaged = 1;
  EXPECT_THAT(faults(repetition, {10, true, false}),
              ElementsAre(HasSubstr("out of order"), HasSubstr("not what was published")));
}

TEST(Validity, AHarnessThatIsAlwaysLateIsAFault) {
  Repetition repetition = good();
  for (int i = 0; i < 300; ++i) repetition.lateness.record(990);
  EXPECT_THAT(faults(repetition, {10}), IsEmpty());
  for (int i = 0; i < 600; ++i) repetition.lateness.record(1'200);
  EXPECT_THAT(faults(repetition, {10}), ElementsAre(HasSubstr("1.2 ms late at p50")));
}

TEST(Validity, AMissingConnectionIsAFault) {
  Repetition repetition = good();
  repetition.exchanges.connections_asked = 15;
  repetition.exchanges.connections = 14;
  EXPECT_THAT(faults(repetition, {10}), ElementsAre("14 connections were opened and 15 asked for"));
  repetition.exchanges.connections = 16;  // one was opened again
  EXPECT_THAT(faults(repetition, {10}), IsEmpty());
}

TEST(Validity, AnEventThatWasNotCarriedOutIsAFault) {
  Repetition repetition = good();
  repetition.events = {30, 29};
  EXPECT_THAT(faults(repetition, {10}), ElementsAre(HasSubstr("29 of the schedule's 30 events")));
  repetition.events = {30, 30};
  EXPECT_THAT(faults(repetition, {10}), IsEmpty());
}

TEST(Validity, AHarnessThreadWithoutTimeToSpareIsAFault) {
  Repetition repetition = good();
  repetition.threads = {{500'000, 0.5}, {890'000, 0.89}};
  EXPECT_THAT(faults(repetition, {10}), IsEmpty());
  repetition.threads.push_back({930'000, 0.93});
  EXPECT_THAT(faults(repetition, {10}), ElementsAre(HasSubstr("used 93 % of a core")));
}

TEST(Validity, AHiccupIsNone) {
  Repetition repetition = good();
  for (int i = 0; i < 10; ++i) repetition.lateness.record(19'500);
  EXPECT_THAT(faults(repetition, {10}), IsEmpty());
  for (int i = 0; i < 10; ++i) repetition.lateness.record(21'000);
  EXPECT_THAT(faults(repetition, {10}), ElementsAre(HasSubstr("its limit of 20.0 ms")));
}

TEST(Validity, AQuarterOfALongLatencyIsAllowed) {
  Repetition repetition = good();
  for (int i = 0; i < 1000; ++i) repetition.delivery_latency.record(1'000'000);
  for (int i = 0; i < 1000; ++i) repetition.lateness.record(240'000);
  EXPECT_THAT(faults(repetition, {10}), IsEmpty());
  for (int i = 0; i < 3000; ++i) repetition.lateness.record(260'000);
  EXPECT_THAT(faults(repetition, {10}),
              ElementsAre(HasSubstr("limit of 250."), HasSubstr("limit of 250.")));
}

}  // namespace
}  // namespace pushbench::harness
