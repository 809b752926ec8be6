#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/metrics.h"

namespace pushbench::report {

struct CurvePoint {
  double x = 0;
  double y = 0;
  std::optional<harness::Spread> spread;  // drawn as a bar where its ends differ
  bool hollow = false;                    // the mark of what does not count
};

/// How lines are told apart, each by a number: see style_of().
struct LineStyle {
  std::size_t colour = 0;
  std::size_t shape = 0;  // dash and mark
};

struct CurveLine {
  std::string name;
  LineStyle style;
  std::vector<CurvePoint> points;
  bool joined = true;  // by a line
  bool marked = true;
};

/// One figure over the curve's x.
struct CurvePanel {
  std::string label;
  harness::FigureUnit unit = harness::FigureUnit::ratio;
  std::vector<CurveLine> lines;
  std::optional<double> bound;  // a limit, drawn across
};

struct CurveTick {
  double x = 0;
  std::string text;
};

struct Curve {
  std::string title;
  std::string x_label;
  harness::FigureUnit x_unit = harness::FigureUnit::ratio;
  std::vector<CurveTick> ticks;  // where the x axis is labelled; empty: at round numbers
  std::vector<CurvePanel> panels;
};

/// A standalone SVG without script, to be read on light and on dark ground: the panels below each
/// other, each axis logarithmic where its values are above 0 and span more than a factor of 20.
std::string curve_svg(const Curve& curve);

/// The style that a column has in every curve: a transport of our own its own; one of a target the
/// transport's colour, with dash and mark of the target, which go by its place among `targets`.
LineStyle style_of(std::string_view column, const std::vector<std::string>& targets = {});

}  // namespace pushbench::report
