#include "report/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/bytes_table.h"
#include "report/columns.h"
#include "report/figures.h"
#include "report/invalid.h"
#include "report/numbers.h"
#include "report/promises.h"
#include "report/row_names.h"
#include "report/target_cores.h"
#include "report/verdict.h"
#include "report/verdict_story.h"

namespace pushbench::report {

namespace {

// The columns of the table: name, p50, p99, max, exchanges, empty, up, down, CPU.
constexpr std::array<std::size_t, 9> kColumns{kRowName, 8, 8, 8, 11, 7, 8, 8, 9};

constexpr std::string_view kHeader =
    "                delivery latency      HTTP exchanges app. B/message    server\n"
    "transport         p50     p99     max        all  empty      up    down  CPU/msg\n";

std::string row(const std::array<std::string, 9>& cells) {
  return table_line(cells, kColumns) + "\n";
}

std::string row_of(const Figures& f) {
  const std::string exchanges = rounded(f.exchanges.median);
  const std::string empty = f.asked.median == 0 ? "–" : percent(f.empty_share.median);
  const std::string name = RowNames::name(f.target, f.transport);
  if (!f.has_latency) return row({name, "–", "–", "–", exchanges, empty, "–", "–", "–"});
  return row({name, time_text(f.p50_us.median), f.has_p99 ? time_text(f.p99_us.median) : "–",
              time_text(f.max_us.median), exchanges, empty, significant(f.up_per_message.median),
              significant(f.down_per_message.median),
              f.server_cpu_us_per_message ? time_text(f.server_cpu_us_per_message->median) : "–"});
}

std::string heading(const harness::RunResult& result, const Figures& first) {
  const std::string repetitions =
      first.repetitions == 1 ? "one run" : fmt::format("medians of {} runs", first.repetitions);
  return fmt::format("{}: {} users, {} messages, {} deliveries, seed {}; {}\n\n", result.scenario,
                     thousands(first.users), thousands(first.published), thousands(first.delivered),
                     result.seed, repetitions);
}

/// How far the repetitions' medians lie apart, where there are several and it can be seen.
std::string spread(const Figures& f) {
  const std::string least = time_text(f.p50_us.least);
  const std::string most = time_text(f.p50_us.most);
  if (least == most) return "";
  return fmt::format(" ({} to {} over the repetitions)", least, most);
}

std::string polling_sentence(const Figures& f) {
  std::string text = fmt::format(
      "Half of the messages took {} or more{}, because a user asks only every so often ({}); {} of "
      "the {} polls came back with nothing.",
      time_text(f.p50_us.median), spread(f), f.option, percent(f.empty_share.median),
      rounded(f.asked.median));
  if (f.theory.mean_latency_us) {
    text += fmt::format(" By arithmetic the mean is {}; measured: {}.",
                        time_text(*f.theory.mean_latency_us), time_text(f.mean_us.median));
  }
  return text;
}

/// How many requests the deliveries took: nearly one each, or fewer where one brings several.
std::string price_of_asking(const Figures& f) {
  const double each = f.asked_per_message.median;
  const std::string bytes = significant(f.up_per_message.median + f.down_per_message.median);
  if (each > 0.9 && each < 1.1) {
    return fmt::format(
        "The price is a whole request and response for nearly every delivery, {} bytes of them "
        "each.",
        bytes);
  }
  return fmt::format(
      "The price is {} requests with their responses for each delivery{}; it took {} "
      "bytes.",
      significant(each), each < 1 ? ", as one often brings several" : "", bytes);
}

std::string long_polling_sentence(const Figures& f) {
  return fmt::format(
      "Half of the messages were there within {}{}: the server answers as soon as there is news. "
      "{}",
      time_text(f.p50_us.median), spread(f), price_of_asking(f));
}

std::string sse_sentence(const Figures& f) {
  return fmt::format(
      "Half of the messages were there within {}{}: the answer to each user's one request never "
      "ends, and every batch is an event in it. Publishing takes a request of its own. A delivery "
      "took {} bytes.",
      time_text(f.p50_us.median), spread(f),
      significant(f.up_per_message.median + f.down_per_message.median));
}

std::string websocket_sentence(const Figures& f) {
  return fmt::format(
      "Half of the messages were there within {}{}; after {} upgrades, one a connection, no HTTP "
      "was spoken any more, and a delivery took {} bytes.",
      time_text(f.p50_us.median), spread(f), rounded(f.exchanges.median),
      significant(f.up_per_message.median + f.down_per_message.median));
}

struct Entry {
  std::string_view name;
  std::string (*sentence)(const Figures&);
};

/// What is said of each transport: adding one is a line here.
constexpr std::array kSentences{
    Entry{"polling", polling_sentence},
    Entry{"long-polling", long_polling_sentence},
    Entry{"sse", sse_sentence},
    Entry{"websocket", websocket_sentence},
};

std::string sentence(const Figures& f) {
  if (!f.has_latency) return "Nothing was delivered.";
  for (const Entry& entry : kSentences) {
    if (entry.name == f.transport) return entry.sentence(f);
  }
  return fmt::format("Half of the messages were there within {}{}.", time_text(f.p50_us.median),
                     spread(f));
}

/// Links that were cut on purpose: how often, and what became of the messages.
std::string cuts_note(const std::vector<Figures>& all) {
  std::string each;
  double missed = 0;
  double faulty = 0;
  double left = 0;
  for (const Figures& f : all) {
    if (f.cuts.most == 0) continue;
    left = std::max(left, f.left.most);
    each += fmt::format("{}{} {} times ({} came back)", each.empty() ? "" : ", ", f.name,
                        rounded(f.cuts.median), rounded(f.reconnects.median));
    missed = std::max(missed, f.missed.most);
    faulty += f.faulty.most;
  }
  if (each.empty()) return "";
  std::string text = fmt::format("Cuts: users' connections were dropped on purpose: {}.", each);
  if (faulty == 0 && missed == 0) {
    text += fmt::format(" Nothing was lost: each user got each message once and in order{}.",
                        left == 0 ? "" : ", but for what was under way when it left");
  } else if (faulty == 0) {
    text += fmt::format(
        " No message was lost in silence; up to {} deliveries were missed, and the users were told "
        "(gap notices).",
        rounded(missed));
  }
  return wrapped(text, 0);
}

/// What users that left did not wait for: it is in no other figure.
std::string left_note(const std::vector<Figures>& all) {
  std::string each;
  for (const Figures& f : all) {
    if (f.left.most == 0) continue;
    each += fmt::format("{}{} {}", each.empty() ? "" : ", ", f.name, rounded(f.left.most));
  }
  if (each.empty()) return "";
  return wrapped(
      fmt::format("Left: so many deliveries, at most, were still under way when their users left: "
                  "{}. They are neither delivered nor lost, and have no latency: the latencies "
                  "above are without them.",
                  each),
      0);
}

std::string tls_note(const harness::RunResult& result, const std::vector<Figures>& all) {
  if (!result.tls) return "";
  std::string each;
  for (const Figures& f : all) {
    each += fmt::format("{}{} {}", each.empty() ? "" : ", ", f.name,
                        f.has_latency ? significant(f.tls_per_message.median) : "–");
  }
  return wrapped(
      fmt::format(
          "TLS: all connections were encrypted. The bytes up and down are those "
          "before encryption; a delivery took this many more on the wire, handshakes included: {}.",
          each),
      0);
}

/// A trace that is replayed faster is a busier room. The polling interval, and the wait that comes
/// of it, are then to be read in the trace's own time.
std::string speedup_note(const harness::RunResult& result, const std::vector<Figures>& all) {
  if (result.speedup == 1) return "";
  std::string text =
      fmt::format("Note: the trace ran {:g} times as fast as it was recorded.", result.speedup);
  for (const Figures& f : all) {
    if (f.transport != "polling" || !f.has_latency || f.option.empty())
      continue;  // the only one whose wait the scenario sets
    text += fmt::format(
        " In the chat's own time {}'s {} is {:g} times as long, and so is its mean wait: {}.",
        f.name, f.option, result.speedup, time_text(f.mean_us.median * result.speedup));
  }
  return wrapped(text, 0);
}

/// Where the harness's own lateness is a large part of the latency it measures, the reader must
/// know.
std::string lateness_note(const std::vector<Figures>& all) {
  std::string names;
  double late = 0;
  for (const Figures& f : all) {
    if (!f.has_latency || f.lateness_p99_us.median <= f.p99_us.median / 4) continue;
    names += (names.empty() ? "" : ", ") + f.name;
    late = std::max(late, f.lateness_p99_us.median);
  }
  if (names.empty()) return "";
  return wrapped(fmt::format("Note: the harness itself was up to {} late (p99), which is over a "
                             "quarter of what it measured for {}: read that p99 as an upper bound.",
                             time_text(late), names),
                 0);
}

std::string limits_note(const harness::RunResult& result) {
  if (result.failed_limits.empty()) return "";
  std::string text = "FAILED: over the scenario's limits.\n";
  for (const std::string& failed : result.failed_limits) text += wrapped("  " + failed, 4);
  return text;
}

/// With targets: what each server was seen to keep to, which no figure says.
std::string promises_note(const harness::RunResult& result) {
  const std::vector<Promise> promises = promises_of(result);
  if (!tells_promises(result) || promises.empty()) return "";
  std::string text = "Deliveries, every subscriber's every message checked:\n";
  for (const Promise& promise : promises) {
    text += wrapped(fmt::format("- {}: {}", promise.text, list(promise.columns)), 2);
  }
  return text;
}

/// What was not measured of targets, so that nobody takes it for nothing.
std::string unmeasured_note(const harness::RunResult& result) {
  const std::vector<std::string> names = unmeasured_targets(result);
  if (names.empty()) return "";
  return wrapped(
      fmt::format("Not measured: CPU and memory of {}; --target-pid {}=PID measures them.",
                  list(names), names.front()),
      0);
}

std::string cores_note(const harness::RunResult& result) {
  const std::string note = target_cores_note(result);
  return note.empty() ? "" : wrapped(fmt::format("Note: {}", note), 0);
}

/// The verdict, a sentence an item, without what the transports' own sentences and the notes below
/// them say.
std::string verdict_text(const harness::RunResult& result) {
  constexpr std::array<std::string_view, 5> kSaidElsewhere{"alone", "nothing", "invalid", "waste",
                                                           "gather"};
  std::string text;
  const Verdict verdict = verdict_of(result);
  for (const VerdictSentence& sentence : verdict.sentences) {
    if (std::find(kSaidElsewhere.begin(), kSaidElsewhere.end(), sentence.rule) ==
        kSaidElsewhere.end()) {
      text += wrapped("- " + sentence.text, 2);
    }
  }
  return text.empty() ? "" : "Verdict:\n" + text + "\n";
}

}  // namespace

/// What the harness costs by itself: no transport's figure can be below it.
std::string floor_note(const std::optional<harness::Floor>& floor) {
  if (!floor) return "";
  const harness::Histogram& latency = floor->delivery_latency;
  std::string text =
      fmt::format("Floor: without a server the harness itself takes {} a delivery (p50)",
                  time_text(static_cast<double>(latency.percentile(50))));
  if (latency.supports(99)) {
    text += fmt::format(", {} (p99)", time_text(static_cast<double>(latency.percentile(99))));
  }
  text += fmt::format(" and {} of CPU.", time_text(floor->cpu_us_per_delivery));
  return fmt::format("\n{}", wrapped(text, 0));
}

std::string measured(const harness::RunResult& result) {
  const std::vector<Figures> all = figures_of(result);
  if (all.empty()) return "nothing was measured\n";
  std::string text = heading(result, all.front());
  text += kHeader;
  RowNames names;
  for (const Figures& f : all) text += names.heading(f.target) + row_of(f);
  text += "\n";
  text += verdict_text(result);
  for (const Figures& f : all) {
    if (!f.target) text += wrapped(f.name + ": " + sentence(f), 2);
  }
  if (const std::string note = promises_note(result); !note.empty()) text += "\n" + note;
  if (const std::string note = unmeasured_note(result); !note.empty()) text += "\n" + note;
  if (const std::string note = cores_note(result); !note.empty()) text += "\n" + note;
  if (const std::string table = bytes_table(all); !table.empty()) text += "\n" + table;
  if (const std::string note = cuts_note(all); !note.empty()) text += "\n" + note;
  if (const std::string note = left_note(all); !note.empty()) text += "\n" + note;
  if (const std::string note = tls_note(result, all); !note.empty()) text += "\n" + note;
  if (const std::string note = speedup_note(result, all); !note.empty()) text += "\n" + note;
  if (const std::string note = lateness_note(all); !note.empty()) text += "\n" + note;
  return text + floor_note(result.floor);
}

std::string alarms(const harness::RunResult& result) {
  const std::vector<Figures> all = figures_of(result);
  if (all.empty()) return "";
  std::string text;
  if (const std::string note = limits_note(result); !note.empty()) text += "\n" + note;
  if (result.valid()) return text;
  text += fmt::format("\nINVALID: {} do not count.\n", what_does_not_count(result));
  for (const Figures& f : all) {
    for (const std::string& reason : f.invalid) text += wrapped("  " + reason, 4);
  }
  return text;
}

std::string comparison(const harness::RunResult& result) {
  return measured(result) + alarms(result);
}

}  // namespace pushbench::report
