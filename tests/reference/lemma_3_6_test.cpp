#include "reference/theory/lemma_3_6.hpp"

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

constexpr SgdLoss example{.learning_rate = 0.02,
                          .strong_convexity = 0.7,
                          .hessian_trace = 5.0,
                          .largest_sigma = 0.4,
                          .start_loss = 1.3};

TEST(Lemma36, SolvesItsEquation) {
  const LossBound bound = sgd_loss_bound(example);
  const auto slope = [](double loss) { return -1.4 * loss + 0.01 * 5.0 * 0.16; };
  for (const double time : {0.0, 0.3, 2.0, 10.0})
    EXPECT_NEAR(bound.at(time), integrate(slope, example.start_loss, time, 4000), 1e-12);
}

// E f of SGD itself on lambda |x|^2 / 2 in three coordinates, which tends to the bound when eta does to 0.
TEST(Lemma36, IsAnEqualityForIsotropicProblems) {
  for (const double eta : {1e-2, 1e-3, 1e-4}) {
    const auto identity = Eigen::MatrixXd::Identity(3, 3);
    LinearRecursion recursion(
        {.hessian = 2.0 * identity, .noise_covariance = 0.25 * identity, .learning_rate = eta},
        Eigen::VectorXd::Constant(3, 1.0));
    recursion.advance(static_cast<std::uint64_t>(std::lround(0.5 / eta)));
    const LossBound bound = sgd_loss_bound({eta, 2.0, 6.0, 0.5, 3.0});
    // (1 - eta lambda)^{2k} = e^{-2 lambda t (1 + eta lambda / 2 + ...)}
    EXPECT_NEAR(recursion.expected_loss() / bound.at(0.5), 1.0, 2.5 * eta);
  }
}

TEST(Lemma36, GivesTheLimitsOfFigure6) {
  const std::pair<double, const char*> limits[] = {
      {0.01, "5.0e-7"}, {0.1, "5.0e-5"}, {1.0, "5.0e-3"}, {10.0, ".5"}, {100.0, "50"}};
  for (const auto& [sigma, text] : limits) {
    const double limit = sgd_loss_bound({0.01, 1.0, 2.0, sigma, 0.0}).limit;
    EXPECT_THAT(limit, RoundsTo(text)) << sigma;
    const auto identity = Eigen::MatrixXd::Identity(2, 2);
    const Eigen::MatrixXd exact = stationary_covariance(
        {.hessian = identity, .noise_covariance = sigma * sigma * identity, .learning_rate = 0.01});
    EXPECT_THAT(100.0 * (0.5 * exact.trace() / limit - 1.0), RoundsTo(".5025"));
  }
}

TEST(Lemma36, RefusesWhatIsOutOfRange) {
  const auto refused = [](auto change) {
    SgdLoss settings = example;
    change(settings);
    EXPECT_THROW(sgd_loss_bound(settings), InvalidParameter);
  };
  refused([](auto& s) { s.learning_rate = 0.0; });
  refused([](auto& s) { s.strong_convexity = -1.0; });
  refused([](auto& s) { s.hessian_trace = 0.0; });
  refused([](auto& s) { s.largest_sigma = 0.0; });
  refused([](auto& s) { s.start_loss = -0.1; });
}

}  // namespace
}  // namespace sdelens::theory
