#include "report/lab_figures.h"

#include <algorithm>
#include <limits>

#include "harness/metrics.h"

namespace pushbench::report {

using harness::LabExpression;
using harness::LabOperand;
using harness::TransportResult;

namespace {

const TransportResult* find(const LabResults& results, const LabOperand& operand) {
  for (const LabResult& each : results) {
    if (each.run->name != operand.run) continue;
    for (const TransportResult& transport : each.result.transports) {
      if (transport.name == operand.transport) return &transport;
    }
  }
  return nullptr;
}

std::optional<double> in_base(const LabOperand& operand, std::optional<double> value) {
  if (!value) return std::nullopt;
  return harness::in_base_units(operand.metric->unit, *value);
}

/// Those of the repetitions of one number.
class RepetitionFigures final : public harness::LabFigures {
 public:
  RepetitionFigures(const LabResults& results, std::size_t number)
      : results_(results), number_(number) {}

  std::optional<double> figure(const LabOperand& operand) const override {
    const TransportResult* const transport = find(results_, operand);
    if (transport == nullptr || number_ >= transport->repetitions.size()) return std::nullopt;
    return in_base(operand, operand.metric->of(transport->repetitions[number_]));
  }

 private:
  const LabResults& results_;
  const std::size_t number_;
};

/// Those that the result's own arithmetic gives: the same for all of its repetitions.
class TheoryFigures final : public harness::LabFigures {
 public:
  explicit TheoryFigures(const LabResults& results) : results_(results) {}

  std::optional<double> figure(const LabOperand& operand) const override {
    const TransportResult* const transport = find(results_, operand);
    if (transport == nullptr || transport->repetitions.empty()) return std::nullopt;
    return in_base(operand, operand.metric->theory(transport->repetitions.front().theory));
  }

 private:
  const LabResults& results_;
};

}  // namespace

std::optional<double> MeasuredFigures::figure(const LabOperand& operand) const {
  if (operand.run.empty()) {
    const harness::LabQuestion* const question = lab_.question(operand.prediction);
    if (prediction_ == nullptr || question == nullptr) return std::nullopt;
    return prediction_->answer(*question);
  }
  const TransportResult* const transport = find(results_, operand);
  if (transport == nullptr) return std::nullopt;
  const auto spread = harness::spread_of(transport->repetitions, *operand.metric);
  return spread ? in_base(operand, spread->median) : std::nullopt;
}

std::size_t repetitions_of(const LabExpression& figure, const LabResults& results) {
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  for (const LabOperand& operand : figure.operands) {
    const TransportResult* const transport = find(results, operand);
    fewest = std::min(fewest, transport == nullptr ? 0 : transport->repetitions.size());
  }
  return figure.operands.empty() ? 0 : fewest;
}

std::optional<Interval> measured(const LabExpression& figure, const LabResults& results) {
  std::vector<double> values;
  for (std::size_t i = 0; i < repetitions_of(figure, results); ++i) {
    if (const auto value = figure.value(RepetitionFigures(results, i))) values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  return interval_of(std::move(values));
}

std::optional<double> theory(const LabExpression& figure, const LabResults& results) {
  const auto value = figure.value(TheoryFigures(results));
  return value ? std::optional(*value) : std::nullopt;
}

}  // namespace pushbench::report
