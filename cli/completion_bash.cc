#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/completions.h"
#include "cli/values.h"

namespace pushbench::cli {

namespace {

constexpr const char* kFunctions =
    R"sh(# Completes pushbench in bash. Written by `pushbench completions bash`.

_pushbench_words() { COMPREPLY=($(compgen -W "$2" -- "$1")); }

# Several words with commas between them: only the last one is to be completed, and each is offered once.
_pushbench_list() {
  local before= last=${1##*,} words=" $2 " word
  [[ $1 == *,* ]] && before="${1%,*},"
  for word in ${before//,/ }; do words=${words/ $word / }; done
  COMPREPLY=($(compgen -P "$before" -W "$words" -- "$last"))
}

_pushbench_keys() {
  COMPREPLY=($(compgen -S = -W "$2" -- "$1"))
  compopt -o nospace 2>/dev/null
}

_pushbench_files() {
  local IFS=$'\n'
  COMPREPLY=($(compgen "$2" -- "$1"))
  compopt -o filenames 2>/dev/null
}

_pushbench_scenarios() {
  local IFS=$'\n'
  COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" list --names 2>/dev/null)" -- "$1")
    $(compgen -f -X '!*.toml' -- "$1") $(compgen -d -- "$1"))
  compopt -o filenames 2>/dev/null
}

)sh";

constexpr const char* kStart = R"sh(_pushbench() {
  local cur=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD - 1]} command= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == -* ]] || { command=${COMP_WORDS[i]}; break; }
  done
  # bash cuts words at "=": --flag=value comes as three of them.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $flag == = ]]; then
    flag=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  [[ $flag != "${COMP_WORDS[COMP_CWORD - 1]}" && $flag != -* ]] && return  # a key's value
)sh";

constexpr const char* kEnd = R"sh(}

complete -F _pushbench pushbench
)sh";

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("'{}'", fmt::join(words, " "));
}

/// The call that fills COMPREPLY; "return" where there is nothing to offer.
std::string call(const Parameter& parameter, const std::vector<Command>& commands) {
  const Offer offer = offer_for(parameter, commands);
  switch (offer.kind) {
    case Offer::Kind::nothing:
      return "return";
    case Offer::Kind::words:
      return fmt::format("_pushbench_{} \"$cur\" {}", parameter.list ? "list" : "words",
                         joined(offer.words));
    case Offer::Kind::keys:
      return fmt::format("_pushbench_keys \"$cur\" {}", joined(offer.words));
    case Offer::Kind::scenarios:
      return "_pushbench_scenarios \"$cur\"";
    case Offer::Kind::files:
      return "_pushbench_files \"$cur\" -f";
    case Offer::Kind::folders:
      return "_pushbench_files \"$cur\" -d";
  }
  return "return";
}

/// A value goes before flags, flags before words: "run --set) …", then "run) …".
std::string values_of(const Command& command, const std::vector<Command>& commands) {
  std::string text;
  for (const Parameter& parameter : command.parameters) {
    if (parameter.names.empty() || parameter.value.empty()) continue;
    for (const std::string& name : parameter.names) {
      text += fmt::format("    '{} {}') {}; return ;;\n", command.name, name,
                          call(parameter, commands));
    }
  }
  return text;
}

std::string flags_and_words(const Command& command, const std::vector<Command>& commands) {
  std::vector<std::string> flags;
  std::string word = ":";
  for (const Parameter& parameter : command.parameters) {
    flags.insert(flags.end(), parameter.names.begin(), parameter.names.end());
    if (parameter.names.empty() && word == ":") word = call(parameter, commands);
  }
  return fmt::format("    {})\n      flags={}\n      [[ $cur == -* ]] || {}\n      ;;\n",
                     command.name.empty() ? "''" : command.name, joined(flags), word);
}

}  // namespace

std::string bash_completion(const Command& program, const std::vector<Command>& commands) {
  std::string text = std::string(kFunctions) + kStart;
  text += "  case \"$command $flag\" in\n";
  for (const Command& command : commands) text += values_of(command, commands);
  text += "  esac\n  local flags=\n  case $command in\n";
  for (const Command& command : commands) text += flags_and_words(command, commands);
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.name);
  Command start = program;
  start.parameters.push_back({{}, "COMMAND", "", "", "", "", true, false, false});
  text += flags_and_words(start, commands);
  text += "  esac\n  [[ $cur == -* ]] && _pushbench_words \"$cur\" \"$flags\"\n  return 0\n";
  return text + kEnd;
}

}  // namespace pushbench::cli
