#include "sdelens/statistics/order_fit.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "sdelens/core/check.hpp"
#include "sdelens/core/linear_algebra.hpp"

namespace sdelens {
namespace {

constexpr const char* owner = "order fit";
constexpr Index fewest_steps = 4;
constexpr double usable_from = 3.0;  // standard errors

void require_valid(const OrderData& data) {
  const auto n = static_cast<Index>(data.steps.size());
  if (n < fewest_steps) {
    throw InvalidParameter(owner, "steps",
                           fmt::format("has {} entries, but must have at least {}", n, fewest_steps));
  }
  for (std::size_t i = 0; i < data.steps.size(); ++i) {
    require_positive(owner, "steps", data.steps[i]);
    for (std::size_t j = 0; j < i; ++j) {
      if (data.steps[i] == data.steps[j]) {
        throw InvalidParameter(owner, "steps", fmt::format("has the entry {} twice", data.steps[i]));
      }
    }
  }
  if (data.errors.size() != n || data.covariance.rows() != n || data.covariance.cols() != n ||
      (data.bias_bounds.size() != n && data.bias_bounds.size() != 0)) {
    throw InvalidParameter(owner, "errors, covariance and bias_bounds",
                           fmt::format("must have {} entries a side, one for each step", n));
  }
  for (const double error : data.errors) require_finite(owner, "errors", error);
  for (const double bound : data.bias_bounds) require_in(Range::non_negative(), owner, "bias_bounds", bound);
  for (const double entry : data.covariance.reshaped()) require_finite(owner, "covariance", entry);
  if (data.covariance != data.covariance.transpose()) {
    throw InvalidParameter(owner, "covariance", "must be symmetric");
  }
  if (!(data.covariance.diagonal().minCoeff() > 0.0)) {
    throw InvalidParameter(owner, "covariance", "must be positive definite");
  }
  // Variances at different steps differ by many orders of magnitude: judge the correlations.
  const Eigen::ArrayXd deviations = data.covariance.diagonal().array().sqrt();
  const Eigen::MatrixXd correlations =
      ((data.covariance.array().colwise() / deviations).rowwise() / deviations.transpose()).matrix();
  const double rounding = static_cast<double>(n * n) * std::numeric_limits<double>::epsilon();
  if (!(symmetric_eigenvalues(correlations).minCoeff() > rounding)) {
    throw InvalidParameter(owner, "covariance", "must be positive definite");
  }
  if (!(data.degrees_of_freedom >= static_cast<double>(n + 1))) {
    throw InvalidParameter(owner, "degrees_of_freedom",
                           fmt::format("is {}, but must be at least {}, one more than the steps",
                                       data.degrees_of_freedom, n + 1));
  }
}

/// A straight line fitted to a response by generalised least squares.
struct Line {
  Eigen::Vector2d coefficients;  // constant, slope
  Eigen::MatrixXd weights;       // 2 by n: coefficients = weights * response
  double misfit;
};

Line fit_line(const Eigen::VectorXd& log_steps, const Eigen::VectorXd& response,
              const Eigen::MatrixXd& covariance) {
  const Index n = log_steps.size();
  Eigen::MatrixXd design(n, 2);
  design << Eigen::VectorXd::Ones(n), log_steps;
  const Eigen::MatrixXd white = whitening(covariance);
  const Eigen::MatrixXd white_design = white * design;
  const Eigen::Matrix2d information = white_design.transpose() * white_design;
  Line line;
  line.weights = information.inverse() * white_design.transpose() * white;
  line.coefficients = line.weights * response;
  line.misfit = (white * (response - design * line.coefficients)).squaredNorm();
  return line;
}

/// The fit with the errors as they scatter about the curve: response log c + e/c - 1 at the curve c.
struct CurveFit {
  Line line;
  Eigen::VectorXd curve;  // |C| h^slope
};

CurveFit fit_curve(const Eigen::VectorXd& log_steps, const Eigen::VectorXd& sizes,
                   const Eigen::MatrixXd& covariance) {
  const auto relative = [&covariance](const Eigen::VectorXd& curve) {
    const Eigen::VectorXd inverse = curve.cwiseInverse();
    return Eigen::MatrixXd(inverse.asDiagonal() * covariance * inverse.asDiagonal());
  };
  const auto curve_of = [&log_steps](const Line& line) {
    return Eigen::VectorXd((line.coefficients(0) + line.coefficients(1) * log_steps.array()).exp());
  };
  const CurveFit plain = [&] {
    Line line = fit_line(log_steps, sizes.array().log().matrix(), relative(sizes));
    return CurveFit{.line = line, .curve = curve_of(line)};
  }();
  CurveFit fit = plain;
  constexpr int most_iterations = 100;
  constexpr double settled = 1e-12;
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    const Eigen::VectorXd response =
        (fit.curve.array().log() + sizes.array() / fit.curve.array() - 1.0).matrix();
    if (!response.allFinite()) return plain;
    const Line line = fit_line(log_steps, response, relative(fit.curve));
    const double change = (line.coefficients - fit.line.coefficients).cwiseAbs().maxCoeff();
    fit = {.line = line, .curve = curve_of(line)};
    if (change <= settled * (1.0 + line.coefficients.cwiseAbs().maxCoeff())) return fit;
  }
  return plain;
}

/// The error of a coefficient that `residuals` contrasts helped to fit. An estimated covariance makes the weights
/// uncertain, too: given the misfit, the coefficient follows Student's t with the degrees of freedom that are left
/// (Rao 1959, the conditional law of the regression of y_1 on y_2).
Measurement coefficient(double value, double variance, double misfit, Index residuals,
                        double degrees_of_freedom) {
  if (std::isinf(degrees_of_freedom)) return {.value = value, .standard_error = std::sqrt(variance)};
  const double left = degrees_of_freedom - static_cast<double>(residuals);
  const double inflation = (degrees_of_freedom + misfit) / left;
  return {.value = value, .standard_error = std::sqrt(variance * inflation), .degrees_of_freedom = left};
}

double two_sided_p_value(const Measurement& measurement) {
  using boost::math::complement;
  const double t = std::abs(measurement.value) / measurement.standard_error;
  if (std::isinf(measurement.degrees_of_freedom)) {
    return 2.0 * boost::math::cdf(complement(boost::math::normal(), t));
  }
  return 2.0 * boost::math::cdf(complement(boost::math::students_t(measurement.degrees_of_freedom), t));
}

double misfit_p_value(double misfit, Index residuals, double degrees_of_freedom) {
  using boost::math::complement;
  const auto p = static_cast<double>(residuals);
  if (std::isinf(degrees_of_freedom)) {
    return boost::math::cdf(complement(boost::math::chi_squared(p), misfit));
  }
  const double rest = degrees_of_freedom - p + 1.0;
  const double ratio = misfit * rest / (degrees_of_freedom * p);
  return boost::math::cdf(complement(boost::math::fisher_f(p, rest), ratio));
}

}  // namespace

bool OrderFit::asymptotic(double false_alarm_rate) const {
  require_in({.low = 0.0, .high = 1.0}, owner, "false_alarm_rate", false_alarm_rate);
  const double each = 0.5 * false_alarm_rate;
  return resolved() && one_sign && misfit_p_value >= each && slope_change_p_value >= each;
}

OrderFit fit_order(const OrderData& data) {
  require_valid(data);
  const auto n = static_cast<Index>(data.steps.size());
  const Eigen::VectorXd sizes = data.errors.cwiseAbs();
  OrderFit result;
  for (Index i = 0; i < n; ++i) {
    if (sizes(i) < usable_from * std::sqrt(data.covariance(i, i))) result.unusable.push_back(i);
  }
  result.one_sign = data.errors.minCoeff() > 0.0 || data.errors.maxCoeff() < 0.0;
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  result.slope = result.slope_change = {.value = nan,
                                        .standard_error = nan,
                                        .degrees_of_freedom = data.degrees_of_freedom,
                                        .made_from = data.made_from};
  if (!result.resolved()) return result;

  const Eigen::VectorXd log_steps =
      Eigen::Map<const Eigen::VectorXd>(data.steps.data(), n).array().log().matrix();
  const CurveFit fit = fit_curve(log_steps, sizes, data.covariance);
  const Eigen::VectorXd inverse = fit.curve.cwiseInverse();
  const Eigen::MatrixXd relative = inverse.asDiagonal() * data.covariance * inverse.asDiagonal();
  const Eigen::VectorXd weights = fit.line.weights.row(1).transpose();
  result.log_constant = fit.line.coefficients(0);
  result.misfit = fit.line.misfit;
  result.slope = coefficient(fit.line.coefficients(1), weights.dot(relative * weights), result.misfit, n - 2,
                             data.degrees_of_freedom);
  result.slope.made_from = data.made_from;
  result.misfit_p_value = misfit_p_value(result.misfit, n - 2, data.degrees_of_freedom);

  result.slope_bias_bound = 0.0;
  for (Index i = 0; i < data.bias_bounds.size(); ++i) {
    const double share = data.bias_bounds(i) / sizes(i);
    result.slope_bias_bound +=
        share < 1.0 ? std::abs(weights(i)) * -std::log1p(-share) : std::numeric_limits<double>::infinity();
  }

  Index largest = 0;
  log_steps.maxCoeff(&largest);
  std::vector<Index> kept;
  for (Index i = 0; i < n; ++i) {
    if (i != largest) kept.push_back(i);
  }
  const CurveFit rest = fit_curve(log_steps(kept), sizes(kept), data.covariance(kept, kept));
  Eigen::VectorXd difference = -weights;
  difference(kept) += rest.line.weights.row(1).transpose();
  // Leaving a point out is giving it a coefficient of its own, which the change of the slope is a multiple of.
  result.slope_change =
      coefficient(rest.line.coefficients(1) - result.slope.value, difference.dot(relative * difference),
                  rest.line.misfit, n - 3, data.degrees_of_freedom);
  result.slope_change_p_value = two_sided_p_value(result.slope_change);
  return result;
}

}  // namespace sdelens
