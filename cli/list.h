#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace pushbench::cli {

/// `pushbench list`: the shipped scenarios with their purposes, or the keys that a scenario has.
class List {
 public:
  explicit List(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  CLI::App* command_;
  bool json_ = false;
  bool names_ = false;
  bool keys_ = false;
  bool schema_ = false;
  std::string format_ = "text";
};

}  // namespace pushbench::cli
