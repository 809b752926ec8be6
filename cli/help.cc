#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/tree.h"
#include "report/columns.h"

namespace pushbench::cli {

namespace {

constexpr std::size_t kNameWidth = 22;
constexpr std::size_t kCommandWidth = 13;

constexpr const char* kExamples =
    "pushbench help run\n"
    "    What `pushbench run` can do, with examples\n"
    "pushbench help\n"
    "    What commands there are\n";

/// "  name   meaning", the meaning in a column of its own and broken into lines.
std::string entry(const std::string& name, const std::string& meaning, std::size_t width) {
  const std::size_t indent = width + 4;
  if (report::columns(name) > width) {
    return fmt::format("  {}\n{}", name,
                       report::wrapped(std::string(indent, ' ') + meaning, indent));
  }
  const std::string padding(width - report::columns(name) + 2, ' ');
  return report::wrapped(fmt::format("  {}{}{}", name, padding, meaning), indent);
}

/// A command over several lines, as a shell takes it.
std::string broken(std::string_view line) {
  constexpr std::size_t kLongest = 78;  // and behind it the backslash
  std::string text;
  std::string indent = "  ";
  while (indent.size() + line.size() > kLongest) {
    std::size_t space = line.rfind(" --", kLongest - indent.size());  // a flag and its value stay
    if (space == std::string_view::npos) space = line.rfind(' ', kLongest - indent.size());
    if (space == std::string_view::npos) break;
    text += fmt::format("{}{} \\\n", indent, line.substr(0, space));
    line.remove_prefix(space + 1);
    indent = "    ";
  }
  return fmt::format("{}{}{}\n", text, indent, line);
}

std::string examples_text(const Command& command) {
  if (command.examples.empty()) return "";
  std::string text = "Examples:\n";
  std::string_view rest = command.examples;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    text += line.starts_with(' ') ? report::wrapped(fmt::format("  {}", line), 6) : broken(line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text + "\n";
}

std::string flags_text(const Command& command) {
  std::string text;
  std::string group;
  for (const Parameter& parameter : command.parameters) {
    if (parameter.group != group) text += fmt::format("\n{}:\n", parameter.group);
    group = parameter.group;
    text += entry(synopsis(parameter), explained(parameter), kNameWidth);
  }
  return text;
}

std::string commands_text(const CLI::App& root) {
  std::string text = "\nCommands:\n";
  for (const Command& command : describe_commands(root)) {
    text += entry(command.name, command.purpose, kCommandWidth);
  }
  return text;
}

std::string title(const Command& command) {
  const std::string name = command.name.empty() ? "pushbench" : "pushbench " + command.name;
  return report::wrapped(fmt::format("{}: {}", name, command.purpose), 2) + "\n";
}

std::string usage_text(const Command& command) {
  return "Usage:\n" + report::wrapped("  " + usage(command), 6);
}

}  // namespace

std::string HelpFormatter::make_help(const CLI::App* app, std::string /*name*/,
                                     CLI::AppFormatMode /*mode*/) const {
  const Command command = describe(*app);
  std::string text = title(command) + examples_text(command) + usage_text(command);
  if (command.name.empty()) text += commands_text(*app);
  text += flags_text(command);
  if (command.name.empty()) text += "\nSee pushbench COMMAND --help for a command's flags.\n";
  return text;
}

std::string short_help(const CLI::App& root) {
  const Command command = describe(root);
  return title(command) + usage_text(command) + commands_text(root) +
         "\nTry pushbench run chat, or see pushbench --help.\n";
}

Help::Help(CLI::App& app)
    : root_(app), command_(app.add_subcommand("help", "Show what a command does")) {
  command_->footer(kExamples);
  command_->add_option("command", about_, "One of the commands")
      ->type_name("COMMAND")
      ->group("What to explain");
}

int Help::run() {
  const CLI::App* about = &root_;
  if (!about_.empty()) {
    const auto found = find_command(root_, about_);
    if (!found) return complain("help", found.error(), kWrongUsage);
    about = *found;
  }
  // App::help() would be that of the command that was read: of this one.
  Output(*command_).table(HelpFormatter().make_help(about, "", CLI::AppFormatMode::Normal));
  return kGood;
}

}  // namespace pushbench::cli
