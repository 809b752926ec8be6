#include "report/gbench.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/metrics.h"
#include "harness/spread.h"

namespace pushbench::report {

using harness::Repetition;
using harness::RunResult;
using harness::TransportResult;

namespace {

using Json = nlohmann::ordered_json;

struct Benchmark {
  std::string_view name;
  std::string_view metric;  // in us
};
constexpr std::array kBenchmarks{Benchmark{"latency_p50", "delivery_latency.p50"},
                                 Benchmark{"latency_p99", "delivery_latency.p99"},
                                 Benchmark{"server_cpu", "server_cpu"}};

/// User counters: a number by its own name beside Google Benchmark's.
constexpr std::array<std::string_view, 4> kCounters{"network_bytes", "application_bytes",
                                                    "exchanges_per_message", "server_memory"};

std::optional<double> of(std::string_view metric, const Repetition& repetition) {
  return (*harness::parse_metric(metric))->of(repetition);
}

/// What one entry holds: the two times, then the counters; nothing where there is no such figure.
using Figures = std::array<std::optional<double>, 2 + kCounters.size()>;

Figures figures_of(const Benchmark& benchmark, const Repetition& repetition) {
  Figures figures{of(benchmark.metric, repetition), of("server_cpu", repetition)};
  for (std::size_t i = 0; i < kCounters.size(); ++i) figures[2 + i] = of(kCounters[i], repetition);
  return figures;
}

void put(const Figures& figures, std::uint64_t iterations, Json& entry) {
  entry["iterations"] = iterations;
  entry["real_time"] = figures[0].value_or(0);
  entry["cpu_time"] = figures[1].value_or(0);
  entry["time_unit"] = "us";
  for (std::size_t i = 0; i < kCounters.size(); ++i) {
    if (figures[2 + i]) entry[kCounters[i]] = *figures[2 + i];
  }
}

double mean(std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Of a sample, as Google Benchmark has it.
double stddev(std::vector<double>& values) {
  const double middle = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - middle) * (value - middle);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

struct Aggregate {
  std::string_view name;
  double (*of)(std::vector<double>&);
};
constexpr std::array kAggregates{Aggregate{"mean", mean},
                                 Aggregate{"median", harness::sort_to_median},
                                 Aggregate{"stddev", stddev}};

Figures aggregate(const Aggregate& aggregate, const std::vector<Figures>& all) {
  Figures figures;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    std::vector<double> values;
    for (const Figures& of : all) {
      if (of[i]) values.push_back(*of[i]);
    }
    if (values.size() == all.size()) figures[i] = aggregate.of(values);
  }
  return figures;
}

/// What entries of one benchmark have in common.
struct Family {
  std::size_t index;
  std::string name;
  std::size_t repetitions;
  std::uint64_t threads;

  Json entry(std::string_view suffix, std::string_view run_type) const {
    return {{"name", fmt::format("{}{}", name, suffix)},
            {"family_index", index},
            {"per_family_instance_index", 0},
            {"run_name", name},
            {"run_type", run_type},
            {"repetitions", repetitions}};
  }
};

void add(const Family& family, const Benchmark& benchmark, const TransportResult& transport,
         Json& entries) {
  std::vector<Figures> valid;
  for (std::size_t i = 0; i < transport.repetitions.size(); ++i) {
    const Repetition& repetition = transport.repetitions[i];
    const Figures figures = figures_of(benchmark, repetition);
    if (!figures[0]) continue;
    Json entry = family.entry("", "iteration");
    entry["repetition_index"] = i;
    entry["threads"] = family.threads;
    if (!repetition.invalid.empty()) {
      entry["error_occurred"] = true;
      entry["error_message"] = fmt::format("invalid: {}", fmt::join(repetition.invalid, "; "));
    } else {
      valid.push_back(figures);
    }
    put(figures, repetition.messages.delivered, entry);
    entries.push_back(std::move(entry));
  }
  if (valid.size() < 2) return;
  for (const Aggregate& kind : kAggregates) {
    Json entry = family.entry(fmt::format("_{}", kind.name), "aggregate");
    entry["threads"] = family.threads;
    entry["aggregate_name"] = kind.name;
    entry["aggregate_unit"] = "time";
    put(aggregate(kind, valid), valid.size(), entry);
    entries.push_back(std::move(entry));
  }
}

/// The keys that Google Benchmark has, as far as a result knows them, then this project's own.
Json context_of(const RunResult& result) {
  const harness::Context& context = result.context;
  Json json = {{"date", context.date},
               {"executable", "pushbench"},
               {"num_cpus", context.machine.cores},
               {"caches", Json::array()},
               {"load_avg", Json::array()},
               {"scenario", result.scenario},
               {"seed", std::to_string(result.seed)},
               {"schedule_hash", result.schedule_hash},
               {"valid", result.valid() ? "true" : "false"},
               {"cpu", context.machine.cpu},
               {"kernel", context.machine.kernel},
               {"pushbench_version", context.build.version},
               {"commit", context.build.commit}};
  if (context.server) {
    json["server_version"] = context.server->version;
    json["server_commit"] = context.server->commit;
  }
  return json;
}

}  // namespace

std::string gbench_json(const RunResult& result) {
  Json entries = Json::array();
  std::size_t family = 0;
  for (const TransportResult& transport : result.transports) {
    for (const Benchmark& benchmark : kBenchmarks) {
      const std::string name =
          fmt::format("{}/{}/{}", result.scenario, transport.name, benchmark.name);
      add({family++, name, transport.repetitions.size(), result.threads}, benchmark, transport,
          entries);
    }
  }
  const Json json{{"context", context_of(result)}, {"benchmarks", std::move(entries)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace pushbench::report
