// Draws what scripts/check-growth measured. Reads lines "panel,transport,subscribers,figure" on
// stdin and writes an SVG: a panel a figure, with a curve a transport. The panel "cpu" is in µs,
// others are counts.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>

#include "report/curve.h"
#include "wire/number.h"

namespace pushbench::test {
namespace {

report::CurvePanel& panel_of(report::Curve& curve, const std::string& name) {
  const auto found = std::find_if(curve.panels.begin(), curve.panels.end(),
                                  [&name](const auto& panel) { return panel.label == name; });
  if (found != curve.panels.end()) return *found;
  const auto unit = name == "cpu" ? harness::FigureUnit::microseconds : harness::FigureUnit::ratio;
  return curve.panels.emplace_back(report::CurvePanel{name, unit, {}, {}});
}

report::CurveLine& line_of(report::CurvePanel& panel, const std::string& transport) {
  const auto found =
      std::find_if(panel.lines.begin(), panel.lines.end(),
                   [&transport](const auto& line) { return line.name == transport; });
  if (found != panel.lines.end()) return *found;
  return panel.lines.emplace_back(report::CurveLine{transport, report::style_of(transport), {}});
}

/// False if a line is not one of check-growth's.
bool read(std::istream& in, report::Curve& curve) {
  for (std::string line; std::getline(in, line);) {
    std::array<std::string, 4> fields;
    std::size_t at = 0;
    for (std::string& field : fields) {
      const std::size_t comma = std::min(line.find(',', at), line.size());
      field = line.substr(std::min(at, line.size()), comma - std::min(at, line.size()));
      at = comma + 1;
    }
    double subscribers = 0;
    double figure = 0;
    if (!wire::read_number(fields[2], subscribers) || !wire::read_number(fields[3], figure)) {
      return false;
    }
    line_of(panel_of(curve, fields[0]), fields[1]).points.push_back({subscribers, figure, {}});
  }
  return !curve.panels.empty();
}

}  // namespace
}  // namespace pushbench::test

int main() {
  using namespace pushbench;
  report::Curve curve;
  curve.title = "What a delivery costs the server";
  curve.x_label = "subscribers of one room";
  if (!test::read(std::cin, curve)) {
    std::fputs("growth_curves: write lines panel,transport,subscribers,figure\n", stderr);
    return 2;
  }
  for (report::CurvePanel& panel : curve.panels) {
    panel.label = panel.label == "cpu" ? "CPU time a delivery" : panel.label + " a delivery";
  }
  fmt::print("{}", report::curve_svg(curve));
  return 0;
}
