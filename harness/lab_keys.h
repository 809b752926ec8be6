#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/lab.h"
#include "harness/toml_file.h"

namespace pushbench::harness {

// What the tables of a lab.toml take: a row a key.

/// One key of a table that becomes a `Whole`.
template <class Whole>
struct LabKey {
  std::string_view name;
  std::string_view takes;  // what is right, as errors say it
  bool required;
  /// False: the node is not of that form.
  bool (*set)(Whole& whole, const toml::node& node);
};

// Expressions and units are texts here: they are read when all runs and questions are known.

struct RawQuestion {
  std::string id;
  LabText ask;
  std::optional<std::string> unit;
  std::string figure;
};

struct RawCheck {
  std::string says;
  LabText hint;
};

/// The file itself; its tables are still to be read.
struct RawLab {
  std::uint64_t minutes = 0;
  net::Duration runs_take{};
  LabText title;
  std::optional<LabText> lesson;
  std::vector<const toml::table*> runs, questions, checks;
  const toml::table* knob = nullptr;
};

std::span<const LabKey<RawLab>> lab_keys();
std::span<const LabKey<LabRun>> run_keys();
std::span<const LabKey<RawQuestion>> question_keys();
std::span<const LabKey<RawCheck>> check_keys();
std::span<const LabKey<LabKnob>> knob_keys();

}  // namespace pushbench::harness
