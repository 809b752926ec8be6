#pragma once

#include <cstdint>
#include <string_view>

#include "harness/histogram.h"
#include "wire/result.h"

namespace pushbench::harness {

/// Values that a decoded histogram may hold, at most: their sum then fits into 64 bits.
constexpr std::uint64_t kMostDecoded = std::uint64_t{1} << 31;

/// Reads what Histogram::encoded() writes, from whoever may have written it: takes no more memory
/// than the largest histogram does. (HdrHistogram_c's own decoder believes the sizes that the bytes
/// claim.) The error has no place.
Result<SparseHistogram> decode_histogram(std::string_view encoded);

}  // namespace pushbench::harness
