#pragma once

#include <cstddef>
#include <vector>

namespace pushbench::report {

/// What a rank test says of the hypothesis that nothing changed.
struct RankTest {
  double statistic = 0;  // U of the second sample; or the sum of the positive differences' ranks
  double p = 1;          // two-sided
  double least_p = 1;    // that so many values could give at all
  bool exact = true;     // by counting every order; false: by the normal approximation
};

/// Up to so many values a side U's distribution is counted, beyond it is approximated.
inline constexpr std::size_t kExactMannWhitney = 20;

/// The same for pairs.
inline constexpr std::size_t kExactSignedRank = 50;

/// Mann–Whitney's U, ties sharing the mean of their ranks. Neither sample may be empty. The exact
/// distribution is that of these very ranks, ties and all; the approximation corrects for ties.
RankTest mann_whitney(const std::vector<double>& first, const std::vector<double>& second);

/// Wilcoxon's signed ranks of paired differences; those of 0 are left out, as he did. Where all
/// are, p is 1.
RankTest signed_rank(const std::vector<double>& differences);

}  // namespace pushbench::report
