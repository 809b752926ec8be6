#include "cli/output.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cstdlib>

#include "report/style.h"

namespace pushbench::cli {

namespace {

constexpr const char* kQuiet = "--quiet";
constexpr const char* kNoColor = "--no-color";

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool terminal_shows_colours() {
  if (!variable("NO_COLOR").empty()) return false;
  const std::string_view force = variable("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  const std::string_view terminal = variable("TERM");
  return isatty(STDOUT_FILENO) == 1 && !terminal.empty() && terminal != "dumb";
}

bool given(const CLI::App& command, const char* flag) {
  const CLI::App* root = &command;
  while (root->get_parent() != nullptr) root = root->get_parent();
  const CLI::Option* const option = root->get_option_no_throw(flag);
  return option != nullptr && option->count() > 0;
}

}  // namespace

void add_output_flags(CLI::App& app) {
  app.add_flag(kQuiet)
      ->description("Say nothing on the way: only what was asked for, and errors")
      ->group("Output");
  app.add_flag(kNoColor)
      ->description("No colours on a terminal, as with NO_COLOR in the environment")
      ->group("Output");
}

Output::Output(const CLI::App& command)
    : quiet_(given(command, kQuiet)),
      coloured_(!given(command, kNoColor) && terminal_shows_colours()) {}

void Output::data(std::string_view text) const { std::fwrite(text.data(), 1, text.size(), stdout); }

void Output::table(std::string_view text) const {
  data(coloured_ ? report::coloured(text) : std::string(text));
}

void Output::note(std::string_view line) const {
  if (!quiet_) error(line);
}

/// Behind what stdout was given before, wherever the two meet.
void Output::error(std::string_view line) const {
  std::fflush(stdout);
  fmt::print(stderr, "{}\n", line);
}

bool finish_output() {
  const bool flushed = std::fflush(stdout) == 0;
  if (flushed && std::ferror(stdout) == 0) return true;
  pollfd reader{STDOUT_FILENO, POLLOUT, 0};
  return poll(&reader, 1, 0) == 1 && (reader.revents & POLLERR) != 0;  // it is gone
}

}  // namespace pushbench::cli
