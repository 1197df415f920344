#include "reference/theory/lemma_3_9.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/quadrature/tanh_sinh.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "sdelens/core/check.hpp"
#include "sdelens/exact/linear_recursion.hpp"
#include "sdelens/exact/sign_closure.hpp"
#include "tests/reference/printed.hpp"

namespace sdelens::theory {
namespace {

using sdelens::testing::RoundsTo;

// Paper A, Figure 2 right.
constexpr ScheduledLoss figure_2{
    .learning_rate = 0.01, .strong_convexity = 1.0, .hessian_trace = 3.0, .sigma = 0.1, .dimension = 2.0};

RateFactor polynomial(double exponent) {
  return [exponent](std::uint64_t k) { return std::pow(static_cast<double>(k) + 1.0, -exponent); };
}

struct Row {
  double exponent;
  std::uint64_t iteration;
  const char *to_bound, *to_asymptote;
};

TEST(Lemma39, HasTheRatiosOfTheTextForSignSgd) {
  for (const Row& row : {Row{0.1, 1000, ".683", "1.025"}, Row{0.1, 10'000, ".679", "1.019"},
                         Row{0.1, 100'000, ".677", "1.015"}, Row{0.5, 1000, ".730", "1.095"},
                         Row{0.5, 10'000, ".684", "1.025"}, Row{0.5, 100'000, ".672", "1.008"},
                         Row{1.0, 1000, "86", nullptr}, Row{1.0, 10'000, "518", nullptr}}) {
    const RateFactor factor = polynomial(row.exponent);
    SignClosure one({0.01, 1.0, 0.1, 0.01, factor}), two({0.01, 2.0, 0.1, 0.01, factor});
    one.advance(row.iteration);
    two.advance(row.iteration);
    const double loss = one.expected_loss() + two.expected_loss();
    const double last = factor(row.iteration);
    EXPECT_THAT(loss / scheduled_signsgd_bound(figure_2, last), RoundsTo(row.to_bound)) << row.exponent;
    if (row.to_asymptote == nullptr) continue;
    EXPECT_THAT(loss / scheduled_signsgd_asymptote(figure_2, last), RoundsTo(row.to_asymptote))
        << row.exponent;
  }
}

TEST(Lemma39, HasTheRatiosOfTheTextForSgd) {
  for (const Row& row : {Row{0.1, 1000, nullptr, "1.012"}, Row{0.1, 10'000, nullptr, "1.004"},
                         Row{0.1, 100'000, nullptr, "1.0025"}, Row{0.5, 1000, nullptr, "16.4"},
                         Row{0.5, 10'000, nullptr, "3.37"}, Row{0.5, 100'000, nullptr, "1.07"}}) {
    const RateFactor factor = polynomial(row.exponent);
    LinearRecursion recursion({.hessian = Eigen::Vector2d(1.0, 2.0).asDiagonal(),
                               .noise_covariance = 0.01 * Eigen::MatrixXd::Identity(2, 2),
                               .learning_rate = 0.01,
                               .rate_factor = factor},
                              Eigen::VectorXd::Constant(2, 0.01));
    recursion.advance(row.iteration);
    EXPECT_THAT(recursion.expected_loss() / scheduled_sgd_asymptote(figure_2, factor(row.iteration)),
                RoundsTo(row.to_asymptote))
        << row.exponent << ' ' << row.iteration;
  }
}

// With b > 0 the speed, V' = -2 b eta_t V + eta eta_t^2 has V / eta_t -> eta / (2 b) if and only if
// eta_t' / eta_t^2 -> 0; at a constant rate it holds at once.
TEST(Lemma39, IsTheStationaryLossAtAConstantRate) {
  const double pi = 3.14159265358979324;
  const double one = 0.5 * 0.005 * std::sqrt(pi / 2.0) * 0.1, both = 2.0 * one;
  EXPECT_NEAR(scheduled_signsgd_asymptote(figure_2, 1.0), both, 1e-18);
  EXPECT_NEAR(scheduled_signsgd_asymptote(figure_2, 0.3), 0.3 * both, 1e-18);
  EXPECT_NEAR(scheduled_sgd_asymptote(figure_2, 1.0), 2.0 * 0.5 * 0.005 * 0.01, 1e-18);
  const ScheduledLoss isotropic{0.01, 2.0, 6.0, 0.1, 3.0};
  EXPECT_NEAR(scheduled_signsgd_bound(isotropic, 0.2) / scheduled_signsgd_asymptote(isotropic, 0.2), 1.0,
              1e-15);
  EXPECT_NEAR(scheduled_sgd_bound(isotropic, 0.2) / scheduled_sgd_asymptote(isotropic, 0.2), 1.0, 1e-15);
  EXPECT_NEAR(scheduled_signsgd_asymptote(figure_2, 0.2) / scheduled_signsgd_bound(figure_2, 0.2), 2.0 / 3.0,
              1e-15);
}

TEST(Lemma39, KnowsWhenTheRateHolds) {
  for (const double exponent : {0.1, 0.5, 1.0, 1.5}) {
    const auto eta = [&](double t) { return std::pow(t + 1.0, -exponent); };
    const double h = 1e-2;
    const double slope = (eta(20.0 + h) - eta(20.0 - h)) / (2.0 * h);
    const double third = exponent * (exponent + 1.0) * (exponent + 2.0) * std::pow(21.0 - h, -exponent - 3.0);
    const double tolerance = (h * h * third / 6.0 + 1e-16 / h) / std::pow(eta(20.0), 2);
    EXPECT_NEAR(polynomial_rate_ratio(exponent, 20.0), -slope / std::pow(eta(20.0), 2), tolerance);
    EXPECT_EQ(polynomial_rate_holds(exponent), polynomial_rate_ratio(exponent, 1e30) < 1e-2);
    // The integral over [0, inf) is infinite if its pieces over [T, 2 T], [2 T, 4 T], ... do not fall.
    boost::math::quadrature::tanh_sinh<double> quadrature;
    const double piece = quadrature.integrate(eta, 1e12, 2e12), next = quadrature.integrate(eta, 2e12, 4e12);
    EXPECT_EQ(polynomial_loss_vanishes(exponent), next > (1.0 - 1e-9) * piece);
  }
  EXPECT_FALSE(polynomial_rate_holds(1.0));
  EXPECT_TRUE(polynomial_loss_vanishes(1.0));
  EXPECT_FALSE(polynomial_loss_vanishes(1.5));
}

TEST(Lemma39, RefusesWhatIsOutOfRange) {
  const auto refused = [](auto change, double factor = 1.0) {
    ScheduledLoss settings = figure_2;
    change(settings);
    EXPECT_THROW(scheduled_signsgd_bound(settings, factor), InvalidParameter);
    EXPECT_THROW(scheduled_sgd_bound(settings, factor), InvalidParameter);
    EXPECT_THROW(scheduled_signsgd_asymptote(settings, factor), InvalidParameter);
    EXPECT_THROW(scheduled_sgd_asymptote(settings, factor), InvalidParameter);
  };
  refused([](auto& s) { s.learning_rate = 0.0; });
  refused([](auto& s) { s.strong_convexity = 0.0; });
  refused([](auto& s) { s.hessian_trace = 0.0; });
  refused([](auto& s) { s.sigma = 0.0; });
  refused([](auto& s) { s.dimension = 0.0; });
  refused([](auto&) {}, 0.0);
  EXPECT_THROW(polynomial_rate_ratio(0.0, 1.0), InvalidParameter);
  EXPECT_THROW(polynomial_rate_ratio(0.5, -1.0), InvalidParameter);
  EXPECT_THROW(polynomial_loss_vanishes(-1.0), InvalidParameter);
  EXPECT_THROW(polynomial_rate_holds(std::nan("")), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
