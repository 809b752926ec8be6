#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/metrics.h"

namespace pushbench::harness {

/// What a figure counts, as powers of time and bytes, so that the two are never compared. A share
/// is a number that people write in percent.
struct Dimension {
  int time = 0;
  int bytes = 0;
  bool share = false;

  bool fits(const Dimension& other) const { return time == other.time && bytes == other.bytes; }
};

Dimension dimension_of(FigureUnit unit);

/// A metric's value in the base units that arithmetic is done in: microseconds and bytes. Only
/// rates differ from what the metric itself gives.
double in_base_units(FigureUnit unit, double value);

/// "a time", "bytes", "a number", "a rate", "bytes by time".
std::string name_of(const Dimension& dimension);

/// A unit that people write behind a number.
struct QuantityUnit {
  std::string_view name;  // "ms"; "": a plain number
  Dimension dimension;
  double factor;                        // to the base units
  std::vector<std::string_view> other;  // spellings: "мс"
};

const std::vector<QuantityUnit>& quantity_units();

/// The unit of this name or spelling; null if there is none.
const QuantityUnit* find_unit(std::string_view name);

/// The one that a number without a unit is in, where nobody says otherwise; null where there is
/// none.
const QuantityUnit* usual_unit(const Dimension& dimension);

/// Units that one may write where such a figure is asked for: "us, ms, s, min".
std::string units_for(const Dimension& dimension);

/// A number that is not negative, with point or comma, perhaps with a unit of the dimension of
/// `usual`, which it is in otherwise. In base units.
Result<double> parse_quantity(std::string_view text, const QuantityUnit& usual);

}  // namespace pushbench::harness
