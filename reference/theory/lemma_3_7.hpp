#pragma once

#include "sdelens/core/wording.hpp"

namespace sdelens::theory {

/// One coordinate of a quadratic with gradient noise N(0, sigma^2): H and Sigma are diagonal, so the matrix
/// statements of the paper hold coordinate by coordinate.
struct QuadraticCoordinate {
  double learning_rate;  ///< eta > 0
  double curvature;      ///< lambda > 0, an eigenvalue of H
  double sigma;          ///< > 0
  double start;          ///< X_0
};

/// E X_t = X_0 e^{-b t}, b = sqrt(2 / pi) lambda / sigma, for the phase-3 SDE of SignSGD,
/// dX = -b X dt + sqrt(eta) sqrt(1 - b^2 X^2) dW, at t = k eta.
/// @throw InvalidParameter if a setting is outside its range or time is negative
/// Source: Paper A, Lemma 3.7 (C.12).
double signsgd_mean(const QuadraticCoordinate& settings, double time);

/// Var X_t of the same SDE:
///   Var X_t = (M_t - e^{-2 b t}) X_0^2 + V (1 - M_t),   M_t = exp(-2 (b + (eta / pi) w) t),
///   V = (eta / 2) (sigma / lambda) / (sqrt(2 / pi) + (eta / pi) u).
/// Corrected: w = lambda^2 / sigma^2, u = lambda / sigma, from
///   dE[X^2] / dt = -2 b E[X^2] + eta (1 - b^2 E[X^2]).
/// Printed: w = lambda^2 / sigma, u = lambda, which is right for sigma = 1 only.
/// @throw InvalidParameter if a setting is outside its range or time is negative
double signsgd_variance(const QuadraticCoordinate& settings, double time, Wording form);

/// V, the limit of the variance for t -> inf.
/// @throw InvalidParameter if a setting is outside its range
double signsgd_stationary_variance(const QuadraticCoordinate& settings, Wording form);

/// V0 = (eta / 2) sqrt(pi / 2) sigma / lambda: V without its term eta / pi, its leading order in eta.
/// @throw InvalidParameter if a setting is outside its range
double signsgd_leading_variance(const QuadraticCoordinate& settings);

}  // namespace sdelens::theory
