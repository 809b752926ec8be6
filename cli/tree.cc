#include "cli/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace pushbench::cli {

namespace {

constexpr std::string_view kUngrouped = "Options";  // CLI11's own

/// CLI11 writes a range of its own as "INT in [1 - 100]".
std::string range_text(std::string text) {
  const std::size_t from = text.find(" in [");
  const std::size_t to = text.find(" - ");
  if (from == std::string::npos || to == std::string::npos || !text.ends_with(']')) return text;
  return fmt::format("{} to {}", text.substr(from + 5, to - from - 5),
                     text.substr(to + 3, text.size() - to - 4));
}

/// CLI11 puts what its validators say behind the type's name: "N:1 to 100".
void take_value(const CLI::Option& option, Parameter& parameter) {
  const std::string type = option.get_type_name();
  const std::size_t colon = std::min(type.find(':'), type.size());
  parameter.value = type.substr(0, colon);
  if (parameter.value == "UINT" || parameter.value == "INT") parameter.value = "N";
  if (colon < type.size()) parameter.range = range_text(type.substr(colon + 1));
  parameter.usual = option.get_default_str();
  parameter.list = option.get_delimiter() != '\0';
  parameter.bare = !parameter.value.empty() && option.get_expected_min() == 0;
}

bool is_hidden(const CLI::Option& option) { return option.get_group().empty(); }

/// Words come before flags, and the groups in their order.
void sort(std::vector<Parameter>& parameters) {
  std::vector<std::string> groups;
  for (const Parameter& p : parameters) {
    if (std::find(groups.begin(), groups.end(), p.group) == groups.end()) groups.push_back(p.group);
  }
  const auto rank = [&groups](const Parameter& p) -> std::ptrdiff_t {
    if (p.group == kWhatToVary) return -1;
    if (p.group.starts_with("What to ")) return -2;  // run, show, merge, …
    if (p.group == kOutput) return std::ptrdiff_t(groups.size());
    return std::find(groups.begin(), groups.end(), p.group) - groups.begin();
  };
  std::stable_sort(parameters.begin(), parameters.end(),
                   [&rank](const Parameter& a, const Parameter& b) {
                     if (rank(a) != rank(b)) return rank(a) < rank(b);
                     return a.names.empty() && !b.names.empty();
                   });
}

}  // namespace

Parameter describe(const CLI::App& app, const CLI::Option& option) {
  Parameter parameter;
  for (const std::string& name : option.get_snames()) parameter.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) parameter.names.push_back("--" + name);
  parameter.meaning = option.get_description();
  parameter.group = option.get_group() == kUngrouped ? "Flags" : option.get_group();
  const bool ends = &option == app.get_help_ptr() || &option == app.get_version_ptr();
  if (ends) parameter.group = kOutput;
  parameter.required = option.get_required();
  if (option.get_type_size() != 0) {
    take_value(option, parameter);
    using Policy = CLI::MultiOptionPolicy;
    parameter.repeats = option.get_multi_option_policy() == Policy::TakeAll ||
                        option.get_expected_max() == CLI::detail::expected_max_vector_size;
  }
  return parameter;
}

Command describe(const CLI::App& app) {
  Command command{app.get_parent() == nullptr ? "" : app.get_name(),
                  app.get_description(),
                  app.get_footer(),
                  {}};
  for (const CLI::Option* option : app.get_options()) {
    if (!is_hidden(*option) && option != app.get_help_ptr()) {
      command.parameters.push_back(describe(app, *option));
    }
  }
  if (const CLI::App* const root = app.get_parent()) {
    for (const CLI::Option* option : root->get_options()) {
      const bool own = option == root->get_help_ptr() || option == root->get_version_ptr();
      if (!own && !is_hidden(*option)) command.parameters.push_back(describe(*root, *option));
    }
  }
  if (const CLI::Option* const help = app.get_help_ptr()) {
    command.parameters.push_back(describe(app, *help));
  }
  sort(command.parameters);
  return command;
}

std::vector<Command> describe_commands(const CLI::App& root) {
  std::vector<Command> commands;
  for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; })) {
    commands.push_back(describe(*app));
  }
  return commands;
}

std::string synopsis(const Parameter& parameter) {
  std::string text = fmt::format("{}", fmt::join(parameter.names, ", "));
  std::string value = parameter.value;
  if (parameter.list) value += ",...";
  if (parameter.bare) value = fmt::format("[{}]", value);
  if (!value.empty()) text += (text.empty() ? "" : " ") + value;
  if (parameter.names.empty() && parameter.repeats) text += "...";
  return text;
}

std::string explained(const Parameter& parameter) {
  std::string details = parameter.range;
  if (details.starts_with('{')) {  // a set of words
    std::replace(details.begin(), details.end(), '{', ' ');
    details = "one of" + details.substr(0, details.size() - 1);
    for (std::size_t at = 0; (at = details.find(',', at)) != std::string::npos; at += 2) {
      details.replace(at, 1, ", ");
    }
  }
  if (!parameter.usual.empty()) {
    details += (details.empty() ? "default " : "; default ") + parameter.usual;
  }
  return details.empty() ? parameter.meaning : fmt::format("{} ({})", parameter.meaning, details);
}

std::string usage(const Command& command) {
  if (command.name.empty()) return "pushbench COMMAND [FLAGS]";
  std::string text = fmt::format("pushbench {} [FLAGS]", command.name);
  for (const Parameter& parameter : command.parameters) {
    const std::string one = synopsis(parameter);
    if (parameter.names.empty()) text += parameter.required ? " " + one : fmt::format(" [{}]", one);
    if (!parameter.names.empty() && parameter.required) text += " " + one;
  }
  return text;
}

}  // namespace pushbench::cli
