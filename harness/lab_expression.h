#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/quantity.h"

namespace pushbench::harness {

/// What an expression of a lab may name.
struct LabNames {
  struct Run {
    std::string name;
    std::vector<std::string> transports;
  };
  struct Prediction {
    std::string id;
    Dimension dimension;
  };
  std::vector<Run> runs;
  std::vector<Prediction> predictions;  // none where they have no place
};

/// A figure of a run, or the student's prediction of one.
struct LabOperand {
  std::string run;  // empty: a prediction
  std::string transport;
  const Metric* metric = nullptr;
  std::string prediction;  // the question's id

  std::string text() const;  // as it is written: "slow.polling.delivery_latency.mean"
};

/// Where operands get their values from.
class LabFigures {
 public:
  virtual ~LabFigures() = default;
  /// In base units; nothing where there is no such figure.
  virtual std::optional<double> figure(const LabOperand& operand) const = 0;
};

/// Why an expression has no value: an operand that has none, or a division by zero.
struct LabLack {
  std::string operand;  // empty: a division by zero
  bool is_prediction = false;
};

/// Arithmetic of figures and numbers, checked for its units when it was read.
struct LabExpression {
  struct Step {
    enum class Kind { number, operand, add, subtract, multiply, divide };
    Kind kind = Kind::number;
    double number = 0;
    std::size_t operand = 0;
  };

  std::vector<Step> steps;  // each takes its values from those before it
  std::vector<LabOperand> operands;
  Dimension dimension;

  /// In base units.
  tl::expected<double, LabLack> value(const LabFigures& figures) const;
};

/// Two expressions and what is to hold between them.
struct LabCondition {
  enum class Sense { below, at_most, above, at_least, within };

  LabExpression left;
  Sense sense = Sense::below;
  double share = 0;  // within: of the right side, 0.1 for 10 %
  LabExpression right;
  std::string text;  // as it was written

  bool holds(double left_value, double right_value) const;
};

/// Reads "3 * slow.polling.delivery_latency.mean + 20ms". The error says at which character, and
/// what would be right.
Result<LabExpression> parse_lab_expression(std::string_view text, const LabNames& names);

/// Reads two of them with one of < <= > >= or `within 10% of` between.
Result<LabCondition> parse_lab_condition(std::string_view text, const LabNames& names);

}  // namespace pushbench::harness
