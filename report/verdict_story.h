#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/result.h"
#include "report/verdict.h"
#include "report/verdict_choice.h"
#include "report/verdict_facts.h"

namespace pushbench::report {

/// What a rule of the verdict looks at. Of a valid run that delivered something.
struct Story {
  const harness::RunResult& run;
  const VerdictFacts& facts;
  const Verdict& verdict;
  Choice choice;

  const std::string& name(std::size_t transport) const { return verdict.transports[transport]; }
  std::vector<std::string> names(const std::vector<std::size_t>& transports) const;
};

/// "a, b and c", or with another word before the last one.
std::string list(const std::vector<std::string>& parts, std::string_view last = "and");

/// "50 % with polling, 4 % with sse and websocket": what `text` says of each transport, where it
/// says anything; those of whom it says the same are together.
template <class Text>
std::string each(const Story& story, Text text) {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (const TransportFacts& transport : story.facts.transports) {
    const std::string said = text(transport);
    if (said.empty()) continue;
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const auto& group) { return group.first == said; });
    if (same != groups.end()) {
      same->second.push_back(transport.name);
    } else {
      groups.push_back({said, {transport.name}});
    }
  }
  std::vector<std::string> parts;
  for (const auto& [said, names] : groups) parts.push_back(said + " with " + list(names));
  return list(parts);
}

}  // namespace pushbench::report
