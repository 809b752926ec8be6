#pragma once

#include "report/studies/study.h"

/// streamdata.io, a service that turned polled JSON into server-sent events (until 2019), on stock
/// quotes: a price that changes every 20 s, polled every 5 s.
namespace pushbench::report::streamdata {

// As published.
inline constexpr double kPeriod = 20;   // s from change to change
inline constexpr double kInterval = 5;  // s from poll to poll
inline constexpr double kEmpty = 0.75;  // share of the polls that find nothing
inline constexpr double kPollsAChange = 4;

/// Of changes `period` apart, asked for every `interval`, which is no longer.
double empty_share_even(double period, double interval);
/// Of changes at random, `period` apart in the mean.
double empty_share_random(double period, double interval);

Study study();

}  // namespace pushbench::report::streamdata
