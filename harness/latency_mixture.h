#pragma once

#include <vector>

namespace pushbench::harness {

/// The distribution of a time that is made of parts: with some probability it is `offset` and, on
/// top, waits that are independent and uniform from 0 to each of `widths`. Seconds.
class LatencyMixture {
 public:
  struct Part {
    double weight = 1;  // probability, against the other parts' weights
    double offset = 0;
    std::vector<double> widths = {};
  };

  LatencyMixture() = default;
  LatencyMixture(std::vector<Part> parts) : parts_(std::move(parts)) {}

  void add(Part part) { parts_.push_back(std::move(part)); }
  void add(const LatencyMixture& other, double weight);  // all its parts, in that proportion

  /// The sum of two independent times.
  LatencyMixture plus(const LatencyMixture& other) const;

  bool empty() const { return parts_.empty(); }
  double mean() const;
  double quantile(double share) const;  // 0.5: the median. 0 if there are no parts, as are these
  double max() const;
  double share_within(double time) const;

 private:
  double weight() const;

  std::vector<Part> parts_;
};

}  // namespace pushbench::harness
