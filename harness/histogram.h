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
  void add(const SparseHistogram& other);
};

/// An HdrHistogram of times in microseconds, 0 to one hour, with 3 significant digits. Histograms
/// are merged with add(); percentiles are never averaged.
class Histogram {
 public:
  static constexpr std::int64_t kLowest = 1;
  static constexpr std::int64_t kHighest = 3'600'000'000;  // us
  static constexpr int kDigits = 3;
  static std::int32_t places();  // how many there are in a histogram

  Histogram();
  Histogram(Histogram&&) noexcept = default;
  Histogram& operator=(Histogram&&) noexcept = default;

  void record(std::int64_t us);  // below 0 counts as 0, above an hour as an hour
  void add(const Histogram& other);
  void add(const SparseHistogram& other);
  void clear();
  SparseHistogram sparse() const;
  /// The same, and leaves the histogram empty: quick, where all values are small.
  SparseHistogram take();
  /// As histogram logs have it: HdrHistogram's V2 encoding, compressed, in base64.
  std::string encoded() const;

  std::uint64_t count() const;
  double mean() const;  // 0 if empty, as are the following
  /// 50, 99, 99.9: the smallest value that so many are not above, as HdrHistogram's other tools
  /// say.
  std::int64_t percentile(double percent) const;
  std::int64_t max() const;
  /// Whether a percentile says anything: at least 10 values lie beyond it. p99 takes 1,000 values,
  /// p99.9 takes 10,000.
  bool supports(double percent) const;
  /// How many values a percentile takes to say anything. Below 100.
  static std::uint64_t needed_for(double percent);
  /// How many values lie in [from_us, to_us), up to the histogram's resolution at these bounds.
  std::uint64_t count_between(std::int64_t from_us, std::int64_t to_us) const;

 private:
  std::int64_t rank(double percent) const;  // of the value that a percentile is, from 1 on

  struct Free {
    void operator()(hdr_histogram* histogram) const;
  };
  std::unique_ptr<hdr_histogram, Free> histogram_;
};

}  // namespace pushbench::harness
