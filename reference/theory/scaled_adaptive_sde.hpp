#pragma once

#include "reference/theory/adaptive_scaling.hpp"
#include "sdelens/core/wording.hpp"

namespace sdelens::theory {

/// A coordinate of RMSprop(W) or Adam(W) at a point of its state, and how the run is rescaled: `scaling` of learning
/// rate, batch size and weight decay, and beta~_i = 1 - alpha_i (1 - beta_i).
struct ScaledAdaptivePoint {
  double learning_rate;       ///< eta > 0 of the base run
  double sigma;               ///< > 0, of the gradient noise of one sample
  double gradient;            ///< d f / dx
  double x = 0.0;             ///< seen by the weight decay only
  double first_moment = 0.0;  ///< M
  double second_moment;       ///< V > 0
  double beta_1 = 0.0;        ///< in [0, 1), of the base run; Adam(W) only
  double beta_2;              ///< in [0, 1), of the base run; beta of RMSprop(W)
  double weight_decay = 0.0;  ///< gamma >= 0 of the base run
  double first_speed = 1.0;   ///< alpha_1 > 0
  double second_speed = 1.0;  ///< alpha_2 > 0, alpha of RMSprop(W)
  AdaptiveScaling scaling = {};
};

/// Drifts per unit of t = k eta, and standard deviations per root of it.
struct ScaledAdaptiveCoefficients {
  double x_drift, x_noise;
  double first_moment_drift, first_moment_noise;  ///< 0 for RMSprop(W)
  double second_moment_drift;
};

/// beta~ = 1 - alpha (1 - beta).
/// @throw InvalidParameter unless beta and beta~ are in [0, 1) and alpha > 0
double scaled_beta(double beta, double speed);

/// The SDE of rescaled RMSprop(W) without epsilon, rho = (1 - beta) / eta:
///   dX = -kappa V^{-1/2} (f' dt + sqrt(eta / (B delta)) sigma dW) - kappa xi gamma X dt,
///   dV = alpha rho (f'^2 + sigma^2 / (B delta) - V) dt,   as printed alpha / kappa for alpha.
/// alpha / kappa belongs to the clock t' = k kappa eta, in which dX has no kappa.
/// @throw InvalidParameter if a value is outside its range
/// Source: Paper A, C.18, C.22.
ScaledAdaptiveCoefficients scaled_rmsprop_sde(const ScaledAdaptivePoint& point, Wording form);

/// The SDE of rescaled Adam(W) without epsilon and correction of the bias, rho_i = (1 - beta_i) / eta:
///   dX = -kappa V^{-1/2} (M + eta alpha_1 rho_1 (f' - M)) dt - kappa xi gamma X dt,
///   dM = alpha_1 rho_1 (f' - M) dt + sqrt(eta / (B delta)) alpha_1 rho_1 sigma dW,
///   dV = alpha_2 rho_2 (f'^2 + sigma^2 / (B delta) - V) dt,
/// as printed with alpha_i / kappa for alpha_i in the drifts of M and V, though with alpha_1 in that of X. Corrected, dX
/// has the noise of the fresh gradient too, - kappa V^{-1/2} eta alpha_1 rho_1 sqrt(eta / (B delta)) sigma dW, on the W of
/// dM. The printed noise of M is not here.
/// @throw InvalidParameter if a value is outside its range
/// Source: Paper A, C.27, C.32.
ScaledAdaptiveCoefficients scaled_adam_sde(const ScaledAdaptivePoint& point, Wording form);

}  // namespace sdelens::theory
