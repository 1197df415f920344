#include "reference/theory/minibatch_regression.hpp"

#include <algorithm>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "reference/theory/lemma_c_8.hpp"
#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Range correlations{.low = -1.0, .high = 1.0};

/// sqrt(B) rho / sqrt(1 - rho^2)
double standardised(const char* owner, double batch, double rho) {
  require_in(Range::at_least(1.0), owner, "batch", batch);
  require_in(correlations, owner, "rho", rho);
  return std::sqrt(batch / ((1.0 - rho) * (1.0 + rho))) * rho;
}

void check(const MinibatchSgd& sgd) {
  constexpr const char* owner = "regression";
  require_positive(owner, "learning_rate", sgd.learning_rate);
  require_positive(owner, "residual", sgd.residual);
  require_in(Range::at_least(1.0), owner, "batch", sgd.batch);
  for (const double h : sgd.spectrum) require_positive(owner, "spectrum", h);
}

/// D_i
double denominator(const MinibatchSgd& sgd, RegressionDynamics dynamics, double h) {
  const double step = sgd.learning_rate * h;
  switch (dynamics) {
    case RegressionDynamics::minibatch:
      return 2.0 - step * (1.0 + 1.0 / sgd.batch);
    case RegressionDynamics::sde:
      return 2.0 - step / sgd.batch;
    case RegressionDynamics::order_2_sde:
      return 2.0 + step * (1.0 - 1.0 / sgd.batch);
    case RegressionDynamics::additive_noise:
      return 2.0 - step;
  }
  throw std::logic_error("regression: no such dynamics");
}

}  // namespace

double minibatch_mean_sign(double batch, double rho) {
  return 2.0 * student_t_xi_by_beta(standardised("minibatch_mean_sign", batch, rho), batch);
}

double minibatch_sign_product(const MinibatchPair& pair) {
  constexpr const char* owner = "minibatch_sign_product";
  const double batch = pair.batch;
  const double h = standardised(owner, batch, pair.rho_i);
  const double k = standardised(owner, batch, pair.rho_j);
  const double scale = std::sqrt((1.0 - pair.rho_i * pair.rho_i) * (1.0 - pair.rho_j * pair.rho_j));
  const double conditional =
      require_in({.low = -1.0, .high = 1.0, .low_included = true, .high_included = true}, owner,
                 "conditional correlation", (pair.correlation - pair.rho_i * pair.rho_j) / scale);
  const double below_h = 0.5 + student_t_xi_by_beta(h, batch);
  const double below_k = 0.5 + student_t_xi_by_beta(k, batch);
  // h^2 - 2hk sin u + k^2 without cancellation where sin u is near 1 or -1.
  const auto integrand = [&](double u) {
    const double half = std::sin(0.5 * (0.5 * std::numbers::pi - u));
    const double square = (h - k) * (h - k) + 4.0 * h * k * half * half;
    const double cosine = std::cos(u);
    return std::pow(1.0 + square / (batch * cosine * cosine), -0.5 * batch);
  };
  const double low = -0.5 * std::numbers::pi;
  const double high = std::asin(conditional);
  const double area =
      high > low ? boost::math::quadrature::tanh_sinh<double>().integrate(integrand, low, high) : 0.0;
  const double both = std::max(below_h + below_k - 1.0, 0.0) + area / (2.0 * std::numbers::pi);
  return 4.0 * both - 2.0 * below_h - 2.0 * below_k + 1.0;
}

double minibatch_first_order(const MinibatchSign& sign) {
  const double rate = std::sqrt(sign.batch * sign.curvature) / sign.residual;
  return sign.learning_rate * rate * (sign.batch + 1.0) / (4.0 * sign.batch * student_t_slope(sign.batch));
}

double minibatch_stationary_variance(const MinibatchSign& sign) {
  const double rate = std::sqrt(sign.batch * sign.curvature) / sign.residual;
  return sign.learning_rate / (2.0 * student_t_slope(sign.batch) * rate) *
         (1.0 + minibatch_first_order(sign));
}

double minibatch_sign_loss(double learning_rate, double residual, double batch,
                           const std::vector<double>& diagonal) {
  double roots = 0.0;
  for (const double entry : diagonal) roots += std::sqrt(entry);
  return learning_rate * residual * roots / (4.0 * student_t_slope(batch) * std::sqrt(batch));
}

double regression_feedback(const MinibatchSgd& sgd, RegressionDynamics dynamics) {
  check(sgd);
  if (dynamics == RegressionDynamics::additive_noise)
    throw std::logic_error("regression_feedback: additive noise does not depend on w");
  double sum = 0.0;
  for (const double h : sgd.spectrum) {
    const double d = denominator(sgd, dynamics, h);
    if (!(d > 0.0)) return infinity;
    sum += h / d;
  }
  return sgd.learning_rate / sgd.batch * sum;
}

bool regression_is_stable(const MinibatchSgd& sgd, RegressionDynamics dynamics) {
  if (dynamics != RegressionDynamics::additive_noise) return regression_feedback(sgd, dynamics) < 1.0;
  check(sgd);
  return std::ranges::all_of(sgd.spectrum, [&](double h) { return denominator(sgd, dynamics, h) > 0.0; });
}

double regression_stationary_loss(const MinibatchSgd& sgd, RegressionDynamics dynamics) {
  if (!regression_is_stable(sgd, dynamics)) return infinity;
  const double variance = sgd.residual * sgd.residual;
  if (dynamics != RegressionDynamics::additive_noise) {
    const double q = regression_feedback(sgd, dynamics);
    return 0.5 * variance * q / (1.0 - q);
  }
  double sum = 0.0;
  for (const double h : sgd.spectrum) sum += h / denominator(sgd, dynamics, h);
  return 0.5 * sgd.learning_rate * variance / sgd.batch * sum;
}

std::vector<double> regression_stationary_moments(const MinibatchSgd& sgd, RegressionDynamics dynamics) {
  const double loss = regression_stationary_loss(sgd, dynamics);
  const double feedback = dynamics == RegressionDynamics::additive_noise ? 0.0 : 2.0 * loss;
  std::vector<double> result;
  for (const double h : sgd.spectrum) {
    result.push_back(sgd.learning_rate * (feedback + sgd.residual * sgd.residual) /
                     (sgd.batch * denominator(sgd, dynamics, h)));
  }
  return result;
}

double regression_stability_limit(const MinibatchSgd& sgd, RegressionDynamics dynamics) {
  check(sgd);
  const double largest = *std::ranges::max_element(sgd.spectrum);
  if (dynamics == RegressionDynamics::additive_noise) return 2.0 / largest;
  const auto stable = [&](double learning_rate) {
    MinibatchSgd changed = sgd;
    changed.learning_rate = learning_rate;
    return regression_is_stable(changed, dynamics);
  };
  double high = 1.0 / largest;
  while (stable(high)) {
    // q tends to d / (B - 1) as eta grows: below 1 it never gets there.
    if (dynamics == RegressionDynamics::order_2_sde && high * largest > 1e12) return infinity;
    high *= 2.0;
  }
  double low = 0.5 * high;
  while (!stable(low)) low *= 0.5;
  std::uintmax_t most = 200;
  const auto bracket =
      boost::math::tools::bisect([&](double learning_rate) { return stable(learning_rate) ? -1.0 : 1.0; },
                                 low, high, boost::math::tools::eps_tolerance<double>(51), most);
  return bracket.first;
}

}  // namespace sdelens::theory
