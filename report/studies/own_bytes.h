#pragma once

#include <string_view>

#include "harness/byte_model.h"
#include "report/studies/study.h"

namespace pushbench::report {

// Our own exchanges under a study's scenario, whose users all publish and subscribe to the end.
// Each brings one message, but for the few that find none or two.

/// By the byte model: a poll or long poll that brings the schedule's first message to a user who
/// knows the room's epoch.
harness::ExchangeSizes modelled_exchange(const StudyRun& run, std::string_view transport);

/// The same as measured: the run's bytes, less what the byte model says of all else in them, in
/// equal shares for its exchanges.
harness::ExchangeSizes measured_exchange(const StudyRun& run, std::string_view transport);

/// Application bytes that publishing took, both ways, in the mean of one repetition.
harness::Directions modelled_posts(const StudyRun& run);

/// Bytes of the batches in all answers together, of all repetitions, where `batches` of them
/// brought every message to every user of its room.
double modelled_batches(const StudyRun& run, std::uint64_t repetitions, std::uint64_t batches);

/// All application bytes of polling or long polling, publishing included, by the byte model and the
/// run's own counts.
harness::Directions modelled_bytes(const StudyRun& run, std::string_view transport);

/// Bytes of a WebSocket's frame header down, a delivered message, measured in the same way.
double measured_frame_header(const StudyRun& run);

}  // namespace pushbench::report
