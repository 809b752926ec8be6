#include "report/lab_prediction.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/json_place.h"

namespace pushbench::report {

using harness::JsonPlace;
using harness::LabQuestion;
using Json = JsonPlace::Json;

namespace {

constexpr const char* kSchema = "pushbench-lab-prediction/1";

}  // namespace

std::optional<double> LabPrediction::answer(const LabQuestion& question) const {
  const auto found = answers.find(question.id);
  if (found == answers.end()) return std::nullopt;
  const auto value = harness::parse_quantity(found->second, *question.unit);
  return value ? std::optional(*value) : std::nullopt;
}

Result<std::string> take_answer(const LabQuestion& question, std::string_view text) {
  const auto value = harness::parse_quantity(text, *question.unit);
  if (!value) return tl::unexpected(value.error());
  const std::size_t first = text.find_first_not_of(" \t\r");
  std::string kept(text.substr(first, text.find_last_not_of(" \t\r") + 1 - first));
  const bool has_unit = kept.find_first_not_of("0123456789.,") != std::string::npos;
  const std::string_view unit = question.unit->name;
  if (!has_unit && !unit.empty()) kept += fmt::format("{}{}", unit[0] == '/' ? "" : " ", unit);
  return kept;
}

std::string to_json(const LabPrediction& prediction, std::uint64_t number) {
  Json json;
  json["schema"] = kSchema;
  json["lab"] = number;
  json["made"] = prediction.made;
  json["after_reveal"] = prediction.after_reveal;
  json["answers"] = Json::object();
  for (const auto& [id, answer] : prediction.answers) json["answers"][id] = answer;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<LabPrediction> parse_prediction(const std::string& text, const std::string& path,
                                       const harness::Lab& lab) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return failure(path, "is not JSON, or was cut off");
  std::optional<Error> problem;
  const JsonPlace at(json, problem);
  at["schema"].one_of({kSchema});
  if (at["lab"].count() != lab.number) {
    at["lab"].wrong(fmt::format("this is lab {}", lab.number));
  }
  LabPrediction prediction;
  prediction.made = at["made"].text();
  prediction.after_reveal = at["after_reveal"].flag();
  for (const auto& [id, answer] : at["answers"].members()) {
    const LabQuestion* const question = lab.question(id);
    if (question == nullptr) continue;  // the lab has changed since
    const std::string said = answer.text();
    if (problem) break;
    if (const auto value = harness::parse_quantity(said, *question->unit); !value) {
      answer.wrong(value.error().what);
    }
    prediction.answers[id] = said;
  }
  if (problem) return failure(path, problem->line());
  return prediction;
}

}  // namespace pushbench::report
