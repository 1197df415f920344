#include "reference/theory/lemma_3_3.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

// Erf(y / sqrt 2) and sqrt(1 - Erf^2), by mpmath 1.3 with 50 digits.
struct Row {
  double y, mean_sign, noise;
};
constexpr Row table[] = {
    {0.001, 0.00079788442782212517, 0.99999968169016926}, {0.5, 0.38292492254802621, 0.92377946702207456},
    {1.0, 0.6826894921370859, 0.73070859946055632},       {2.0, 0.95449973610364159, 0.2982117599593929},
    {4.0, 0.99993665751633376, 0.011255263438153843},     {8.0, 0.99999999999999876, 4.9883707056600275e-8},
};

TEST(Lemma33, AgreesWithTheTable) {
  for (const Row& row : table) {
    EXPECT_NEAR(gaussian_drift(row.y) / -row.mean_sign, 1.0, 1e-15) << row.y;
    EXPECT_EQ(gaussian_drift(-row.y), -gaussian_drift(row.y));
    // The relative error of erfc grows like y^2 times a rounding error of its argument.
    EXPECT_NEAR(gaussian_diffusion(row.y, 0.01) / (0.1 * row.noise), 1.0, 1e-15 * (2.0 + row.y * row.y))
        << row.y;
    EXPECT_EQ(gaussian_diffusion(-row.y, 0.01), gaussian_diffusion(row.y, 0.01));
  }
}

TEST(Lemma33, HasItsLimits) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(gaussian_drift(infinity), -1.0);
  EXPECT_EQ(gaussian_drift(-infinity), 1.0);
  EXPECT_EQ(gaussian_diffusion(infinity, 0.01), 0.0);
  EXPECT_NEAR(gaussian_diffusion(0.0, 0.04), 0.2, 1e-16);
  // Erf is odd, so the central slope has an error of y^2 / 6.
  EXPECT_NEAR(-gaussian_drift(1e-5) / 1e-5, gaussian_slope(), 2e-11);
}

TEST(Lemma33, RefusesWhatIsOutOfRange) {
  EXPECT_THROW(gaussian_drift(std::nan("")), InvalidParameter);
  EXPECT_THROW(gaussian_diffusion(std::nan(""), 1.0), InvalidParameter);
  EXPECT_THROW(gaussian_diffusion(1.0, 0.0), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
