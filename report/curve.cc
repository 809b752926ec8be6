#include "report/curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "clients/registry.h"
#include "report/axis.h"

namespace pushbench::report {

namespace {

constexpr double kWidth = 720;
constexpr double kLeft = 86;
constexpr double kRight = 24;
constexpr double kTop = 76;     // the title and a row of the legend
constexpr double kLegend = 20;  // each further row
constexpr double kPanel = 190;
constexpr double kGap = 78;  // below a panel: its axis, and the next one's label

/// Read on white and on black; the last one is of what is no transport. report/web/theme.css has
/// the same.
struct Colour {
  std::string_view light, dark;
};
constexpr std::array kColours{
    Colour{"#a03a00", "#ee7f3d"}, Colour{"#8a57cd", "#f1bbfc"}, Colour{"#00856d", "#84e58c"},
    Colour{"#1f3c7a", "#6992fb"}, Colour{"#59616b", "#a4adb8"},
};

/// What tells lines apart without colour. The mark is a path around the point.
struct Shape {
  std::string_view dash, mark;
};
constexpr std::string_view kCircle = "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z";
constexpr std::string_view kSquare = "M-4 -4h8v8h-8z";
constexpr std::string_view kTriangle = "M0 -5.5l5 9h-10z";
constexpr std::string_view kDiamond = "M0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z";
constexpr std::string_view kCross = "M-5 -2h3v-3h4v3h3v4h-3v3h-4v-3h-3z";
constexpr std::string_view kStar =
    "M0 -6l1.4 4.1h4.3l-3.4 2.6l1.2 4.2l-3.5 -2.5l-3.5 2.5l1.2 -4.2l-3.4 -2.6h4.3z";
constexpr std::string_view kWye =
    "M1.7 5.8h-3.4v-4.8l-4.2 -2.4l1.7 -3l4.2 2.4l4.2 -2.4l1.7 3l-4.2 2.4z";
constexpr std::string_view kHexagon = "M0 -5l4.3 2.5v5l-4.3 2.5l-4.3 -2.5v-5z";

/// Those of the colours, in their order; then the targets'. report/web/theme.js has the same.
constexpr std::array kShapes{
    Shape{"none", kCircle},      Shape{"8 4", kSquare},       Shape{"2 3", kTriangle},
    Shape{"10 3 2 3", kDiamond}, Shape{"5 2", kStar},         Shape{"6 2", kCross},
    Shape{"1 3", kStar},         Shape{"12 4 2 4 2 4", kWye}, Shape{"3 6", kHexagon},
};
constexpr std::size_t kTargetShapes = kShapes.size() - kColours.size();

std::size_t colour_in(const CurveLine& line) { return line.style.colour % kColours.size(); }
std::size_t shape_in(const CurveLine& line) { return line.style.shape % kShapes.size(); }

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string style_rules() {
  std::string rules =
      "text{font:12px system-ui,sans-serif;fill:#222}.title{font-size:15px;font-weight:600}"
      ".ground{fill:#fff}.grid{stroke:#ddd}.axis{stroke:#777;fill:none}"
      ".bound{stroke:#222;stroke-dasharray:1 4;stroke-width:2}.line{fill:none;stroke-width:2}";
  std::string dark =
      "text{fill:#e6e6e6}.ground{fill:#16181c}.grid{stroke:#3a3d44}.axis{stroke:#999}"
      ".bound{stroke:#e6e6e6}.hollow{fill:#16181c}";
  for (std::size_t i = 0; i < kColours.size(); ++i) {
    rules += fmt::format(".s{0}{{stroke:{1}}}.mark.s{0}{{fill:{1}}}", i, kColours[i].light);
    dark += fmt::format(".s{0}{{stroke:{1}}}.mark.s{0}{{fill:{1}}}", i, kColours[i].dark);
  }
  for (std::size_t i = 0; i < kShapes.size(); ++i) {
    rules += fmt::format(".d{}{{stroke-dasharray:{}}}", i, kShapes[i].dash);
  }
  // Last, so that they win over the filled marks.
  rules += ".mark.hollow{fill:#fff}";
  dark += ".mark.hollow{fill:#16181c}";
  return fmt::format("<style>{}@media (prefers-color-scheme:dark){{{}}}</style>\n", rules, dark);
}

std::string mark(const CurveLine& line, double x, double y, bool hollow, std::string_view title) {
  const std::string shape =
      fmt::format("<path class=\"mark s{}{}\" transform=\"translate({:.1f} {:.1f})\" d=\"{}\"",
                  colour_in(line), hollow ? " hollow" : "", x, y, kShapes[shape_in(line)].mark);
  if (title.empty()) return shape + "/>\n";
  return fmt::format("{}><title>{}</title></path>\n", shape, escaped(title));
}

std::string text_at(double x, double y, std::string_view anchor, std::string_view text,
                    std::string_view more = "") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y,
                     anchor, more, escaped(text));
}

std::string rule(std::string_view kind, double x1, double y1, double x2, double y2) {
  return fmt::format(
      "<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", kind, x1,
      y1, x2, y2);
}

std::string line_class(const CurveLine& line) {
  return fmt::format("line s{} d{}", colour_in(line), shape_in(line));
}

/// Each name's first line, in the order of first use.
std::vector<const CurveLine*> lines_by_name(const Curve& curve) {
  std::vector<const CurveLine*> lines;
  for (const CurvePanel& panel : curve.panels) {
    for (const CurveLine& line : panel.lines) {
      const bool seen = std::any_of(lines.begin(), lines.end(), [&](const CurveLine* other) {
        return other->name == line.name;
      });
      if (!seen) lines.push_back(&line);
    }
  }
  return lines;
}

struct Legend {
  std::string svg;
  double more = 0;  // than one row: how much further down the panels begin
};

/// Each name once, with its line and mark, in as many rows as it takes.
Legend legend_of(const Curve& curve) {
  Legend legend;
  double x = kLeft;
  for (const CurveLine* line : lines_by_name(curve)) {
    const double end = x + 40 + 7.0 * static_cast<double>(line->name.size());
    if (end > kWidth - kRight && x > kLeft) {
      legend.more += kLegend;
      x = kLeft;
    }
    const double y = 44 + legend.more;
    if (line->joined) legend.svg += rule(line_class(*line), x, y, x + 34, y);
    if (line->marked) legend.svg += mark(*line, x + 17, y, false, "");
    legend.svg += text_at(x + 40, y + 4, "start", line->name);
    x += 58 + 7.0 * static_cast<double>(line->name.size());
  }
  return legend;
}

/// One panel with its two axes.
class PanelDrawing {
 public:
  PanelDrawing(const Curve& curve, const CurvePanel& panel, const Axis& x, double top)
      : curve_(curve),
        panel_(panel),
        x_(x),
        y_(values(panel), top + kPanel, top),
        top_(top),
        bottom_(top + kPanel) {}

  std::string svg() const {
    std::string out = text_at(kLeft, top_ - 10, "start", panel_.label) + y_axis() + x_axis();
    if (panel_.bound) {
      const double y = y_.place(*panel_.bound);
      out += rule("bound", kLeft, y, kWidth - kRight, y);
    }
    for (const CurveLine& line : panel_.lines) out += drawn(line);
    return out;
  }

 private:
  static std::vector<double> values(const CurvePanel& panel) {
    std::vector<double> all;
    for (const CurveLine& line : panel.lines) {
      for (const CurvePoint& point : line.points) {
        all.push_back(point.y);
        if (point.spread) all.insert(all.end(), {point.spread->least, point.spread->most});
      }
    }
    if (panel.bound) all.push_back(*panel.bound);
    return all;
  }

  std::string y_axis() const {
    std::string out;
    for (const double tick : y_.ticks()) {
      const double y = y_.place(tick);
      out += rule("grid", kLeft, y, kWidth - kRight, y);
      out += text_at(kLeft - 8, y + 4, "end", tick_text(panel_.unit, tick));
    }
    return out + rule("axis", kLeft, top_, kLeft, bottom_);
  }

  /// A label that would touch the one before it is left out; its tick stays.
  std::string x_axis() const {
    std::vector<CurveTick> ticks = curve_.ticks;
    if (ticks.empty()) {
      for (const double x : x_.ticks()) ticks.push_back({x, tick_text(curve_.x_unit, x)});
    }
    std::string out = rule("axis", kLeft, bottom_, kWidth - kRight, bottom_);
    double free_from = 0;
    for (const CurveTick& tick : ticks) {
      const double x = x_.place(tick.x);
      const double half = 3.6 * static_cast<double>(tick.text.size());
      out += rule("axis", x, bottom_, x, bottom_ + 5);
      if (x - half < free_from) continue;
      out += text_at(x, bottom_ + 19, "middle", tick.text);
      free_from = x + half + 6;
    }
    return out + text_at((kLeft + kWidth - kRight) / 2, bottom_ + 38, "middle", curve_.x_label);
  }

  std::string drawn(const CurveLine& line) const {
    std::string out;
    std::string path;
    for (const CurvePoint& point : line.points) {
      const double x = x_.place(point.x);
      const double y = y_.place(point.y);
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x, y);
      if (point.spread && point.spread->most > point.spread->least) {
        out += rule(fmt::format("s{}", colour_in(line)), x, y_.place(point.spread->least), x,
                    y_.place(point.spread->most));
      }
      if (!line.marked) continue;
      out += mark(line, x, y, point.hollow,
                  fmt::format("{}, {}: {}", line.name, x_text(point.x),
                              harness::figure_text(panel_.unit, point.y)));
    }
    if (!line.joined || line.points.empty()) return out;
    return fmt::format("<path class=\"{}\" d=\"{}\"/>\n", line_class(line), path) + out;
  }

  std::string x_text(double x) const {
    for (const CurveTick& tick : curve_.ticks) {
      if (tick.x == x) return tick.text;
    }
    return tick_text(curve_.x_unit, x);
  }

  const Curve& curve_;
  const CurvePanel& panel_;
  const Axis& x_;
  const Axis y_;
  const double top_;
  const double bottom_;
};

std::vector<double> all_x(const Curve& curve) {
  std::vector<double> all;
  for (const CurveTick& tick : curve.ticks) all.push_back(tick.x);
  for (const CurvePanel& panel : curve.panels) {
    for (const CurveLine& line : panel.lines) {
      for (const CurvePoint& point : line.points) all.push_back(point.x);
    }
  }
  return all;
}

}  // namespace

std::string curve_svg(const Curve& curve) {
  const Legend legend = legend_of(curve);
  const double height =
      kTop + legend.more + (kPanel + kGap) * static_cast<double>(curve.panels.size());
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
      "height=\"{1:.0f}\" role=\"img\">\n<title>{2}</title>\n",
      kWidth, height, escaped(curve.title));
  out += style_rules();
  out +=
      fmt::format("<rect class=\"ground\" width=\"{:.0f}\" height=\"{:.0f}\"/>\n", kWidth, height);
  out += text_at(kLeft, 24, "start", curve.title, " class=\"title\"");
  out += legend.svg;
  const Axis x(all_x(curve), kLeft, kWidth - kRight);
  double top = kTop + legend.more + 14;
  for (const CurvePanel& panel : curve.panels) {
    out += PanelDrawing(curve, panel, x, top).svg();
    top += kPanel + kGap;
  }
  return out + "</svg>\n";
}

LineStyle style_of(std::string_view column, const std::vector<std::string>& targets) {
  const auto names = clients::transport_names();
  const std::size_t slash = column.find('/');  // behind a target's name
  const bool is_own = slash == std::string_view::npos;
  const auto found =
      std::find(names.begin(), names.end(), is_own ? column : column.substr(slash + 1));
  const auto colour = static_cast<std::size_t>(std::distance(names.begin(), found));
  if (is_own) return {colour, colour};
  const auto target = std::find(targets.begin(), targets.end(), column.substr(0, slash));
  const auto place = target == targets.end() ? 0 : std::distance(targets.begin(), target);
  return {colour, kColours.size() + static_cast<std::size_t>(place) % kTargetShapes};
}

}  // namespace pushbench::report
