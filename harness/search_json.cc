#include "harness/search_json.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "harness/machine.h"

namespace pushbench::harness {

namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json head(std::string_view schema, const SearchContext& context) {
  const Machine machine = this_machine();
  return {{"schema", schema},
          {"scenario", context.scenario},
          {"seed", context.seed},
          {"context",
           {{"date", utc_now()},
            {"pushbench_version", context.build.version},
            {"commit", context.build.commit},
            {"cpu", machine.cpu},
            {"num_cpus", machine.cores},
            {"memory_bytes", machine.memory_bytes},
            {"kernel", machine.kernel},
            {"set", context.overrides}}}};
}

Json json_of(const std::optional<double>& figure) { return figure ? Json(*figure) : Json(nullptr); }

Json json_of(const std::optional<Spread>& spread) {
  if (!spread) return nullptr;
  return {{"median", spread->median}, {"least", spread->least}, {"most", spread->most}};
}

std::string_view name_of(Outcome outcome) {
  return outcome == Outcome::complete      ? "complete"
         : outcome == Outcome::interrupted ? "interrupted"
                                           : "broke";
}

Json json_of(const Metric& metric) {
  return {{"name", metric.name}, {"unit", unit_name(metric.unit)}, {"meaning", metric.meaning}};
}

Json json_of(const SweepStep& step) {
  Json transports = Json::array();
  for (const TransportResult& transport : step.result.transports) {
    Json figures = Json::object();
    for (const Metric& metric : metrics()) {
      figures[metric.name] = json_of(spread_of(transport.repetitions, metric));
    }
    transports.push_back({{"name", transport.name},
                          {"repetitions", transport.repetitions.size()},
                          {"figures", std::move(figures)}});
  }
  return {{"value", step.value},
          {"valid", step.result.valid()},
          {"result", step_folder(step.value) + "/result.json"},
          {"transports", std::move(transports)}};
}

}  // namespace

std::string to_json(const SweepResult& sweep, const SearchContext& context) {
  Json json = head("pushbench-sweep/1", context);
  json["key"] = sweep.spec.key.name;
  json["values"] = sweep.spec.values;
  json["valid"] = sweep.valid();
  json["outcome"] = name_of(sweep.outcome);
  if (!sweep.problem.empty()) json["problem"] = sweep.problem;
  json["metrics"] = Json::array();
  for (const Metric& metric : metrics()) json["metrics"].push_back(json_of(metric));
  json["steps"] = Json::array();
  for (const SweepStep& step : sweep.steps) json["steps"].push_back(json_of(step));
  return dump(json);
}

namespace {

Json json_of(const Probe& probe, const CapacityQuestion& question) {
  Json runs = Json::array();
  const auto shown = question.metrics();
  for (const ProbeRun& run : probe.runs) {
    Json figures = Json::object();
    for (std::size_t i = 0; i < run.figures.size(); ++i) {
      figures[shown[i]->name] = json_of(run.figures[i]);
    }
    runs.push_back({{"verdict", verdict_name(run.verdict)},
                    {"counts", run.counts},
                    {"why", run.why},
                    {"figures", std::move(figures)}});
  }
  return {{"value", question.key.rounded(probe.value)},
          {"text", question.key.text(probe.value)},
          {"good", probe.good},
          {"runs", std::move(runs)}};
}

Json json_of(const CapacityCurve& curve, const CapacityQuestion& question) {
  Json probes = Json::array();
  for (const Probe& probe : curve.probes) probes.push_back(json_of(probe, question));
  const Probe* failed = curve.failed ? curve.probe_at(*curve.failed) : nullptr;
  Json json;
  json["name"] = curve.transport;
  json["best"] = curve.best ? Json(question.key.text(*curve.best)) : Json(nullptr);
  json["failed"] = curve.failed ? Json(question.key.text(*curve.failed)) : Json(nullptr);
  json["why"] = failed == nullptr ? Json::array() : Json(failed->decisive().why);
  json["capped"] = curve.capped;
  json["interrupted"] = curve.interrupted;
  json["probes"] = std::move(probes);
  return json;
}

}  // namespace

std::string to_json(const std::vector<CapacityCurve>& curves, const CapacityQuestion& question,
                    const SearchContext& context) {
  Json json = head("pushbench-capacity/1", context);
  json["key"] = question.key.name();
  json["unit"] = question.key.unit();
  json["from"] = question.key.text(question.range.from);
  json["to"] = question.key.text(question.range.to);
  json["precision"] = question.range.precision;
  json["repeat"] = question.repeat;
  json["limits"] = Json::array();
  for (const MetricLimit& limit : question.limits) json["limits"].push_back(limit.text);
  json["metrics"] = Json::array();
  for (const Metric* metric : question.metrics()) json["metrics"].push_back(json_of(*metric));
  json["transports"] = Json::array();
  for (const CapacityCurve& curve : curves) {
    json["transports"].push_back(json_of(curve, question));
  }
  return dump(json);
}

namespace {

std::string_view name_of(Confirmation confirmation) {
  return confirmation == Confirmation::confirmed ? "confirmed"
         : confirmation == Confirmation::refuted ? "refuted"
                                                 : "unclear";
}

Json winner_json(Winner winner, const CrossoverQuestion& question) {
  if (winner == Winner::neither) return nullptr;
  return question.transports[winner == Winner::first ? 0 : 1];
}

Json json_of(const CrossoverRun& run, const CrossoverQuestion& question) {
  Json transports = Json::array();
  for (std::size_t i = 0; i < 2; ++i) {
    transports.push_back({{"name", question.transports[i]},
                          {"theory", json_of(run.theory[i])},
                          {"measured", json_of(run.measured[i])}});
  }
  return {{"value", question.key.rounded(run.value)},
          {"text", question.key.text(run.value)},
          {"invalid", run.invalid},
          {"expected", winner_json(run.expected(question.more_is_better()), question)},
          {"winner", winner_json(run.winner(question.more_is_better()), question)},
          {"transports", std::move(transports)}};
}

Json json_of(const Comparison& theory, const CrossoverQuestion& question) {
  Json crossings = Json::array();
  for (const Crossing& crossing : theory.crossings) {
    crossings.push_back({{"at", crossing.at},
                         {"text", question.key.text(crossing.at)},
                         {"below", winner_json(crossing.below, question)},
                         {"above", winner_json(crossing.above, question)}});
  }
  return {{"at_from", winner_json(theory.at_from, question)}, {"crossings", std::move(crossings)}};
}

}  // namespace

std::string to_json(const Crossover& crossover, const CrossoverQuestion& question,
                    const SearchContext& context) {
  Json json = head("pushbench-crossover/1", context);
  json["between"] = question.transports;
  json["metric"] = json_of(*question.metric);
  json["key"] = question.key.name();
  json["unit"] = question.key.unit();
  json["from"] = question.key.text(question.from);
  json["to"] = question.key.text(question.to);
  json["outcome"] = name_of(crossover.outcome);
  if (!crossover.problem.empty()) json["problem"] = crossover.problem;
  json["costs"] = Json::array();
  for (std::size_t i = 0; i < 2; ++i) {
    if (!crossover.fits[i]) continue;
    json["costs"].push_back({{"name", question.transports[i]},
                             {"cpu_us_per_delivery", crossover.fits[i]->per_delivery_us},
                             {"cpu_us_per_exchange", crossover.fits[i]->per_exchange_us}});
  }
  json["samples"] = Json::array();
  for (const auto& run : crossover.samples) json["samples"].push_back(json_of(run, question));
  json["theory"] = crossover.theory ? json_of(*crossover.theory, question) : Json(nullptr);
  json["sides"] = Json::array();
  for (const auto& run : crossover.sides) json["sides"].push_back(json_of(run, question));
  json["confirmation"] = name_of(crossover.confirmation);
  json["measured_at"] = json_of(crossover.measured_at);
  return dump(json);
}

}  // namespace pushbench::harness
