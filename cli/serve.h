#pragma once

#include <CLI/CLI.hpp>

#include "servers/server.h"

namespace pushbench::cli {

/// `pushbench serve`: one server until SIGINT or SIGTERM.
class Serve {
 public:
  explicit Serve(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  CLI::App* command_;
  servers::ServerOptions options_;
  bool end_with_parent_ = false;
};

}  // namespace pushbench::cli
