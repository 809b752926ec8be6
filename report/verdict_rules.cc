#include "report/verdict_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "report/verdict_story.h"
#include "report/verdict_traffic_rules.h"

namespace pushbench::report {

using harness::RunResult;

namespace {

constexpr std::size_t kMostSentences = 5;

/// The deciding rows in which one that is still in the choice is apart from all others that are.
std::vector<std::string> leads_of(const Story& story, std::size_t transport) {
  std::vector<std::string> labels;
  for (const VerdictRow* row : story.choice.deciding) {
    if (!row->figures[transport]) continue;
    const bool ahead =
        std::all_of(story.choice.kept.begin(), story.choice.kept.end(), [&](std::size_t i) {
          return i == transport ||
                 (row->figures[i] && row->figures[transport]->high < row->figures[i]->low);
        });
    if (ahead) labels.push_back(row->label);
  }
  return labels;
}

/// The deciding rows in which one that is out is better than all that are not.
std::vector<std::string> merits_of(const Story& story, std::size_t transport) {
  std::vector<std::string> labels;
  for (const VerdictRow* row : story.choice.deciding) {
    const bool one_left = std::any_of(story.choice.kept.begin(), story.choice.kept.end(),
                                      [&](std::size_t i) { return row->best[i]; });
    if (row->best[transport] && !one_left) labels.push_back(row->label);
  }
  return labels;
}

std::string why_out(const Story& story, const RuledOut& out) {
  std::string text = fmt::format(
      "{} is out by {} ({}, {} {})", story.name(out.transport), out.row->label,
      figure_of(*out.row, out.row->figures[out.transport]->median), story.name(out.better),
      figure_of(*out.row, out.row->figures[out.better]->median));
  const auto merits = merits_of(story, out.transport);
  if (!merits.empty()) text += fmt::format(", though it is best in {}", list(merits));
  return text;
}

// Rule "choice": of two transports or more, those that no deciding row has ruled out (see
// choose()), and by which row and figures each of the others went. In which deciding rows one of
// those is best all the same is said. One repetition says nothing of chance, which is said.
std::string choice(const Story& story) {
  if (story.verdict.transports.size() < 2) return "";
  const std::string by =
      story.facts.repetitions < 2 ? "By one repetition, in which chance cannot be told, f" : "F";
  if (story.choice.out.empty()) {
    return fmt::format("{}or this traffic any of {} will do: no row tells them far enough apart.",
                       by, list(story.verdict.transports, "or"));
  }
  std::vector<std::string> reasons;
  for (const RuledOut& out : story.choice.out) reasons.push_back(why_out(story, out));
  return fmt::format("{}or this traffic: {}; {}.", by, list(story.names(story.choice.kept), "or"),
                     fmt::join(reasons, ", "));
}

// Rule "alone": there is one transport.
std::string alone(const Story& story) {
  if (story.verdict.transports.size() != 1) return "";
  std::vector<std::string> figures;
  for (const VerdictRow& row : story.verdict.rows) {
    figures.push_back(fmt::format("{} {}", row.label, figure_of(row, row.figures.front()->median)));
  }
  return fmt::format("Only {} was run, so that nothing is compared here: {}.",
                     story.verdict.transports.front(), list(figures));
}

/// What no figure tells of a transport but decides between two that are close.
std::string trait(const TransportFacts& t) {
  if (t.name == "websocket") return "websocket sends and receives on one connection, not as HTTP";
  if (t.name == "sse") {
    return fmt::format("sse is plain HTTP and needs a POST for each publish ({} here)",
                       count_text(t.published));
  }
  if (t.name == "long-polling") {
    return fmt::format("long-polling is plain HTTP and asks again after each answer ({} times)",
                       count_text(t.asked));
  }
  if (t.name == "polling") return "polling is plain HTTP and needs no request that stays open";
  return "";
}

// Rule "draw": two transports or more are left. Where one of them wins a deciding row, it is said;
// then what else decides between them.
std::string draw(const Story& story) {
  if (story.verdict.transports.size() < 2 || story.choice.kept.size() < 2) return "";
  std::vector<std::string> leads;
  std::vector<std::string> traits;
  for (const std::size_t i : story.choice.kept) {
    const auto ahead = leads_of(story, i);
    if (!ahead.empty())
      leads.push_back(fmt::format("{} is ahead in {}", story.name(i), list(ahead)));
    const std::string said = trait(story.facts.transports[i]);
    if (!said.empty()) traits.push_back(said);
  }
  std::string text =
      leads.empty() ? fmt::format("No figure tells {} apart", list(story.names(story.choice.kept)))
                    : fmt::format("Of these {}, by too little to decide", list(leads));
  if (!traits.empty()) text += fmt::format("; what decides: {}", fmt::join(traits, ", "));
  return text + ".";
}

// Rule "against": one transport is left. The rows that another one wins speak against it.
std::string against(const Story& story) {
  if (story.verdict.transports.size() < 2 || story.choice.kept.size() != 1) return "";
  const std::size_t kept = story.choice.kept.front();
  std::vector<std::string> worse;
  for (const VerdictRow& row : story.verdict.rows) {
    if (row.best[kept] || !row.figures[kept]) continue;
    const auto best = std::find(row.best.begin(), row.best.end(), true);
    if (best == row.best.end()) continue;
    const auto winner = static_cast<std::size_t>(best - row.best.begin());
    worse.push_back(fmt::format("{} ({}, {} {})", row.label,
                                figure_of(row, row.figures[kept]->median), story.name(winner),
                                figure_of(row, row.figures[winner]->median)));
  }
  if (worse.empty()) {
    return fmt::format("Nothing here speaks against {}: it is best in every row, or level.",
                       story.name(kept));
  }
  return fmt::format("What speaks against {}: {}.", story.name(kept), list(worse));
}

struct Rule {
  std::string_view name;
  std::string (*sentence)(const Story&);
};

/// In order of what a reader must not miss.
constexpr std::array kRules{
    Rule{"choice", choice},      Rule{"alone", alone},        Rule{"draw", draw},
    Rule{"against", against},    Rule{"beat", beat_rule},     Rule{"up", up_rule},
    Rule{"silent", silent_rule}, Rule{"scaled", scaled_rule}, Rule{"back", back_rule},
    Rule{"link", link_rule},     Rule{"waste", waste_rule},   Rule{"gather", gather_rule},
};

// Rule "invalid": nothing else is said of a run that does not count, but why, by its first reason.
std::string invalid(const RunResult& result) {
  std::string why;
  std::size_t reasons = 0;
  for (const auto& transport : result.transports) {
    for (std::size_t i = 0; i < transport.repetitions.size(); ++i) {
      for (const std::string& reason : transport.repetitions[i].invalid) {
        if (++reasons > 1) continue;
        why = fmt::format("{}, repetition {}: {}", transport.name, i + 1, reason);
      }
    }
  }
  if (result.outcome == harness::Outcome::broke && why.empty()) why = result.problem;
  if (why.empty()) why = "it did not run to its end";
  if (reasons > 1) why += fmt::format(" (and {} more)", reasons - 1);
  return fmt::format("Nothing may be concluded, because the run is invalid: {}.", why);
}

}  // namespace

std::vector<VerdictSentence> sentences_of(const RunResult& result, const VerdictFacts& facts,
                                          const Verdict& verdict) {
  if (!result.valid()) return {{"invalid", invalid(result)}};
  if (facts.transports.empty()) return {{"nothing", "Nothing was delivered."}};
  const Story story{result, facts, verdict, choose(verdict, facts)};
  std::vector<VerdictSentence> sentences;
  for (const Rule& rule : kRules) {
    if (sentences.size() == kMostSentences) break;
    std::string text = rule.sentence(story);
    if (!text.empty()) sentences.push_back({rule.name, std::move(text)});
  }
  return sentences;
}

}  // namespace pushbench::report
