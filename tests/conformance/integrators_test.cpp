#include <gtest/gtest.h>

#include <cmath>
#include <unsupported/Eigen/KroneckerProduct>

#include "sdelens/core/linear_algebra.hpp"
#include "sdelens/core/random.hpp"
#include "sdelens/model/integrator.hpp"
#include "tests/conformance/names.hpp"
#include "tests/lib/model/exact_steps.hpp"

namespace sdelens {
namespace {

using test::PointwiseSde;

/// dX = A X dt + sum_j B_j X dW_j in two dimensions; the B_j do not commute, so that every term of a scheme matters.
struct LinearSde {
  Eigen::MatrixXd drift{{-0.5, 0.8}, {-0.6, -0.3}};
  std::vector<Eigen::MatrixXd> noise;

  explicit LinearSde(bool noisy) {
    if (noisy) noise = {Eigen::MatrixXd{{0.4, 0.3}, {0.0, -0.2}}, Eigen::MatrixXd{{0.1, -0.2}, {0.5, 0.3}}};
  }

  std::shared_ptr<const Sde> sde() const {
    const auto m = static_cast<Index>(noise.size());
    return std::make_shared<PointwiseSde>(
        2, m, [a = drift](double, const Point& x) { return Point(a * x); },
        [columns = noise, m](double, const Point& x) {
          Eigen::MatrixXd s(2, m);
          for (Index j = 0; j < m; ++j) s.col(j) = columns[static_cast<std::size_t>(j)] * x;
          return s;
        });
  }

  // d/dt E X (x) X = (A (x) I + I (x) A + sum_j B_j (x) B_j) E X (x) X.
  Eigen::VectorXd second_moments(double t, const Eigen::VectorXd& start) const {
    const Eigen::MatrixXd one = Eigen::MatrixXd::Identity(2, 2);
    Eigen::MatrixXd rate =
        Eigen::kroneckerProduct(drift, one).eval() + Eigen::kroneckerProduct(one, drift).eval();
    for (const Eigen::MatrixXd& b : noise) rate += Eigen::kroneckerProduct(b, b).eval();
    return exponential(rate * t) * Eigen::VectorXd(Eigen::kroneckerProduct(start, start).eval());
  }
  Eigen::VectorXd mean(double t, const Eigen::VectorXd& start) const {
    return exponential(drift * t) * start;
  }
};

class EveryIntegrator : public testing::TestWithParam<std::string> {
 protected:
  static const IntegratorEntry& entry() { return Registry<IntegratorEntry>::all().at(GetParam()); }
};

// A scheme maps X to Phi X with a random matrix Phi, so that E X_n = (E Phi)^n x and E X_n (x) X_n =
// (E Phi (x) Phi)^n x (x) x: no sampling, and the means over normals are exact for polynomials.
TEST_P(EveryIntegrator, HasItsWeakOrderForALinearEquation) {
  const LinearSde linear(!entry().deterministic);
  const auto sde = linear.sde();
  const auto draws = test::combinations_for(entry(), *sde);
  const Eigen::VectorXd start{{1.0, -0.5}};
  std::vector<double> mean_errors, second_errors;
  for (const int steps : {4, 8, 16, 32, 64}) {
    const double h = 1.0 / steps;
    const Batch first = test::step_from(entry(), sde, 0.0, h, Point{{1.0, 0.0}}, draws);
    const Batch second = test::step_from(entry(), sde, 0.0, h, Point{{0.0, 1.0}}, draws);
    Eigen::MatrixXd mean_map = Eigen::MatrixXd::Zero(2, 2);
    Eigen::MatrixXd second_map = Eigen::MatrixXd::Zero(4, 4);
    for (Index i = 0; i < draws.weights.size(); ++i) {
      Eigen::MatrixXd phi(2, 2);
      phi << first(i, 0), second(i, 0), first(i, 1), second(i, 1);
      mean_map += draws.weights(i) * phi;
      second_map += draws.weights(i) * Eigen::kroneckerProduct(phi, phi).eval();
    }
    Eigen::VectorXd mean = start;
    Eigen::VectorXd moments = Eigen::kroneckerProduct(start, start).eval();
    for (int k = 0; k < steps; ++k) {
      mean = mean_map * mean;
      moments = second_map * moments;
    }
    mean_errors.push_back((mean - linear.mean(1.0, start)).norm());
    second_errors.push_back((moments - linear.second_moments(1.0, start)).norm());
  }
  for (const auto& errors : {mean_errors, second_errors}) {
    const auto [order, uncertainty] = test::observed_order(errors);
    EXPECT_LT(uncertainty, 0.1);
    EXPECT_NEAR(order, entry().weak_order, uncertainty + 1e-3);
  }
}

// dx/dt = x cos t: x(1) = exp(sin 1); every scheme has its order for equations without noise, or a higher one.
TEST_P(EveryIntegrator, HasAtLeastItsOrderForAnOrdinaryEquation) {
  const auto sde = std::make_shared<PointwiseSde>(
      1, 0, [](double t, const Point& x) { return Point{{x(0) * std::cos(t)}}; },
      [](double, const Point&) { return Eigen::MatrixXd(1, 0); });
  const auto draws = test::combinations_for(entry(), *sde);
  std::vector<double> errors;
  for (const int steps : {8, 16, 32, 64, 128}) {
    Point x{{1.0}};
    for (int k = 0; k < steps; ++k) {
      x(0) = test::step_from(entry(), sde, static_cast<double>(k) / steps, 1.0 / steps, x, draws)(0, 0);
    }
    errors.push_back(std::abs(x(0) - std::exp(std::sin(1.0))));
  }
  const auto [order, uncertainty] = test::observed_order(errors);
  EXPECT_LT(uncertainty, 0.1);
  EXPECT_GT(order, entry().weak_order - uncertainty - 1e-3);
}

TEST_P(EveryIntegrator, TreatsEveryRowAlone) {
  const auto sde = LinearSde(!entry().deterministic).sde();
  const Index m = sde->noise_dimension();
  constexpr Index rows = 9;
  Batch x(rows, 2);
  Batch dw(rows, m);
  Batch two_point(rows, entry().two_point_columns(m));
  const Stream stream(55, "rows");
  stream.normal(0, 0, x);
  stream.normal(0, 1, dw);
  stream.normal(0, 2, two_point);
  two_point = (two_point < 0.0)
                  .select(Batch::Constant(rows, two_point.cols(), -1.0), Batch::Ones(rows, two_point.cols()));
  const Batch start = x;
  entry().make(sde, rows)->step(0.0, 0.1, {.dw = dw, .two_point = two_point}, x);
  for (Index row = 0; row < rows; ++row) {
    Batch alone = start.row(row);
    const Batch dw_row = dw.row(row);
    const Batch two_point_row = two_point.row(row);
    entry().make(sde, 1)->step(0.0, 0.1, {.dw = dw_row, .two_point = two_point_row}, alone);
    EXPECT_LT((alone - x.row(row)).abs().maxCoeff(), 1e-15 * (1.0 + alone.abs().maxCoeff()));
  }
}

TEST_P(EveryIntegrator, KeepsNoStateBetweenSteps) {
  const auto sde = LinearSde(!entry().deterministic).sde();
  const auto draws = test::combinations_for(entry(), *sde, 2);
  const Batch dw = 0.3 * draws.normals;
  const auto integrator = entry().make(sde, dw.rows());
  Batch first = Batch::Ones(dw.rows(), 2);
  Batch again = first;
  integrator->step(0.0, 0.1, {.dw = dw, .two_point = draws.two_point}, first);
  Batch other = 3.0 * first;
  integrator->step(1.0, 0.2, {.dw = dw, .two_point = draws.two_point}, other);
  integrator->step(0.0, 0.1, {.dw = dw, .two_point = draws.two_point}, again);
  EXPECT_TRUE((first == again).all());
}

TEST_P(EveryIntegrator, SaysWhatItIs) {
  EXPECT_FALSE(entry().reference.empty());
  EXPECT_GT(entry().weak_order, 0.0);
}

INSTANTIATE_TEST_SUITE_P(Registered, EveryIntegrator, test::registered<IntegratorEntry>(), test::identifier);

TEST(IntegratorRegistry, IsNotEmpty) { EXPECT_FALSE(Registry<IntegratorEntry>::all().entries().empty()); }

}  // namespace
}  // namespace sdelens
