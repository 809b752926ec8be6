#pragma once

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <string_view>

namespace pushbench::cli {

/// --quiet and --no-color, which every command takes.
void add_output_flags(CLI::App& app);

/// Where a command's words go: what was asked for to stdout, what is said about it to stderr. It is
/// coloured only for a terminal whose user has nothing against it: --no-color, NO_COLOR, TERM=dumb.
class Output {
 public:
  /// As the flags of the parsed command line and the environment have it.
  explicit Output(const CLI::App& command);

  void data(std::string_view text) const;   // as it is
  void table(std::string_view text) const;  // laid out for a person
  void note(std::string_view line) const;   // on the way; --quiet leaves it out
  void error(std::string_view line) const;
  bool quiet() const { return quiet_; }
  /// For a ProgressLine; null: it is to be silent.
  std::FILE* progress() const { return quiet_ ? nullptr : stderr; }

 private:
  bool quiet_;
  bool coloured_;
};

/// Pushes out what stdout still holds. Fails if not all of it could be written; a reader that went
/// away early (`| head`) is no failure.
bool finish_output();

}  // namespace pushbench::cli
