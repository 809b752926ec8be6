#pragma once

#include <sys/types.h>

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

#include "harness/served_link.h"
#include "net/clock.h"
#include "servers/server.h"

namespace pushbench::cli {

/// `pushbench serve`: one server until SIGINT or SIGTERM.
class Serve {
 public:
  explicit Serve(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  void add_tls_and_access();
  void add_sizes();
  void add_counts();
  void add_times();
  void add_compression();
  void add_window();
  void add_link();
  template <class T>
  CLI::Option* bounded(const char* flag, T& value, Result<T> (*parse)(std::string_view), T least,
                       T most, const char* range, const char* help);
  void size(const char* flag, std::size_t& value, const char* help);
  void count(const char* flag, std::size_t& value, const char* help);
  void time(const char* flag, net::Duration& value, const char* help);

  CLI::App* command_;
  servers::ServerOptions options_;
  harness::ServedLink link_;
  std::string token_file_;
  bool compression_ = false;
  wire::DeflateParameters deflate_;
  net::Duration max_hold_ = std::chrono::minutes(5);
  pid_t parent_ = 0;
};

}  // namespace pushbench::cli
