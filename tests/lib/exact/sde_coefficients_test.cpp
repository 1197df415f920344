#include "sdelens/exact/sde_coefficients.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace sdelens {
namespace {

SdeContext context(std::vector<double> curvatures) {
  const auto dimension = static_cast<Index>(curvatures.size());
  return {.source = additive(make_landscape("quadratic", {{"curvatures", std::move(curvatures)}}),
                             make_noise("gaussian", dimension, {{"sigma", {0.5}}})),
          .learning_rate = 0.1,
          .schedule = make_schedule("constant")};
}

TEST(CoefficientsOf, AreThoseOfTheRegisteredEquation) {
  const ScalarDiffusion sgd = coefficients_of(make_sde("sgd", context({2.0})));
  EXPECT_DOUBLE_EQ(sgd.drift(0.3), -0.6);
  EXPECT_DOUBLE_EQ(std::abs(sgd.diffusion(0.3)), std::sqrt(0.1) * 0.5);
  const ScalarDiffusion sign = coefficients_of(make_sde("signsgd", context({2.0})));
  EXPECT_DOUBLE_EQ(sign.drift(0.3), -std::erf(0.6 / 0.5 / std::sqrt(2.0)));
}

TEST(CoefficientsOf, OfAnOrdinaryEquationHaveNoNoise) {
  EXPECT_EQ(coefficients_of(make_sde("signsgd-phase-1", context({2.0}))).diffusion(0.3), 0.0);
}

TEST(CoefficientsOf, RefuseSeveralCoordinatesAndColumns) {
  EXPECT_THROW(coefficients_of(make_sde("sgd", context({1.0, 2.0}))), InvalidParameter);
  EXPECT_THROW(coefficients_of(make_sde("rmsprop", context({1.0}))), InvalidParameter);
}

}  // namespace
}  // namespace sdelens
