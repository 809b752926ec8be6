#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"
#include "harness/run.h"

namespace pushbench::report {

/// One run that a study asks for.
struct StudyStep {
  std::string name;      // of the folder that its result goes to, and in the output
  std::string scenario;  // "studies/kaazing"
  std::vector<std::string> transports;
  std::vector<std::string> overrides;  // of the scenario's keys, as --set takes them
};

struct StudyRun {
  StudyStep step;
  harness::RunPlan plan;
  harness::RunResult result;  // with a repetition of each transport at least
};

enum class StudyUnit { none, bytes, mbit, share, number, count, microseconds };

/// One figure; what is not known, or not said, is left out. A row without a unit is a heading.
struct StudyRow {
  std::string figure;
  StudyUnit unit = StudyUnit::none;
  std::optional<double> published = {};
  std::optional<double> arithmetic = {};
  std::optional<double> measured = {};
};

struct StudyFindings {
  std::vector<StudyRow> rows;
  std::vector<std::string> words;  // a paragraph each: where they differ and why, what was missed
};

/// A published study that people cite, and what repeats it.
struct Study {
  std::string_view name;
  std::string_view claim;   // with `source`, fits a line
  std::string_view source;  // who and when
  std::string_view found;   // where the figures are to be found
  std::vector<StudyStep> (*steps)(bool quick);
  /// `runs` are those of the steps, all of them and in their order.
  StudyFindings (*findings)(const std::vector<StudyRun>& runs);
};

/// Every study, in the order of the documentation.
const std::vector<Study>& studies();

/// Null if there is no study of that name.
const Study* find_study(std::string_view name);

/// Measured less published; less arithmetic where nothing was published. None if one is lacking.
std::optional<double> difference(const StudyRow& row);

/// What a transport's repetitions add up to.
struct Pooled {
  std::uint64_t repetitions = 0;
  std::uint64_t users = 0;
  double seconds = 0;
  harness::Messages messages;
  harness::Exchanges exchanges;
  harness::Bytes bytes;
  std::uint64_t server_cpu_us = 0;

  std::uint64_t useful() const { return exchanges.asked - exchanges.empty; }
  double application() const {
    return static_cast<double>(bytes.application.up + bytes.application.down);
  }
  /// The standard error of the share of empty exchanges, if each is drawn by itself.
  double empty_share_error() const;
};

/// Of the run's transport of that name; it has one.
Pooled pooled(const StudyRun& run, std::string_view transport);
const harness::Repetition& first_repetition(const StudyRun& run, std::string_view transport);

}  // namespace pushbench::report
