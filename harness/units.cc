#include "harness/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <vector>

#include "wire/number.h"

namespace pushbench::harness {

namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr std::array kDurationUnits{Unit{"us", 1e3}, Unit{"ms", 1e6}, Unit{"s", 1e9},
                                    Unit{"min", 6e10}, Unit{"h", 3.6e12}};
constexpr std::array kSizeUnits{Unit{"B", 1}, Unit{"KiB", 1024}, Unit{"MiB", 1024.0 * 1024.0}};
constexpr std::array kRateUnits{Unit{"/s", 1}, Unit{"/min", 1.0 / 60}, Unit{"/h", 1.0 / 3600}};
constexpr std::array kBandwidthUnits{Unit{"bit/s", 1}, Unit{"kbit/s", 1e3}, Unit{"Mbit/s", 1e6},
                                     Unit{"Gbit/s", 1e9}};
constexpr std::string_view kUnlimited = "unlimited";
constexpr double kLargest = 9e18;  // what 64 bits hold, with a margin

/// A number at the start of the text, and what follows it.
std::optional<double> leading_number(std::string_view& text) {
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(number) || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

Result<double> with_unit(std::string_view text, std::span<const Unit> units,
                         std::string_view example) {
  std::string_view rest = text;
  const std::optional<double> number = leading_number(rest);
  for (const Unit& unit : units) {
    if (number && rest == unit.name && *number * unit.factor < kLargest) {
      return *number * unit.factor;
    }
  }
  std::vector<std::string_view> names;
  for (const Unit& unit : units) names.push_back(unit.name);
  return failure(std::string(text), fmt::format("write a number with its unit, as in {}; the units "
                                                "are {}",
                                                example, fmt::join(names, ", ")));
}

}  // namespace

Result<net::Duration> parse_duration(std::string_view text) {
  return with_unit(text, kDurationUnits, "\"250ms\", \"1.5s\" or \"10min\"").map([](double ns) {
    return net::Duration(std::llround(ns));
  });
}

Result<std::uint64_t> parse_size(std::string_view text) {
  const auto bytes = with_unit(text, kSizeUnits, "\"64B\" or \"16KiB\"");
  if (!bytes) return tl::unexpected(bytes.error());
  if (*bytes != std::floor(*bytes)) {
    return failure(std::string(text), "write whole bytes, as in \"64B\" or \"1.5KiB\"");
  }
  return static_cast<std::uint64_t>(*bytes);
}

Result<std::uint64_t> parse_size_or_bytes(std::string_view text) {
  if (auto bytes = parse_count(text)) return bytes;
  return parse_size(text);
}

Result<double> parse_rate(std::string_view text) {
  auto rate = with_unit(text, kRateUnits, "\"2/s\" or \"30/min\"");
  if (rate && *rate <= 0) return failure(std::string(text), "write a rate above 0, as in \"2/s\"");
  return rate;
}

Result<double> parse_bandwidth(std::string_view text) {
  if (text == kUnlimited) return 0;
  const char* const form = "\"1Mbit/s\" or \"500kbit/s\", or \"unlimited\"";
  auto bandwidth = with_unit(text, kBandwidthUnits, form);
  if (bandwidth && *bandwidth <= 0) {
    return failure(std::string(text), fmt::format("write a bandwidth above 0, as in {}", form));
  }
  return bandwidth;
}

Result<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t count = 0;
  if (!wire::read_number(text, count)) {
    return failure(std::string(text), "write a whole number, as in 100");
  }
  return count;
}

Result<double> parse_factor(std::string_view text) {
  std::string_view rest = text;
  const std::optional<double> number = leading_number(rest);
  if (!number || !rest.empty() || *number <= 0) {
    return failure(std::string(text), "write a number above 0, as in 40");
  }
  return *number;
}

Result<double> parse_share(std::string_view text) {
  std::string_view rest = text;
  const std::optional<double> number = leading_number(rest);
  if (!number || !rest.empty() || *number > 1) {
    return failure(std::string(text), "write a share from 0 to 1, as in 0.25");
  }
  return *number;
}

Result<std::vector<net::Duration>> parse_moments(std::string_view text) {
  std::vector<net::Duration> moments;
  if (text.empty()) return moments;
  for (bool is_last = false; !is_last;) {
    const std::size_t comma = text.find(',');
    is_last = comma == std::string_view::npos;
    const auto moment = parse_duration(without_blanks(text.substr(0, comma)));
    if (!moment) return tl::unexpected(moment.error());
    moments.push_back(*moment);
    if (!is_last) text.remove_prefix(comma + 1);
  }
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  return moments;
}

std::string format_duration(net::Duration duration) {
  const auto ns = static_cast<double>(duration.count());
  if (duration.count() % 1'000'000'000 == 0 || ns >= 1e10) return fmt::format("{:g}s", ns / 1e9);
  if (ns >= 1e6)
    return ns >= 1e9 ? fmt::format("{:g}s", ns / 1e9) : fmt::format("{:g}ms", ns / 1e6);
  return fmt::format("{:g}us", ns / 1e3);
}

std::string format_size(std::uint64_t bytes) {
  for (const Unit& unit : {kSizeUnits[2], kSizeUnits[1]}) {
    const auto factor = static_cast<std::uint64_t>(unit.factor);
    if (bytes >= factor && bytes % factor == 0)
      return fmt::format("{}{}", bytes / factor, unit.name);
  }
  return fmt::format("{}B", bytes);
}

std::string format_bandwidth(double bits_a_second) {
  if (bits_a_second <= 0) return std::string(kUnlimited);
  const Unit* best = &kBandwidthUnits.front();
  for (const Unit& unit : kBandwidthUnits) {
    if (bits_a_second >= unit.factor) best = &unit;
  }
  return fmt::format("{}{}", bits_a_second / best->factor, best->name);
}

}  // namespace pushbench::harness
