#include "harness/lab_keys.h"

#include <array>

#include "harness/units.h"

namespace pushbench::harness {

namespace {

constexpr std::string_view kText = "a text in quotes";
constexpr std::string_view kTexts = "a list of texts, as in [\"polling\"]";
constexpr std::string_view kBoth = "both languages, as in { en = \"…\", ru = \"…\" }";
constexpr std::string_view kTables =
    "tables of its own, each below [[run]], [[predict]], [[check]]";
constexpr std::int64_t kLongest = 240;  // minutes

bool take(std::string& out, const toml::node& node) {
  const auto* const text = node.as_string();
  if (text == nullptr || text->get().empty()) return false;
  out = text->get();
  return true;
}

bool take(LabText& out, const toml::node& node) {
  const toml::table* const both = node.as_table();
  if (both == nullptr || both->size() != 2) return false;
  const toml::node* const en = both->get("en");
  const toml::node* const ru = both->get("ru");
  return en != nullptr && ru != nullptr && take(out.en, *en) && take(out.ru, *ru);
}

bool take(std::vector<std::string>& out, const toml::node& node) {
  const toml::array* const list = node.as_array();
  if (list == nullptr || list->empty()) return false;
  for (const toml::node& item : *list) {
    if (!take(out.emplace_back(), item)) return false;
  }
  return true;
}

bool take(std::vector<const toml::table*>& out, const toml::node& node) {
  const toml::array* const list = node.as_array();
  if (list == nullptr || list->empty()) return false;
  for (const toml::node& item : *list) {
    if (!item.is_table()) return false;
    out.push_back(item.as_table());
  }
  return true;
}

bool take_minutes(RawLab& lab, const toml::node& node) {
  const auto* const minutes = node.as_integer();
  if (minutes == nullptr || minutes->get() < 1 || minutes->get() > kLongest) return false;
  lab.minutes = static_cast<std::uint64_t>(minutes->get());
  return true;
}

bool take_time(RawLab& lab, const toml::node& node) {
  std::string text;
  if (!take(text, node)) return false;
  const auto duration = parse_duration(text);
  if (!duration || duration->count() <= 0) return false;
  lab.runs_take = *duration;
  return true;
}

/// An empty unit is one, too.
bool take_unit(RawQuestion& question, const toml::node& node) {
  const auto* const text = node.as_string();
  if (text == nullptr) return false;
  question.unit = text->get();
  return true;
}

using Node = toml::node;

constexpr std::array kLab{
    LabKey<RawLab>{"minutes", "the lesson's minutes, a whole number from 1 to 240", true,
                   take_minutes},
    LabKey<RawLab>{"runs_take", "how long its runs take together, as in \"2min\"", true, take_time},
    LabKey<RawLab>{"title", kBoth, true,
                   [](RawLab& lab, const Node& node) { return take(lab.title, node); }},
    LabKey<RawLab>{"lesson", kBoth, false,
                   [](RawLab& lab, const Node& node) { return take(lab.lesson.emplace(), node); }},
    LabKey<RawLab>{"run", kTables, true,
                   [](RawLab& lab, const Node& node) { return take(lab.runs, node); }},
    LabKey<RawLab>{"predict", kTables, true,
                   [](RawLab& lab, const Node& node) { return take(lab.questions, node); }},
    LabKey<RawLab>{"check", kTables, true,
                   [](RawLab& lab, const Node& node) { return take(lab.checks, node); }},
    LabKey<RawLab>{"knob", "keys of its own, below [knob]", false,
                   [](RawLab& lab, const Node& node) {
                     lab.knob = node.as_table();
                     return lab.knob != nullptr;
                   }},
};

constexpr std::array kRun{
    LabKey<LabRun>{"name", kText, true,
                   [](LabRun& run, const Node& node) { return take(run.name, node); }},
    LabKey<LabRun>{"scenario",
                   "a file beside it, as in \"slow.toml\", or a shipped scenario's name", true,
                   [](LabRun& run, const Node& node) { return take(run.scenario, node); }},
    LabKey<LabRun>{"transports", kTexts, false,
                   [](LabRun& run, const Node& node) { return take(run.transports, node); }},
    LabKey<LabRun>{"set", "a list of texts, as in [\"users.count=50\"]", false,
                   [](LabRun& run, const Node& node) { return take(run.set, node); }},
};

constexpr std::array kQuestion{
    LabKey<RawQuestion>{"id", kText, true,
                        [](RawQuestion& q, const Node& node) { return take(q.id, node); }},
    LabKey<RawQuestion>{"ask", kBoth, true,
                        [](RawQuestion& q, const Node& node) { return take(q.ask, node); }},
    LabKey<RawQuestion>{"unit", "a unit in quotes, as in \"ms\" or \"%\"", false, take_unit},
    LabKey<RawQuestion>{"figure", "a figure in quotes, as in \"RUN.TRANSPORT.METRIC\"", true,
                        [](RawQuestion& q, const Node& node) { return take(q.figure, node); }},
};

constexpr std::array kCheck{
    LabKey<RawCheck>{"says", "a comparison in quotes, as in \"RUN.TRANSPORT.METRIC < 20%\"", true,
                     [](RawCheck& check, const Node& node) { return take(check.says, node); }},
    LabKey<RawCheck>{"hint", kBoth, true,
                     [](RawCheck& check, const Node& node) { return take(check.hint, node); }},
};

constexpr std::array kKnob{
    LabKey<LabKnob>{"run", "a run's name", true,
                    [](LabKnob& knob, const Node& node) { return take(knob.run, node); }},
    LabKey<LabKnob>{"set", "KEY=VALUE in quotes, as in \"users.count=50\"", true,
                    [](LabKnob& knob, const Node& node) { return take(knob.set, node); }},
    LabKey<LabKnob>{"ask", kBoth, true,
                    [](LabKnob& knob, const Node& node) { return take(knob.ask, node); }},
};

}  // namespace

std::span<const LabKey<RawLab>> lab_keys() { return kLab; }
std::span<const LabKey<LabRun>> run_keys() { return kRun; }
std::span<const LabKey<RawQuestion>> question_keys() { return kQuestion; }
std::span<const LabKey<RawCheck>> check_keys() { return kCheck; }
std::span<const LabKey<LabKnob>> knob_keys() { return kKnob; }

}  // namespace pushbench::harness
