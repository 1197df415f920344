#include "sdelens/core/chi_square.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/chi_squared.hpp>
#include <vector>

#include "sdelens/core/check.hpp"
#include "tests/lib/core/goodness_of_fit.hpp"

namespace sdelens {
namespace {

const Stream stream(63, "chi-square");

std::vector<double> probabilities(std::uint64_t degrees_of_freedom, std::uint64_t nominal) {
  Column draws(1 << 18);
  chi_square(stream, degrees_of_freedom, 0, degrees_of_freedom, draws);
  const boost::math::chi_squared law(static_cast<double>(nominal));
  std::vector<double> result;
  for (const double value : draws) result.push_back(boost::math::cdf(law, value));
  return result;
}

// False alarms: 5 times 1e-6.
TEST(ChiSquare, HasItsDistribution) {
  for (const std::uint64_t nu : {1U, 2U, 3U, 10U, 1000U})
    EXPECT_TRUE(test::uniformly_distributed(probabilities(nu, nu))) << nu;
}

TEST(ChiSquare, IsToldFromItsNeighbour) { EXPECT_FALSE(test::uniformly_distributed(probabilities(3, 4))); }

TEST(ChiSquare, IsAFunctionOfReplicaAndStep) {
  Column whole(100);
  chi_square(stream, 3, 5, 9, whole);
  for (const Index row : {0, 1, 50, 99}) {
    Column alone(1);
    chi_square(stream, 3, 5 + static_cast<std::uint64_t>(row), 9, alone);
    EXPECT_EQ(alone(0), whole(row));
  }
  Column other(100);
  chi_square(stream, 3, 5, 10, other);
  EXPECT_FALSE((other == whole).any());
}

TEST(ChiSquare, RefusesNoDegreesOfFreedom) {
  Column draws(1);
  EXPECT_THROW(chi_square(stream, 0, 0, 0, draws), InvalidParameter);
}

}  // namespace
}  // namespace sdelens
