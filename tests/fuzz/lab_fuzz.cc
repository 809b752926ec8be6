// A lab's file, or where the first line is "#says" a check of one. What is taken has a value, or says
// what it lacks; an error has a place.

#include <optional>

#include "harness/lab.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace pushbench;

/// Every figure there is.
class AllFigures final : public harness::LabFigures {
 public:
  std::optional<double> figure(const harness::LabOperand& operand) const override {
    fuzz::expect(operand.run.empty() != (operand.metric != nullptr), "an operand that is none");
    return 7;
  }
};

void expect_value(const harness::LabExpression& expression) {
  const auto value = expression.value(AllFigures());
  fuzz::expect(value || value.error().operand.empty(), "lacks a figure that is there");
}

void expect_reason(const Error& error) {
  fuzz::expect(!error.where.empty() && !error.what.empty(), "no reason");
}

void read_check(const std::string& text) {
  const harness::LabNames names{{{"slow", {"polling", "long-polling"}}, {"a-b", {"sse"}}},
                                {{"empty", {0, 0, true}}}};
  const auto condition = harness::parse_lab_condition(text, names);
  if (!condition) return expect_reason(condition.error());
  fuzz::expect(condition->left.dimension.fits(condition->right.dimension), "units that do not fit");
  expect_value(condition->left);
  expect_value(condition->right);
}

void read_lab(const std::string& text) {
  const auto lab = harness::parse_lab(text, "7/lab.toml", {"polling", "long-polling", "sse"});
  if (!lab) return expect_reason(lab.error());
  fuzz::expect(!lab->runs.empty() && !lab->questions.empty() && !lab->checks.empty(), "no lab");
  for (const harness::LabQuestion& question : lab->questions) {
    fuzz::expect(question.unit->dimension.fits(question.figure.dimension), "a unit that is none");
    expect_value(question.figure);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string all(reinterpret_cast<const char*>(data), size);
  constexpr std::string_view kSays = "#says\n";
  if (all.starts_with(kSays)) {
    read_check(all.substr(kSays.size()));
  } else {
    read_lab(all);
  }
  return 0;
}
