#include "sdelens/exact/sign_closure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <cmath>
#include <numbers>

#include "sdelens/core/check.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "tests/reference/printed.hpp"

namespace sdelens {
namespace {

using sdelens::testing::RoundsTo;

// One step from the normal law that the closure has reached, by quadrature over that law.
TEST(SignClosure, TakesAnExactStepFromANormalLaw) {
  const double eta = 0.05, lambda = 2.0, sigma = 0.3;
  SignClosure closure({.learning_rate = eta, .curvature = lambda, .sigma = sigma, .start = 0.4});
  boost::math::quadrature::tanh_sinh<double> quadrature;
  for (int k = 0; k < 12; ++k) {
    closure.advance();
    const double m = closure.mean(), s = std::sqrt(closure.variance());
    const auto average = [&](auto g) {
      const auto integrand = [&](double u) {
        return g(m + s * u) * std::exp(-0.5 * u * u) / std::sqrt(2.0 * std::numbers::pi);
      };
      return quadrature.integrate(integrand, -12.0, 12.0);
    };
    const auto mean_sign = [&](double x) { return std::erf(lambda * x / (sigma * std::numbers::sqrt2)); };
    const double mean = average([&](double x) { return x - eta * mean_sign(x); });
    const double second = average([&](double x) { return x * x - 2.0 * eta * x * mean_sign(x) + eta * eta; });
    SignClosure next = closure;
    next.advance();
    EXPECT_NEAR(next.mean(), mean, 1e-14);
    EXPECT_NEAR(next.second_moment(), second, 1e-14);
    EXPECT_NEAR(next.expected_loss(), 0.5 * lambda * second, 1e-14);
  }
}

// The first step starts from a point, where the closure is no approximation.
TEST(SignClosure, BeginsLikeTheChain) {
  SignClosure closure({.learning_rate = 0.05, .curvature = 2.0, .sigma = 0.3, .start = 0.4});
  SignChain chain({0.05, 0.4}, gaussian_probability_down({2.0, 0.3}));
  closure.advance();
  chain.advance();
  EXPECT_NEAR(closure.mean(), chain.mean(), 1e-15);
  EXPECT_NEAR(closure.variance(), chain.variance(), 1e-15);
}

TEST(SignClosure, IsCloseToTheStationaryLaw) {
  double previous = HUGE_VAL;
  for (const double r : {0.1, 0.05, 0.025}) {
    SignClosure closure({.learning_rate = r, .curvature = 1.0, .sigma = 1.0, .start = 0.0});
    closure.advance(static_cast<std::uint64_t>(40.0 / r));
    const StationarySignLaw law({r, 0.0}, gaussian_probability_down({1.0, 1.0}));
    const double error = std::abs(closure.variance() / law.variance() - 1.0);
    EXPECT_LE(error, 2e-4) << r;
    EXPECT_LT(error, 0.35 * previous) << r;  // of second order in r
    previous = error;
  }
}

// Paper A, Figure 2 right: H = diag(1, 2), eta = 0.01, sigma = 0.1, x_0 = (0.01, 0.01), eta_k = (k + 1)^-p.
TEST(SignClosure, GivesTheLossesOfFigure2) {
  struct Row {
    double exponent;
    const char* losses[4];
  };
  for (const Row& row : {Row{0.1, {"3.219e-4", "2.542e-4", "2.011e-4", "1.593e-4"}},
                         Row{0.5, {"2.168e-5", "6.425e-6", "1.997e-6", "6.282e-7"}},
                         Row{1.0, {"8.05e-5", "4.87e-5", "3.03e-5", "1.93e-5"}},
                         Row{1.5, {nullptr, nullptr, nullptr, "1.947e-4"}}}) {
    const auto factor = [&](std::uint64_t k) {
      return std::pow(static_cast<double>(k) + 1.0, -row.exponent);
    };
    SignClosure one({0.01, 1.0, 0.1, 0.01, factor}), two({0.01, 2.0, 0.1, 0.01, factor});
    std::uint64_t iteration = 1000;
    for (const char* loss : row.losses) {
      one.advance(iteration - one.iteration());
      two.advance(iteration - two.iteration());
      iteration *= 10;
      if (loss == nullptr) continue;
      EXPECT_THAT(one.expected_loss() + two.expected_loss(), RoundsTo(loss)) << row.exponent;
    }
  }
}

TEST(SignClosure, RefusesWhatIsOutOfRange) {
  const SignClosureSettings good{.learning_rate = 0.1, .curvature = 1.0, .sigma = 1.0, .start = 0.0};
  const auto refused = [&](auto change) {
    SignClosureSettings settings = good;
    change(settings);
    EXPECT_THROW(SignClosure{settings}, InvalidParameter);
  };
  refused([](auto& s) { s.learning_rate = 0.0; });
  refused([](auto& s) { s.curvature = 0.0; });
  refused([](auto& s) { s.sigma = -1.0; });
  refused([](auto& s) { s.start = HUGE_VAL; });
  SignClosureSettings settings = good;
  settings.rate_factor = [](std::uint64_t) { return std::nan(""); };
  SignClosure closure(settings);
  EXPECT_THROW(closure.advance(), InvalidParameter);
}

}  // namespace
}  // namespace sdelens
