#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/lab_expression.h"
#include "net/clock.h"
#include "wire/result.h"

namespace pushbench::harness {

/// What a student reads, in both of the course's languages.
struct LabText {
  std::string en;
  std::string ru;
};

/// A run that a lab's figures come from.
struct LabRun {
  std::string name;
  std::string scenario;  // ends in .toml: a file of the lab's folder; else a shipped one
  std::vector<std::string> transports;  // all of them where the file names none
  std::vector<std::string> set;         // KEY=VALUE, as --set takes it
};

/// What a student predicts.
struct LabQuestion {
  std::string id;
  LabText ask;
  const QuantityUnit* unit = nullptr;  // of an answer without a unit; lives as long as the program
  LabExpression figure;
};

/// What holds of honest results.
struct LabCheck {
  LabCondition says;
  LabText hint;  // said where it does not hold
};

/// The one thing to change in a run, and what to think about then.
struct LabKnob {
  std::string run;
  std::string set;  // KEY=VALUE
  LabText ask;
};

/// One lab of the course.
struct Lab {
  std::uint64_t number = 0;
  std::string folder;         // that its files are in
  std::uint64_t minutes = 0;  // of the whole lesson
  net::Duration runs_take{};  // of these, all runs together
  LabText title;
  std::optional<LabText> lesson;  // paths of its text, counted from `folder`
  std::vector<LabRun> runs;
  std::vector<LabQuestion> questions;
  std::vector<LabCheck> checks;
  std::optional<LabKnob> knob;

  const LabQuestion* question(std::string_view id) const;  // null: there is none
  const LabRun* run(std::string_view name) const;
};

/// The numbers of the labs in a folder: it has N/lab.toml of each. In order.
std::vector<std::uint64_t> lab_numbers(const std::string& folder);

/// Lab N of that folder. `transports` are those that a run may have. The error names file, line and
/// column, and what would be right.
Result<Lab> load_lab(const std::string& folder, std::uint64_t number,
                     const std::vector<std::string>& transports);

/// The same from the text of N/lab.toml; `path` is the file's.
Result<Lab> parse_lab(const std::string& toml, const std::string& path,
                      const std::vector<std::string>& transports);

}  // namespace pushbench::harness
