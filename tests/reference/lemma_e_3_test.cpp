#include "reference/theory/lemma_e_3.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "reference/theory/lemma_3_6.hpp"
#include "sdelens/core/check.hpp"
#include "sdelens/exact/linear_recursion.hpp"

namespace sdelens::theory {
namespace {

// In one dimension mu = L = lambda, and the bound is the loss of the SDE itself, which the optimizer tends to.
TEST(LemmaE3, IsTheLossInOneDimension) {
  const auto relative_error = [](double eta) {
    const double lambda = 1.7, sigma = 0.4, gamma = 0.9;
    LinearRecursion sgdw({.hessian = Eigen::MatrixXd::Constant(1, 1, lambda),
                          .noise_covariance = Eigen::MatrixXd::Constant(1, 1, sigma * sigma),
                          .learning_rate = eta,
                          .weight_decay = gamma},
                         Eigen::VectorXd::Constant(1, 0.3));
    const auto iterations = static_cast<std::uint64_t>(0.8 / eta);
    sgdw.advance(iterations);
    const LossBound bound = sgdw_loss_bound({.learning_rate = eta,
                                             .strong_convexity = lambda,
                                             .smoothness = lambda,
                                             .hessian_trace = lambda,
                                             .largest_sigma = sigma,
                                             .weight_decay = gamma,
                                             .start_loss = 0.5 * lambda * 0.09});
    return sgdw.expected_loss() / bound.at(0.8) - 1.0;
  };
  EXPECT_LT(std::abs(relative_error(1e-4)), 1e-3);
  EXPECT_NEAR(relative_error(1e-3) / relative_error(1e-4), 10.0, 0.5);
}

// Where H is not a multiple of I the bound is above the loss at all times: by far more than O(eta).
TEST(LemmaE3, BoundsTheLossInTwoDimensions) {
  const Eigen::Matrix2d hessian = Eigen::Vector2d(0.5, 4.0).asDiagonal();
  const double eta = 1e-3;
  const Eigen::Vector2d start(0.2, 0.1);
  const LossBound bound = sgdw_loss_bound({.learning_rate = eta,
                                           .strong_convexity = 0.5,
                                           .smoothness = 4.0,
                                           .hessian_trace = 4.5,
                                           .largest_sigma = 0.8,
                                           .weight_decay = 2.0,
                                           .start_loss = 0.5 * start.dot(hessian * start)});
  LinearRecursion sgdw({.hessian = hessian,
                        .noise_covariance = 0.64 * Eigen::Matrix2d::Identity(),
                        .learning_rate = eta,
                        .weight_decay = 2.0},
                       start);
  for (std::uint64_t k = 100; k <= 4000; k += 100) {
    sgdw.advance(100);
    EXPECT_LT(sgdw.expected_loss(), bound.at(eta * static_cast<double>(k))) << k;
  }
}

TEST(LemmaE3, WithoutDecayIsTheBoundOfSgd) {
  const LossBound sgdw = sgdw_loss_bound({0.01, 0.5, 3.0, 4.0, 0.7, 0.0, 1.3});
  const LossBound sgd = sgd_loss_bound({0.01, 0.5, 4.0, 0.7, 1.3});
  EXPECT_DOUBLE_EQ(sgdw.rate, sgd.rate);
  EXPECT_DOUBLE_EQ(sgdw.limit, sgd.limit);
  EXPECT_DOUBLE_EQ(sgdw.start, sgd.start);
}

// A batch of delta samples at kappa = delta: the limit stays with the same gamma, not with kappa gamma.
TEST(LemmaE3, IsPreservedWithoutScalingTheDecay) {
  const SgdWLoss base{0.01, 1.0, 1.0, 1.0, 1.0, 4.0, 0.0};
  SgdWLoss same = base, scaled = base;
  same.scaling = {1.0, 2.0, 2.0, 1.0};
  scaled.scaling = {1.0, 2.0, 2.0, 2.0};
  EXPECT_DOUBLE_EQ(sgdw_loss_bound(same).limit, sgdw_loss_bound(base).limit);
  EXPECT_DOUBLE_EQ(sgdw_loss_bound(same).rate, 2.0 * sgdw_loss_bound(base).rate);
  EXPECT_LT(sgdw_loss_bound(scaled).limit, 0.6 * sgdw_loss_bound(base).limit);
}

TEST(LemmaE3, RefusesWhatIsOutOfRange) {
  const SgdWLoss good{0.01, 1.0, 2.0, 3.0, 1.0, 1.0, 0.5};
  const auto refused = [&](auto change) {
    SgdWLoss settings = good;
    change(settings);
    EXPECT_THROW(sgdw_loss_bound(settings), InvalidParameter);
  };
  refused([](auto& s) { s.learning_rate = 0.0; });
  refused([](auto& s) { s.strong_convexity = 0.0; });
  refused([](auto& s) { s.smoothness = 0.5; });
  refused([](auto& s) { s.hessian_trace = 0.0; });
  refused([](auto& s) { s.largest_sigma = 0.0; });
  refused([](auto& s) { s.weight_decay = -1.0; });
  refused([](auto& s) { s.start_loss = -1.0; });
  refused([](auto& s) { s.scaling.batch_size = 0.0; });
  refused([](auto& s) { s.scaling.learning_rate_scale = 0.0; });
  refused([](auto& s) { s.scaling.batch_size_scale = 0.0; });
  refused([](auto& s) { s.scaling.weight_decay_scale = 0.0; });
}

}  // namespace
}  // namespace sdelens::theory
