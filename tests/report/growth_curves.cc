// Draws what scripts/check-growth measured. Reads lines "panel,transport,subscribers,figure" on
// stdin and writes an SVG: a panel a figure, with a curve a transport. The panel "cpu" is in µs,
// others are counts.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>

#include "report/curve.h"
#include "tests/report/curve_lines.h"

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
    const auto figure = curve_figure(line);
    if (!figure) return false;
    line_of(panel_of(curve, figure->panel), figure->line)
        .points.push_back({figure->x, figure->y, {}});
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
