#pragma once

#include <CLI/CLI.hpp>

namespace pushbench::cli {

/// `pushbench man`: prints the manual page, in roff's man macros.
class ManPage {
 public:
  explicit ManPage(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  const CLI::App& root_;
  CLI::App* command_;
};

}  // namespace pushbench::cli
