#include "report/studies/study_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/columns.h"
#include "report/numbers.h"

namespace pushbench::report {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kFigureWidth = 34;
constexpr std::array<std::size_t, 4> kWidths{11, 12, 11, 12};
constexpr std::size_t kListWidth = 12;

/// "871", "2,930", "870.6": whole where it is.
std::string plain(double value) {
  const double tenths = std::round(value * 10) / 10;
  if (tenths != std::round(tenths)) return fmt::format("{:.1f}", tenths);
  return thousands(static_cast<std::uint64_t>(tenths));
}

std::string unsigned_text(StudyUnit unit, double value) {
  switch (unit) {
    case StudyUnit::none:
      return "";
    case StudyUnit::bytes:
      return plain(value) + " B";
    case StudyUnit::mbit:
      return fmt::format("{:.4g}", value);
    case StudyUnit::share:
      return fmt::format("{:.1f} %", value * 100);
    case StudyUnit::number:
      return value >= 100 ? fmt::format("{:.1f}", value) : fmt::format("{:.4g}", value);
    case StudyUnit::count:
      return plain(value);
    case StudyUnit::microseconds:
      return time_text(value);
  }
  return "";
}

std::string cell(StudyUnit unit, const std::optional<double>& value) {
  if (!value) return "–";
  return fmt::format("{}{}", *value < 0 ? "−" : "", unsigned_text(unit, std::abs(*value)));
}

/// What is counted differs by so much; what is measured, by so many percent.
std::string difference_cell(const StudyRow& row) {
  const auto by = difference(row);
  if (!by) return "–";
  const double from = row.published ? *row.published : *row.arithmetic;
  const char* sign = *by < 0 ? "−" : "+";
  switch (row.unit) {
    case StudyUnit::bytes:
    case StudyUnit::count: {
      const std::string text = unsigned_text(row.unit, std::abs(*by));
      return std::abs(*by) < 0.05 ? text : fmt::format("{}{}", sign, text);
    }
    case StudyUnit::share:
      return fmt::format("{}{:.1f} points", sign, std::abs(*by) * 100);
    default:
      if (from == 0) return "–";
      return fmt::format("{}{:.1f} %", sign, std::abs(*by / from) * 100);
  }
}

std::string line(std::string_view figure, const std::array<std::string, 4>& cells) {
  std::string text = left(figure, kFigureWidth);
  for (std::size_t i = 0; i < cells.size(); ++i) text += right(cells[i], kWidths[i]);
  return text + "\n";
}

std::string row_text(const StudyRow& row) {
  if (row.unit == StudyUnit::none) return fmt::format("\n{}\n", row.figure);
  return line(fmt::format("  {}", row.figure),
              {cell(row.unit, row.published), cell(row.unit, row.arithmetic),
               cell(row.unit, row.measured), difference_cell(row)});
}

std::string claim_line(const Study& study) {
  return fmt::format("{} ({})", study.claim, study.source);
}

std::string_view unit_name(StudyUnit unit) {
  constexpr std::array<std::string_view, 7> names{"",       "bytes", "Mbit/s", "share",
                                                  "number", "count", "us"};
  return names[static_cast<std::size_t>(unit)];
}

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json json_of(const StudyRow& row, const std::string& heading) {
  return {{"of", heading},
          {"figure", row.figure},
          {"unit", unit_name(row.unit)},
          {"published", json_of(row.published)},
          {"arithmetic", json_of(row.arithmetic)},
          {"measured", json_of(row.measured)},
          {"difference", json_of(difference(row))}};
}

}  // namespace

std::string study_list() {
  std::string text;
  for (const Study& study : studies()) {
    text += fmt::format("{:<{}}{}\n", study.name, kListWidth, study.claim);
    text += fmt::format("{:<{}}{}; {}\n", "", kListWidth, study.source, study.found);
  }
  return text;
}

std::string study_text(const Study& study, const StudyFindings& findings) {
  std::string text = claim_line(study) + "\n\n";
  text += line("", {"published", "arithmetic", "measured", "difference"});
  for (const StudyRow& row : findings.rows) text += row_text(row);
  for (const std::string& words : findings.words) text += fmt::format("\n{}", wrapped(words, 0));
  return text;
}

std::string study_json(const Study& study, const StudyFindings& findings,
                       const std::vector<StudyRun>& runs, const std::vector<std::string>& folders) {
  Json json = {{"study", study.name},
               {"claim", study.claim},
               {"source", study.source},
               {"found", study.found}};
  Json rows = Json::array();
  std::string heading;
  for (const StudyRow& row : findings.rows) {
    if (row.unit == StudyUnit::none) {
      heading = row.figure;
    } else {
      rows.push_back(json_of(row, heading));
    }
  }
  json["figures"] = rows;
  json["words"] = findings.words;
  json["runs"] = Json::array();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    json["runs"].push_back({{"name", runs[i].step.name},
                            {"scenario", runs[i].step.scenario},
                            {"valid", runs[i].result.valid()},
                            {"folder", folders[i]}});
  }
  return json.dump(2) + "\n";
}

}  // namespace pushbench::report
