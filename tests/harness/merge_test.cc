#include "harness/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "harness/latency_log.h"
#include "harness/result_json.h"
#include "harness/result_reader.h"
#include "tests/support/sample_result.h"

namespace pushbench::harness {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// Runs of one schedule, each with figures of its own.
std::vector<MergePart> parts(std::uint64_t count, bool flawed = false) {
  std::vector<MergePart> parts;
  for (std::uint64_t i = 0; i < count; ++i) {
    parts.push_back(
        {"part" + std::to_string(i + 1), test::sample_result({.seed = i + 1, .flawed = flawed})});
  }
  return parts;
}

using Counts = std::vector<std::pair<std::int32_t, std::int64_t>>;

Counts counts(const Histogram& histogram) { return histogram.sparse().counts; }

/// Of all deliveries that a transport's repetition made, over all parts, as one would have recorded
/// them in one histogram.
Counts counts_of_all(const std::vector<MergePart>& parts, std::size_t t, std::size_t i,
                     Histogram Repetition::*which) {
  Histogram all;
  for (const MergePart& part : parts) all.add(part.result.transports[t].repetitions[i].*which);
  return counts(all);
}

void expect_histograms_of_all(const RunResult& merged, const std::vector<MergePart>& parts) {
  for (std::size_t t = 0; t < merged.transports.size(); ++t) {
    for (std::size_t i = 0; i < merged.transports[t].repetitions.size(); ++i) {
      const Repetition& r = merged.transports[t].repetitions[i];
      for (const auto which : {&Repetition::delivery_latency, &Repetition::sender_latency,
                               &Repetition::last_receiver_latency, &Repetition::join,
                               &Repetition::rejoin, &Repetition::lateness}) {
        EXPECT_EQ(counts(r.*which), counts_of_all(parts, t, i, which));
      }
    }
  }
}

TEST(Merge, OfFourShardsIsTheHistogramOfAll) {
  // One stream of latencies, once in one histogram and once dealt to four generators.
  std::vector<MergePart> shards = parts(4);
  for (MergePart& shard : shards) {
    Repetition& r = shard.result.transports[0].repetitions[0];
    r.delivery_latency.clear();
    r.by_second.clear();
  }
  std::mt19937_64 random(7);
  std::vector<Histogram> seconds(4);
  Histogram unsharded;
  for (int i = 0; i < 40'000; ++i) {
    const auto us = static_cast<std::int64_t>(random() % 3'000'000);
    unsharded.record(us);
    seconds[random() % 4].record(us);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    Repetition& r = shards[i].result.transports[0].repetitions[0];
    r.delivery_latency.add(seconds[i]);
    r.messages.delivered = r.delivery_latency.count();
    r.by_second.push_back({3, 1, seconds[i].sparse()});
  }
  const auto merged = merge(std::move(shards), MergeAs::generators);
  ASSERT_TRUE(merged) << merged.error().line();
  const Repetition& r = merged->transports[0].repetitions[0];
  EXPECT_EQ(counts(r.delivery_latency), counts(unsharded));
  for (const double percent : {1.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    EXPECT_EQ(r.delivery_latency.percentile(percent), unsharded.percentile(percent));
  }
  ASSERT_EQ(r.by_second.size(), 1U);
  EXPECT_EQ(r.by_second[0].latency.counts, counts(unsharded));
  EXPECT_EQ(r.messages.delivered, 40'000U);
}

TEST(Merge, KeepsWhatAGeneratorSawATargetUseForAll) {
  std::vector<MergePart> generators;
  for (std::uint64_t i = 0; i < 3; ++i) {
    generators.push_back(
        {"part" + std::to_string(i + 1),
         test::sample_result(
             {.transports = {"sse", "nchan/sse"}, .seed = i + 1, .flawed = false})});
  }
  const auto cost_in = [&](std::size_t part, std::size_t repetition) -> auto& {
    return generators[part].result.transports[1].repetitions[repetition].server;
  };
  cost_in(0, 0) = ServerCost{300, 8'000, 20};  // two saw the whole server …
  cost_in(1, 0) = ServerCost{250, 9'000, 30};
  cost_in(2, 0).reset();
  cost_in(0, 1).reset();  // … one was told its processes …
  cost_in(1, 1) = ServerCost{70, 80, 90};
  cost_in(2, 1).reset();
  for (std::size_t part = 0; part < 3; ++part) cost_in(part, 2).reset();  // … none was

  const auto merged = merge(std::move(generators), MergeAs::generators);
  ASSERT_TRUE(merged) << merged.error().line();
  const std::vector<Repetition>& target = merged->transports[1].repetitions;
  ASSERT_TRUE(target[0].server && target[1].server);
  EXPECT_EQ(target[0].server->cpu_us, 300U);
  EXPECT_EQ(target[0].server->peak_rss_bytes, 9'000U);
  EXPECT_EQ(target[0].server->context_switches, 30U);
  EXPECT_EQ(target[1].server->cpu_us, 70U);
  EXPECT_EQ(target[1].server->peak_rss_bytes, 80U);
  EXPECT_FALSE(target[2].server);
}

TEST(Merge, AddsWhatWasCountedAndUsed) {
  const auto merged = merge(parts(3), MergeAs::generators);
  ASSERT_TRUE(merged) << merged.error().line();
  const std::vector<MergePart> all = parts(3);
  expect_histograms_of_all(*merged, all);
  const Repetition& r = merged->transports[1].repetitions[2];
  Messages messages;
  Bytes bytes;
  double longest = 0;
  std::uint64_t cpu_us = 0, rss = 0, switches = 0;
  for (const MergePart& part : all) {
    const Repetition& of_part = part.result.transports[1].repetitions[2];
    messages += of_part.messages;
    bytes = bytes + of_part.bytes;
    longest = std::max(longest, of_part.duration_s);
    cpu_us += of_part.server->cpu_us;
    rss += of_part.server->peak_rss_bytes;
    switches += of_part.server->context_switches;
  }
  EXPECT_EQ(r.users, 300U);
  EXPECT_EQ(r.users_asked, 303U);
  EXPECT_EQ(r.messages.published, messages.published);
  EXPECT_EQ(r.messages.delivered, messages.delivered);
  EXPECT_EQ(r.messages.lost, messages.lost);
  EXPECT_EQ(r.bytes.network.down, bytes.network.down);
  EXPECT_EQ(r.duration_s, longest);
  EXPECT_EQ(r.server->cpu_us, cpu_us);
  EXPECT_EQ(r.server->peak_rss_bytes, rss);
  EXPECT_EQ(r.server->context_switches, switches);
  EXPECT_EQ(r.events.due, 3 * 260U);
  EXPECT_EQ(r.threads.size(), 6U);
  EXPECT_EQ(r.theory.mean_latency_us,
            all[0].result.transports[1].repetitions[2].theory.mean_latency_us);
  EXPECT_EQ(merged->threads, 6U);
}

TEST(Merge, AddsSecondBySecond) {
  const auto merged = merge(parts(2), MergeAs::generators);
  ASSERT_TRUE(merged) << merged.error().line();
  const std::vector<MergePart> all = parts(2);
  for (const LatencySecond& second : merged->transports[3].repetitions[0].by_second) {
    std::uint64_t count = 0;
    for (const MergePart& part : all) {
      for (const LatencySecond& of_part : part.result.transports[3].repetitions[0].by_second) {
        if (of_part.start_s == second.start_s) count += of_part.latency.count();
      }
    }
    EXPECT_EQ(second.latency.count(), count) << second.start_s;
    EXPECT_NE(second.start_s, 2);  // a second in which nothing came
  }
  EXPECT_EQ(merged->transports[3].repetitions[0].by_second.size(), 11U);
}

TEST(Merge, IsAResultThatCanBeReadAgain) {
  for (const auto how : {MergeAs::generators, MergeAs::repetitions}) {
    const auto merged = merge(parts(3, true), how);
    ASSERT_TRUE(merged) << merged.error().line();
    const auto read = parse_run(to_json(*merged), latency_log(*merged), "merged/result.json");
    ASSERT_TRUE(read) << read.error().line();
    EXPECT_EQ(to_json(*read), to_json(*merged));
    ASSERT_EQ(read->parts.size(), 3U);
    EXPECT_EQ(read->parts[1].result, "part2");
  }
}

TEST(Merge, PutsRepetitionsBehindEachOther) {
  const auto merged = merge(parts(2), MergeAs::repetitions);
  ASSERT_TRUE(merged) << merged.error().line();
  const std::vector<MergePart> all = parts(2);
  double end = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t t = 0; t < 4; ++t) {
      const Repetition& r = merged->transports[t].repetitions[i];
      const Repetition& original = all[i / 3].result.transports[t].repetitions[i % 3];
      EXPECT_GT(r.started_s, end);
      end = r.started_s + r.duration_s;
      EXPECT_EQ(r.users, 100U);
      EXPECT_EQ(counts(r.delivery_latency), counts(original.delivery_latency));
    }
  }
  EXPECT_EQ(merged->threads, 2U);
}

TEST(Merge, KeepsReasonsWithTheirPart) {
  std::vector<MergePart> all = parts(3);
  all[1].result.transports[2].repetitions[1].invalid = {"3 deliveries were lost"};
  all[2].result.failed_limits = {"sse delivery_latency.p99 is 9 ms, above 5 ms"};
  const auto merged = merge(std::move(all), MergeAs::generators);
  ASSERT_TRUE(merged) << merged.error().line();
  EXPECT_FALSE(merged->valid());
  EXPECT_THAT(merged->transports[2].repetitions[1].invalid,
              ElementsAre("part 2: 3 deliveries were lost"));
  EXPECT_THAT(merged->failed_limits, ElementsAre(HasSubstr("part 3: sse delivery_latency.p99")));
}

TEST(Merge, OfABrokenPartIsBroken) {
  std::vector<MergePart> all = parts(2);
  all[1].result.outcome = Outcome::broke;
  all[1].result.problem = "the server ended by signal 9";
  const auto merged = merge(std::move(all), MergeAs::generators);
  ASSERT_TRUE(merged) << merged.error().line();
  EXPECT_EQ(merged->outcome, Outcome::broke);
  EXPECT_EQ(merged->problem, "part 2: the server ended by signal 9");
}

TEST(Merge, NeedsEveryPartsFloor) {
  std::vector<MergePart> all = parts(2);
  const std::uint64_t delivered = all[0].result.floor->delivered + all[1].result.floor->delivered;
  const auto with = merge(parts(2), MergeAs::generators);
  ASSERT_TRUE(with);
  ASSERT_TRUE(with->floor);
  EXPECT_EQ(with->floor->delivered, delivered);
  EXPECT_EQ(with->floor->delivery_latency.count(), delivered);
  EXPECT_NEAR(with->floor->cpu_us_per_delivery, 1.0 / 7, 1e-9);
  all[1].result.floor.reset();
  const auto without = merge(std::move(all), MergeAs::generators);
  ASSERT_TRUE(without);
  EXPECT_FALSE(without->floor);
}

TEST(Merge, NamesMachinesThatDiffer) {
  std::vector<MergePart> all = parts(2);
  all[1].result.context.machine = {"Another CPU", 2, 1'000, "Linux 6.2"};
  all[1].result.context.date = "2025-01-31T12:00:00Z";
  all[1].result.cores = net::CorePlan{1, {0}};
  const auto merged = merge(std::move(all), MergeAs::generators);
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->context.machine.cpu, "A CPU @ 2.00GHz + Another CPU");
  EXPECT_EQ(merged->context.machine.cores, 2U);
  EXPECT_EQ(merged->context.date, "2025-01-31T12:00:00Z");
  EXPECT_FALSE(merged->cores);
  EXPECT_EQ(merged->parts[0].machine.cpu, "A CPU @ 2.00GHz");
  EXPECT_EQ(merged->parts[1].machine.cpu, "Another CPU");
}

/// Why two parts are not merged after the second one was changed.
std::string refusal(const std::function<void(RunResult&)>& change,
                    MergeAs how = MergeAs::generators) {
  std::vector<MergePart> all = parts(2);
  change(all[1].result);
  const auto merged = merge(std::move(all), how);
  EXPECT_FALSE(merged);
  return merged ? "" : merged.error().line();
}

TEST(Merge, RefusesWhatDoesNotBelongTogether) {
  EXPECT_THAT(refusal([](RunResult& r) { r.seed = 2; }),
              AllOf(HasSubstr("part2: /seed: is 2, but 18446744073709551615 in part1")));
  EXPECT_THAT(refusal([](RunResult& r) { r.scenario = "game"; }),
              HasSubstr("/scenario: is \"game\", but \"chat\" in part1"));
  EXPECT_THAT(refusal([](RunResult& r) { r.schedule_hash = "ffffffffffffffff"; }),
              HasSubstr("/schedule_hash: is \"ffffffffffffffff\""));
  EXPECT_THAT(refusal([](RunResult& r) { r.tls = false; }), HasSubstr("/tls: is false"));
  EXPECT_THAT(refusal([](RunResult& r) { r.links[0].profile.up = 1; }),
              HasSubstr("/links/0/up_bits_per_s: is 1.0"));
  EXPECT_THAT(refusal([](RunResult& r) { r.transports.pop_back(); }),
              HasSubstr("/transports/3: is nothing, but an object in part1"));
  EXPECT_THAT(refusal([](RunResult& r) { r.transports[1].options[1].second = "2s"; }),
              HasSubstr("/transports/1/options/interval: is \"2s\", but \"100ms\""));
  EXPECT_THAT(refusal([](RunResult& r) { r.transports[0].repetitions.pop_back(); }),
              HasSubstr("/transports/0/repetitions: is 2, but 3 in part1"));
  EXPECT_THAT(refusal([](RunResult& r) { r.context.build.commit = "v2"; }),
              HasSubstr("/context/commit: is \"v2\""));
  EXPECT_THAT(refusal([](RunResult& r) { r.context.server->commit = "v2"; }),
              HasSubstr("/context/server/commit: is \"v2\""));
  EXPECT_THAT(refusal([](RunResult& r) { r.context.server.reset(); }),
              HasSubstr("/context/server: is nothing"));
  EXPECT_THAT(refusal([](RunResult& r) { r.transports[0].repetitions[0].theory.network_up = 1; }),
              HasSubstr("/transports/0/theory/bytes_per_message/network/up: is 1.0, but 54.7"));
}

TEST(Merge, LetsTheNumberOfFurtherRepetitionsDiffer) {
  std::vector<MergePart> all = parts(2);
  for (TransportResult& transport : all[1].result.transports) transport.repetitions.pop_back();
  const auto merged = merge(std::move(all), MergeAs::repetitions);
  ASSERT_TRUE(merged) << merged.error().line();
  EXPECT_EQ(merged->transports[0].repetitions.size(), 5U);
  EXPECT_THAT(refusal([](RunResult& r) { r.seed = 2; }, MergeAs::repetitions), HasSubstr("/seed"));
}

TEST(Merge, RefusesTheSameResultTwice) {
  std::vector<MergePart> twice = parts(2);
  twice.push_back({"copy", test::sample_result({.seed = 1, .flawed = false})});
  EXPECT_THAT(merge(std::move(twice), MergeAs::generators).error().line(),
              HasSubstr("copy: is the same result as part1; name each once"));
  EXPECT_THAT(merge(parts(1), MergeAs::generators).error().line(),
              HasSubstr("two results or more"));
  EXPECT_THAT(refusal([](RunResult& r) { r.parts.resize(4); }),
              HasSubstr("part2: is merged of 4 results already; name these instead"));
}

}  // namespace
}  // namespace pushbench::harness
