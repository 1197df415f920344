#include "reference/theory/lemma_3_13.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "reference/theory/lemma_c_29.hpp"
#include "sdelens/core/check.hpp"
#include "tests/reference/printed.hpp"
#include "tests/reference/runge_kutta.hpp"

namespace sdelens::theory {
namespace {

using sdelens::testing::integrate;
using sdelens::testing::RoundsTo;

constexpr AdamWLoss example{.learning_rate = 0.01,
                            .strong_convexity = 0.7,
                            .smoothness = 2.0,
                            .hessian_trace = 5.0,
                            .sigma = 0.4,
                            .weight_decay = 0.6,
                            .start_loss = 0.2,
                            .scaling = {2.0, 3.0, 5.0, 1.5}};

// dX = -kappa P^{-1}(grad f dt + sqrt(eta) P dW) - kappa xi gamma X dt with P = sigma / sqrt(B delta),
// |grad f|^2 >= 2 mu S, grad f'X >= S + (mu / 2)|X|^2, |X|^2 >= 2 S / L.
TEST(Lemma313, SolvesTheEquationOfItsProof) {
  const double kappa = 3.0, noise = 0.4 / std::sqrt(2.0 * 5.0);
  const auto slope = [&](double loss) {
    const double gradient_squared = 2.0 * 0.7 * loss;
    const double gradient_times_x = loss + 0.5 * 0.7 * (2.0 * loss / 2.0);
    return -kappa / noise * gradient_squared - kappa * 1.5 * 0.6 * gradient_times_x +
           0.5 * 0.01 * kappa * kappa * 5.0;
  };
  const LossBound bound = adamw_loss_bound(example);
  for (const double time : {0.01, 0.1, 1.0})
    EXPECT_NEAR(bound.at(time), integrate(slope, 0.2, time, 20'000), 1e-12) << time;
  EXPECT_NEAR(slope(bound.limit), 0.0, 1e-15);
}

// Paper A, Figure 5 left and centre-left, H = diag(1, 3): base, all rescaled by kappa = 2, all but gamma.
TEST(Lemma313, GivesTheLimitsOfFigure5) {
  const auto limit = [](double gamma, const AdaptiveScaling& scaling) {
    return adamw_loss_bound({1e-3, 1.0, 3.0, 4.0, 1.0, gamma, 0.0, scaling}).limit;
  };
  const AdaptiveScaling rescaled{1.0, 2.0, 4.0, 2.0}, all_but_gamma{1.0, 2.0, 4.0, 1.0};
  EXPECT_THAT(limit(1.0, {}), RoundsTo("6.000e-4"));
  EXPECT_THAT(limit(1.0, rescaled), RoundsTo("6.000e-4"));
  EXPECT_THAT(limit(1.0, all_but_gamma), RoundsTo("7.500e-4"));
  EXPECT_THAT(limit(4.0, {}), RoundsTo("2.727e-4"));
  EXPECT_THAT(limit(4.0, rescaled), RoundsTo("2.727e-4"));
  EXPECT_THAT(limit(4.0, all_but_gamma), RoundsTo("4.286e-4"));
}

// Paper A, Figure 6: H = I_2, eta = 0.01, gamma = 1.
TEST(Lemma313, GivesTheLimitsOfFigure6) {
  const std::pair<double, const char*> limits[] = {
      {0.01, "4.9505e-5"}, {0.1, "4.5455e-4"}, {1.0, "2.5e-3"}, {10.0, "4.5455e-3"}, {100.0, "4.9505e-3"}};
  for (const auto& [sigma, text] : limits) {
    const double limit = adamw_loss_bound({0.01, 1.0, 1.0, 2.0, sigma, 1.0, 0.0}).limit;
    EXPECT_THAT(limit, RoundsTo(text)) << sigma;
    EXPECT_NEAR(limit / (0.5 * 0.01 * sigma / (1.0 + sigma)), 1.0, 1e-15);
  }
}

TEST(Lemma313, IsTheBoundOfAdamWithoutWeightDecay) {
  AdamWLoss settings = example;
  settings.weight_decay = 0.0;
  // eta sigma L_tau / (4 mu sqrt B) kappa / sqrt delta
  EXPECT_NEAR(adamw_loss_bound(settings).limit,
              0.01 * 0.4 * 5.0 / (4.0 * 0.7 * std::sqrt(2.0)) * 3.0 / std::sqrt(5.0), 1e-16);
  EXPECT_THAT(adamw_loss_bound({1e-3, 1.0, 3.0, 4.0, 1.0, 0.0, 0.0}).limit, RoundsTo("1e-3"));
}

TEST(LemmaC29, GivesTheLimitsOfFigures5And6) {
  EXPECT_THAT(adam_asymptotic_loss({1e-3, 1.0, 2.0}), RoundsTo("5e-4"));
  for (const double sigma : {0.01, 0.1, 1.0, 10.0, 100.0}) {
    const double limit = adam_asymptotic_loss({0.01, sigma, 2.0});
    EXPECT_NEAR(limit / (0.5 * 0.01 * sigma), 1.0, 1e-15);
    EXPECT_NEAR(limit / adamw_loss_bound({0.01, 1.0, 1.0, 2.0, sigma, 0.0, 0.0}).limit, 1.0, 1e-15);
  }
}

TEST(LemmaC29, FollowsTheScaling) {
  const double base = adam_asymptotic_loss({0.01, 0.3, 5.0});
  EXPECT_NEAR(adam_asymptotic_loss({0.01, 0.3, 5.0, {4.0, 1.0, 1.0, 1.0}}) / base, 0.5, 1e-15);
  EXPECT_NEAR(adam_asymptotic_loss({0.01, 0.3, 5.0, {1.0, 3.0, 1.0, 1.0}}) / base, 3.0, 1e-15);
  EXPECT_NEAR(adam_asymptotic_loss({0.01, 0.3, 5.0, {1.0, 3.0, 9.0, 7.0}}) / base, 1.0, 1e-15);
}

TEST(LemmaC29, RefusesWhatIsOutOfRange) {
  EXPECT_THROW(adam_asymptotic_loss({0.0, 1.0, 1.0}), InvalidParameter);
  EXPECT_THROW(adam_asymptotic_loss({1.0, 0.0, 1.0}), InvalidParameter);
  EXPECT_THROW(adam_asymptotic_loss({1.0, 1.0, 0.0}), InvalidParameter);
  EXPECT_THROW(adam_asymptotic_loss({1.0, 1.0, 1.0, {0.0, 1.0, 1.0, 1.0}}), InvalidParameter);
  EXPECT_THROW(adam_asymptotic_loss({1.0, 1.0, 1.0, {1.0, 0.0, 1.0, 1.0}}), InvalidParameter);
  EXPECT_THROW(adam_asymptotic_loss({1.0, 1.0, 1.0, {1.0, 1.0, -1.0, 1.0}}), InvalidParameter);
}

TEST(Lemma313, RefusesWhatIsOutOfRange) {
  const auto refused = [](auto change) {
    AdamWLoss settings = example;
    change(settings);
    EXPECT_THROW(adamw_loss_bound(settings), InvalidParameter);
  };
  refused([](auto& s) { s.learning_rate = 0.0; });
  refused([](auto& s) { s.strong_convexity = 0.0; });
  refused([](auto& s) { s.smoothness = 0.69; });
  refused([](auto& s) { s.smoothness = HUGE_VAL; });
  refused([](auto& s) { s.hessian_trace = 0.0; });
  refused([](auto& s) { s.sigma = 0.0; });
  refused([](auto& s) { s.weight_decay = -0.1; });
  refused([](auto& s) { s.start_loss = -0.1; });
  refused([](auto& s) { s.scaling.batch_size = 0.0; });
  refused([](auto& s) { s.scaling.learning_rate_scale = 0.0; });
  refused([](auto& s) { s.scaling.batch_size_scale = 0.0; });
  refused([](auto& s) { s.scaling.weight_decay_scale = 0.0; });
}

}  // namespace
}  // namespace sdelens::theory
