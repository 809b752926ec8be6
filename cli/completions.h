#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/tree.h"

namespace pushbench::cli {

// A script for each shell. `program` holds the flags that need no command.

std::string bash_completion(const Command& program, const std::vector<Command>& commands);
std::string zsh_completion(const Command& program, const std::vector<Command>& commands);
std::string fish_completion(const Command& program, const std::vector<Command>& commands);

/// `pushbench completions SHELL`: prints the shell's script.
class Completions {
 public:
  explicit Completions(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  const CLI::App& root_;
  CLI::App* command_;
  std::string shell_;
};

}  // namespace pushbench::cli
