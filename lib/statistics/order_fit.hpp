#pragma once

#include <Eigen/Core>
#include <limits>
#include <vector>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/measurement.hpp"

namespace sdelens {

/// What an order of convergence is fitted to: e(h) ~ C h^slope at n step sizes.
struct OrderData {
  std::vector<double> steps;   ///< h_i > 0, all different, in any order; at least 4
  Eigen::VectorXd errors;      ///< e_i, with their sign
  Eigen::MatrixXd covariance;  ///< of the errors, n by n, symmetric and positive definite
  /// Bounds on what each e_i is wrong by apart from chance, for example by an integrator; empty for none.
  Eigen::VectorXd bias_bounds = {};
  /// Of the covariance, if it is itself an estimate (a jackknife over g groups: g - 1).
  double degrees_of_freedom = std::numeric_limits<double>::infinity();
  std::vector<const SampleSource*> made_from = {};  ///< as Measurement::made_from; goes to the slope
};

/// An order of convergence with all that speaks for or against it.
struct OrderFit {
  /// NaN if not resolved.
  Measurement slope;
  /// log |C|; NaN if not resolved.
  double log_constant = std::numeric_limits<double>::quiet_NaN();
  /// Bound on the slope's error from the bias bounds, to first order in the slope's weights; infinite where a
  /// bias may be as large as its error.
  double slope_bias_bound = std::numeric_limits<double>::quiet_NaN();
  /// Squared distance of the errors from the power law, in their own covariance, and the probability of a
  /// larger one if the power law holds: chi-square with n - 2 degrees of freedom, Hotelling's T^2 if the
  /// covariance is an estimate.
  double misfit = std::numeric_limits<double>::quiet_NaN();
  double misfit_p_value = std::numeric_limits<double>::quiet_NaN();
  /// Change of the slope when the largest step is left out, and the probability of a larger one if the power
  /// law holds there.
  Measurement slope_change;
  double slope_change_p_value = std::numeric_limits<double>::quiet_NaN();
  /// Whether all errors have one sign; a power law has.
  bool one_sign = false;
  /// Positions in `steps` of errors below three standard errors: more replicas are needed.
  std::vector<Index> unusable = {};

  bool resolved() const { return unusable.empty(); }
  /// Whether nothing speaks against the power law over the whole range of steps: one sign, and both p-values
  /// at least half the rate. A true power law is refused at this rate. False if not resolved.
  bool asymptotic(double false_alarm_rate) const;
};

/// Fits log |e| = log |C| + slope log h by generalised least squares.
///
/// The logarithm is taken of the fitted curve, not of the data (a log link, solved by iterated generalised
/// least squares), so that neither the weights nor the residuals inherit the errors' own noise: the bias of the
/// slope is of second order in (standard error / error). If the iteration does not settle, which takes errors far
/// from any power law, the plain fit of log |e| stands. An estimated covariance widens the slope's error and
/// leaves it fewer degrees of freedom: n - 2 less than the covariance has.
/// @throw InvalidParameter for fewer than 4 steps, steps that are not positive or not different, wrong
/// shapes,
///        entries that are not finite, negative bias bounds, a covariance that is not symmetric and positive
///        definite, or degrees of freedom too few for the number of steps (fewer than n + 1)
/// Source: McCullagh and Nelder, Generalized Linear Models, 1989, section 2.5 (iterated fit) and chapter 9
/// (covariance); Rao, Biometrika 46, 1959 (estimated covariance); Anderson, An Introduction to Multivariate
/// Statistical Analysis, 2003, section 5.2 (T^2).
OrderFit fit_order(const OrderData& data);

}  // namespace sdelens
