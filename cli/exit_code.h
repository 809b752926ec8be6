#pragma once

namespace pushbench::cli {

enum ExitCode {
  kGood = 0,
  kBroke = 1,       // something that should work did not
  kWrongUsage = 2,  // wrong flags, or a wrong scenario
  kThresholdFailed = 3,
  kMeasurementInvalid = 4,  // lost messages, a late harness, missing connections
  kInterrupted = 130,
};

}  // namespace pushbench::cli
