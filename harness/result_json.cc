#include "harness/result_json.h"

#include <nlohmann/json.hpp>

#include "harness/machine.h"

namespace pushbench::harness {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Directions& directions) {
  return {{"up", directions.up}, {"down", directions.down}};
}

Json json_of(const Messages& m) {
  return {{"published", m.published}, {"expected", m.expected}, {"delivered", m.delivered},
          {"missed", m.missed},       {"lost", m.lost},         {"duplicated", m.duplicated},
          {"reordered", m.reordered}, {"damaged", m.damaged},   {"gaps", m.gaps}};
}

Json json_of(const Histogram& h) {
  return {{"count", h.count()},      {"mean", h.mean()},        {"p50", h.percentile(50)},
          {"p90", h.percentile(90)}, {"p99", h.percentile(99)}, {"p999", h.percentile(99.9)},
          {"max", h.max()}};
}

void put(Json& json, const char* name, const std::optional<double>& value) {
  if (value) json[name] = *value;
}

Json json_of(const Theory& theory) {
  Json latency = Json::object();
  put(latency, "mean", theory.mean_latency_us);
  put(latency, "p50", theory.p50_latency_us);
  put(latency, "p90", theory.p90_latency_us);
  put(latency, "p99", theory.p99_latency_us);
  put(latency, "max", theory.max_latency_us);
  Json exchanges = Json::object();
  put(exchanges, "empty_share", theory.empty_share);
  put(exchanges, "per_message", theory.exchanges_per_message);
  Json application = Json::object();
  put(application, "up", theory.application_up);
  put(application, "down", theory.application_down);
  Json network = Json::object();
  put(network, "up", theory.network_up);
  put(network, "down", theory.network_down);
  Json json = Json::object();
  if (!latency.empty()) json["delivery_latency_us"] = std::move(latency);
  if (!exchanges.empty()) json["exchanges"] = std::move(exchanges);
  Json bytes = Json::object();
  if (!application.empty()) bytes["application"] = std::move(application);
  if (!network.empty()) bytes["network"] = std::move(network);
  if (!bytes.empty()) json["bytes_per_message"] = std::move(bytes);
  return json;
}

Json json_of(const Repetition& r) {
  const Exchanges& e = r.exchanges;
  Json json;
  json["users"] = r.users;
  json["duration_s"] = r.duration_s;
  json["valid"] = r.invalid.empty();
  json["invalid"] = r.invalid;
  json["messages"] = json_of(r.messages);
  json["delivery_latency_us"] = json_of(r.delivery_latency);
  json["exchanges"] = {{"total", e.total},
                       {"asked", e.asked},
                       {"empty", e.empty},
                       {"empty_share", e.empty_share()},
                       {"connections", e.connections},
                       {"cuts", e.cuts},
                       {"disconnects", e.disconnects},
                       {"reconnects", e.reconnects}};
  json["bytes"] = {{"payload", json_of(r.payload)},
                   {"application", json_of(r.bytes.application)},
                   {"tls", json_of(r.bytes.tls)}};
  json["server"] = {{"cpu_us", r.server.cpu_us},
                    {"peak_rss_bytes", r.server.peak_rss_bytes},
                    {"context_switches", r.server.context_switches}};
  json["harness"] = {{"lateness_us", json_of(r.lateness)}, {"cpu_us", r.harness_cpu_us}};
  json["theory"] = json_of(r.theory);
  return json;
}

Json context(const RunResult& result, const BuildInfo& build) {
  const Machine machine = this_machine();
  return {{"date", utc_now()},
          {"pushbench_version", build.version},
          {"commit", build.commit},
          {"cpu", machine.cpu},
          {"num_cpus", machine.cores},
          {"memory_bytes", machine.memory_bytes},
          {"kernel", machine.kernel},
          {"compiler", compiler()},
          {"libraries", library_versions()},
          {"headers", "minimal"},
          {"set", result.overrides}};
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::complete:
      return "complete";
    case Outcome::interrupted:
      return "interrupted";
    case Outcome::broke:
      return "broke";
  }
  return "broke";
}

}  // namespace

std::string to_json(const RunResult& result, const BuildInfo& build) {
  Json json;
  json["schema"] = "pushbench-result/1";
  json["scenario"] = result.scenario;
  json["purpose"] = result.purpose;
  json["seed"] = result.seed;
  json["speedup"] = result.speedup;
  json["tls"] = result.tls;
  json["link"] = {{"cut_every", result.cut_every}};
  json["valid"] = result.valid();
  json["outcome"] = name_of(result.outcome);
  if (!result.problem.empty()) json["problem"] = result.problem;
  json["context"] = context(result, build);
  json["transports"] = Json::array();
  for (const TransportResult& transport : result.transports) {
    Json options = Json::object();
    for (const auto& [key, value] : transport.options) options[key] = value;
    Json repetitions = Json::array();
    for (const Repetition& repetition : transport.repetitions) {
      repetitions.push_back(json_of(repetition));
    }
    json["transports"].push_back({{"name", transport.name},
                                  {"options", std::move(options)},
                                  {"repetitions", std::move(repetitions)}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace pushbench::harness
