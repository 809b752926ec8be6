#include "report/prediction_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/columns.h"
#include "report/numbers.h"

namespace pushbench::report {

using harness::Prediction;
using harness::Theory;

namespace {

// The columns: transport, mean, p99, requests, connections, up, down, network up, network down. A
// blank is before each but the first.
constexpr std::array<std::size_t, 9> kWidths{13, 7, 7, 8, 8, 7, 7, 7, 7};

constexpr std::string_view kHeader =
    "                  latency     requests  connec-  application/s     network/s\n"
    "transport        mean     p99  /second   tions      up    down      up    down\n";

/// "6.97 M": three digits of a large number.
std::string short_number(double value) {
  constexpr std::array<const char*, 9> units{"", " k", " M", " G", " T", " P", " E", " Z", " Y"};
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return significant(value) + units[unit];
}

/// The same, but a small whole number without decimals.
std::string count_text(double value) {
  const bool is_small = value < 999.5 && value == std::floor(value);
  return is_small ? fmt::format("{:.0f}", value) : short_number(value);
}

std::string bits(const std::optional<double>& bytes, double rate) {
  if (!bytes) return "–";
  const std::string number = short_number(*bytes * rate * 8);
  return number + (number.find(' ') == std::string::npos ? " b" : "b");
}

std::string time(const std::optional<double>& us) { return us ? time_text(*us) : "–"; }

std::string row(const std::array<std::string, 9>& cells) {
  std::string line = left(cells[0], kWidths[0]);
  for (std::size_t i = 1; i < cells.size(); ++i) line += ' ' + right(cells[i], kWidths[i]);
  return line + "\n";
}

std::string row_of(const PredictedTransport& t) {
  const Prediction& p = t.prediction;
  const Theory& theory = p.theory;
  return row({t.name, time(theory.mean_latency_us), time(theory.p99_latency_us),
              count_text(p.exchanges), count_text(p.connections),
              bits(theory.application_up, p.delivered), bits(theory.application_down, p.delivered),
              bits(theory.network_up, p.delivered), bits(theory.network_down, p.delivered)});
}

std::string polls_sentence(const PredictedTransport& t) {
  const Theory& theory = t.prediction.theory;
  if (!theory.empty_share || !theory.exchanges_per_message) return "";
  return wrapped(
      fmt::format("{}: {} of its requests come back with nothing; {} of them for each "
                  "delivered message.",
                  t.name, percent(*theory.empty_share), significant(*theory.exchanges_per_message)),
      2);
}

std::string held_back_sentence(const PredictedTransport& t) {
  if (t.prediction.held_back_up <= 0) return "";
  return wrapped(
      fmt::format("{}: {} of its network bytes up for each delivered message are acknowledgements "
                  "that an emulated link of this length costs, as in a run. A real one does not.",
                  t.name, significant(t.prediction.held_back_up)),
      2);
}

std::string overload_sentence(const PredictedTransport& t) {
  switch (t.prediction.overload) {
    case harness::Overload::none:
      return "";
    case harness::Overload::posts:
      return wrapped(t.name +
                         ": no latency, since users publish faster than their posts are answered, "
                         "one after the other; the queue grows without end.",
                     2);
    case harness::Overload::server:
      return wrapped(t.name +
                         ": no latency, since the server is overloaded: it has one thread, and "
                         "would need more than one core; the queue grows without end.",
                     2);
  }
  return "";
}

/// The busier a server is, the less each thing costs it: it finds more of them at a time.
std::string beyond_text(const PredictedTransport& t) {
  constexpr double far = 2;
  const double had = t.costs->done_per_s;
  const double has = t.prediction.exchanges + t.prediction.pushed;
  if (!t.costs->is_own || had <= 0 || (has <= far * had && had <= far * has)) return "";
  return fmt::format(
      "; beyond what was measured: {} exchanges and pushes a second, and the result "
      "has {}",
      short_number(has), short_number(had));
}

/// Of what there is most of.
std::string own_price(const PredictedTransport& t) {
  const harness::MeasuredCosts& costs = *t.costs;
  return t.prediction.exchanges > t.prediction.pushed
             ? time_text(costs.exchange_us * costs.factor) + " an exchange"
             : time_text(costs.push_us * costs.factor) + " a push";
}

std::string server_sentence(const PredictedTransport& t) {
  if (!t.costs) return "";
  const auto cores = harness::cores(*t.costs, t.prediction);
  if (!cores) {
    return wrapped(
        fmt::format("{}: no cores, since the result has too few {} to say what one costs.", t.name,
                    t.costs->knows_exchange ? "pushed messages" : "HTTP exchanges"),
        2);
  }
  std::string text =
      fmt::format("{}: {} cores of the server ({})", t.name, significant(*cores), own_price(t));
  if (t.costs->user_rss_bytes) {
    text += fmt::format(", and {} of memory at most",
                        size_text(*t.costs->user_rss_bytes * t.prediction.users));
  }
  if (!t.costs->is_own) text += " (the result has no run of it: from the others')";
  return wrapped(text + beyond_text(t) + ".", 2);
}

std::string prices(const harness::MeasuredCosts& costs) {
  const std::string exchange =
      time_text(costs.exchange_us) +
      " of CPU time for an HTTP exchange (a poll, with messages or without, or a publish)";
  const std::string push = time_text(costs.push_us) + " for a message pushed to one user";
  if (costs.knows_exchange && costs.knows_push) return exchange + " and " + push + " fit";
  if (costs.knows_exchange) return exchange + " fits";
  return time_text(costs.push_us) + " of CPU time for a message pushed to one user fits";
}

std::string from_note(const PredictionReport& report) {
  if (!report.from) return "";
  const harness::MeasuredCosts& costs = *report.transports.front().costs;
  const std::string note = fmt::format(
      "The server's share is from {} ({}{}): {} its transports best, and each is "
      "scaled by what it took itself there. Memory is its peak over the users it had.",
      report.from->path, report.from->scenario, report.from->valid ? "" : ", which was invalid",
      prices(costs));
  return fmt::format("\n{}", wrapped(note, 0));
}

/// Of any user's link.
bool has_cuts(const harness::Scenario& s) {
  const auto is_cut = [](const harness::LinkSettings& link) {
    return link.cut_every > net::Duration::zero() || !link.cut_at.empty();
  };
  return is_cut(s.link) ||
         std::any_of(s.groups.begin(), s.groups.end(),
                     [&](const harness::UserGroup& group) { return is_cut(group.link); });
}

/// What is said on one beat comes at different times, by links that differ or jitter.
bool spreads_ticks(const harness::Scenario& s) {
  const bool many = s.per == harness::TrafficPer::user || s.per == harness::TrafficPer::source;
  if (s.traffic != harness::TrafficKind::tick || !many) return false;
  const net::LinkProfile& all = s.link.profile;
  return all.jitter > net::Duration::zero() ||
         std::any_of(s.groups.begin(), s.groups.end(), [&](const harness::UserGroup& group) {
           const net::LinkProfile& own = group.link.profile;
           return own.jitter > net::Duration::zero() || own.delay != all.delay || own.up != all.up;
         });
}

std::string assumptions(const PredictionReport& report) {
  const harness::Scenario& s = report.scenario;
  std::string text =
      report.from
          ? "From arithmetic, in the steady state: of the server's time latencies have what a push "
            "to all receivers of a message takes, one after the other, and none of its other work; "
            "no time for the harness or the kernel"
          : "From arithmetic alone, in the steady state: no time for the server, the harness or "
            "the "
            "kernel";
  text += ", no losses, and no connections but those that are kept";
  text += s.clients.close_each ? " or that each request opens. " : ". ";
  text +=
      "Traffic is in bits (Mb: a million), this project's own to the byte; network adds TCP/IP "
      "headers and acknowledgements on a path with an MTU of 1500";
  text += s.tls ? ", and TLS's records, but not its handshakes. " : ". ";
  if (s.traffic == harness::TrafficKind::trace) {
    text += "The trace counts as messages at random (Poisson) of its mean rate. ";
  }
  if (has_cuts(s)) text += "Cuts are left out. ";
  if (spreads_ticks(s)) {
    text += "A tick counts as one moment at the server, though these links spread it. ";
  }
  if (s.clients.compression) text += "What compression saves is not foretold. ";
  text.pop_back();
  return wrapped(text, 0);
}

void put(nlohmann::ordered_json& json, const char* name, const std::optional<double>& value) {
  if (value) json[name] = *value;
}

nlohmann::ordered_json json_of(const PredictedTransport& t) {
  const Prediction& p = t.prediction;
  const Theory& theory = p.theory;
  nlohmann::ordered_json json{{"name", t.name},
                              {"requests_per_s", p.exchanges},
                              {"connections", p.connections},
                              {"delivered_per_s", p.delivered}};
  auto& latency = json["delivery_latency_us"] = nlohmann::ordered_json::object();
  put(latency, "mean", theory.mean_latency_us);
  put(latency, "p50", theory.p50_latency_us);
  put(latency, "p90", theory.p90_latency_us);
  put(latency, "p99", theory.p99_latency_us);
  put(latency, "max", theory.max_latency_us);
  auto& exchanges = json["exchanges"] = nlohmann::ordered_json::object();
  put(exchanges, "empty_share", theory.empty_share);
  put(exchanges, "per_message", theory.exchanges_per_message);
  auto& bytes = json["bytes_per_message"] = nlohmann::ordered_json::object();
  put(bytes["application"], "up", theory.application_up);
  put(bytes["application"], "down", theory.application_down);
  put(bytes["network"], "up", theory.network_up);
  put(bytes["network"], "down", theory.network_down);
  if (p.overload != harness::Overload::none) {
    json["overloaded"] = p.overload == harness::Overload::posts ? "posts" : "server";
  }
  if (!t.costs) return json;
  auto& server = json["server"] = nlohmann::ordered_json::object();
  put(server, "cores", harness::cores(*t.costs, p));
  if (t.costs->knows_exchange)
    server["cpu_us_per_exchange"] = t.costs->exchange_us * t.costs->factor;
  if (t.costs->knows_push) server["cpu_us_per_push"] = t.costs->push_us * t.costs->factor;
  if (t.costs->user_rss_bytes) {
    server["peak_rss_bytes"] = *t.costs->user_rss_bytes * p.users;
  }
  return json;
}

}  // namespace

std::string prediction_text(const PredictionReport& report) {
  const Prediction& first = report.transports.front().prediction;
  std::string text =
      wrapped(fmt::format("{}: {} users, {} messages and {} deliveries a second; predicted",
                          report.scenario.name, count_text(first.users),
                          count_text(first.published), count_text(first.delivered)),
              2);
  text += "\n";
  text += kHeader;
  for (const PredictedTransport& t : report.transports) text += row_of(t);
  std::string sentences;
  for (const PredictedTransport& t : report.transports) {
    sentences +=
        polls_sentence(t) + held_back_sentence(t) + overload_sentence(t) + server_sentence(t);
  }
  if (!sentences.empty()) text += "\n" + sentences;
  return text + from_note(report) + "\n" + assumptions(report);
}

std::string prediction_json(const PredictionReport& report) {
  const Prediction& first = report.transports.front().prediction;
  nlohmann::ordered_json json{{"schema", "pushbench-prediction/1"},
                              {"scenario", report.scenario.name},
                              {"users", first.users},
                              {"published_per_s", first.published}};
  if (report.from) json["from"] = report.from->path;
  json["transports"] = nlohmann::ordered_json::array();
  for (const PredictedTransport& t : report.transports) json["transports"].push_back(json_of(t));
  return json.dump(2) + "\n";
}

}  // namespace pushbench::report
