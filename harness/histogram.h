#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "wire/result.h"

struct hdr_histogram;

namespace pushbench::harness {

/// What a histogram holds, without its empty places: {place, count}, in order of places.
struct SparseHistogram {
  std::vector<std::pair<std::int32_t, std::int64_t>> counts;

  std::uint64_t count() const;
};

/// An HdrHistogram of times in microseconds, 0 to one hour, with 3 significant digits. Histograms
/// are merged with add(); percentiles are never averaged.
class Histogram {
 public:
  Histogram();
  Histogram(Histogram&&) noexcept = default;
  Histogram& operator=(Histogram&&) noexcept = default;

  void record(std::int64_t us);  // below 0 counts as 0, above an hour as an hour
  void add(const Histogram& other);
  void add(const SparseHistogram& other);
  void clear();
  SparseHistogram sparse() const;

  std::uint64_t count() const;
  double mean() const;                            // 0 if empty, as are the following
  std::int64_t percentile(double percent) const;  // 50, 99, 99.9
  std::int64_t max() const;
  /// Whether a percentile says anything: at least 10 values lie beyond it. p99 takes 1,000 values,
  /// p99.9 takes 10,000.
  bool supports(double percent) const;
  /// How many values a percentile takes to say anything. Below 100.
  static std::uint64_t needed_for(double percent);
  /// How many values lie in [from_us, to_us), up to the histogram's resolution at these bounds.
  std::uint64_t count_between(std::int64_t from_us, std::int64_t to_us) const;

 private:
  struct Free {
    void operator()(hdr_histogram* histogram) const;
  };
  std::unique_ptr<hdr_histogram, Free> histogram_;
};

}  // namespace pushbench::harness
