#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "harness/interleave.h"
#include "harness/run.h"
#include "net/interrupt.h"
#include "wire/result.h"

namespace pushbench::cli {

/// The flags of `pushbench compare --interleave`.
struct InterleaveOptions {
  std::string scenario;  // "": it is not asked for
  std::string server_a;
  std::string server_b;
  std::vector<std::string> transports;
  std::vector<std::string> overrides;
  std::uint64_t repeat = 10;  // pairs: enough to tell twice what they differ by themselves
  std::uint64_t seed = 1;
  std::string out;
  bool no_pin = false;
  bool no_floor = false;

  void add_to(CLI::App& command);
  /// What to run, with server A for a binary. Fails where a server is not there.
  Result<harness::RunPlan> plan() const;
};

/// Where the files of a comparison of two servers go, each side's run in a folder of its own.
struct InterleaveFolders {
  std::string all;
  std::string a;
  std::string b;
};

/// Made before anything runs.
Result<InterleaveFolders> make_folders(const InterleaveOptions& options,
                                       const std::string& scenario);

/// Runs both, and says on `out`, which may be null, how that goes on. Ctrl-C ends it at any time.
harness::Interleaved take_turns(const harness::RunPlan& plan, const InterleaveOptions& options,
                                std::FILE* out, const net::Interrupt& interrupt);

}  // namespace pushbench::cli
