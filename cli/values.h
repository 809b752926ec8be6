#pragma once

#include <string>
#include <vector>

#include "cli/tree.h"

namespace pushbench::cli {

/// What a shell can offer for a parameter's value.
struct Offer {
  enum class Kind {
    nothing,
    words,      // `words`
    keys,       // `words`, each to be followed by "=" and a value
    scenarios,  // `pushbench list --names`, and .toml files
    files,
    folders,
  };
  Kind kind = Kind::nothing;
  std::vector<std::string> words = {};
};

/// By what stands for the value: "TRANSPORT", "FILE", …; and where a parameter takes a fixed set of
/// words, these. `commands` are what COMMAND stands for.
Offer offer_for(const Parameter& parameter, const std::vector<Command>& commands);

}  // namespace pushbench::cli
