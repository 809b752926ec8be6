#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace pushbench::cli {

/// `pushbench report`: draws a result's reports anew, prints one of its forms, or takes the result
/// out of a report.
class Report {
 public:
  explicit Report(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  int extract();
  int redraw();

  CLI::App* command_;
  std::string path_;
  std::string format_;
  std::string page_;
  std::string out_;
};

}  // namespace pushbench::cli
