#pragma once

#include "reference/theory/lemma_3_7.hpp"

/// Moments of SignSGD near a minimum with Student-t noise Z = sigma U, U ~ t(nu), by the SDE with its Erf
/// replaced by the tangent at 0:
///   dX = -b X dt + sqrt(eta) sqrt(1 - b^2 X^2) dW,   b = s_nu lambda / sigma,   t = k eta.
/// sigma of QuadraticCoordinate is the scale of Z. The paper writes the SDE for nu = 2, with
/// b = lambda / (sigma sqrt 2). It is real for |X| <= 1 / b only.
/// Source: Paper A, Corollary 3.11 (C.14); moments re-derived as for Lemma 3.7.
namespace sdelens::theory {

/// E X_t = X_0 e^{-b t}.
/// @throw InvalidParameter if a setting is outside its range, nu is not positive or time is negative
double student_t_mean(const QuadraticCoordinate& settings, double nu, double time);

/// Var X_t = (M_t - e^{-2 b t}) X_0^2 + V (1 - M_t), M_t = exp(-(2 b + eta b^2) t), V stationary.
/// @throw InvalidParameter if a setting is outside its range, nu is not positive or time is negative
double student_t_variance(const QuadraticCoordinate& settings, double nu, double time);

/// V = eta / (2 b + eta b^2).
/// @throw InvalidParameter if a setting is outside its range or nu is not positive
double student_t_stationary_variance(const QuadraticCoordinate& settings, double nu);

}  // namespace sdelens::theory
