#include "cli/usage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

#include "cli/shipped.h"
#include "cli/tree.h"
#include "harness/scenario.h"
#include "harness/scenario_file.h"

namespace pushbench::cli {

namespace {

bool is_flag(std::string_view word) {
  const bool dash = word.size() > 1 && word[0] == '-';
  return dash && std::isdigit(static_cast<unsigned char>(word[1])) == 0;  // "-1" is a value
}

/// The command that the words name; the program itself if they name none.
const CLI::App* named_command(const CLI::App& root, const std::vector<std::string>& words) {
  const auto first = std::find_if_not(words.begin(), words.end(), is_flag);
  if (first == words.end()) return &root;
  const auto found = find_command(root, *first);
  return found ? *found : &root;
}

const Parameter* find_flag(const std::vector<Parameter>& known, const std::string& name) {
  const auto found = std::find_if(known.begin(), known.end(), [&name](const Parameter& flag) {
    return std::find(flag.names.begin(), flag.names.end(), name) != flag.names.end();
  });
  return found == known.end() ? nullptr : &*found;
}

tl::unexpected<Error> no_flag(const std::vector<Parameter>& known, const std::string& name) {
  std::vector<std::string_view> names;
  for (const Parameter& parameter : known) {
    names.insert(names.end(), parameter.names.begin(), parameter.names.end());
  }
  return failure(name, "there is no such flag" + harness::suggestion(name, names));
}

/// What CLI11 would say late, behind something that is missing, or not at all: it takes a flag for
/// the value of the one before, and a value for a flag that has none.
Result<void> check_flags(const CLI::App& command, const std::vector<std::string>& words) {
  const std::vector<Parameter> known = describe(command).parameters;
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (!is_flag(words[i])) continue;
    const std::string name = words[i].substr(0, words[i].find('='));
    const Parameter* const flag = find_flag(known, name);
    if (flag == nullptr) return no_flag(known, name);
    const bool joined = name.size() < words[i].size();
    if (joined && flag->value.empty()) return failure(name, "takes no value");
    if (joined || flag->value.empty()) continue;
    const bool lacking = i + 1 == words.size() || find_flag(known, words[i + 1]) != nullptr;
    if (lacking && !flag->bare) return failure(name, "its value is missing");
    if (!lacking) ++i;
  }
  return {};
}

/// What the command takes under a name that CLI11 has for it: "--repeat", or "scenario" for a word
/// in its place.
struct Concerned {
  Parameter parameter;
  std::vector<std::string> given;  // its values, as they were typed
  std::string shown;               // as help has it
};

std::optional<Concerned> find_concerned(const CLI::App& command, const std::string& name) {
  const CLI::App* const root = command.get_parent();
  const CLI::Option* option = command.get_option_no_throw(name);
  if (option == nullptr && root != nullptr) option = root->get_option_no_throw(name);
  if (option == nullptr) return std::nullopt;
  Parameter parameter = describe(command, *option);
  std::string shown = parameter.names.empty() ? parameter.value : name;
  return Concerned{std::move(parameter), option->results(), std::move(shown)};
}

/// A value that is not among the words that the flag takes: "{html,json}".
Error unknown_word(const std::string& where, const std::string& word, std::string_view braced) {
  std::vector<std::string_view> known;
  braced = braced.substr(1, braced.size() - 2);
  while (!braced.empty()) {
    const std::size_t comma = std::min(braced.find(','), braced.size());
    known.push_back(braced.substr(0, comma));
    braced.remove_prefix(std::min(comma + 1, braced.size()));
  }
  return {where, fmt::format("there is no such value{} There are: {}",
                             harness::suggestion(word, known), fmt::join(known, ", "))};
}

/// What a validator said of the option's value. CLI11's own speak of themselves; ours name what
/// would be right.
Error wrong_value(const Concerned& concerned, const std::string& why) {
  const std::string value = concerned.given.empty() ? "" : concerned.given.back();
  const std::string where = fmt::format("{} {}", concerned.shown, value);
  const std::string& range = concerned.parameter.range;
  if (range.starts_with('{')) return unknown_word(where, value, range);
  if (why.find(" not in range ") != std::string::npos) {
    return {where, "write a number from " + range};
  }
  if (why.starts_with(value + ": ")) return {where, why.substr(value.size() + 2)};
  return {concerned.shown, why};
}

/// CLI11's words for one thing said of another, and ours.
struct Relation {
  std::string_view theirs;
  std::string_view ours;
};

constexpr Relation kExcludes{" excludes ", "does not go together with"};
constexpr Relation kRequires{" requires ", "means nothing without"};

Error related(const CLI::App& command, const std::string& what, const Relation& relation) {
  const std::size_t at = what.find(relation.theirs);
  if (at == std::string::npos) return {"", what};
  const auto shown = [&command](const std::string& name) {
    const auto concerned = find_concerned(command, name);
    return concerned ? concerned->shown : name;
  };
  return {"", fmt::format("{} {} {}", shown(what.substr(0, at)), relation.ours,
                          shown(what.substr(at + relation.theirs.size())))};
}

/// "Could not convert: --port = x".
Error unreadable(const std::string& what) {
  const std::size_t colon = what.find(": ");
  const std::size_t equals = what.find(" = ");
  if (colon == std::string::npos || equals == std::string::npos) return {"", what};
  return {fmt::format("{} {}", what.substr(colon + 2, equals - colon - 2), what.substr(equals + 3)),
          "write a number"};
}

/// Too many values, or too few.
std::string number_of_values(const Concerned& concerned) {
  if (concerned.given.size() > 1 && !concerned.parameter.repeats) return "is given more than once";
  return concerned.parameter.names.empty() ? "one more is needed" : "its value is missing";
}

template <class T>
bool is(const CLI::ParseError& error) {
  return dynamic_cast<const T*>(&error) != nullptr;
}

/// In our words what CLI11 says in its own.
Error explain(const CLI::App& command, const CLI::ParseError& error) {
  const std::string what = error.what();
  if (is<CLI::ExcludesError>(error)) return related(command, what, kExcludes);
  if (is<CLI::RequiresError>(error)) return related(command, what, kRequires);
  if (is<CLI::ConversionError>(error)) return unreadable(what);
  if (is<CLI::ExtrasError>(error)) {
    return {what.substr(what.rfind(": ") + 2), "there is no place for this word"};
  }
  if (command.get_parent() == nullptr) return {"", "a command is missing"};
  const std::string name = what.substr(0, what.find_first_of(": "));
  const auto concerned = find_concerned(command, name);
  if (!concerned) return {"", what};
  if (is<CLI::RequiredError>(error)) return {"", concerned->shown + " is missing"};
  if (is<CLI::ArgumentMismatch>(error)) return {concerned->shown, number_of_values(*concerned)};
  if (!what.starts_with(name + ": ")) return {"", what};
  return wrong_value(*concerned, what.substr(name.size() + 2));
}

/// A first word that is no command: a flag without its dashes, a scenario, or a command with a
/// slip.
tl::unexpected<Error> no_command(const CLI::App& root, const std::string& word,
                                 const Error& error) {
  const auto scenarios = harness::shipped_names(scenario_folder());
  const bool is_scenario = word.ends_with(".toml") ||
                           std::find(scenarios.begin(), scenarios.end(), word) != scenarios.end();
  std::string meant;
  if (root.get_option_no_throw("--" + word) != nullptr) meant = "--" + word;
  if (is_scenario) meant = "pushbench run " + word;
  if (meant.empty()) return failure("pushbench", error.line());
  return failure("pushbench",
                 fmt::format("{}: there is no such command; did you mean {}?", word, meant));
}

}  // namespace

Result<const CLI::App*> find_command(const CLI::App& root, const std::string& name) {
  std::vector<std::string> names;
  for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; })) {
    if (app->get_name() == name) return app;
    names.push_back(app->get_name());
  }
  return failure(
      name, "there is no such command" + harness::suggestion(name, {names.begin(), names.end()}));
}

Result<void> read_words(CLI::App& root, const std::vector<std::string>& words) {
  // Whatever follows: a script that starts a server may put a command's flags behind it.
  if (words.front() == "--version") root.parse(std::vector<std::string>{words.front()});
  const auto first = std::find_if_not(words.begin(), words.end(), is_flag);
  const CLI::App* const command = named_command(root, words);
  const std::string place = command == &root ? "pushbench" : "pushbench " + command->get_name();
  if (first != words.end()) {
    if (const auto found = find_command(root, *first); !found) {
      return no_command(root, *first, found.error());
    }
  }
  if (const auto known = check_flags(*command, words); !known) {
    return failure(place, known.error().line());
  }
  try {
    root.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::Success&) {
    throw;
  } catch (const CLI::ParseError& error) {
    return failure(place, explain(*command, error).line());
  }
  return {};
}

std::string with_next_step(const std::string& line, const std::string& next) {
  const bool ended = line.ends_with('.') || line.ends_with('?');
  return fmt::format("{}{} See {}", line, ended ? "" : ".", next);
}

}  // namespace pushbench::cli
