#include "report/studies/line_fit.h"

namespace pushbench::report {

LineFit fit_line(const std::vector<std::pair<double, double>>& points) {
  const auto count = static_cast<double>(points.size());
  double mean_x = 0;
  double mean_y = 0;
  for (const auto& [x, y] : points) {
    mean_x += x / count;
    mean_y += y / count;
  }
  double xx = 0;
  double xy = 0;
  double yy = 0;
  for (const auto& [x, y] : points) {
    xx += (x - mean_x) * (x - mean_x);
    xy += (x - mean_x) * (y - mean_y);
    yy += (y - mean_y) * (y - mean_y);
  }
  const double slope = xy / xx;
  return {mean_y - slope * mean_x, slope, yy == 0 ? 1 : xy * xy / (xx * yy)};
}

}  // namespace pushbench::report
