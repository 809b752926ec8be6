#include "cli/values.h"

#include <string_view>

#include "clients/registry.h"
#include "harness/metrics.h"
#include "harness/scenario.h"
#include "harness/served_link.h"
#include "harness/varied_key.h"
#include "report/studies/study.h"

namespace pushbench::cli {

namespace {

using Kind = Offer::Kind;

/// A value of this name is completed in this way.
struct Known {
  std::string_view value;
  Kind kind;
  std::vector<std::string> (*words)() = nullptr;
};

std::vector<std::string> transports() {
  const auto names = clients::transport_names();
  return {names.begin(), names.end()};
}

std::vector<std::string> metrics() {
  std::vector<std::string> names;
  for (const harness::Metric& metric : harness::metrics()) names.emplace_back(metric.name);
  return names;
}

std::vector<std::string> studies() {
  std::vector<std::string> names;
  for (const report::Study& study : report::studies()) names.emplace_back(study.name);
  return names;
}

/// A group's key has a name of the scenario's in it, which nobody can know here.
std::vector<std::string> keys() {
  std::vector<std::string> names;
  for (const harness::ScenarioKey& key : harness::scenario_keys()) {
    if (!key.name.starts_with("group.")) names.push_back(key.name);
  }
  return names;
}

/// Those with numbers.
std::vector<std::string> varied_keys() {
  std::vector<std::string> names{"users", "rooms"};
  for (const std::string& name : keys()) {
    const auto key = harness::parse_varied_key(name);
    if (key && harness::VariedKey::of(*key)) names.push_back(name);
  }
  return names;
}

std::vector<std::string> link_parts() {
  const auto& names = harness::ServedLink::kKeys;
  return {names.begin(), names.end()};
}

const Known kKnown[] = {
    {"TRANSPORT", Kind::words, transports},
    {"METRIC", Kind::words, metrics},
    {"METRIC<VALUE", Kind::words, metrics},
    {"STUDY", Kind::words, studies},
    {"KEY", Kind::words, varied_keys},
    {"KEY=VALUE", Kind::keys, keys},
    {"KEY=VALUE,VALUE", Kind::keys, keys},
    {"PART=VALUE", Kind::keys, link_parts},
    {"SCENARIO", Kind::scenarios},
    {"FILE", Kind::files},
    {"RESULT", Kind::files},
    {"FOLDER", Kind::folders},
};

/// The words of "{html,json}", CLI11's way to write a set.
std::vector<std::string> words_of_set(std::string_view range) {
  std::vector<std::string> words;
  range = range.substr(1, range.size() - 2);
  while (!range.empty()) {
    const std::size_t comma = std::min(range.find(','), range.size());
    words.emplace_back(range.substr(0, comma));
    range.remove_prefix(std::min(comma + 1, range.size()));
  }
  return words;
}

}  // namespace

Offer offer_for(const Parameter& parameter, const std::vector<Command>& commands) {
  const std::string& range = parameter.range;
  if (range.starts_with('{') && range.ends_with('}')) return {Kind::words, words_of_set(range)};
  if (parameter.value == "COMMAND") {
    Offer offer{Kind::words, {}};
    for (const Command& command : commands) offer.words.push_back(command.name);
    return offer;
  }
  for (const Known& known : kKnown) {
    if (known.value != parameter.value) continue;
    return {known.kind, known.words == nullptr ? std::vector<std::string>{} : known.words()};
  }
  return {};
}

}  // namespace pushbench::cli
