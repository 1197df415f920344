// Every check refuses a correct program with probability 1e-6 at most (goodness_of_fit.hpp). Each is tried on
// samplers with one defect each, too, which it must refuse.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "sdelens/core/random.hpp"
#include "tests/lib/core/goodness_of_fit.hpp"

namespace sdelens {
namespace {

using test::binomial_count;
using test::equiprobable;
using test::standard_normals;
using test::uniformly_distributed;

/// Fills the draws of a step; rows are replicas from 0 on.
using Sampler = std::function<void(std::uint64_t step, Out draws)>;

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

std::size_t bin_of(double u, std::size_t bins) {
  return std::min(static_cast<std::size_t>(u * static_cast<double>(bins)), bins - 1);
}

Batch draw(const Sampler& sampler, Index rows, Index columns, std::uint64_t step = 0) {
  Batch draws(rows, columns);
  sampler(step, draws);
  return draws;
}

bool has_the_distribution(const Sampler& sampler) {
  std::vector<double> counts(4096, 0.0);
  std::vector<double> first;
  for (std::uint64_t step = 0; step < 8; ++step) {
    const Batch draws = draw(sampler, 1 << 18, 2, step);
    for (const double z : draws.reshaped()) {
      const double u = normal_cdf(z);
      counts[bin_of(u, counts.size())] += 1.0;
      if (step == 0) first.push_back(u);
    }
  }
  return equiprobable(counts) && uniformly_distributed(first);
}

// E z^k = (k-1)!! for even k; the variance of the mean of z^k is E z^2k - (E z^k)^2. With 6.7e7 draws the mean of z^8
// has a skewness of 0.014 still, which makes its part of the false alarms 1.3 times what is allotted to it.
bool has_the_moments(const Sampler& sampler) {
  constexpr std::array<double, 5> powers{1.0, 2.0, 3.0, 4.0, 6.0};
  constexpr std::array<double, 5> means{0.0, 1.0, 0.0, 3.0, 15.0};
  constexpr std::array<double, 5> variances{1.0, 2.0, 15.0, 96.0, 10170.0};
  std::array<double, 6> sums{};
  double count = 0.0;
  Batch draws(16384, 16);
  for (std::uint64_t step = 0; step < 256; ++step) {
    sampler(step, draws);
    count += static_cast<double>(draws.size());
    for (const double z : draws.reshaped()) {
      const double square = z * z;
      sums[0] += z;
      sums[1] += square;
      sums[2] += square * z;
      sums[3] += square * square;
      sums[4] += square * square * square;
      sums[5] += square * square * square * square;
    }
  }
  std::vector<double> z;
  for (std::size_t i = 0; i < powers.size(); ++i) {
    z.push_back((sums[i] / count - means[i]) * std::sqrt(count / variances[i]));
  }
  z.push_back((sums[5] / count - 105.0) * std::sqrt(count / (2027025.0 - 105.0 * 105.0)));
  return standard_normals(z);
}

bool has_the_tails(const Sampler& sampler) {
  constexpr std::array<double, 4> levels{3.0, 4.0, 5.0, 6.0};
  std::array<double, 4> above{}, below{};
  Batch draws(16384, 16);
  double total = 0.0;
  for (std::uint64_t step = 0; total < 4e8; ++step) {
    sampler(step, draws);
    total += static_cast<double>(draws.size());
    const double* const z = draws.data();
    for (Index i = 0; i < draws.size(); ++i) {
      if (std::abs(z[i]) <= levels[0]) continue;
      for (std::size_t k = 0; k < levels.size(); ++k) {
        above[k] += z[i] > levels[k] ? 1.0 : 0.0;
        below[k] += z[i] < -levels[k] ? 1.0 : 0.0;
      }
    }
  }
  bool result = true;
  for (std::size_t k = 0; k < levels.size(); ++k) {
    const double tail = normal_cdf(-levels[k]);
    // Eight counts, each with an eighth of the false alarms.
    result = result && binomial_count(above[k], total, tail, 0.125) &&
             binomial_count(below[k], total, tail, 0.125);
  }
  return result;
}

/// Pairs of draws of one quad, in 32 x 32 bins, for each pair of its members.
bool members_are_independent(const Sampler& sampler) {
  constexpr std::size_t side = 32;
  const Batch draws = draw(sampler, 1 << 19, 8);
  bool result = true;
  for (const auto& [a, b] : {std::pair{0, 8}, {0, 16}, {0, 24}, {8, 16}, {8, 24}, {16, 24}}) {
    std::vector<double> counts(side * side, 0.0);
    for (Index j = 0; j < draws.cols(); ++j) {
      for (Index i = 0; i < draws.rows(); ++i) {
        if (i % 32 >= 8) continue;
        counts[bin_of(normal_cdf(draws(i + a, j)), side) * side +
               bin_of(normal_cdf(draws(i + b, j)), side)] += 1.0;
      }
    }
    result = result && equiprobable(counts, 1.0 / 6.0);
  }
  return result;
}

/// Polar coordinates of what one call makes of one angle: (1 + theta / pi) / 2 and the uniform exp(-r^2 / 2).
struct Polar {
  double angle, radius;
};
Polar polar(double x, double y) {
  return {0.5 + std::atan2(y, x) / (2.0 * std::numbers::pi), std::exp(-0.5 * (x * x + y * y))};
}

bool angles_are_uniform(const Sampler& sampler) {
  const Batch draws = draw(sampler, 1 << 20, 1);
  std::vector<double> angles;
  for (Index i = 0; i < draws.rows(); ++i) {
    if (i % 16 < 8) angles.push_back(polar(draws(i, 0), draws(i + 8, 0)).angle);
  }
  return uniformly_distributed(angles);
}

// At both ends of its uniform the radius of a pair takes other bits; there, too, radius and angle are uniform and
// independent, in 8 x 32 bins, and as many pairs as there should be have them.
bool ends_are_exact(const Sampler& sampler) {
  constexpr double end = 0x1p-14;
  const double beyond = -2.0 * std::log(end);
  const double within = -2.0 * std::log1p(-end);
  std::vector<double> large(8 * 32, 0.0), small(8 * 32, 0.0);
  double in_large = 0.0, in_small = 0.0, pairs = 0.0;
  Batch draws(16384, 16);
  for (std::uint64_t step = 0; step < 1024; ++step) {
    sampler(step, draws);
    pairs += 0.5 * static_cast<double>(draws.size());
    const double* const z = draws.data();
    for (Index i = 0; i < draws.size(); i += i % 16 == 7 ? 9 : 1) {
      const double square = z[i] * z[i] + z[i + 8] * z[i + 8];
      if (square > within && square < beyond) continue;
      const Polar p = polar(z[i], z[i + 8]);
      const bool is_large = square >= beyond;
      const double place = is_large ? p.radius / end : -std::expm1(-0.5 * square) / end;
      (is_large ? large : small)[bin_of(place, 8) * 32 + bin_of(p.angle, 32)] += 1.0;
      (is_large ? in_large : in_small) += 1.0;
    }
  }
  return equiprobable(large, 0.25) && equiprobable(small, 0.25) &&
         binomial_count(in_large, pairs, end, 0.25) && binomial_count(in_small, pairs, end, 0.25);
}

// Mean products of independent entries are normal with variance 1/n (4/n for squares less their mean).
void append_correlations(const Batch& a, const Batch& b, std::vector<double>& z) {
  const double root = std::sqrt(static_cast<double>(a.size()));
  z.push_back(root * (a * b).mean());
  z.push_back(root * ((a.square() - 1.0) * (b.square() - 1.0)).mean() / 2.0);
  z.push_back(root * (a * (b.square() - 1.0)).mean() / std::numbers::sqrt2);
}

bool replicas_are_uncorrelated(const Sampler& sampler) {
  const Batch draws = draw(sampler, 1 << 18, 4);
  std::vector<double> z;
  for (Index lag = 1; lag <= 32; ++lag) {
    // Blocks of 2 lag rows, so that no draw is used twice.
    const Index blocks = draws.rows() / (2 * lag);
    Batch a(blocks * lag, draws.cols());
    Batch b(blocks * lag, draws.cols());
    for (Index p = 0; p < blocks; ++p) {
      a.middleRows(p * lag, lag) = draws.middleRows(2 * p * lag, lag);
      b.middleRows(p * lag, lag) = draws.middleRows((2 * p + 1) * lag, lag);
    }
    append_correlations(a, b, z);
  }
  return standard_normals(z);
}

bool coordinates_are_uncorrelated(const Sampler& sampler) {
  const Batch draws = draw(sampler, 1 << 19, 4);
  std::vector<double> z;
  append_correlations(draws.leftCols(2), draws.rightCols(2), z);
  append_correlations(draws.col(0), draws.col(1), z);
  append_correlations(draws.col(2), draws.col(3), z);
  return standard_normals(z);
}

bool steps_are_uncorrelated(const Sampler& sampler) {
  const Batch draws = draw(sampler, 1 << 19, 4, 0);
  std::vector<double> z;
  for (const std::uint64_t step : {1ULL, 2ULL, 1ULL << 32}) {
    append_correlations(draws, draw(sampler, 1 << 19, 4, step), z);
  }
  return standard_normals(z);
}

/// A check and a defect that it must see, made from normals without it.
struct Law {
  const char* name;
  bool (*check)(const Sampler&);
  std::function<void(const Sampler&, std::uint64_t step, Out draws)> defect;
};

void PrintTo(const Law& law, std::ostream* out) { *out << law.name; }

/// y <- y + correlation x, with the y of the replicas `lag` further
void correlate_replicas(Index lag, double correlation, Out z) {
  for (Index i = 0; i + lag < z.rows(); i += i % lag == lag - 1 ? lag + 1 : 1)
    z.row(i + lag) += correlation * z.row(i);
}

const std::vector<Law> laws{
    {"TheDistribution", has_the_distribution,
     [](const Sampler& exact, std::uint64_t step, Out z) {
       exact(step, z);
       z *= 1.01;
     }},
    {"TheMoments", has_the_moments,
     [](const Sampler& exact, std::uint64_t step, Out z) {
       exact(step, z);
       z += 1e-3;
     }},
    {"TailsOf4e8Draws", has_the_tails,
     [](const Sampler& exact, std::uint64_t step, Out z) {
       exact(step, z);
       z = z.min(5.0);
     }},
    {"IndependentMembers", members_are_independent,
     [](const Sampler& exact, std::uint64_t step, Out z) {
       exact(step, z);
       correlate_replicas(8, 0.02, z);
     }},
    {"UniformAngles", angles_are_uniform,
     [](const Sampler& exact, std::uint64_t step, Out z) {
       exact(step, z);
       correlate_replicas(8, 0.1, z);
     }},
    {"TailsOfPairs", ends_are_exact,
     [](const Sampler& exact, std::uint64_t step, Out z) {
       exact(step, z);
       // The radius of the angle's bits: beyond 4.4 it grows along with the angle.
       for (Index i = 0; i + 8 < z.size(); i += i % 16 == 7 ? 9 : 1) {
         double& x = z.data()[i];
         double& y = z.data()[i + 8];
         if (x * x + y * y > 28.0 * std::numbers::ln2 && x > 0.0) std::swap(x, y);
       }
     }},
    {"CorrelationOfReplicas", replicas_are_uncorrelated,
     [](const Sampler& exact, std::uint64_t step, Out z) {
       exact(step, z);
       correlate_replicas(13, 0.02, z);
     }},
    {"CorrelationOfCoordinates", coordinates_are_uncorrelated,
     [](const Sampler& exact, std::uint64_t step, Out z) {
       exact(step, z);
       z.col(1) += 0.02 * z.col(0);
     }},
    {"CorrelationOfSteps", steps_are_uncorrelated, [](const Sampler& exact, std::uint64_t step, Out z) {
       exact(step, z);
       Batch before = z;
       exact(0, before);
       if (step == 2) z += 0.02 * before;
     }}};

class RandomNormal : public testing::TestWithParam<Law> {
 protected:
  static Sampler sampler(NormalBits bits) {
    return
        [stream = Stream(3, "law", bits)](std::uint64_t step, Out draws) { stream.normal(0, step, draws); };
  }
};

TEST_P(RandomNormal, SharedBitsHave) { EXPECT_TRUE(GetParam().check(sampler(NormalBits::shared))); }

TEST_P(RandomNormal, StrictBitsHave) { EXPECT_TRUE(GetParam().check(sampler(NormalBits::strict))); }

TEST_P(RandomNormal, ADefectIsSeen) {
  EXPECT_FALSE(GetParam().check(
      [](std::uint64_t step, Out draws) { GetParam().defect(sampler(NormalBits::shared), step, draws); }));
}

INSTANTIATE_TEST_SUITE_P(Law, RandomNormal, testing::ValuesIn(laws),
                         [](const auto& law) { return std::string(law.param.name); });

TEST(RandomNormalLaw, StreamsOfOtherSeedsNamesAndBitsAreUncorrelated) {
  const auto draw = [](std::uint64_t seed, const char* name, NormalBits bits) {
    Batch draws(1 << 19, 4);
    Stream(seed, name, bits).normal(0, 0, draws);
    return draws;
  };
  const Batch one = draw(5, "correlation", NormalBits::shared);
  std::vector<double> z;
  append_correlations(one, draw(6, "correlation", NormalBits::shared), z);
  append_correlations(one, draw(5, "correlatioo", NormalBits::shared), z);
  EXPECT_TRUE(standard_normals(z));
  z.clear();
  append_correlations(one, one, z);
  EXPECT_FALSE(standard_normals(z));
}

}  // namespace
}  // namespace sdelens
