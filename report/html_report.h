#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// report.html: a run's verdict, pictures and figures as one page that needs nothing else. Result
/// and latency log are inside; extract() gives them back.
std::string html_report(const harness::RunResult& result);

}  // namespace pushbench::report
