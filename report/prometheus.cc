#include "report/prometheus.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "report/cost.h"

namespace pushbench::report {

using harness::Directions;
using harness::Histogram;
using harness::Repetition;
using harness::RunResult;
using harness::TransportResult;

namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

/// A label's value: the format has these three escapes, and no others.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

std::string sample(std::string_view name, const Labels& labels, double value) {
  std::string text(name);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    text +=
        fmt::format("{}{}=\"{}\"", i == 0 ? "{" : ",", labels[i].first, escaped(labels[i].second));
  }
  return fmt::format("{}{} {}\n", text, labels.empty() ? "" : "}", value);
}

std::string head(std::string_view name, std::string_view type, std::string_view help) {
  return fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
}

/// A sample's own label, and what it is the sum of.
struct Part {
  std::string_view value;
  double (*of)(const Repetition&);
};

struct Counter {
  std::string_view name;
  std::string_view help;
  std::string_view label;  // "" if there is one part only
  std::vector<Part> parts;
};

/// A figure that nobody measured: no sample.
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double number(std::uint64_t value) { return static_cast<double>(value); }

std::vector<Counter> counters() {
  using R = Repetition;
  return {
      {"pushbench_measured_seconds_total",
       "Measured time of the transport's repetitions.",
       "",
       {{"", [](const R& r) { return r.duration_s; }}}},
      {"pushbench_messages_total",
       "Messages published, and what became of the deliveries that were expected.",
       "state",
       {{"published", [](const R& r) { return number(r.messages.published); }},
        {"expected", [](const R& r) { return number(r.messages.expected); }},
        {"delivered", [](const R& r) { return number(r.messages.delivered); }},
        {"missed", [](const R& r) { return number(r.messages.missed); }},
        {"left", [](const R& r) { return number(r.messages.left); }},
        {"lost", [](const R& r) { return number(r.messages.lost); }},
        {"duplicated", [](const R& r) { return number(r.messages.duplicated); }},
        {"reordered", [](const R& r) { return number(r.messages.reordered); }},
        {"damaged", [](const R& r) { return number(r.messages.damaged); }}}},
      {"pushbench_exchanges_total",
       "HTTP exchanges: all, those that asked for messages, and those of them that got none.",
       "kind",
       {{"all", [](const R& r) { return number(r.exchanges.total); }},
        {"asked", [](const R& r) { return number(r.exchanges.asked); }},
        {"empty", [](const R& r) { return number(r.exchanges.empty); }}}},
      {"pushbench_connections_total",
       "TCP connections that were opened.",
       "",
       {{"", [](const R& r) { return number(r.exchanges.connections); }}}},
      {"pushbench_payload_bytes_total",
       "Bytes of message text; up is from user to server.",
       "direction",
       {{"up", [](const R& r) { return number(r.payload.up); }},
        {"down", [](const R& r) { return number(r.payload.down); }}}},
      {"pushbench_application_bytes_total",
       "Bytes that the users' transports wrote (up) and read (down).",
       "direction",
       {{"up", [](const R& r) { return number(r.bytes.application.up); }},
        {"down", [](const R& r) { return number(r.bytes.application.down); }}}},
      {"pushbench_network_bytes_total",
       "Bytes on the network, from the IP header on.",
       "direction",
       {{"up", [](const R& r) { return number(r.bytes.network.up); }},
        {"down", [](const R& r) { return number(r.bytes.network.down); }}}},
      {"pushbench_server_cpu_seconds_total",
       "CPU time of the server process.",
       "",
       {{"", [](const R& r) { return r.server ? number(r.server->cpu_us) / 1e6 : kUnknown; }}}},
      {"pushbench_harness_cpu_seconds_total",
       "CPU time of the harness, which plays the users.",
       "",
       {{"", [](const R& r) { return number(r.harness_cpu_us) / 1e6; }}}},
  };
}

Labels labels_of(const RunResult& result, const TransportResult& transport) {
  Labels labels{{"scenario", result.scenario}, {"transport", std::string(transport.transport())}};
  if (transport.target) labels.emplace_back("target", transport.target->name);
  return labels;
}

/// What nobody counted of a repetition that delivered nothing is left out of the sum. kUnknown if
/// nothing else is left.
double sum_of(const TransportResult& transport, const Part& part) {
  double sum = 0;
  std::size_t without = 0;
  for (const Repetition& repetition : transport.repetitions) {
    const double count = part.of(repetition);
    if (std::isnan(count) && repetition.messages.delivered == 0) {
      ++without;
    } else {
      sum += count;
    }
  }
  return without > 0 && without == transport.repetitions.size() ? kUnknown : sum;
}

std::string counter_text(const RunResult& result, const Counter& counter) {
  std::string text = head(counter.name, "counter", counter.help);
  for (const TransportResult& transport : result.transports) {
    for (const Part& part : counter.parts) {
      const double sum = sum_of(transport, part);
      if (std::isnan(sum)) continue;
      Labels labels = labels_of(result, transport);
      if (!counter.label.empty()) labels.emplace_back(counter.label, part.value);
      text += sample(counter.name, labels, sum);
    }
  }
  return text;
}

/// A summary in seconds of what the repetitions' histograms hold together.
std::string summary_text(const RunResult& result, std::string_view name, std::string_view help,
                         Histogram Repetition::*histogram) {
  struct Quantile {
    std::string_view text;
    double percent;
  };
  constexpr std::array kQuantiles{Quantile{"0.5", 50}, Quantile{"0.9", 90}, Quantile{"0.99", 99},
                                  Quantile{"0.999", 99.9}};
  std::string text = head(name, "summary", help);
  for (const TransportResult& transport : result.transports) {
    Histogram all;
    for (const Repetition& repetition : transport.repetitions) all.add(repetition.*histogram);
    for (const Quantile& quantile : kQuantiles) {
      if (!all.supports(quantile.percent)) continue;
      Labels labels = labels_of(result, transport);
      labels.emplace_back("quantile", quantile.text);
      text += sample(name, labels, static_cast<double>(all.percentile(quantile.percent)) / 1e6);
    }
    const double count = number(all.count());
    const Labels labels = labels_of(result, transport);
    text += sample(fmt::format("{}_sum", name), labels, all.mean() * count / 1e6);
    text += sample(fmt::format("{}_count", name), labels, count);
  }
  return text;
}

/// What is one figure a transport; kUnknown leaves it out.
template <class Of>
std::string gauge_text(const RunResult& result, std::string_view name, std::string_view help,
                       Of of) {
  std::string text = head(name, "gauge", help);
  for (const TransportResult& transport : result.transports) {
    const double figure = of(transport);
    if (!std::isnan(figure)) text += sample(name, labels_of(result, transport), figure);
  }
  return text;
}

double most(const TransportResult& transport, std::uint64_t (*of)(const Repetition&)) {
  std::uint64_t most = 0;
  for (const Repetition& repetition : transport.repetitions) most = std::max(most, of(repetition));
  return number(most);
}

std::string memory_text(const RunResult& result) {
  const std::string help =
      fmt::format("Resident memory of the server at its peak{}.",
                  knows_cost_of_target(result) ? "; of a target, at the measured time's beginning "
                                                 "or end, whichever was more"
                                               : "");
  return gauge_text(
      result, "pushbench_server_peak_memory_bytes", help, [](const TransportResult& t) {
        if (!knows_cost(t)) return kUnknown;
        return most(t, [](const Repetition& r) { return r.server ? r.server->peak_rss_bytes : 0; });
      });
}

std::string run_text(const RunResult& result) {
  const harness::Context& context = result.context;
  Labels info{{"scenario", result.scenario},      {"seed", std::to_string(result.seed)},
              {"schedule", result.schedule_hash}, {"date", context.date},
              {"version", context.build.version}, {"commit", context.build.commit},
              {"cpu", context.machine.cpu},       {"kernel", context.machine.kernel}};
  if (context.server) {
    info.emplace_back("server_version", context.server->version);
    info.emplace_back("server_commit", context.server->commit);
  }
  return head("pushbench_run_info", "gauge", "What was run, by which build, where and when.") +
         sample("pushbench_run_info", info, 1) +
         head("pushbench_run_valid", "gauge", "1 if the run's figures count, else 0.") +
         sample("pushbench_run_valid", {{"scenario", result.scenario}}, result.valid() ? 1 : 0);
}

}  // namespace

std::string prometheus(const RunResult& result) {
  std::string text = run_text(result);
  if (result.transports.empty()) return text;
  text += gauge_text(result, "pushbench_repetitions", "How often the transport was measured.",
                     [](const TransportResult& t) { return number(t.repetitions.size()); });
  text += gauge_text(result, "pushbench_users", "Users that joined, at most.",
                     [](const TransportResult& t) {
                       return most(t, [](const Repetition& r) { return r.users; });
                     });
  text += memory_text(result);
  text += summary_text(result, "pushbench_delivery_latency_seconds",
                       "Time from when a message was due to when a user has it.",
                       &Repetition::delivery_latency);
  text += summary_text(result, "pushbench_harness_lateness_seconds",
                       "Time from when an event was due to when the harness carried it out.",
                       &Repetition::lateness);
  for (const Counter& counter : counters()) text += counter_text(result, counter);
  return text;
}

}  // namespace pushbench::report
