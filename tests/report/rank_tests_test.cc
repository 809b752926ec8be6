#include "report/rank_tests.h"

#include <gtest/gtest.h>

#include <vector>

#include "report/student.h"

namespace pushbench::report {
namespace {

/// Two samples of n values without ties whose second one has that U.
RankTest with_u(std::size_t n, std::size_t u) {
  std::vector<double> first;
  std::vector<double> second;
  // The second sample lies below the first one whole, but for its top value, and then the next.
  for (std::size_t i = 0; i < n; ++i) {
    first.push_back(static_cast<double>(n + i) + 0.5);
    second.push_back(static_cast<double>(i));
  }
  for (std::size_t i = n; i-- > 0 && u > 0;) {
    const std::size_t step = u < n ? u : n;
    second[i] = static_cast<double>(n + step) + 0.001 * static_cast<double>(i);
    u -= step;
  }
  return mann_whitney(first, second);
}

// H. B. Mann, D. R. Whitney: On a Test of Whether one of Two Random Variables is Stochastically
// Larger than the Other, 1947, table I: the probability of a U not larger than this one. Both sides
// are twice that.
TEST(MannWhitney, AgreesWithTheTableOf1947) {
  EXPECT_NEAR(with_u(3, 0).p, 2 * 0.050, 0.001);
  EXPECT_NEAR(with_u(4, 0).p, 2 * 0.014, 0.001);
  EXPECT_NEAR(with_u(4, 1).p, 2 * 0.029, 0.001);
  EXPECT_NEAR(with_u(4, 3).p, 2 * 0.100, 0.001);
  EXPECT_NEAR(with_u(5, 2).p, 2 * 0.016, 0.001);
  EXPECT_NEAR(with_u(5, 4).p, 2 * 0.048, 0.001);
  EXPECT_NEAR(with_u(5, 6).p, 2 * 0.111, 0.001);
  EXPECT_EQ(with_u(5, 6).statistic, 6);
}

// M. Hollander, D. A. Wolfe: Nonparametric Statistical Methods, 1973, page 69: permeability of the
// human chorioamnion. R's documentation of wilcox.test has W = 35 and, one-sided, p = 0.1272.
TEST(MannWhitney, AgreesWithHollanderAndWolfe) {
  const RankTest test = mann_whitney({1.15, 0.88, 0.90, 0.74, 1.21},
                                     {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46});
  EXPECT_EQ(test.statistic, 35);
  EXPECT_NEAR(test.p, 2 * 0.1272, 0.0001);
  EXPECT_TRUE(test.exact);
}

TEST(MannWhitney, ThreeAgainstThreeCannotGetToFivePercent) {
  const RankTest test = mann_whitney({1, 2, 3}, {4, 5, 6});
  EXPECT_NEAR(test.p, 0.1, 1e-12);
  EXPECT_NEAR(test.least_p, 0.1, 1e-12);
  EXPECT_NEAR(mann_whitney({1, 2, 3, 4}, {5, 6, 7, 8}).least_p, 2.0 / 70, 1e-12);
}

TEST(MannWhitney, TiesShareTheirRank) {
  EXPECT_EQ(mann_whitney({1, 1, 1, 1}, {1, 1, 1, 1}).p, 1);
  // Of the 6 ways to choose two of the ranks 1, 2.5, 2.5, 4 two are as far out as 1 and 2.5, and
  // two as 2.5 and 4.
  const RankTest test = mann_whitney({1, 2}, {2, 3});
  EXPECT_EQ(test.statistic, 3.5);
  EXPECT_NEAR(test.p, 4.0 / 6, 1e-12);
}

TEST(MannWhitney, ApproximatesBeyondTwenty) {
  const RankTest test = with_u(21, 140);
  EXPECT_FALSE(test.exact);
  EXPECT_EQ(test.statistic, 140);
  // (220.5 - 140 - 0.5) / sqrt(21 · 21 · 43 / 12) = 2.0124, and beyond that lie 4.42 % of a normal
  // distribution, both sides together.
  EXPECT_NEAR(test.p, 0.0442, 0.0001);
  std::vector<double> tied(21, 1.0);
  EXPECT_EQ(mann_whitney(tied, tied).p, 1);
}

// F. Wilcoxon's critical values of T, for two sides at 5 %: 0 of 6 pairs, 3 of 8, 8 of 10; the
// probabilities are those of the counts 1, 5 and 25 of all 2^n signs.
TEST(SignedRank, AgreesWithWilcoxonsTable) {
  const auto with_t = [](int n, const std::vector<int>& positive) {
    std::vector<double> differences;
    for (int i = 1; i <= n; ++i) differences.push_back(-i);
    for (const int i : positive) differences[static_cast<std::size_t>(i - 1)] = i;
    return signed_rank(differences);
  };
  EXPECT_NEAR(with_t(6, {}).p, 2.0 / 64, 1e-12);
  EXPECT_NEAR(with_t(8, {3}).p, 2 * 5.0 / 256, 1e-12);
  EXPECT_NEAR(with_t(10, {8}).p, 2 * 25.0 / 1024, 1e-12);
  EXPECT_GT(with_t(10, {9}).p, 0.05);
  EXPECT_EQ(with_t(10, {2, 6}).statistic, 8);
}

// Hollander and Wolfe, page 29: Hamilton's depression scale before and after. R's documentation of
// wilcox.test has V = 40 and, one-sided, p = 0.01953.
TEST(SignedRank, AgreesWithHollanderAndWolfe) {
  const std::vector<double> before{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
  const std::vector<double> after{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
  std::vector<double> differences;
  for (std::size_t i = 0; i < before.size(); ++i) differences.push_back(before[i] - after[i]);
  const RankTest test = signed_rank(differences);
  EXPECT_EQ(test.statistic, 40);
  EXPECT_NEAR(test.p, 2 * 0.01953, 0.0001);
}

TEST(SignedRank, LeavesOutWhatDoesNotDiffer) {
  EXPECT_EQ(signed_rank({0, 0, 0, 0, 0, 0, 0}).p, 1);
  EXPECT_NEAR(signed_rank({0, 1, 2, 3}).p, 0.25, 1e-12);
  EXPECT_NEAR(signed_rank({0, 1, 2, 3}).least_p, 0.25, 1e-12);
}

TEST(SignedRank, ApproximatesBeyondFifty) {
  std::vector<double> differences;
  for (int i = 1; i <= 51; ++i) differences.push_back(i % 3 == 0 ? -i : i);
  const RankTest test = signed_rank(differences);
  EXPECT_FALSE(test.exact);
  EXPECT_EQ(test.statistic, 867);  // all but 3 + 6 + … + 51 of 1326
  // (867 - 663 - 0.5) / sqrt(51 · 52 · 103 / 24) = 1.9075
  EXPECT_NEAR(test.p, 0.0564, 0.0002);
}

// Student's table as any textbook has it, for two sides.
TEST(Student, AgreesWithTheTable) {
  EXPECT_NEAR(student_bound(0.95, 1), 12.706, 0.001);
  EXPECT_NEAR(student_bound(0.95, 2), 4.303, 0.001);
  EXPECT_NEAR(student_bound(0.95, 5), 2.571, 0.001);
  EXPECT_NEAR(student_bound(0.95, 10), 2.228, 0.001);
  EXPECT_NEAR(student_bound(0.99, 9), 3.250, 0.001);
  EXPECT_NEAR(student_bound(0.999, 5), 6.869, 0.001);
  EXPECT_NEAR(student_bound(0.999, 120), 3.373, 0.001);
  EXPECT_NEAR(student_within(2.571, 5), 0.95, 0.0001);
  EXPECT_EQ(student_within(0, 7), 0);
}

}  // namespace
}  // namespace pushbench::report
