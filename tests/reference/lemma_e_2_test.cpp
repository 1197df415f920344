#include "reference/theory/lemma_e_2.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/core/check.hpp"
#include "sdelens/exact/linear_recursion.hpp"
#include "tests/reference/printed.hpp"
#include "tests/reference/runge_kutta.hpp"

namespace sdelens::theory {
namespace {

using sdelens::testing::integrate;
using sdelens::testing::RoundsTo;

constexpr SgdLoss base{.learning_rate = 0.02,
                       .strong_convexity = 0.7,
                       .hessian_trace = 5.0,
                       .largest_sigma = 0.4,
                       .start_loss = 1.3};
constexpr AdaptiveScaling scaling{.batch_size = 4.0, .learning_rate_scale = 3.0, .batch_size_scale = 2.0};

// dS <= -2 mu S dt + (noise^2 / 2) L_tau dt, with the drift and the diffusion of (195) and (196).
TEST(LemmaE2, SolvesTheEquationOfEachClock) {
  for (const double time : {0.0, 0.3, 2.0, 10.0}) {
    EXPECT_NEAR(
        scaled_sgd_loss_bound(base, scaling, SgdClock::rescaled).at(time),
        integrate([](double s) { return -1.4 * s + 0.5 * 5.0 * 0.16 * 3.0 * 0.02 / 8.0; }, 1.3, time, 4000),
        1e-12);
    EXPECT_NEAR(scaled_sgd_loss_bound(base, scaling, SgdClock::base).at(time),
                integrate([](double s) { return -3.0 * 1.4 * s + 0.5 * 5.0 * 0.16 * 9.0 * 0.02 / 8.0; }, 1.3,
                          time, 8000),
                1e-11);
  }
}

// (199) and (198), read at t = k eta, over the loss of SGD itself: eta = 0.01, kappa = delta = 2, lambda = sigma = 1.
TEST(LemmaE2, HasTheKnownDistanceFromSgd) {
  const AdaptiveScaling twice{.learning_rate_scale = 2.0, .batch_size_scale = 2.0};
  const SgdLoss one{0.01, 1.0, 1.0, 1.0, 0.5};
  const auto entry = [](double value) { return Eigen::MatrixXd::Constant(1, 1, value); };
  LinearRecursion sgd({.hessian = entry(1.0), .noise_covariance = entry(0.5), .learning_rate = 0.02},
                      Eigen::VectorXd::Ones(1));
  const auto excess = [&](double time, SgdClock clock) {
    sgd.advance(static_cast<std::uint64_t>(std::lround(time / 0.01)) - sgd.iteration());
    return 100.0 * (scaled_sgd_loss_bound(one, twice, clock).at(time) / sgd.expected_loss() - 1.0);
  };
  const std::pair<double, const char*> known[] = {
      {0.2, ".8"}, {0.5, "1.9"}, {1.0, "3.0"}, {2.0, "-.5"}, {5.0, "-1.0"}};
  for (const auto& [time, text] : known) EXPECT_THAT(excess(time, SgdClock::base), RoundsTo(text)) << time;
  LinearRecursion again({.hessian = entry(1.0), .noise_covariance = entry(0.5), .learning_rate = 0.02},
                        Eigen::VectorXd::Ones(1));
  std::swap(sgd, again);
  EXPECT_THAT(excess(0.2, SgdClock::rescaled), RoundsTo("50"));
  EXPECT_THAT(excess(1.0, SgdClock::rescaled), RoundsTo("519"));
}

TEST(LemmaE2, RefusesWhatIsOutOfRange) {
  const auto refused = [](auto change) {
    AdaptiveScaling changed = scaling;
    change(changed);
    EXPECT_THROW(scaled_sgd_loss_bound(base, changed, SgdClock::base), InvalidParameter);
  };
  refused([](AdaptiveScaling& s) { s.learning_rate_scale = 0.0; });
  refused([](AdaptiveScaling& s) { s.batch_size = -1.0; });
  refused([](AdaptiveScaling& s) { s.batch_size_scale = 0.0; });
  refused([](AdaptiveScaling& s) { s.weight_decay_scale = 2.0; });
}

}  // namespace
}  // namespace sdelens::theory
