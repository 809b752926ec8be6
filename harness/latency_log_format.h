#pragma once

#include <array>
#include <string>
#include <string_view>

#include "harness/result.h"

namespace pushbench::harness::log_format {

// What writer and reader of latency.hlog both know.

constexpr std::string_view kVersion = "#[Histogram log format version 1.";
constexpr std::string_view kChecksum = "#[Checksum of the lines below: ";
constexpr std::string_view kLegend =
    R"("StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram")";
constexpr std::string_view kFloor = "floor";

/// A histogram that a repetition has one line for, and what its tag has behind the transport's
/// name and a colon.
struct WholeHistogram {
  std::string_view name;
  Histogram Repetition::*of;
};

constexpr std::array<WholeHistogram, 5> kWhole = {
    {{"lateness", &Repetition::lateness},
     {"sender", &Repetition::sender_latency},
     {"last-receiver", &Repetition::last_receiver_latency},
     {"join", &Repetition::join},
     {"rejoin", &Repetition::rejoin}}};

std::string checksum(std::string_view lines);  // 8 hex digits

/// Interval_Max of microseconds. HdrHistogram's Java writer divides by 1,000,000, as its values are
/// nanoseconds: the column is milliseconds for everyone.
inline double milliseconds(std::int64_t us) { return static_cast<double>(us) / 1000; }

}  // namespace pushbench::harness::log_format
