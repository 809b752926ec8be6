#include "report/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "harness/units.h"
#include "report/all_figures.h"
#include "report/build_words.h"
#include "report/interval.h"
#include "report/invalid.h"
#include "report/numbers.h"
#include "report/promises.h"
#include "report/row_names.h"
#include "report/target_cores.h"
#include "report/verdict.h"
#include "report/verdict_story.h"

namespace pushbench::report {

using harness::RunResult;
using harness::TransportResult;

namespace {

using Row = std::vector<std::string>;

constexpr std::size_t kMostAcross = 5;

/// A table's row, of cells that are Markdown already.
std::string line(const Row& cells) { return fmt::format("| {} |\n", fmt::join(cells, " | ")); }

/// The heading and the line below it: the first columns to the left, figures to the right.
std::string table_head(const Row& titles, std::size_t left) {
  std::string rule = "|";
  for (std::size_t i = 0; i < titles.size(); ++i) rule += i < left ? "---|" : "---:|";
  return line(titles) + rule + "\n";
}

std::string folded(std::string_view summary, const std::string& text) {
  return fmt::format("\n<details><summary>{}</summary>\n\n{}\n</details>\n", summary, text);
}

std::string heading(const RunResult& result) {
  std::string text = fmt::format("## pushbench: {}\n", markdown_text(result.scenario));
  if (!result.purpose.empty()) text += fmt::format("\n{}\n", markdown_text(result.purpose));
  return text;
}

std::string reasons(const RunResult& result) {
  std::string text;
  for (const std::string& reason : invalid_reasons(result)) {
    text += fmt::format("- {}\n", markdown_text(reason));
  }
  return text;
}

/// What was run, and whether it counts.
std::string validity(const RunResult& result) {
  std::string text;
  for (const TransportResult& transport : result.transports) {
    if (transport.repetitions.empty()) continue;
    const harness::Repetition& first = transport.repetitions.front();
    const std::size_t most = result.most_repetitions();
    text = fmt::format(
        "\n{} users, {} messages, {} deliveries, seed {}; {}.\n", thousands(first.users),
        thousands(first.messages.published), thousands(first.messages.delivered), result.seed,
        most == 1 ? "each transport once" : fmt::format("each transport {} times", most));
    break;
  }
  if (result.valid()) text += "\nThe measurement is valid.\n";
  if (!result.valid()) {
    text += fmt::format("\n**INVALID: {} do not count.**\n\n{}",
                        markdown_text(what_does_not_count(result)), reasons(result));
  }
  if (!result.problem.empty()) text += fmt::format("\n{}\n", markdown_text(result.problem));
  if (result.failed_limits.empty()) return text;
  text += "\n**FAILED: over the scenario's limits.**\n\n";
  for (const std::string& failed : result.failed_limits) {
    text += fmt::format("- {}\n", markdown_text(failed));
  }
  return text;
}

std::string cell(const VerdictRow& row, std::size_t transport) {
  if (!row.figures[transport]) return "–";
  const Interval& interval = *row.figures[transport];
  std::string text = markdown_text(figure_of(row, interval.median));
  if (row.best[transport]) text = fmt::format("**{}**", text);
  const std::string range = range_of(row, interval);
  return range.empty() ? text : fmt::format("{}<br><sub>{}</sub>", text, markdown_text(range));
}

/// What bold and small print mean, as far as there is any.
std::string legend(const Verdict& verdict) {
  Row parts;
  if (marks_any(verdict)) parts.emplace_back("Bold: the lowest, and what cannot be told from it.");
  if (std::string ranges = ranges_text(verdict); !ranges.empty()) parts.push_back(ranges);
  return parts.empty() ? "" : fmt::format("\n{}\n", fmt::join(parts, " "));
}

/// With many columns a page is too narrow for them: then each is a row.
std::string turned_table(const Verdict& verdict) {
  Row titles{""};
  for (const VerdictRow& row : verdict.rows) titles.push_back(row.label);
  std::string text = fmt::format("\n{}", table_head(titles, 1));
  for (std::size_t i = 0; i < verdict.transports.size(); ++i) {
    Row cells{markdown_text(marked_name(verdict, i))};
    for (const VerdictRow& row : verdict.rows) cells.push_back(cell(row, i));
    text += line(cells);
  }
  return text;
}

std::string verdict_table(const Verdict& verdict) {
  if (verdict.rows.empty()) return "";
  if (verdict.transports.size() > kMostAcross) return turned_table(verdict) + legend(verdict);
  Row titles{""};
  for (std::size_t i = 0; i < verdict.transports.size(); ++i) {
    titles.push_back(markdown_text(marked_name(verdict, i)));
  }
  std::string text = fmt::format("\n{}", table_head(titles, 1));
  for (const VerdictRow& row : verdict.rows) {
    Row cells{row.label};
    for (std::size_t i = 0; i < row.figures.size(); ++i) cells.push_back(cell(row, i));
    text += line(cells);
  }
  return text + legend(verdict);
}

/// The median over the repetitions: a whole number in full, others with six digits at least.
std::string exact(std::vector<double> values) {
  const double median = harness::sort_to_median(values);
  const bool whole = median >= 0 && median < 1e15 && median == std::floor(median);
  if (whole || (median >= 1e5 && median < 1e15)) return rounded(median);
  const std::string digits = fmt::format("{:.6g}", median);
  if (median < 1e3 || digits.find('e') != std::string::npos) return digits;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  return thousands(std::stoull(digits.substr(0, point))) + digits.substr(point);
}

std::string all_figures_table(const RunResult& result) {
  Row titles{"figure", "unit"};
  std::vector<std::pair<std::string, std::string_view>> names;  // in order of appearance
  std::map<std::string, std::vector<std::vector<double>>> values;
  for (std::size_t t = 0; t < result.transports.size(); ++t) {
    titles.push_back(markdown_text(result.transports[t].name));
    for (const harness::Repetition& repetition : result.transports[t].repetitions) {
      for (const NamedFigure& figure : all_figures(repetition)) {
        auto& of = values[figure.name];
        if (of.empty()) names.emplace_back(figure.name, figure.unit);
        of.resize(result.transports.size());
        of[t].push_back(figure.value);
      }
    }
  }
  std::string text = table_head(titles, 2);
  for (const auto& [name, unit] : names) {
    Row cells{fmt::format("`{}`", name), std::string(unit)};
    for (auto& of : values[name]) cells.push_back(of.empty() ? "–" : exact(std::move(of)));
    text += line(cells);
  }
  return text;
}

std::string link_text(const harness::LinkResult& link) {
  std::string text = fmt::format("{} each way", harness::format_duration(link.profile.delay));
  if (link.profile.jitter > net::Duration::zero()) {
    text += fmt::format(", jitter up to {}", harness::format_duration(link.profile.jitter));
  }
  text += fmt::format(", up {}, down {}", harness::format_bandwidth(link.profile.up),
                      harness::format_bandwidth(link.profile.down));
  if (link.cut_every != "0s") text += fmt::format(", cut every {}", link.cut_every);
  if (!link.cut_at.empty()) text += fmt::format(", cut at {}", fmt::join(link.cut_at, ", "));
  return text;
}

std::string context_table(const RunResult& result) {
  const harness::Context& context = result.context;
  std::string text = table_head({"", ""}, 2);
  const auto add = [&text](std::string_view name, const std::string& value) {
    if (!value.empty()) text += line({markdown_text(name), markdown_text(value)});
  };
  add("date", context.date);
  add("build", fmt::format("{}, {}", maker_words(context), context.compiler));
  add("libraries", context.libraries);
  add("machine", fmt::format("{}, {} cores, {}", context.machine.cpu, context.machine.cores,
                             size_text(static_cast<double>(context.machine.memory_bytes))));
  add("kernel", context.machine.kernel);
  add("schedule", fmt::format("{} (seed {})", result.schedule_hash, result.seed));
  if (result.speedup != 1) add("trace", fmt::format("{:g} times as fast", result.speedup));
  for (const harness::LinkResult& link : result.links) {
    add(link.group.empty() ? "link" : fmt::format("link of {}", link.group), link_text(link));
  }
  add("headers", fmt::format("{}, {} bytes of cookie", result.headers, result.cookie));
  add("connections", fmt::format("{}{}", result.tls ? "TLS, " : "",
                                 result.close_each ? "one for each exchange" : "kept"));
  if (result.batch_window != "0s") add("batch window", result.batch_window);
  std::string target;
  for (const TransportResult& transport : result.transports) {
    if (!transport.target || transport.target->name == target) continue;
    target = transport.target->name;
    add("target", target_words(*transport.target));
  }
  add("harness threads", std::to_string(result.threads));
  for (const TransportResult& transport : result.transports) {
    for (const auto& [key, value] : transport.options) {
      add(fmt::format("{} {}", transport.name, key), value);
    }
  }
  add("set", fmt::format("{}", fmt::join(result.overrides, ", ")));
  return text;
}

/// With targets: what each server was seen to keep to.
std::string promises_text(const RunResult& result) {
  const std::vector<Promise> promises = promises_of(result);
  if (!tells_promises(result) || promises.empty()) return "";
  std::string text = "\nDeliveries, every subscriber's every message checked:\n\n";
  for (const Promise& promise : promises) {
    text += fmt::format("- {}: {}\n", markdown_text(promise.text),
                        markdown_text(list(promise.columns)));
  }
  return text;
}

std::string floor_text(const RunResult& result) {
  if (!result.floor) return "";
  return fmt::format(
      "\nFloor: without a server the harness itself takes {} a delivery (p50) and {} of CPU.\n",
      time_text(static_cast<double>(result.floor->delivery_latency.percentile(50))),
      time_text(result.floor->cpu_us_per_delivery));
}

}  // namespace

std::string markdown_text(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_[]<>&|~$";
  std::string out;
  for (const char c : text) {
    if (kMarkup.find(c) != std::string_view::npos) {
      // A character reference stands for the character, and never for markup.
      out += fmt::format("&#{};", static_cast<int>(c));
    } else if (c == '@' || c == '#') {
      // GitHub looks for mentions and issues in what was rendered: a zero-width space breaks them.
      out += fmt::format("{}&#8203;", c);
    } else {
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::string markdown(const RunResult& result) {
  const Verdict verdict = verdict_of(result);
  std::string text = heading(result) + validity(result) + verdict_table(verdict) + "\n";
  for (const VerdictSentence& sentence : verdict.sentences) {
    text += fmt::format("- {}\n", markdown_text(sentence.text));
  }
  text += promises_text(result);
  if (const std::string note = target_cores_note(result); !note.empty()) {
    text += fmt::format("\nNote: {}\n", markdown_text(note));
  }
  text += floor_text(result);
  text += folded("All figures, medians over the repetitions", all_figures_table(result));
  return text + folded("What it was made with", context_table(result));
}

}  // namespace pushbench::report
