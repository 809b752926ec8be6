#include "harness/quantity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "wire/number.h"

namespace pushbench::harness {

namespace {

constexpr Dimension kTime{1, 0, false};
constexpr Dimension kBytes{0, 1, false};
constexpr Dimension kNumber{0, 0, false};
constexpr Dimension kShare{0, 0, true};
constexpr Dimension kRate{-1, 0, false};
constexpr double kSecond = 1e6;  // in base units
constexpr double kLargest = 1e15;

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

Dimension dimension_of(FigureUnit unit) {
  switch (unit) {
    case FigureUnit::microseconds:
      return kTime;
    case FigureUnit::bytes:
      return kBytes;
    case FigureUnit::share:
      return kShare;
    case FigureUnit::rate:
      return kRate;
    case FigureUnit::ratio:
      break;
  }
  return kNumber;
}

double in_base_units(FigureUnit unit, double value) {
  return unit == FigureUnit::rate ? value / kSecond : value;
}

std::string name_of(const Dimension& dimension) {
  if (dimension.fits(kNumber)) return "a number";
  if (dimension.fits(kTime)) return "a time";
  if (dimension.fits(kBytes)) return "bytes";
  if (dimension.fits(kRate)) return "a rate";
  if (dimension.time == -1 && dimension.bytes == 1) return "bytes by time";
  return fmt::format("time to the power of {} times bytes to the power of {}", dimension.time,
                     dimension.bytes);
}

const std::vector<QuantityUnit>& quantity_units() {
  static const std::vector<QuantityUnit> all{
      {"us", kTime, 1, {"µs", "μs", "мкс"}},
      {"ms", kTime, 1e3, {"мс"}},
      {"s", kTime, kSecond, {"с", "сек"}},
      {"min", kTime, 60 * kSecond, {"мин"}},
      {"B", kBytes, 1, {"Б"}},
      {"KiB", kBytes, 1024, {"КиБ"}},
      {"MiB", kBytes, 1024.0 * 1024.0, {"МиБ"}},
      {"%", kShare, 0.01, {}},
      {"/s", kRate, 1 / kSecond, {"/с"}},
      {"/min", kRate, 1 / (60 * kSecond), {"/мин"}},
      {"", kNumber, 1, {}},
  };
  return all;
}

const QuantityUnit* find_unit(std::string_view name) {
  for (const QuantityUnit& unit : quantity_units()) {
    const auto& other = unit.other;
    if (unit.name == name || std::find(other.begin(), other.end(), name) != other.end()) {
      return &unit;
    }
  }
  return nullptr;
}

const QuantityUnit* usual_unit(const Dimension& dimension) {
  struct Usual {
    Dimension dimension;
    std::string_view unit;
  };
  static constexpr std::array kUsual{Usual{kTime, "ms"}, Usual{kBytes, "B"}, Usual{kRate, "/s"}};
  if (dimension.fits(kNumber)) return find_unit(dimension.share ? "%" : "");
  for (const Usual& usual : kUsual) {
    if (usual.dimension.fits(dimension)) return find_unit(usual.unit);
  }
  return nullptr;
}

std::string units_for(const Dimension& dimension) {
  std::vector<std::string_view> names;
  for (const QuantityUnit& unit : quantity_units()) {
    if (unit.dimension.fits(dimension) && !unit.name.empty()) names.push_back(unit.name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

Result<double> parse_quantity(std::string_view text, const QuantityUnit& usual) {
  const std::string_view whole = trimmed(text);
  std::size_t end = 0;
  while (end < whole.size() && (is_digit(whole[end]) || whole[end] == '.' || whole[end] == ',')) {
    ++end;
  }
  std::string digits(whole.substr(0, end));
  std::replace(digits.begin(), digits.end(), ',', '.');
  const std::string_view name = trimmed(whole.substr(end));
  const QuantityUnit* const unit = name.empty() ? &usual : find_unit(name);
  double number = 0;
  const bool is_number = wire::read_number(digits, number) && number <= kLargest;
  if (!is_number || unit == nullptr || !unit->dimension.fits(usual.dimension)) {
    const std::string example = fmt::format("20{}{}", usual.dimension.share ? " " : "", usual.name);
    return failure(fmt::format("\"{}\"", whole),
                   fmt::format("write a number, as in {}; the units are {}", example,
                               units_for(usual.dimension)));
  }
  return number * unit->factor;
}

}  // namespace pushbench::harness
