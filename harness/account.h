#pragma once

#include <vector>

#include "harness/recorder.h"
#include "harness/result.h"
#include "harness/schedule.h"

namespace pushbench::harness {

/// Makes one account of those of all shards, once their threads are done, for a repetition that
/// knows its duration. Of `under_way` see Recorder::close().
void account(const Schedule& schedule, const std::vector<Recorder*>& shards,
             net::Duration under_way, Repetition& repetition);

/// Where the kernel does not tell: adds to what was sent, for a path with an MTU of 1500, the
/// headers of one segment for each exchange's request and answer, each message pushed and its ACK,
/// each 1448 bytes, and those that open and close a connection. The rules are net/segments.h's.
void add_headers_by_formula(Repetition& repetition);

}  // namespace pushbench::harness
