#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/completions.h"
#include "cli/values.h"

namespace pushbench::cli {

namespace {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

/// The options of `complete` that say what a value may be. Words in their place are not to have
/// files offered beside them, so `-x` and `-r` are for flags.
std::string offered(const Parameter& parameter, const std::vector<Command>& commands) {
  const Offer offer = offer_for(parameter, commands);
  const std::string exclusive = parameter.names.empty() ? "" : "-x ";
  const std::string words = fmt::format("{}", fmt::join(offer.words, " "));
  switch (offer.kind) {
    case Offer::Kind::nothing:
      return exclusive;
    case Offer::Kind::words:
      if (parameter.list) return fmt::format("{}-a '(__fish_append , {})'", exclusive, words);
      return fmt::format("{}-a '{}'", exclusive, words);
    case Offer::Kind::keys:
      return fmt::format("{}-a '{}='", exclusive, fmt::join(offer.words, "= "));
    case Offer::Kind::scenarios:
      return exclusive + "-a '(pushbench list --names 2>/dev/null; __fish_complete_suffix .toml)'";
    case Offer::Kind::files:
      return parameter.names.empty() ? "-F" : "-r -F";
    case Offer::Kind::folders:
      return exclusive + "-a '(__fish_complete_directories)'";
  }
  return exclusive;
}

/// `when`: the condition under which the shell offers it.
std::string line(const Parameter& parameter, const std::string& when,
                 const std::vector<Command>& commands) {
  std::string text = fmt::format("complete -c pushbench -n '{}'", when);
  for (const std::string& name : parameter.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!parameter.value.empty()) text += " " + offered(parameter, commands);
  return fmt::format("{} -d {}\n", text, quoted(parameter.meaning));
}

}  // namespace

std::string fish_completion(const Command& program, const std::vector<Command>& commands) {
  std::string text =
      "# Completes pushbench in fish. Written by `pushbench completions fish`.\n\n"
      "complete -c pushbench -f\n";
  for (const Parameter& parameter : program.parameters) {
    text += line(parameter, "__fish_use_subcommand", commands);
  }
  for (const Command& command : commands) {
    text += fmt::format("\ncomplete -c pushbench -n __fish_use_subcommand -a {} -d {}\n",
                        command.name, quoted(command.purpose));
    for (const Parameter& parameter : command.parameters) {
      text += line(parameter, "__fish_seen_subcommand_from " + command.name, commands);
    }
  }
  return text;
}

}  // namespace pushbench::cli
