#pragma once

#include <vector>

#include "harness/recorder.h"
#include "harness/result.h"
#include "harness/schedule.h"

namespace pushbench::harness {

/// Makes one account of those of all shards, once their threads are done. Of `under_way` see
/// Recorder::close().
void account(const Schedule& schedule, const std::vector<Recorder*>& shards,
             net::Duration under_way, Repetition& repetition);

}  // namespace pushbench::harness
