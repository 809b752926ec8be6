#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/clock.h"
#include "wire/result.h"

namespace pushbench::harness {

/// "250ms", "1.5s", "10min", "1h", "20us". Not negative.
Result<net::Duration> parse_duration(std::string_view text);
/// "64B", "16KiB", "1MiB".
Result<std::uint64_t> parse_size(std::string_view text);
/// The same, or a whole number of bytes without a unit.
Result<std::uint64_t> parse_size_or_bytes(std::string_view text);
/// "2/s", "30/min": events a second. Above 0.
Result<double> parse_rate(std::string_view text);
/// "9600bit/s", "500kbit/s", "1Mbit/s", "10Gbit/s": bits a second, by thousands. Above 0, or 0 for
/// "unlimited".
Result<double> parse_bandwidth(std::string_view text);
/// "100": digits only.
Result<std::uint64_t> parse_count(std::string_view text);
/// "40" or "0.5". Above 0.
Result<double> parse_factor(std::string_view text);
/// "0.25": from 0 to 1.
Result<double> parse_share(std::string_view text);
/// "5s, 12.5s": durations between commas, or nothing. In order, none twice.
Result<std::vector<net::Duration>> parse_moments(std::string_view text);

/// The shortest of the above that is exact: "250ms", "1s", "1.5s".
std::string format_duration(net::Duration duration);
std::string format_size(std::uint64_t bytes);        // "64B", "16KiB", "1MiB"
std::string format_bandwidth(double bits_a_second);  // "1Mbit/s", "unlimited"

}  // namespace pushbench::harness
