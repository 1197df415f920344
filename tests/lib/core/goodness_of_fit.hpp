#pragma once

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <vector>

namespace sdelens::test {

/// Probability that one check of this header refuses a correct program. A test that makes several checks has
/// the sum of theirs.
inline constexpr double false_alarm = 1e-6;

/// Whether counts of bins of equal probability pass Pearson's chi-square test. A check of several parts gives each a
/// `share` of its false alarms.
inline bool equiprobable(const std::vector<double>& counts, double share = 1.0) {
  double total = 0.0;
  for (const double count : counts) total += count;
  const double expected = total / static_cast<double>(counts.size());
  double statistic = 0.0;
  for (const double count : counts) statistic += (count - expected) * (count - expected) / expected;
  const boost::math::chi_squared law(static_cast<double>(counts.size() - 1));
  return statistic < boost::math::quantile(boost::math::complement(law, share * false_alarm));
}

/// Kolmogorov and Smirnov's test that numbers in [0, 1] are uniform, with the bound of Dvoretzky, Kiefer,
/// Wolfowitz and Massart, P(D > d) <= 2 exp(-2 n d^2), exact for every n.
inline bool uniformly_distributed(std::vector<double> u) {
  std::ranges::sort(u);
  const auto n = static_cast<double>(u.size());
  double distance = 0.0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    const auto rank = static_cast<double>(i);
    distance = std::max({distance, u[i] - rank / n, (rank + 1.0) / n - u[i]});
  }
  return std::isfinite(distance) && distance < std::sqrt(std::log(2.0 / false_alarm) / (2.0 * n));
}

/// Whether a count of successes in independent trials is between the exact binomial quantiles.
inline bool binomial_count(double successes, double trials, double probability, double share = 1.0) {
  using boost::math::complement;
  const boost::math::binomial law(trials, probability);
  const double at_most = boost::math::cdf(law, successes);
  const double at_least = successes == 0.0 ? 1.0 : boost::math::cdf(complement(law, successes - 1.0));
  return std::min(at_most, at_least) >= 0.5 * share * false_alarm;
}

/// Whether statistics with standard normal laws, dependent or not, are all as small as they should be: one check.
inline bool standard_normals(const std::vector<double>& z) {
  using boost::math::complement;
  const double each = false_alarm / static_cast<double>(z.size());
  const double bound = boost::math::quantile(complement(boost::math::normal(), 0.5 * each));
  return !z.empty() && std::ranges::all_of(z, [bound](double value) { return std::abs(value) < bound; });
}

inline bool standard_normal(double z) { return standard_normals({z}); }

}  // namespace sdelens::test
