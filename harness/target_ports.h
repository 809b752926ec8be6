#pragma once

#include <cstdint>

#include "harness/target.h"
#include "wire/result.h"

namespace pushbench::harness {

/// Whether its users may connect from all of 127.0.0.0/8: to nothing elsewhere, nor to ::1. Else
/// they come from one address.
bool can_come_from_many(const Target& target);

/// Makes sure that there are as many ports as its users need, where one address has `of_one`.
Result<void> ensure_ports(const Target& target, std::uint64_t needed, std::uint64_t of_one);

}  // namespace pushbench::harness
