#include "report/compare_json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/metrics.h"

namespace pushbench::report {

namespace {

using Json = nlohmann::ordered_json;

/// Null: the harness's own program served.
Json json_of(const std::optional<harness::BuildInfo>& server) {
  if (!server) return nullptr;
  return {{"version", server->version}, {"commit", server->commit}};
}

Json json_of(const Source& source) {
  return {{"name", source.letter},
          {"path", source.path},
          {"date", source.context.date},
          {"pushbench_version", source.context.build.version},
          {"commit", source.context.build.commit},
          {"server", json_of(source.context.server)},
          {"repetitions", source.repetitions},
          {"valid", source.invalid.empty()},
          {"invalid", source.invalid}};
}

/// JSON has no infinity: a change from 0 is null.
Json share_of(const Change& change, double value) {
  const double share = change.share(value);
  return std::isfinite(share) ? Json(share) : Json(nullptr);
}

Json json_of(const Change& change) {
  const Samples& samples = change.samples;
  Json json = {{"metric", change.metric->name},
               {"unit", harness::unit_name(change.metric->unit)},
               {"baseline", {{"median", change.before}, {"repetitions", samples.before}}},
               {"candidate", {{"median", change.after}, {"repetitions", samples.after}}},
               {"change", change.change},
               {"change_share", share_of(change, change.change)},
               {"interval",
                {{"kind", change.bootstrap ? "bootstrap_95" : "least_most"},
                 {"low", change.low},
                 {"high", change.high},
                 {"low_share", share_of(change, change.low)},
                 {"high_share", share_of(change, change.high)}}},
               {"test", samples.paired ? "wilcoxon_signed_rank" : "mann_whitney_u"},
               {"p", change.p ? Json(*change.p) : Json(nullptr)},
               {"threshold", change.threshold},
               {"margin", change.margin},
               {"verdict", name_of(change.judgement)}};
  if (!change.why.empty()) json["why"] = change.why;
  return json;
}

std::string_view name_of(ConditionOutcome::Kind kind) {
  switch (kind) {
    case ConditionOutcome::Kind::held:
      return "held";
    case ConditionOutcome::Kind::failed:
      return "failed";
    case ConditionOutcome::Kind::unclear:
      break;
  }
  return "cannot tell";
}

Json json_of(const ConditionOutcome& outcome) {
  return {{"condition", outcome.condition.text},
          {"transport", outcome.transport},
          {"outcome", name_of(outcome.kind)},
          {"candidate", outcome.change.after},
          {"change", outcome.change.change},
          {"change_share", share_of(outcome.change, outcome.change.change)}};
}

Json json_of(const Candidate& candidate) {
  Json json = json_of(candidate.source);
  json["warnings"] = candidate.cautions;
  json["not_compared"] = candidate.missing;
  json["worse"] = candidate.count(Judgement::worse);
  json["better"] = candidate.count(Judgement::better);
  json["transports"] = Json::array();
  for (const TransportChanges& transport : candidate.transports) {
    Json changes = Json::array();
    for (const Change& change : transport.changes) changes.push_back(json_of(change));
    json["transports"].push_back({{"name", transport.name}, {"figures", std::move(changes)}});
  }
  json["conditions"] = Json::array();
  for (const ConditionOutcome& outcome : candidate.outcomes) {
    json["conditions"].push_back(json_of(outcome));
  }
  return json;
}

}  // namespace

std::string compare_json(const Compared& compared) {
  Json json = {{"schema", "pushbench-compare/1"},
               {"scenario", compared.scenario},
               {"seed", compared.seed},
               {"paired", compared.paired},
               {"regressed", compared.regressed()},
               {"baseline", json_of(compared.baseline)}};
  json["candidates"] = Json::array();
  for (const Candidate& candidate : compared.candidates) {
    json["candidates"].push_back(json_of(candidate));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace pushbench::report
