// Draws what stall_tool measured. Reads lines "transport,loop,percentile,us" on stdin and writes an
// SVG: a panel a transport, with the curve of the open and of the closed loop over the percentiles.
#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>

#include "report/curve.h"
#include "tests/report/curve_lines.h"

namespace pushbench::test {
namespace {

/// HdrHistogram's axis: each step to the right leaves a tenth of the messages.
double place_of(double percentile) { return 100 / (100 - percentile); }

report::CurveLine& line_of(report::Curve& curve, const std::string& transport,
                           const std::string& loop) {
  if (curve.panels.empty() || curve.panels.back().label != transport) {
    curve.panels.push_back({transport, harness::FigureUnit::microseconds, {}, {}});
  }
  auto& lines = curve.panels.back().lines;
  if (lines.empty() || lines.back().name != loop) {
    const std::size_t style = lines.size();
    lines.push_back({loop, {style, style}, {}});
  }
  return lines.back();
}

/// False if a line is not one of stall_tool's figures.
bool read(std::istream& in, report::Curve& curve) {
  for (std::string line; std::getline(in, line);) {
    const auto figure = curve_figure(line);
    if (!figure) return false;
    if (figure->x >= 100) continue;  // beyond the axis
    line_of(curve, figure->panel, figure->line)
        .points.push_back({place_of(figure->x), figure->y, {}});
  }
  return !curve.panels.empty();
}

}  // namespace
}  // namespace pushbench::test

int main() {
  using namespace pushbench;
  report::Curve curve;
  curve.title = "Delivery latency by percentile while the server stalls";
  curve.x_label = "percentile";
  for (const double percentile : {10.0, 50.0, 90.0, 95.0, 99.0, 99.9}) {
    curve.ticks.push_back({test::place_of(percentile), fmt::format("{:g}", percentile)});
  }
  if (!test::read(std::cin, curve)) {
    std::fputs("stall_curves: write lines transport,loop,percentile,us\n", stderr);
    return 2;
  }
  fmt::print("{}", report::curve_svg(curve));
  return 0;
}
