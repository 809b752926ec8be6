#include "report/html_method.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/metrics.h"
#include "harness/units.h"
#include "report/build_words.h"
#include "report/html_text.h"
#include "report/interval.h"
#include "report/numbers.h"
#include "report/promises.h"
#include "report/row_names.h"

namespace pushbench::report {

using harness::RunResult;

namespace {

const harness::Repetition* first_repetition(const RunResult& result) {
  for (const auto& transport : result.transports) {
    if (!transport.repetitions.empty()) return &transport.repetitions.front();
  }
  return nullptr;
}

std::string options_text(const RunResult& result) {
  std::string text;
  for (const auto& transport : result.transports) {
    for (const auto& [key, value] : transport.options) {
      text += fmt::format("{}{} {} {}", text.empty() ? "" : "; ", transport.name, key, value);
    }
  }
  return text;
}

/// A line for each target of a run.
void add_targets(const RunResult& result, std::vector<Fact>& facts) {
  std::string last;
  for (const auto& transport : result.transports) {
    if (!transport.target || transport.target->name == last) continue;
    last = transport.target->name;
    const auto unmeasured = unmeasured_targets(result);
    const bool measured = std::find(unmeasured.begin(), unmeasured.end(), last) == unmeasured.end();
    facts.emplace_back("target", target_words(*transport.target) +
                                     (measured ? "" : "; CPU and memory not measured"));
  }
}

std::string links_text(const RunResult& result) {
  std::string text;
  for (const harness::LinkResult& link : result.links) {
    text += text.empty() ? "" : "; ";
    if (result.links.size() > 1) text += (link.group.empty() ? "others" : link.group) + ": ";
    text += link_text(link);
  }
  return text;
}

std::string headers_text(const RunResult& result) {
  std::string text = result.headers;
  if (result.cookie > 0) text += fmt::format(", and a cookie of {} bytes", result.cookie);
  if (result.close_each) text += "; a new connection for each exchange";
  return text;
}

std::string cores_text(const RunResult& result) {
  const std::string threads =
      fmt::format("{} harness thread{}", result.threads, result.threads == 1 ? "" : "s");
  if (!result.cores) return threads + "; not kept to cores";
  return fmt::format("{} on {}; server on core {}", threads,
                     fmt::format("core{} {}", result.cores->harness.size() == 1 ? "" : "s",
                                 fmt::join(result.cores->harness, ", ")),
                     result.cores->server);
}

std::string joined(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string paragraph(const std::string& text) { return "<p>" + html(text) + "</p>\n"; }

std::string source_text(const RunResult& result) {
  const harness::Repetition* first = first_repetition(result);
  const bool kernel = !first || first->network_source == "tcp_info";
  return kernel
             ? "Network bytes are the kernel's (TCP_INFO): all of a connection from the IP header "
               "on, with acknowledgements and retransmissions."
             : "Network bytes are by formula, for a path with packets of 1,500 bytes: the kernel "
               "could not tell.";
}

std::string floor_text(const RunResult& result) {
  if (!result.floor) return "The harness on its own was not measured (no floor).";
  const harness::Histogram& latency = result.floor->delivery_latency;
  return fmt::format(
      "Floor: without a server the harness itself takes {} a delivery at the median{}, and {} of "
      "CPU. No latency here can be below that.",
      time_text(static_cast<double>(latency.percentile(50))),
      latency.supports(99) ? fmt::format(" and {} at the 99th percentile",
                                         time_text(static_cast<double>(latency.percentile(99))))
                           : "",
      time_text(result.floor->cpu_us_per_delivery));
}

std::string intervals_text(const RunResult& result) {
  const std::size_t repetitions = result.most_repetitions();
  if (repetitions < 2) return "Each transport ran once: there are no intervals.";
  return fmt::format(
      "Repetitions take turns: each transport once, then all again. Figures are medians of {} "
      "repetitions; {}.",
      repetitions,
      repetitions < kFewestForInterval
          ? "the range below a figure reaches from the least to the most of them"
          : "the range below a figure is the median's 95 % interval by bootstrap");
}

std::string targets_text(const RunResult& result) {
  if (!tells_promises(result)) return "";
  return paragraph(
      "Targets are servers that pushbench did not start: it neither restarts them between "
      "repetitions nor keeps them to a core. A message there is known by its publisher and id, and "
      "only the order of each publisher's is checked, unless the server speaks pushbench's own "
      "dialect. CPU and memory are those of the processes that were named, with all that descend "
      "of them. What a target loses or repeats makes its own column invalid, and no other; where "
      "the scenario cuts links it is told, and the column counts.");
}

/// Each metric's meaning, with the unit that files give it in.
std::vector<Fact> definitions() {
  std::vector<Fact> all;
  for (const harness::Metric& metric : harness::metrics()) {
    const std::string_view unit = harness::unit_name(metric.unit);
    all.emplace_back(metric.name,
                     fmt::format("{} ({})", metric.meaning, unit == "us" ? "µs" : unit));
  }
  return all;
}

}  // namespace

std::string fact_list(const std::vector<Fact>& facts) {
  std::string out = "<dl class=\"facts\">\n";
  for (const auto& [name, what] : facts) {
    if (what.empty()) continue;
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", html(name), html(what));
  }
  return out + "</dl>\n";
}

std::string link_text(const harness::LinkResult& link) {
  const net::LinkProfile& profile = link.profile;
  std::string text;
  const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
  if (profile.delay.count() > 0) add(harness::format_duration(profile.delay) + " each way");
  if (profile.jitter.count() > 0) {
    add("jitter up to " + harness::format_duration(profile.jitter));
  }
  if (profile.up > 0) add(harness::format_bandwidth(profile.up) + " up");
  if (profile.down > 0) add(harness::format_bandwidth(profile.down) + " down");
  if (text.empty()) text = "none emulated: as fast as this machine's loopback";
  if (link.cut_every != "0s") add("cut every " + link.cut_every + " on average");
  if (!link.cut_at.empty()) add("all cut at " + joined(link.cut_at));
  return text;
}

std::vector<Fact> run_facts(const RunResult& result) {
  std::vector<Fact> facts{{"scenario", result.scenario}};
  if (const harness::Repetition* first = first_repetition(result)) {
    facts.emplace_back("users", thousands(first->users));
    facts.emplace_back("messages", fmt::format("{} published, {} deliveries, a repetition",
                                               thousands(first->messages.published),
                                               thousands(first->messages.delivered)));
    facts.emplace_back("measured", fmt::format("{:.3g} s a repetition, {} of each transport",
                                               first->duration_s, result.most_repetitions()));
  }
  facts.emplace_back("seed", fmt::format("{}, schedule {}", result.seed, result.schedule_hash));
  if (result.speedup != 1) {
    facts.emplace_back("trace",
                       fmt::format("replayed {:g} times as fast as recorded", result.speedup));
  }
  facts.emplace_back("link", links_text(result));
  facts.emplace_back("encryption", result.tls ? "TLS on every connection" : "none");
  facts.emplace_back("request headers", headers_text(result));
  add_targets(result, facts);
  facts.emplace_back("options", options_text(result));
  if (result.batch_window != "0s") facts.emplace_back("batch window", result.batch_window);
  facts.emplace_back("set", joined(result.overrides));
  facts.emplace_back("threads", cores_text(result));
  return facts;
}

std::vector<Fact> context_facts(const harness::Context& context) {
  const harness::Machine& machine = context.machine;
  std::vector<Fact> facts{{"date", context.date}};
  if (!machine.cpu.empty()) {
    facts.emplace_back(
        "machine",
        fmt::format("{}, {} cores, {} of memory, {}", machine.cpu, machine.cores,
                    size_text(static_cast<double>(machine.memory_bytes)), machine.kernel));
  }
  const std::string build = context.build.version.empty() ? "" : build_words(context.build);
  facts.emplace_back(context.server ? "harness" : "pushbench", build);
  if (context.server) facts.emplace_back("server", build_words(*context.server));
  facts.emplace_back("compiler", context.compiler);
  facts.emplace_back("libraries", context.libraries);
  return facts;
}

std::string method_part(const RunResult& result) {
  return paragraph(
             "Every transport replays the same schedule: who is there and who says what when. A "
             "message is published when it is due, whether or not anything before it has arrived, "
             "and its latency counts from that due time, so that a stall is seen in full. Every "
             "subscriber's every message is checked; a run that lost, repeated, reordered or "
             "damaged one is marked invalid.") +
         targets_text(result) + paragraph(intervals_text(result)) +
         paragraph(
             "A percentile is given only where at least ten deliveries lie beyond it: p99 "
             "from 1,000 on, p99.9 from 10,000.") +
         paragraph(source_text(result)) + paragraph(floor_text(result)) +
         "<h3>What each figure is</h3>\n" + fact_list(definitions());
}

}  // namespace pushbench::report
