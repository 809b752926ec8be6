#include "report/verdict_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "report/invalid.h"
#include "report/numbers.h"
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

bool clearly_worse(const Story& story, const VerdictRow& row, std::size_t transport,
                   std::size_t than) {
  return clearly_worse(row, transport, than, story.choice.traffic, story.facts);
}

/// The deciding rows in which one that is out is clearly better than all that are not.
std::vector<std::string> merits_of(const Story& story, std::size_t transport) {
  std::vector<std::string> labels;
  for (const VerdictRow* row : story.choice.deciding) {
    const bool better =
        std::all_of(story.choice.kept.begin(), story.choice.kept.end(),
                    [&](std::size_t i) { return clearly_worse(story, *row, i, transport); });
    if (better) labels.push_back(row->label);
  }
  return labels;
}

/// Whom to name beside one that is out: of those that are left at the end the one with the lowest
/// figure, if that is lower; else the one that ruled it out.
std::size_t better_than(const Story& story, const RuledOut& out) {
  const auto& figures = out.row->figures;
  std::size_t best = out.better;
  double lowest = figures[out.transport]->median;
  for (const std::size_t i : story.choice.kept) {
    if (!figures[i] || figures[i]->median >= lowest) continue;
    best = i;
    lowest = figures[i]->median;
  }
  return best;
}

/// All that one row has ruled out: "polling and long-polling are out by …".
std::string why_out(const Story& story, const VerdictRow& row) {
  std::vector<std::string> names;
  std::vector<std::string> figures;
  std::vector<std::string> merits;
  std::size_t better = 0;
  for (const RuledOut& out : story.choice.out) {
    if (out.row != &row) continue;
    better = better_than(story, out);
    names.push_back(story.name(out.transport));
    figures.push_back(figure_of(row, row.figures[out.transport]->median));
    const auto best_in = merits_of(story, out.transport);
    if (best_in.empty()) continue;
    merits.push_back(fmt::format("{} is better in {}", names.back(), list(best_in)));
  }
  if (names.empty()) return "";
  std::string text = fmt::format("{} {} out by {} ({} against {}'s {})", list(names),
                                 names.size() == 1 ? "is" : "are", row.label, list(figures),
                                 story.name(better), figure_of(row, row.figures[better]->median));
  if (!merits.empty()) text += fmt::format(", though {}", list(merits));
  return text;
}

// Rule "choice": of two transports or more, those that no deciding row has ruled out (see
// choose()), and by which row and figures each of the others went. In which deciding rows one of
// those is clearly better all the same is said. One repetition says nothing of chance, which is
// said.
std::string choice(const Story& story) {
  if (story.verdict.transports.size() < 2) return "";
  const std::string by =
      story.facts.repetitions < 2 ? "By one repetition, in which chance cannot be told, f" : "F";
  if (story.choice.out.empty()) {
    return fmt::format("{}or this traffic any of {} will do: no row tells them far enough apart.",
                       by, list(story.verdict.transports, "or"));
  }
  std::vector<std::string> reasons;
  for (const VerdictRow* row : story.choice.deciding) {
    if (std::string reason = why_out(story, *row); !reason.empty()) reasons.push_back(reason);
  }
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

/// What no figure tells of a transport but decides between two that are close. A target's may work
/// in another way.
std::string trait(const TransportFacts& t) {
  if (t.result->target) return "";
  if (t.transport == "websocket") {
    return "websocket publishes on the connection it has, which is not HTTP once it is open";
  }
  if (t.transport == "sse") {
    return fmt::format("sse is plain HTTP, and needs a POST for each publish ({} here)",
                       rounded(t.published));
  }
  if (t.transport == "long-polling") {
    return fmt::format("long-polling is plain HTTP, and asks again after each answer ({} times)",
                       rounded(t.asked));
  }
  if (t.transport == "polling") return "polling is plain HTTP, and no request stays open";
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
                    : fmt::format("Of these {}, by too little to decide", fmt::join(leads, "; "));
  if (!traits.empty()) text += fmt::format("; what else counts: {}", fmt::join(traits, "; "));
  return text + ".";
}

// Rule "against": one transport is left. The rows in which another one is clearly better speak
// against it.
std::string against(const Story& story) {
  if (story.verdict.transports.size() < 2 || story.choice.kept.size() != 1) return "";
  const std::size_t kept = story.choice.kept.front();
  std::vector<std::string> worse;
  for (const VerdictRow& row : story.verdict.rows) {
    for (std::size_t i = 0; i < row.figures.size(); ++i) {
      if (!row.best[i] || !clearly_worse(story, row, kept, i)) continue;
      worse.push_back(fmt::format("{} ({} against {}'s {})", row.label,
                                  figure_of(row, row.figures[kept]->median), story.name(i),
                                  figure_of(row, row.figures[i]->median)));
      break;
    }
  }
  if (worse.empty()) {
    return fmt::format("Nothing speaks against {}: no other is clearly better in any row.",
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

// Rule "lost": who lost what others had to bring, after a cut as well, is in no comparison with
// them.
std::string lost(const VerdictFacts& facts) {
  std::vector<std::string> said;
  for (const TransportFacts& column : facts.transports) {
    const std::uint64_t unarrived = report::unarrived(*column.result);
    if (!column.result->valid() || unarrived == 0) continue;
    said.push_back(
        fmt::format("{} ({} of its deliveries did not come)", column.name, thousands(unarrived)));
  }
  if (said.empty()) return "";
  return fmt::format("Left out of the choice: {}; latencies there are of what came.", list(said));
}

/// Columns of targets that do not count.
void leave_out(VerdictFacts& facts, Verdict& verdict) {
  const auto at = [](auto& list, std::size_t i) {
    return list.begin() + static_cast<std::ptrdiff_t>(i);
  };
  for (std::size_t i = facts.transports.size(); i-- > 0;) {
    if (counts(*facts.transports[i].result)) continue;
    facts.transports.erase(at(facts.transports, i));
    verdict.transports.erase(at(verdict.transports, i));
    verdict.invalid.erase(at(verdict.invalid, i));
    for (VerdictRow& row : verdict.rows) {
      row.figures.erase(at(row.figures, i));
      row.best.erase(at(row.best, i));
    }
  }
  std::erase_if(verdict.rows, [](const VerdictRow& row) {
    return std::none_of(row.figures.begin(), row.figures.end(),
                        [](const auto& figure) { return figure.has_value(); });
  });
}

// Rule "invalid": nothing else is said of a run that does not count, but why, by its first reason.
std::string invalid(const RunResult& result) {
  const std::vector<std::string> reasons = invalid_reasons(result);
  std::string why = reasons.empty() ? "" : reasons.front();
  if (result.outcome == harness::Outcome::broke && why.empty()) why = result.problem;
  if (why.empty()) why = "it did not run to its end";
  if (reasons.size() > 1) why += fmt::format(" (and {} more)", reasons.size() - 1);
  return fmt::format("Nothing may be concluded, because the run is invalid: {}.", why);
}

}  // namespace

std::vector<VerdictSentence> sentences_of(const RunResult& result, const VerdictFacts& facts,
                                          const Verdict& verdict) {
  if (!result.stands()) return {{"invalid", invalid(result)}};
  VerdictFacts counting = facts;
  Verdict figures = verdict;
  leave_out(counting, figures);
  std::vector<VerdictSentence> sentences;
  if (std::string text = lost(facts); !text.empty()) sentences.push_back({"lost", std::move(text)});
  if (counting.transports.empty()) {
    if (sentences.empty()) sentences.push_back({"nothing", "Nothing was delivered."});
    return sentences;
  }
  const Story story{result, counting, figures, choose(figures, counting)};
  for (const Rule& rule : kRules) {
    if (sentences.size() == kMostSentences) break;
    std::string text = rule.sentence(story);
    if (!text.empty()) sentences.push_back({rule.name, std::move(text)});
  }
  return sentences;
}

}  // namespace pushbench::report
