#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "wire/result.h"

namespace pushbench::cli {

/// Help as all commands show it, in 80 columns: purpose, examples, usage, then the flags by groups.
/// A command's examples are its footer.
class HelpFormatter final : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
};

/// What `pushbench` alone says: the commands.
std::string short_help(const CLI::App& root);

/// `pushbench help [COMMAND]`: the same as `pushbench [COMMAND] --help`.
class Help {
 public:
  explicit Help(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  CLI::App& root_;
  CLI::App* command_;
  std::string about_;
};

}  // namespace pushbench::cli
