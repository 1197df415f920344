#include "reference/theory/lemma_e_3.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "sdelens/core/check.hpp"
#include "sdelens/exact/linear_recursion.hpp"
#include "tests/reference/printed.hpp"
#include "tests/reference/runge_kutta.hpp"

namespace sdelens::theory {
namespace {

using sdelens::testing::integrate;
using sdelens::testing::RoundsTo;

constexpr SgdWLoss example{
    .learning_rate = 0.02,
    .strong_convexity = 0.7,
    .smoothness = 1.4,
    .hessian_trace = 5.0,
    .largest_sigma = 0.4,
    .weight_decay = 0.6,
    .start_loss = 1.3,
    .scaling = {
        .batch_size = 4.0, .learning_rate_scale = 3.0, .batch_size_scale = 2.0, .weight_decay_scale = 2.0}};

// dS <= -kappa (2 mu + xi gamma (1 + mu / L)) S dt + kappa^2 (eta / 2) sigma^2 L_tau / (B delta) dt
TEST(LemmaE3, SolvesItsEquation) {
  const LossBound bound = sgdw_loss_bound(example);
  const auto slope = [](double s) { return -3.0 * (1.4 + 1.2 * 1.5) * s + 9.0 * 0.01 * 0.16 * 5.0 / 8.0; };
  for (const double time : {0.0, 0.1, 1.0, 5.0})
    EXPECT_NEAR(bound.at(time), integrate(slope, 1.3, time, 8000), 1e-11);
}

// SGDW itself on lambda |x|^2 / 2 in three coordinates, which tends to the bound when eta does to 0.
TEST(LemmaE3, IsAnEqualityForIsotropicProblems) {
  for (const double eta : {1e-2, 1e-3, 1e-4}) {
    const auto identity = Eigen::MatrixXd::Identity(3, 3);
    LinearRecursion recursion({.hessian = 2.0 * identity,
                               .noise_covariance = 0.25 / 5.0 * identity,
                               .learning_rate = 2.0 * eta,
                               .weight_decay = 1.5},
                              Eigen::VectorXd::Ones(3));
    recursion.advance(static_cast<std::uint64_t>(std::lround(0.25 / eta)));
    const SgdWLoss settings{eta, 2.0, 2.0, 6.0, 0.5, 0.5, 3.0, {1.0, 2.0, 5.0, 3.0}};
    // (1 - h a)^{2k} = e^{-2 a h k (1 + h a / 2 + ...)} with h = 2 eta, a = 3.5
    EXPECT_NEAR(recursion.expected_loss() / sgdw_loss_bound(settings).at(0.25), 1.0, 13.0 * eta);
    const Eigen::MatrixXd stationary = stationary_covariance({.hessian = 2.0 * identity,
                                                              .noise_covariance = 0.25 / 5.0 * identity,
                                                              .learning_rate = 2.0 * eta,
                                                              .weight_decay = 1.5});
    // 1 / (1 - h a / 2)
    EXPECT_NEAR(stationary(0, 0) / sgdw_sde_variance(settings, 2.0), 1.0, 4.0 * eta);
  }
}

// Stationary variance of SGDW at kappa = delta = 2 over that of the base run, eta = 0.01.
TEST(LemmaE3, IsKeptWithoutScalingTheWeightDecay) {
  const auto variance = [](double eta, double noise, double lambda, double gamma) {
    const auto entry = [](double value) { return Eigen::MatrixXd::Constant(1, 1, value); };
    return stationary_covariance({.hessian = entry(lambda),
                                  .noise_covariance = entry(noise),
                                  .learning_rate = eta,
                                  .weight_decay = gamma})(0, 0);
  };
  const auto limit = [](double lambda, double gamma, double xi) {
    return sgdw_loss_bound({0.01, lambda, lambda, lambda, 1.0, gamma, 0.0, {1.0, 2.0, 2.0, xi}}).limit;
  };
  const std::tuple<double, double, const char*, const char*> known[] = {{1.0, 0.5, "1.0076", ".7596"},
                                                                        {1.0, 4.0, "1.0263", ".5952"},
                                                                        {3.0, 0.5, "1.0181", ".8955"},
                                                                        {3.0, 4.0, "1.0376", ".6900"}};
  for (const auto& [lambda, gamma, same, scaled] : known) {
    const double base = variance(0.01, 1.0, lambda, gamma);
    EXPECT_THAT(variance(0.02, 0.5, lambda, gamma) / base, RoundsTo(same));
    EXPECT_THAT(variance(0.02, 0.5, lambda, 2.0 * gamma) / base, RoundsTo(scaled));
    const double base_limit = sgdw_loss_bound({0.01, lambda, lambda, lambda, 1.0, gamma, 0.0}).limit;
    EXPECT_DOUBLE_EQ(limit(lambda, gamma, 1.0), base_limit);
    EXPECT_NEAR(limit(lambda, gamma, 2.0) / base_limit, (lambda + gamma) / (lambda + 2.0 * gamma), 1e-12);
  }
}

TEST(LemmaE3, RefusesWhatIsOutOfRange) {
  const auto refused = [](auto change) {
    SgdWLoss changed = example;
    change(changed);
    EXPECT_THROW(sgdw_loss_bound(changed), InvalidParameter);
    EXPECT_THROW(sgdw_sde_variance(changed, 1.0), InvalidParameter);
  };
  refused([](SgdWLoss& s) { s.learning_rate = 0.0; });
  refused([](SgdWLoss& s) { s.strong_convexity = 2.0; });
  refused([](SgdWLoss& s) { s.hessian_trace = 0.0; });
  refused([](SgdWLoss& s) { s.largest_sigma = -1.0; });
  refused([](SgdWLoss& s) { s.weight_decay = -0.1; });
  refused([](SgdWLoss& s) { s.start_loss = std::nan(""); });
  refused([](SgdWLoss& s) { s.scaling.weight_decay_scale = 0.0; });
  EXPECT_THROW(sgdw_sde_variance(example, 0.0), InvalidParameter);
}

}  // namespace
}  // namespace sdelens::theory
