#include "harness/result_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

#include "harness/count_names.h"
#include "harness/units.h"
#include "net/cores.h"

namespace pushbench::harness {

namespace {

using Json = JsonPlace::Json;

constexpr std::string_view kFamily = "pushbench-result/";
constexpr unsigned kVersion = 1;
const std::initializer_list<std::string_view> kTransports{"polling", "long-polling", "sse",
                                                          "websocket"};

/// The number behind "pushbench-result/"; 0: it is no such schema.
unsigned version_of(std::string_view schema) {
  if (!schema.starts_with(kFamily)) return 0;
  const std::string_view digits = schema.substr(kFamily.size());
  unsigned version = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  return error == std::errc() && end == digits.data() + digits.size() ? version : 0;
}

Result<void> check_schema(const Json& json, const std::string& path) {
  const bool has_one = json.is_object() && json.contains("schema");
  const Json* const schema = has_one ? &json["schema"] : nullptr;
  const unsigned version =
      has_one && schema->is_string() ? version_of(schema->get_ref<const std::string&>()) : 0;
  if (version == kVersion) return {};
  if (version > kVersion) {
    return failure(path, fmt::format("was written by a newer pushbench: its schema is {}, and this "
                                     "version reads \"{}{}\"",
                                     shown(*schema), kFamily, kVersion));
  }
  return failure(path, fmt::format("is no result that this version reads: its schema is {}, not "
                                   "\"{}{}\"",
                                   has_one ? shown(*schema) : "none", kFamily, kVersion));
}

Directions directions(const JsonPlace& at) { return {at["up"].count(), at["down"].count()}; }

Messages messages(const JsonPlace& at) {
  Messages m;
  for (const auto& [name, count] : kMessageCounts) m.*count = at[name].count();
  return m;
}

Exchanges exchanges(const JsonPlace& at) {
  Exchanges e;
  for (const auto& [name, count] : kExchangeCounts) e.*count = at[name].count();
  if (e.asked > e.total) at["asked"].wrong("they are a part of the total");
  if (e.empty > e.asked) at["empty"].wrong("they are a part of those that asked");
  return e;
}

Bytes bytes(const JsonPlace& at) {
  Bytes b;
  b.application = directions(at["application"]);
  b.heads = directions(at["heads"]);
  b.bodies = directions(at["bodies"]);
  b.tls = directions(at["tls"]);
  b.network = directions(at["network"]);
  b.segments = directions(at["segments"]);
  return b;
}

std::optional<double> optional_number(const JsonPlace& at, std::string_view key) {
  if (!at.has(key)) return std::nullopt;
  return at[key].number();
}

/// What theory says of one thing is whole or not there.
Theory theory(const JsonPlace& at) {
  Theory t;
  if (at.has("delivery_latency_us")) {
    const JsonPlace latency = at["delivery_latency_us"];
    t.mean_latency_us = latency["mean"].number();
    t.p50_latency_us = optional_number(latency, "p50");
    t.p90_latency_us = optional_number(latency, "p90");
    t.p99_latency_us = optional_number(latency, "p99");
    t.max_latency_us = optional_number(latency, "max");
  }
  if (at.has("exchanges")) {
    t.empty_share = at["exchanges"]["empty_share"].number();
    t.exchanges_per_message = at["exchanges"]["per_message"].number();
  }
  if (at.has("bytes_per_message")) {
    const JsonPlace application = at["bytes_per_message"]["application"];
    t.application_up = application["up"].number();
    t.application_down = application["down"].number();
    const JsonPlace network = at["bytes_per_message"]["network"];
    t.network_up = network["up"].number();
    t.network_down = network["down"].number();
  }
  return t;
}

void take_harness(const JsonPlace& at, Repetition& r) {
  r.events = {at["events"]["due"].count(), at["events"]["done"].count()};
  r.harness_cpu_us = at["cpu_us"].count();
  for (const JsonPlace& thread : at["threads"].items()) {
    r.threads.push_back({thread["cpu_us"].count(), thread["core_share"].number()});
  }
}

Repetition repetition(const JsonPlace& at) {
  Repetition r;
  r.started_s = at["started_s"].number();
  r.users = at["users"].count();
  r.users_asked = at["users_asked"].count();
  r.duration_s = at["duration_s"].number();
  r.invalid = at["invalid"].texts();
  r.messages = messages(at["messages"]);
  r.exchanges = exchanges(at["exchanges"]);
  r.payload = directions(at["bytes"]["payload"]);
  r.bytes = bytes(at["bytes"]);
  r.network_source = at["bytes"]["network_source"].one_of({"tcp_info", "formula"});
  r.whole = bytes(at["bytes"]["whole"]);
  r.whole.unread = at["bytes"]["whole"]["unread"].count();
  if (const JsonPlace server = at["server"]; !server.is_null()) {
    r.server = ServerCost{server["cpu_us"].count(), server["peak_rss_bytes"].count(),
                          server["context_switches"].count()};
  }
  take_harness(at["harness"], r);
  r.theory = theory(at["theory"]);
  return r;
}

WireEvent wire_event(const JsonPlace& at) {
  constexpr auto kLatest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  WireEvent event;
  event.at_us = static_cast<std::int64_t>(at["at_us"].count(kLatest));
  event.up = at["up"].flag();
  event.connection =
      static_cast<std::uint32_t>(at["connection"].count(std::numeric_limits<std::uint32_t>::max()));
  if (event.connection == 0) at["connection"].wrong("connections are counted from 1");
  event.kind = at["kind"].one_of({"request", "response", "event", "frame"});
  event.head = at["head"].text();
  event.body = at["body"].text();
  event.head_bytes = at["head_bytes"].count();
  event.body_bytes = at["body_bytes"].count();
  return event;
}

std::optional<WireView> wire_view(const JsonPlace& at) {
  if (at.is_null()) return std::nullopt;
  WireView view;
  view.user = at["user"].text();
  view.from_s = at["from_s"].number();
  view.length_s = at["length_s"].number();
  view.more = at["more"].flag();
  for (const JsonPlace& event : at["events"].items()) view.events.push_back(wire_event(event));
  if (view.events.size() > WireView::kMostEvents) {
    at["events"].wrong(fmt::format("it holds {} events, and {} at most belong there",
                                   view.events.size(), WireView::kMostEvents));
  }
  return view;
}

/// One at least.
std::vector<int> core_numbers(const JsonPlace& at) {
  std::vector<int> cores;
  for (const JsonPlace& core : at.items()) {
    cores.push_back(static_cast<int>(core.count(std::numeric_limits<int>::max())));
  }
  if (cores.empty()) at.wrong("there is one core at least");
  return cores;
}

/// Its name says which column it is, and what else says so must agree.
void take_column(const JsonPlace& at, TransportResult& t) {
  if (!at.has("target")) {
    t.name = at["name"].one_of(kTransports);
    return;
  }
  const JsonPlace target = at["target"];
  t.target =
      TargetResult{target["name"].text(), target["dialect"].text(), target["url"].text(), {}};
  if (target.has("cores")) t.target->cores = core_numbers(target["cores"]);
  if (t.target->name.empty() || t.target->name.find_first_not_of(
                                    "abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) {
    target["name"].wrong("a target's name is of a-z, 0-9 and -");
  }
  t.name = fmt::format("{}/{}", t.target->name, at["transport"].one_of(kTransports));
  if (at["name"].text() != t.name) {
    at["name"].wrong(fmt::format("by its target and transport it is {}", t.name));
  }
}

TransportResult transport(const JsonPlace& at) {
  TransportResult t;
  take_column(at, t);
  for (const auto& [key, value] : at["options"].members()) {
    t.options.emplace_back(key, value.text());
  }
  for (const JsonPlace& r : at["repetitions"].items()) t.repetitions.push_back(repetition(r));
  t.wire = wire_view(at["wire"]);
  return t;
}

/// As this version writes it, so that it is written the same again.
net::Duration duration(const JsonPlace& at) {
  const std::string text = at.text();
  const auto taken = parse_duration(text);
  if (!taken) {
    at.wrong(taken.error().what);
  } else if (format_duration(*taken) != text) {
    at.wrong(fmt::format("a result has {} for it", format_duration(*taken)));
  }
  return taken.value_or(net::Duration::zero());
}

LinkResult link(const JsonPlace& at) {
  LinkResult l;
  l.group = at["group"].text();
  l.profile.delay = duration(at["delay"]);
  l.profile.jitter = duration(at["jitter"]);
  l.profile.up = at["up_bits_per_s"].number();
  l.profile.down = at["down_bits_per_s"].number();
  l.cut_every = at["cut_every"].text();
  l.cut_at = at["cut_at"].texts();
  return l;
}

std::optional<net::CorePlan> cores(const JsonPlace& at) {
  constexpr std::uint64_t kMost = std::numeric_limits<int>::max();
  if (at.is_null()) return std::nullopt;
  net::CorePlan plan;
  plan.server = static_cast<int>(at["server"].count(kMost));
  plan.harness = core_numbers(at["harness"]);
  return plan;
}

Machine machine(const JsonPlace& at) {
  constexpr std::uint64_t kMost = std::numeric_limits<unsigned>::max();
  return {at["cpu"].text(), static_cast<unsigned>(at["num_cpus"].count(kMost)),
          at["memory_bytes"].count(), at["kernel"].text()};
}

void take_context(const JsonPlace& at, RunResult& result) {
  Context& context = result.context;
  context.date = at["date"].text();
  context.build = {at["pushbench_version"].text(), at["commit"].text()};
  context.machine = machine(at);
  context.compiler = at["compiler"].text();
  context.libraries = at["libraries"].text();
  if (at.has("server")) {
    context.server = BuildInfo{at["server"]["version"].text(), at["server"]["commit"].text()};
  }
  result.threads = at["threads"].count();
  if (result.threads == 0) at["threads"].wrong("the harness has one thread at least");
  result.cores = cores(at["cores"]);
  result.headers = at["headers"].text();
  result.cookie = at["cookie_bytes"].count();
  result.close_each = at["connection"].one_of({"keep-alive", "close"}) == "close";
  result.batch_window = at["batch_window"].text();
  result.overrides = at["set"].texts();
}

Part part(const JsonPlace& at) {
  Part p;
  p.result = at["result"].text();
  p.date = at["date"].text();
  p.machine = machine(at);
  return p;
}

std::string schedule_hash(const JsonPlace& at) {
  std::string hash = at.text();
  const bool is_hash =
      hash.size() == 16 && hash.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!is_hash) at.wrong("16 hex digits belong there");
  return hash;
}

std::optional<Floor> floor_of(const JsonPlace& at) {
  if (at.is_null()) return std::nullopt;
  Floor floor;
  floor.duration_s = at["duration_s"].number();
  floor.delivered = at["delivered"].count();
  floor.cpu_us_per_delivery = at["cpu_us_per_delivery"].number();
  return floor;
}

Outcome outcome(const JsonPlace& at) {
  const std::string name = at.one_of({"complete", "interrupted", "broke"});
  if (name == "complete") return Outcome::complete;
  return name == "interrupted" ? Outcome::interrupted : Outcome::broke;
}

/// Whether the last one has the name of another one.
bool is_there_twice(const std::vector<TransportResult>& transports) {
  return std::any_of(transports.begin(), transports.end() - 1,
                     [&](const TransportResult& t) { return t.name == transports.back().name; });
}

RunResult run_result(const JsonPlace& at) {
  RunResult result;
  result.scenario = at["scenario"].text();
  result.purpose = at["purpose"].text();
  result.seed = at["seed"].count();
  result.speedup = at["speedup"].number();
  if (result.speedup == 0) at["speedup"].wrong("a number above 0 belongs there");
  result.tls = at["tls"].flag();
  result.schedule_hash = schedule_hash(at["schedule_hash"]);
  for (const JsonPlace& l : at["links"].items()) result.links.push_back(link(l));
  if (result.links.empty()) at["links"].wrong("a run has one link at least");
  result.outcome = outcome(at["outcome"]);
  if (at.has("problem")) result.problem = at["problem"].text();
  result.failed_limits = at["failed_limits"].texts();
  take_context(at["context"], result);
  if (at.has("parts")) {
    for (const JsonPlace& p : at["parts"].items()) result.parts.push_back(part(p));
    if (result.parts.size() < 2) at["parts"].wrong("a result is merged of two at least");
  }
  result.floor = floor_of(at["floor"]);
  for (const JsonPlace& t : at["transports"].items()) {
    result.transports.push_back(transport(t));
    if (is_there_twice(result.transports)) t["name"].wrong("each transport is there once");
  }
  return result;
}

}  // namespace

Result<Json> parse_result_text(const std::string& text, const std::string& path) {
  if (text.empty()) return failure(path, "is empty; give a result.json or its folder");
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::parse_error& error) {
    const bool is_cut = error.byte > text.size();
    return failure(path, is_cut ? fmt::format("ends after {} bytes in the middle of its JSON; was "
                                              "the run or the copy cut off?",
                                              text.size())
                                : fmt::format("is not JSON, from byte {} on; give a result.json or "
                                              "its folder",
                                              error.byte));
  } catch (const Json::out_of_range&) {
    return failure(path, "holds a number that is too large to be a figure of a run");
  }
  if (auto known = check_schema(json, path); !known) return tl::unexpected(known.error());
  return json;
}

Result<RunResult> take_run(const Json& json, const std::string& path) {
  std::optional<Error> problem;
  RunResult result = run_result(JsonPlace(json, problem));
  if (problem) return failure(path, problem->line());
  return result;
}

}  // namespace pushbench::harness
