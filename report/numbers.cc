#include "report/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pushbench::report {

std::string thousands(std::uint64_t value) {
  const std::string digits = std::to_string(value);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string rounded(double count) {
  return thousands(static_cast<std::uint64_t>(std::llround(count)));
}

std::string significant(double value) {
  if (value == 0) return "0";
  // What rounds up to the next power of ten has one digit more before the point.
  const int before_point = static_cast<int>(std::floor(std::log10(std::abs(value) * 1.0005))) + 1;
  if (before_point >= 3) return thousands(static_cast<std::uint64_t>(std::llround(value)));
  return fmt::format("{:.{}f}", value, std::min(3, 3 - before_point));
}

std::string time_text(double us) {
  if (us < 999.5) return significant(us) + " µs";
  if (us < 999.5e3) return significant(us / 1e3) + " ms";
  return significant(us / 1e6) + " s";
}

std::string size_text(double bytes) {
  if (bytes < 1024) return fmt::format("{} B", std::llround(bytes));
  constexpr std::array<const char*, 4> units{"KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  for (bytes /= 1024; bytes >= 1024 && unit + 1 < units.size(); bytes /= 1024) ++unit;
  return fmt::format("{:.1f} {}", bytes, units[unit]);
}

std::string percent(double share) {
  const double value = share * 100;
  if (value > 0 && value < 1) return "<1 %";
  if (value > 99 && value < 100) return ">99 %";
  return fmt::format("{} %", std::llround(value));
}

}  // namespace pushbench::report
