#include "cli/man_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/tree.h"
#include "version.h"

namespace pushbench::cli {

namespace {

constexpr const char* kExamples =
    "pushbench man | man -l -\n"
    "    Shows the manual page, also where it is not installed\n";

struct Paragraph {
  std::string_view term;
  std::string_view text;
};

constexpr std::string_view kDescription =
    "pushbench replays one chat over HTTP polling, long polling, server-sent events and WebSocket, "
    "on the same event loop and the same message store, so that the transport is the only thing "
    "that differs. It says what each one cost in latency, traffic and the server's CPU time, and "
    "marks the run invalid if a single message was lost.";

constexpr std::array kEnvironment{
    Paragraph{"PUSHBENCH_SCENARIOS", "The folder of the shipped scenarios, instead of the usual."},
    Paragraph{"PUSHBENCH_LABS", "The folder of the course's labs, instead of the usual."},
    Paragraph{"NO_COLOR", "If it is set and not empty, nothing is coloured."},
    Paragraph{"CLICOLOR_FORCE",
              "If it is set and not 0, tables are coloured also where no terminal is."},
    Paragraph{"TERM", "With dumb, nothing is coloured and no line is changed in place."},
};

constexpr std::array kExits{
    Paragraph{"0", "Good."},
    Paragraph{"1", "Something broke."},
    Paragraph{"2", "Wrong usage, or a wrong scenario."},
    Paragraph{"3", "A threshold or a lab's check failed, or a comparison found a regression."},
    Paragraph{"4",
              "The figures do not count: messages were lost, the harness was late, or "
              "connections were missing."},
    Paragraph{"130",
              "Interrupted. The first Ctrl-C ends a run and keeps what was measured; the "
              "second ends it at once."},
};

/// Signs that roff has names for.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kSigns{{
    {"…", "..."},
    {"–", "\\(en"},
    {"µ", "\\(mc"},
    {"’", "\\(cq"},
    {"≥", "\\(>="},
    {"→", "\\(->"},
}};

/// A text as roff prints it, sign by sign; nothing in it is a request.
std::string roff(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto sign = std::find_if(kSigns.begin(), kSigns.end(),
                                   [text](const auto& s) { return text.starts_with(s.first); });
    if (sign != kSigns.end()) {
      out += sign->second;
      text.remove_prefix(sign->first.size());
      continue;
    }
    const char c = text.front();
    text.remove_prefix(1);
    out += c == '\\' ? "\\e" : c == '-' ? "\\-" : c == '\'' ? "\\(aq" : std::string(1, c);
  }
  return out.starts_with('.') ? "\\&" + out : out;
}

std::string section(std::string_view name) { return fmt::format(".SH {}\n", name); }

template <class Paragraphs>
std::string definitions(const Paragraphs& paragraphs) {
  std::string text;
  for (const Paragraph& p : paragraphs) {
    text += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(p.term), roff(p.text));
  }
  return text;
}

/// Names bold, what stands for the value in italics.
std::string definition(const Parameter& parameter) {
  Parameter value = parameter;
  value.names.clear();
  std::string term;
  for (const std::string& name : parameter.names) {
    term += fmt::format("{}\\fB{}\\fR", term.empty() ? "" : ", ", roff(name));
  }
  if (!parameter.value.empty()) {
    value.repeats = parameter.repeats && parameter.names.empty();
    term += fmt::format("{}\\fI{}\\fR", term.empty() ? "" : " ", roff(synopsis(value)));
  }
  return fmt::format(".TP\n{}\n{}\n", term, roff(explained(parameter)));
}

/// Examples are lines: a command, and below it, indented, what it does.
std::string examples(const std::string& lines) {
  std::string text;
  std::string_view rest = lines;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    const std::size_t start = std::min(line.find_first_not_of(' '), line.size());
    text += start == 0 ? fmt::format(".TP\n\\fB{}\\fR\n", roff(line))
                       : roff(line.substr(start)) + ".\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text;
}

/// The flags that all commands take stand above, once.
std::string command_text(const Command& command, const Command& program) {
  std::string text = fmt::format(".SS {}\n{}.\n", roff(usage(command)), roff(command.purpose));
  for (const Parameter& parameter : command.parameters) {
    const bool is_common =
        std::any_of(program.parameters.begin(), program.parameters.end(),
                    [&parameter](const Parameter& p) { return p.names == parameter.names; });
    if (!is_common) text += definition(parameter);
  }
  if (command.examples.empty()) return text;
  return text + ".PP\nExamples:\n" + examples(command.examples);
}

std::string man_page(const Command& program, const std::vector<Command>& commands) {
  std::string text = fmt::format(".TH PUSHBENCH 1 \"\" \"pushbench {}\" \"User Commands\"\n",
                                 roff(PUSHBENCH_VERSION));
  text += ".nh\n.ad l\n";  // what is to be typed must not be hyphenated or spread
  text += section("NAME") + fmt::format("pushbench \\- {}\n", roff(program.purpose));
  text += section("SYNOPSIS") + "\\fBpushbench\\fR \\fICOMMAND\\fR [\\fIFLAGS\\fR]\n";
  text += section("DESCRIPTION") + roff(kDescription) + "\n";
  text += section("EXAMPLES") + examples(program.examples);
  text += section("FLAGS");
  for (const Parameter& parameter : program.parameters) text += definition(parameter);
  text += ".PP\nAll but " + roff("--version") + " go with every command, too.\n";
  text += section("COMMANDS");
  for (const Command& command : commands) text += command_text(command, program);
  text += section("ENVIRONMENT") + definitions(kEnvironment);
  text += section("EXIT STATUS") + definitions(kExits);
  return text;
}

}  // namespace

ManPage::ManPage(CLI::App& app)
    : root_(app), command_(app.add_subcommand("man", "Print the manual page")) {
  command_->footer(kExamples);
}

int ManPage::run() {
  Output(*command_).data(man_page(describe(root_), describe_commands(root_)));
  return kGood;
}

}  // namespace pushbench::cli
