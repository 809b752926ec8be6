#include "harness/result_json.h"

#include <nlohmann/json.hpp>

#include "harness/count_names.h"
#include "harness/units.h"

namespace pushbench::harness {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Directions& directions) {
  return {{"up", directions.up}, {"down", directions.down}};
}

Json json_of(const Messages& m) {
  Json json;
  for (const auto& [name, count] : kMessageCounts) json[std::string(name)] = m.*count;
  return json;
}

/// A percentile that too few values lie beyond is null.
Json json_of(const Histogram& h) {
  const auto tail = [&h](double percent) {
    return h.supports(percent) ? Json(h.percentile(percent)) : Json(nullptr);
  };
  return {{"count", h.count()},      {"mean", h.mean()}, {"p50", h.percentile(50)},
          {"p90", h.percentile(90)}, {"p99", tail(99)},  {"p999", tail(99.9)},
          {"max", h.max()}};
}

Json json_of(const Exchanges& e) {
  return {{"total", e.total},
          {"asked", e.asked},
          {"empty", e.empty},
          {"empty_share", e.empty_share()},
          {"connections", e.connections},
          {"connections_asked", e.connections_asked},
          {"cuts", e.cuts},
          {"disconnects", e.disconnects},
          {"reconnects", e.reconnects}};
}

Json json_of(const Bytes& b) {
  return {{"application", json_of(b.application)},
          {"heads", json_of(b.heads)},
          {"bodies", json_of(b.bodies)},
          {"frames", json_of(b.frames())},
          {"tls", json_of(b.tls)},
          {"network", json_of(b.network)},
          {"segments", json_of(b.segments)}};
}

Json bytes_of(const Repetition& r) {
  Json json = {{"payload", json_of(r.payload)}};
  json.update(json_of(r.bytes));
  json["network_source"] = r.network_source;
  json["whole"] = json_of(r.whole);
  json["whole"]["unread"] = r.whole.unread;
  return json;
}

Json json_of(const std::vector<ThreadUse>& threads) {
  Json json = Json::array();
  for (const ThreadUse& use : threads) {
    json.push_back({{"cpu_us", use.cpu_us}, {"core_share", use.share}});
  }
  return json;
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

/// Null: it was not measured.
Json json_of(const std::optional<ServerCost>& server) {
  if (!server) return nullptr;
  return {{"cpu_us", server->cpu_us},
          {"peak_rss_bytes", server->peak_rss_bytes},
          {"context_switches", server->context_switches}};
}

Json json_of(const Repetition& r) {
  Json json;
  json["started_s"] = r.started_s;
  json["users"] = r.users;
  json["users_asked"] = r.users_asked;
  json["duration_s"] = r.duration_s;
  json["valid"] = r.invalid.empty();
  json["invalid"] = r.invalid;
  json["messages"] = json_of(r.messages);
  json["delivery_latency_us"] = json_of(r.delivery_latency);
  json["sender_latency_us"] = json_of(r.sender_latency);
  json["last_receiver_latency_us"] = json_of(r.last_receiver_latency);
  json["join_us"] = json_of(r.join);
  json["rejoin_us"] = json_of(r.rejoin);
  json["exchanges"] = json_of(r.exchanges);
  json["bytes"] = bytes_of(r);
  json["server"] = json_of(r.server);
  json["harness"] = {{"events", {{"due", r.events.due}, {"done", r.events.done}}},
                     {"lateness_us", json_of(r.lateness)},
                     {"cpu_us", r.harness_cpu_us},
                     {"threads", json_of(r.threads)}};
  json["theory"] = json_of(r.theory);
  return json;
}

/// Null: the first repetition was over before it was measured.
Json json_of(const std::optional<WireView>& wire) {
  if (!wire) return nullptr;
  Json events = Json::array();
  for (const WireEvent& event : wire->events) {
    events.push_back({{"at_us", event.at_us},
                      {"up", event.up},
                      {"connection", event.connection},
                      {"kind", event.kind},
                      {"head", event.head},
                      {"body", event.body},
                      {"head_bytes", event.head_bytes},
                      {"body_bytes", event.body_bytes}});
  }
  return {{"user", wire->user},
          {"from_s", wire->from_s},
          {"length_s", wire->length_s},
          {"more", wire->more},
          {"events", std::move(events)}};
}

/// Which server and transport a target's column is of; our own server's has its name alone.
Json json_of(const TransportResult& transport) {
  Json json = {{"name", transport.name}};
  if (transport.target) {
    const TargetResult& target = *transport.target;
    json["transport"] = transport.transport();
    json["target"] = {{"name", target.name}, {"dialect", target.dialect}, {"url", target.url}};
    if (!target.cores.empty()) json["target"]["cores"] = target.cores;
  }
  json["options"] = Json::object();
  for (const auto& [key, value] : transport.options) json["options"][key] = value;
  json["wire"] = json_of(transport.wire);
  json["repetitions"] = Json::array();
  for (const Repetition& repetition : transport.repetitions) {
    json["repetitions"].push_back(json_of(repetition));
  }
  return json;
}

Json json_of(const Floor& floor) {
  return {{"duration_s", floor.duration_s},
          {"delivered", floor.delivered},
          {"delivery_latency_us", json_of(floor.delivery_latency)},
          {"lateness_us", json_of(floor.lateness)},
          {"cpu_us_per_delivery", floor.cpu_us_per_delivery}};
}

Json json_of(const LinkResult& link) {
  const net::LinkProfile& profile = link.profile;
  return {{"group", link.group},
          {"delay", format_duration(profile.delay)},
          {"jitter", format_duration(profile.jitter)},
          {"up_bits_per_s", profile.up},
          {"down_bits_per_s", profile.down},
          {"cut_every", link.cut_every},
          {"cut_at", link.cut_at}};
}

/// Null: the kernel ran server and harness where it liked.
Json json_of(const std::optional<net::CorePlan>& cores) {
  if (!cores) return nullptr;
  return {{"server", cores->server}, {"harness", cores->harness}};
}

Json context_of(const RunResult& result) {
  const Context& context = result.context;
  const Machine& machine = context.machine;
  Json json = {{"date", context.date},
               {"pushbench_version", context.build.version},
               {"commit", context.build.commit},
               {"cpu", machine.cpu},
               {"num_cpus", machine.cores},
               {"memory_bytes", machine.memory_bytes},
               {"kernel", machine.kernel},
               {"compiler", context.compiler},
               {"libraries", context.libraries},
               {"threads", result.threads},
               {"cores", json_of(result.cores)},
               {"headers", result.headers},
               {"cookie_bytes", result.cookie},
               {"connection", result.close_each ? "close" : "keep-alive"},
               {"batch_window", result.batch_window},
               {"set", result.overrides}};
  if (context.server) {
    json["server"] = {{"version", context.server->version}, {"commit", context.server->commit}};
  }
  return json;
}

Json json_of(const Part& part) {
  return {{"result", part.result},
          {"date", part.date},
          {"cpu", part.machine.cpu},
          {"num_cpus", part.machine.cores},
          {"memory_bytes", part.machine.memory_bytes},
          {"kernel", part.machine.kernel}};
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

std::string to_json(const RunResult& result) {
  Json json;
  json["schema"] = "pushbench-result/1";
  json["scenario"] = result.scenario;
  json["purpose"] = result.purpose;
  json["seed"] = result.seed;
  json["speedup"] = result.speedup;
  json["tls"] = result.tls;
  json["schedule_hash"] = result.schedule_hash;
  json["links"] = Json::array();
  for (const LinkResult& link : result.links) json["links"].push_back(json_of(link));
  json["valid"] = result.valid();
  json["outcome"] = name_of(result.outcome);
  if (!result.problem.empty()) json["problem"] = result.problem;
  json["failed_limits"] = result.failed_limits;
  json["context"] = context_of(result);
  for (const Part& part : result.parts) json["parts"].push_back(json_of(part));
  json["floor"] = result.floor ? json_of(*result.floor) : Json(nullptr);
  json["transports"] = Json::array();
  for (const TransportResult& transport : result.transports) {
    json["transports"].push_back(json_of(transport));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace pushbench::harness
