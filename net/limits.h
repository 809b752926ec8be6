#pragma once

#include <cstdint>

#include "wire/result.h"

namespace pushbench::net {

/// How many file descriptors this process may have open now.
std::uint64_t file_limit();

/// Makes sure this process may open `needed` file descriptors, raising its limit where it may.
Result<void> ensure_file_limit(std::uint64_t needed);

}  // namespace pushbench::net
