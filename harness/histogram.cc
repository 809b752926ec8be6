#include "harness/histogram.h"

#include <hdr_histogram.h>
#include <hdr_histogram_log.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>

namespace pushbench::harness {

std::uint64_t SparseHistogram::count() const {
  std::uint64_t sum = 0;
  for (const auto& [place, count] : counts) sum += static_cast<std::uint64_t>(count);
  return sum;
}

void SparseHistogram::add(const SparseHistogram& other) {
  std::vector<std::pair<std::int32_t, std::int64_t>> sum;
  sum.reserve(counts.size() + other.counts.size());
  auto mine = counts.begin();
  for (const auto& [place, count] : other.counts) {
    while (mine != counts.end() && mine->first < place) sum.push_back(*mine++);
    sum.emplace_back(place, count);
    if (mine != counts.end() && mine->first == place) sum.back().second += mine++->second;
  }
  sum.insert(sum.end(), mine, counts.end());
  counts = std::move(sum);
}

void Histogram::Free::operator()(hdr_histogram* histogram) const { hdr_close(histogram); }

Histogram::Histogram() {
  hdr_histogram* made = nullptr;
  if (hdr_init(kLowest, kHighest, kDigits, &made) != 0) throw std::bad_alloc();
  histogram_.reset(made);
}

void Histogram::record(std::int64_t us) {
  hdr_record_value(histogram_.get(), std::clamp<std::int64_t>(us, 0, kHighest));
}

void Histogram::add(const Histogram& other) { hdr_add(histogram_.get(), other.histogram_.get()); }

void Histogram::add(const SparseHistogram& other) {
  for (const auto& [place, count] : other.counts) {
    hdr_record_values(histogram_.get(), hdr_value_at_index(histogram_.get(), place), count);
  }
}

void Histogram::clear() {
  if (count() > 0) hdr_reset(histogram_.get());
}

SparseHistogram Histogram::sparse() const {
  SparseHistogram sparse;
  std::int64_t left = histogram_->total_count;
  for (std::int32_t place = 0; left > 0; ++place) {
    const std::int64_t count = histogram_->counts[place];
    if (count == 0) continue;
    sparse.counts.emplace_back(place, count);
    left -= count;
  }
  return sparse;
}

SparseHistogram Histogram::take() {
  SparseHistogram taken = sparse();
  // What hdr_reset() does, which goes over all places.
  for (const auto& [place, count] : taken.counts) histogram_->counts[place] = 0;
  histogram_->total_count = 0;
  histogram_->min_value = std::numeric_limits<std::int64_t>::max();
  histogram_->max_value = 0;
  return taken;
}

std::string Histogram::encoded() const {
  char* text = nullptr;
  if (hdr_log_encode(histogram_.get(), &text) != 0) throw std::bad_alloc();
  const std::unique_ptr<char, decltype(&std::free)> owned(text, &std::free);
  return text;
}

std::int32_t Histogram::places() {
  hdr_histogram_bucket_config config{};
  hdr_calculate_bucket_config(kLowest, kHighest, kDigits, &config);
  return config.counts_len;
}

std::uint64_t Histogram::count() const {
  return static_cast<std::uint64_t>(histogram_->total_count);
}

double Histogram::mean() const { return count() == 0 ? 0 : hdr_mean(histogram_.get()); }

/// As HdrHistogram's Java and JavaScript count it: rounded up, so that at least so many values are
/// no larger, but not for what the product is off in its last bit. HdrHistogram_c rounds to the
/// nearest.
std::int64_t Histogram::rank(double percent) const {
  const double exact = std::min(percent, 100.0) / 100 * static_cast<double>(count());
  const double last_bit = std::nextafter(exact, HUGE_VAL) - exact;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(exact - last_bit)));
}

std::int64_t Histogram::percentile(double percent) const {
  const std::int64_t wanted = rank(percent);
  std::int64_t sum = 0;
  for (std::int32_t place = 0; place < histogram_->counts_len; ++place) {
    sum += histogram_->counts[place];
    if (sum >= wanted) {
      return hdr_next_non_equivalent_value(histogram_.get(),
                                           hdr_value_at_index(histogram_.get(), place)) -
             1;
    }
  }
  return 0;  // it is empty
}

std::int64_t Histogram::max() const { return count() == 0 ? 0 : hdr_max(histogram_.get()); }

std::uint64_t Histogram::needed_for(double percent) {
  // In whole thousandths, so that 10,000 values are enough for p99.9 whatever 99.9 is in binary.
  const auto beyond = static_cast<std::uint64_t>(std::llround((100 - percent) * 1000));
  return (10 * 100'000ULL + beyond - 1) / beyond;
}

bool Histogram::supports(double percent) const { return count() >= needed_for(percent); }

std::uint64_t Histogram::count_between(std::int64_t from_us, std::int64_t to_us) const {
  hdr_iter iter;
  hdr_iter_recorded_init(&iter, histogram_.get());
  std::uint64_t sum = 0;
  while (hdr_iter_next(&iter)) {
    if (iter.value >= from_us && iter.value < to_us) sum += static_cast<std::uint64_t>(iter.count);
  }
  return sum;
}

}  // namespace pushbench::harness
