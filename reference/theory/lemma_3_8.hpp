#pragma once

#include "reference/theory/lemma_3_7.hpp"

namespace sdelens::theory {

/// E X_t = X_0 e^{-lambda t} for the SDE of SGD, dX = -lambda X dt + sqrt(eta) sigma dW, at t = k eta.
/// @throw InvalidParameter if a setting is outside its range or time is negative
/// Source: Paper A, Lemma 3.8.
double sgd_mean(const QuadraticCoordinate& settings, double time);

/// Var X_t = (eta / 2) (sigma^2 / lambda) (1 - e^{-2 lambda t}) of the same SDE. The variance of the
/// optimizer is above it by a factor between 1 + eta lambda (k = 1) and 1 / (1 - eta lambda / 2) (k -> inf).
/// @throw InvalidParameter if a setting is outside its range or time is negative
double sgd_variance(const QuadraticCoordinate& settings, double time);

/// (eta / 2) sigma^2 / lambda, the limit of the variance for t -> inf.
/// @throw InvalidParameter if a setting is outside its range
double sgd_stationary_variance(const QuadraticCoordinate& settings);

}  // namespace sdelens::theory
