#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace pushbench::cli {

/// `pushbench show`: prints again what `run` printed of a result.
class Show {
 public:
  explicit Show(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  CLI::App* command_;
  std::string path_;
  bool json_ = false;
};

}  // namespace pushbench::cli
