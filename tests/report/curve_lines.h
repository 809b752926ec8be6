#pragma once

#include <algorithm>
#include <array>
#include <istream>
#include <optional>
#include <string>

#include "wire/number.h"

namespace pushbench::test {

/// A line "panel,line,x,y" of what a picture's tool reads.
struct CurveFigure {
  std::string panel;
  std::string line;
  double x = 0;
  double y = 0;
};

/// Nothing if the line is not one.
inline std::optional<CurveFigure> curve_figure(const std::string& text) {
  std::array<std::string, 4> fields;
  std::size_t at = 0;
  for (std::string& field : fields) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    field = text.substr(std::min(at, text.size()), comma - std::min(at, text.size()));
    at = comma + 1;
  }
  CurveFigure figure{fields[0], fields[1]};
  if (!wire::read_number(fields[2], figure.x) || !wire::read_number(fields[3], figure.y)) {
    return std::nullopt;
  }
  return figure;
}

}  // namespace pushbench::test
