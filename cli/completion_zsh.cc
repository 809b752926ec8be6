#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/completions.h"
#include "cli/values.h"

namespace pushbench::cli {

namespace {

constexpr const char* kFunctions = R"sh(#compdef pushbench
# Completes pushbench in zsh. Written by `pushbench completions zsh`.

_pushbench_keys() { compadd -S = -- "$@" }

_pushbench_scenarios() {
  local -a names
  names=(${(f)"$($program list --names 2>/dev/null)"})
  _alternative "scenarios:shipped scenario:($names)" 'files:scenario file:_files -g "*.toml"'
}

_pushbench() {
  local curcontext=$curcontext program=$words[1] state line
  typeset -A opt_args
)sh";

constexpr const char* kEnd = R"sh(
if [[ $funcstack[1] == _pushbench ]]; then
  _pushbench "$@"
else
  compdef _pushbench pushbench
fi
)sh";

/// In single quotes, and with a backslash before what _arguments and _describe read as theirs.
std::string quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// What _arguments is to do for the value.
std::string action(const Parameter& parameter, const std::vector<Command>& commands) {
  const Offer offer = offer_for(parameter, commands);
  const std::string words = fmt::format("{}", fmt::join(offer.words, " "));
  switch (offer.kind) {
    case Offer::Kind::nothing:
      return " ";
    case Offer::Kind::words:
      return parameter.list ? fmt::format("_values -s , word {}", words)
                            : fmt::format("({})", words);
    case Offer::Kind::keys:
      return "_pushbench_keys " + words;
    case Offer::Kind::scenarios:
      return "_pushbench_scenarios";
    case Offer::Kind::files:
      return "_files";
    case Offer::Kind::folders:
      return "_files -/";
  }
  return " ";
}

/// One specification of _arguments for each of the flag's names, or one for a word.
std::string specifications(const Parameter& parameter, const std::vector<Command>& commands) {
  const std::string value = parameter.value.empty() ? ""
                                                    : fmt::format(":{}:{}", quoted(parameter.value),
                                                                  action(parameter, commands));
  if (parameter.names.empty()) {
    const char* const optional = parameter.required || parameter.repeats ? "" : ":";
    return fmt::format(" \\\n        '{}{}{}'", parameter.repeats ? "*" : "", optional, value);
  }
  std::string text;
  for (const std::string& name : parameter.names) {
    const bool long_value = !parameter.value.empty() && name.starts_with("--");
    text += fmt::format(" \\\n        '{}{}{}[{}]{}'", parameter.repeats ? "*" : "", name,
                        long_value ? "=" : "", quoted(parameter.meaning), value);
  }
  return text;
}

std::string all_specifications(const Command& command, const std::vector<Command>& commands) {
  std::string text;
  for (const Parameter& parameter : command.parameters) text += specifications(parameter, commands);
  return text;
}

}  // namespace

std::string zsh_completion(const Command& program, const std::vector<Command>& commands) {
  std::string text = kFunctions;
  text += "  _arguments -C" + all_specifications(program, commands) +
          " \\\n        '1:command:->command' '*::word:->words'\n";
  text += "  case $state in\n    command)\n      local -a commands\n      commands=(\n";
  for (const Command& command : commands) {
    text += fmt::format("        '{}:{}'\n", command.name, quoted(command.purpose));
  }
  text += "      )\n      _describe -t commands command commands\n      ;;\n    words)\n";
  text += "      case $line[1] in\n";
  for (const Command& command : commands) {
    text += fmt::format("      {})\n        _arguments{}\n        ;;\n", command.name,
                        all_specifications(command, commands));
  }
  return text + "      esac\n      ;;\n  esac\n}\n" + kEnd;
}

}  // namespace pushbench::cli
