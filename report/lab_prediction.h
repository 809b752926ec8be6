#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "harness/lab.h"
#include "wire/result.h"

namespace pushbench::report {

/// What a student said before it was measured.
struct LabPrediction {
  std::string made;           // UTC
  bool after_reveal = false;  // it was made when the figures were known: it is none
  std::map<std::string, std::string> answers;  // a question's id each: "75 %"

  /// In base units; nothing of a question that was skipped.
  std::optional<double> answer(const harness::LabQuestion& question) const;
};

/// An answer with its unit, as it is kept; fails where it is none to that question.
Result<std::string> take_answer(const harness::LabQuestion& question, std::string_view text);

/// prediction.json of lab `number`.
std::string to_json(const LabPrediction& prediction, std::uint64_t number);

/// The same from its text. The error names `path` and the place in it.
Result<LabPrediction> parse_prediction(const std::string& text, const std::string& path,
                                       const harness::Lab& lab);

}  // namespace pushbench::report
