#pragma once

#include <cstdint>
#include <string>

namespace pushbench::report {

/// Three significant digits, no exponent, thousands with commas: "0.412", "41.2", "1,012".
std::string significant(double value);

std::string thousands(std::uint64_t value);  // "1,755"
std::string rounded(double count);           // the same of a mean or a median, not negative

/// Microseconds for a person: "412 µs", "4.12 ms", "1.01 s".
std::string time_text(double us);

/// Bytes for a person: "512 B", "3.4 MiB", up to TiB.
std::string size_text(double bytes);

/// "81 %", but never "100 %" or "0 %" where it is not exactly that.
std::string percent(double share);

}  // namespace pushbench::report
