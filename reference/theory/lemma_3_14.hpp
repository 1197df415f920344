#pragma once

#include "reference/theory/adaptive_scaling.hpp"

namespace sdelens::theory {

/// One coordinate of a quadratic with gradient noise N(0, sigma^2), under Adam(W) or RMSprop(W).
struct AdaptiveCoordinate {
  double learning_rate;  ///< eta > 0
  double curvature;      ///< lambda > 0
  double sigma;          ///< > 0
  double weight_decay;   ///< gamma >= 0
  AdaptiveScaling scaling = {};
};

/// The stationary variance of the optimizer at leading order in eta,
///   (eta kappa / 2) / (lambda sqrt(B delta) / sigma + xi gamma);
/// the stationary mean is 0. RMSpropW departs from it by about +r / 4, r = eta lambda / sigma, AdamW also by
/// about -eta gamma / (1 - beta_1), both relative.
/// @throw InvalidParameter if a setting is outside its range
/// Source: Paper A, Lemma 3.14 (C.34), C.20, C.24, C.30.
double adamw_stationary_variance(const AdaptiveCoordinate& settings);

/// The stationary variance of the SDE that the paper prints for AdamW, with V held at sigma^2, at the scaling
/// of the base run: that of the optimizer times beta_1^2 rho / (rho + (1 - beta_1) lambda / sigma + gamma),
/// rho = (1 - beta_1) / eta. The noise of the fresh gradient, sqrt(eta) eta rho Sigma^{1/2} dW, is missing
/// from dX; with it the SDE has the variance of the optimizer at leading order.
/// @throw InvalidParameter if a setting is outside its range, unless beta_1 is in [0, 1), or if the scaling
/// is not that of the base run
/// Source: re-derived from Paper A, eqs. (10), (124), (174), by the Lyapunov equation of (X, M).
double printed_adamw_sde_variance(const AdaptiveCoordinate& settings, double beta_1);

/// The same for the SDE with the noise of the fresh gradient in dX: that of the lemma times
///   (rho + (1 - beta_1)^2 (lambda / sigma + gamma)) / (rho + (1 - beta_1) lambda / sigma + gamma),
/// which is 1 - O(eta).
/// @throw InvalidParameter as printed_adamw_sde_variance
/// Source: re-derived, by the Lyapunov equation of (X, M).
double corrected_adamw_sde_variance(const AdaptiveCoordinate& settings, double beta_1);

}  // namespace sdelens::theory
