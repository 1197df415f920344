#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "sdelens/model/integrator.hpp"
#include "tests/lib/model/exact_steps.hpp"

namespace sdelens {
namespace {

using test::combinations_for;
using test::observed_order;
using test::PointwiseSde;
using test::step_from;

const IntegratorEntry& entry(const char* name) { return Registry<IntegratorEntry>::all().at(name); }

/// An SDE in three dimensions with coefficients of no special form: noise that does not commute, time dependence.
std::shared_ptr<const Sde> general_sde(Index m) {
  return std::make_shared<PointwiseSde>(
      3, m,
      [](double t, const Point& x) {
        return Point{
            {std::sin(x(1)) - x(0) + t, x(0) * x(2) - std::cos(t), std::exp(-x(0) * x(0)) - 0.5 * x(2)}};
      },
      [m](double t, const Point& x) {
        Eigen::MatrixXd b(3, m);
        for (Index j = 0; j < m; ++j) {
          const double shift = static_cast<double>(j) + 0.3 * t;
          b.col(j) << std::cos(x(0) + shift), 0.4 * x(1) + x(2) * std::sin(shift),
              0.3 + x(0) * x(1) / (1.0 + shift);
        }
        return b;
      });
}

struct OneStep {
  Point x;
  std::vector<double> dw;
  std::vector<std::vector<double>> v;  // v[r][j] = V_{r,j}, antisymmetric off the diagonal
};

// Kloeden and Platen (15.1.3) and (15.1.4) with the columns b_j written out, one path at a time. Time is a further
// coordinate with a = 1 and b_j = 0, as in their section 15.1.
Point scheme_15_1_3(const Sde& sde, double t, double h, const OneStep& in) {
  const auto m = static_cast<Index>(in.dw.size());
  const auto drift = [&](double at, const Point& x) {
    Batch b(1, x.size());
    sde.drift(at, x.transpose().array(), b);
    return Point(b.row(0).matrix().transpose());
  };
  const auto column = [&](double at, Index j, const Point& x) {
    Batch unit = Batch::Zero(1, m);
    unit(0, j) = 1.0;
    Batch b(1, x.size());
    sde.diffuse(at, x.transpose().array(), unit, b);
    return Point(b.row(0).matrix().transpose());
  };
  const double root = std::sqrt(h);
  const Point a = drift(t, in.x);
  Point upsilon = in.x + a * h;
  for (Index j = 0; j < m; ++j) upsilon += column(t, j, in.x) * in.dw[static_cast<std::size_t>(j)];
  Point y = in.x + 0.5 * h * (drift(t + h, upsilon) + a);
  for (Index j = 0; j < m; ++j) {
    const double dw_j = in.dw[static_cast<std::size_t>(j)];
    const Point b = column(t, j, in.x);
    const Point r_plus = column(t + h, j, in.x + a * h + b * root);
    const Point r_minus = column(t + h, j, in.x + a * h - b * root);
    y += 0.25 * dw_j * (r_plus + r_minus + 2.0 * b) + 0.25 / root * (dw_j * dw_j - h) * (r_plus - r_minus);
    for (Index r = 0; r < m; ++r) {
      if (r == j) continue;
      const double dw_r = in.dw[static_cast<std::size_t>(r)];
      const Point u_plus = column(t, j, in.x + column(t, r, in.x) * root);
      const Point u_minus = column(t, j, in.x - column(t, r, in.x) * root);
      const double v = in.v[static_cast<std::size_t>(r)][static_cast<std::size_t>(j)];
      y += 0.25 * dw_j * (u_plus + u_minus - 2.0 * b) + 0.25 / root * (dw_j * dw_r + v) * (u_plus - u_minus);
    }
  }
  return y;
}

// Some hundred operations on numbers below 10, some divided by sqrt(h) = 0.3: 1e-14 of the state's size.
TEST(WeakOrder2Integrator, IsTheSchemeOfKloedenAndPlaten) {
  std::mt19937_64 random(5);
  const auto uniform = [&] { return std::ldexp(static_cast<double>(random() >> 11), -52) - 1.0; };
  constexpr Index rows = 50;
  constexpr double h = 0.09;
  constexpr double t = 0.7;
  for (Index m = 1; m <= 3; ++m) {
    const auto sde = general_sde(m);
    const Index pairs = entry("weak-order-2").two_point_columns(m);
    EXPECT_EQ(pairs, m * (m - 1) / 2);
    Batch x(rows, 3);
    Batch dw(rows, m);
    Batch two_point(rows, pairs);
    for (double& value : x.reshaped()) value = uniform();
    for (double& value : dw.reshaped()) value = uniform();
    for (double& value : two_point.reshaped()) value = uniform() < 0.0 ? -1.0 : 1.0;
    const Batch start = x;
    entry("weak-order-2").make(sde, rows)->step(t, h, {.dw = dw, .two_point = two_point}, x);
    for (Index row = 0; row < rows; ++row) {
      OneStep in{start.row(row).matrix().transpose(), {}, {}};
      for (Index j = 0; j < m; ++j) in.dw.push_back(dw(row, j));
      in.v.assign(static_cast<std::size_t>(m), std::vector<double>(static_cast<std::size_t>(m), -h));
      Index pair = 0;
      for (std::size_t j = 1; j < in.v.size(); ++j) {
        for (std::size_t r = 0; r < j; ++r, ++pair) {
          in.v[r][j] = h * two_point(row, pair);
          in.v[j][r] = -in.v[r][j];
        }
      }
      const Point expected = scheme_15_1_3(*sde, t, h, in);
      EXPECT_LT((x.row(row).matrix().transpose() - expected).cwiseAbs().maxCoeff(), 1e-14)
          << "m " << m << ", row " << row;
    }
  }
}

// dX = (-X + t) dt + 2 X dW from X = 3 at t = 1 with h = 1/4, dW = 1/2: 3 + (-3 + 1)/4 + 2 * 3 / 2 = 5.5.
TEST(EulerMaruyamaIntegrator, TakesTheStepWorkedByHand) {
  const auto sde = std::make_shared<PointwiseSde>(
      1, 1, [](double t, const Point& x) { return Point{{-x(0) + t}}; },
      [](double, const Point& x) { return Eigen::MatrixXd::Constant(1, 1, 2.0 * x(0)); });
  Batch x = Batch::Constant(1, 1, 3.0);
  const Batch dw = Batch::Constant(1, 1, 0.5);
  entry("euler-maruyama").make(sde, 1)->step(1.0, 0.25, {.dw = dw, .two_point = Batch(1, 0)}, x);
  EXPECT_EQ(x(0), 5.5);
}

// dx/dt = x cos t with x(0) = 1: x(t) = exp(sin t).
TEST(RungeKutta4Integrator, HasOrder4ForATimeDependentEquation) {
  const auto sde = std::make_shared<PointwiseSde>(
      1, 0, [](double t, const Point& x) { return Point{{x(0) * std::cos(t)}}; },
      [](double, const Point&) { return Eigen::MatrixXd(1, 0); });
  std::vector<double> errors;
  for (const int steps : {8, 16, 32, 64, 128}) {
    const double h = 1.0 / steps;
    Batch x = Batch::Ones(1, 1);
    const auto integrator = entry("runge-kutta-4").make(sde, 1);
    for (int k = 0; k < steps; ++k)
      integrator->step(k * h, h, {.dw = Batch(1, 0), .two_point = Batch(1, 0)}, x);
    errors.push_back(std::abs(x(0) - std::exp(std::sin(1.0))));
  }
  const auto [order, uncertainty] = observed_order(errors);
  EXPECT_LT(uncertainty, 0.1);
  EXPECT_NEAR(order, 4.0, uncertainty);
}

// Simpson's rule, exact for cubics: dx/dt = 4 t^3.
TEST(RungeKutta4Integrator, IsExactForCubicsInTime) {
  const auto sde = std::make_shared<PointwiseSde>(
      1, 0, [](double t, const Point&) { return Point{{4.0 * t * t * t}}; },
      [](double, const Point&) { return Eigen::MatrixXd(1, 0); });
  Batch x = Batch::Zero(1, 1);
  entry("runge-kutta-4").make(sde, 1)->step(1.0, 1.0, {.dw = Batch(1, 0), .two_point = Batch(1, 0)}, x);
  EXPECT_DOUBLE_EQ(x(0), 15.0);
}

/// Polynomials in one variable, lowest power first.
using Polynomial = std::vector<double>;

Polynomial times(const Polynomial& a, const Polynomial& b) {
  Polynomial result(a.size() + b.size() - 1, 0.0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) result[i + j] += a[i] * b[j];
  }
  return result;
}

Polynomial slope(const Polynomial& a) {
  Polynomial result(std::max<std::size_t>(a.size(), 2) - 1, 0.0);
  for (std::size_t i = 1; i < a.size(); ++i) result[i - 1] = static_cast<double>(i) * a[i];
  return result;
}

double at(const Polynomial& a, double x) {
  double value = 0.0;
  for (std::size_t i = a.size(); i-- > 0;) value = value * x + a[i];
  return value;
}

/// L g = a g' + b^2 g'' / 2.
Polynomial generator(const Polynomial& a, const Polynomial& b, const Polynomial& g) {
  Polynomial result = times(a, slope(g));
  Polynomial second = times(times(b, b), slope(slope(g)));
  result.resize(std::max(result.size(), second.size()), 0.0);
  for (std::size_t i = 0; i < second.size(); ++i) result[i] += 0.5 * second[i];
  return result;
}

class OneStepMoments : public testing::TestWithParam<std::tuple<const char*, int>> {};

// dX = (1 + X/2 - X^3/4) dt + (1 + X/3 + X^2/5) dW. A scheme of weak order p has E g(X_h) = sum_{k<=p} h^k L^k g / k!
// + O(h^(p+1)); the mean over dW is exact for polynomials, so what is left shows order p + 1.
TEST_P(OneStepMoments, MatchTheExpansionByTheGenerator) {
  const auto& [name, power] = GetParam();
  const Polynomial a{1.0, 0.5, 0.0, -0.25};
  const Polynomial b{1.0, 1.0 / 3.0, 0.2};
  Polynomial g(static_cast<std::size_t>(power) + 1, 0.0);
  g.back() = 1.0;
  const auto sde = std::make_shared<PointwiseSde>(
      1, 1, [&a](double, const Point& x) { return Point{{at(a, x(0))}}; },
      [&b](double, const Point& x) { return Eigen::MatrixXd::Constant(1, 1, at(b, x(0))); });
  constexpr double x = 0.3;
  const double order = entry(name).weak_order;
  // g of one step has degree 4 * 6 in dW at most.
  const auto draws = combinations_for(entry(name), *sde, 20);
  std::vector<double> errors;
  for (double h = 0x1p-4; h >= 0x1p-10; h /= 2.0) {
    const Batch states = step_from(entry(name), sde, 0.0, h, Point{{x}}, draws);
    double error = draws.weights.dot(states.col(0).pow(power).matrix());
    Polynomial term = g;
    double factor = 1.0;
    for (int k = 0; k <= static_cast<int>(order); ++k) {
      error -= factor * at(term, x);
      term = generator(a, b, term);
      factor *= h / (k + 1);
    }
    errors.push_back(std::abs(error));
  }
  const auto [observed, uncertainty] = observed_order(errors);
  EXPECT_LT(uncertainty, 0.1);
  EXPECT_NEAR(observed, order + 1.0, uncertainty + 1e-3);
}

// The first moment of Euler and Maruyama's step is exact.
INSTANTIATE_TEST_SUITE_P(EulerMaruyama, OneStepMoments,
                         testing::Combine(testing::Values("euler-maruyama"), testing::Values(2, 3, 4)));
INSTANTIATE_TEST_SUITE_P(WeakOrder2, OneStepMoments,
                         testing::Combine(testing::Values("weak-order-2"), testing::Values(1, 2, 3, 4)));

// dX = -2X/(1+t) dt + (1+t) dW: m(t) = m0/(1+t)^2 and (1+t)^4 v(t) = v0 + ((1+t)^7 - 1)/7. A step is affine in X, so
// that mean and variance of all steps together are exact.
TEST(WeakOrder2Integrator, HasOrder2WhereTheDiffusionDependsOnTime) {
  const auto sde = std::make_shared<PointwiseSde>(
      1, 1, [](double t, const Point& x) { return Point{{-2.0 * x(0) / (1.0 + t)}}; },
      [](double t, const Point&) { return Eigen::MatrixXd::Constant(1, 1, 1.0 + t); });
  const IntegratorEntry& scheme = entry("weak-order-2");
  const auto draws = combinations_for(scheme, *sde);
  std::vector<double> mean_errors, variance_errors;
  for (const int steps : {8, 16, 32, 64, 128}) {
    const double h = 1.0 / steps;
    double mean = 2.0;
    double second = 4.0;
    for (int k = 0; k < steps; ++k) {
      const Eigen::ArrayXd shift = step_from(scheme, sde, k * h, h, Point{{0.0}}, draws).col(0);
      const Eigen::ArrayXd factor = step_from(scheme, sde, k * h, h, Point{{1.0}}, draws).col(0) - shift;
      const auto average = [&](const Eigen::ArrayXd& values) { return draws.weights.dot(values.matrix()); };
      second =
          average(factor.square()) * second + 2.0 * average(factor * shift) * mean + average(shift.square());
      mean = average(factor) * mean + average(shift);
    }
    mean_errors.push_back(std::abs(mean - 0.5));
    variance_errors.push_back(std::abs(second - mean * mean - 127.0 / 112.0));
  }
  for (const auto& errors : {mean_errors, variance_errors}) {
    const auto [order, uncertainty] = observed_order(errors);
    EXPECT_LT(uncertainty, 0.1);
    EXPECT_NEAR(order, 2.0, uncertainty + 1e-3);
  }
}

}  // namespace
}  // namespace sdelens
