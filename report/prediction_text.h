#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/prediction.h"
#include "harness/result_reader.h"
#include "harness/server_costs.h"

namespace pushbench::report {

/// A transport's prediction and, where a result was given, what that makes of the server.
struct PredictedTransport {
  std::string name;
  harness::Prediction prediction;
  std::optional<harness::MeasuredCosts> costs;
};

struct PredictionReport {
  harness::Scenario scenario;
  std::vector<PredictedTransport> transports;
  std::optional<harness::MeasuredResult> from;
};

/// A table of 80 columns and what it takes for granted, in sentences.
std::string prediction_text(const PredictionReport& report);
std::string prediction_json(const PredictionReport& report);

}  // namespace pushbench::report
