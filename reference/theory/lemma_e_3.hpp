#pragma once

#include "reference/theory/adaptive_scaling.hpp"
#include "reference/theory/lemma_3_5.hpp"

namespace sdelens::theory {

/// What the bound of the loss of SGD with decoupled weight decay, x <- x - eta g - eta gamma x, depends on, for a
/// mu-strongly convex, L-smooth f >= 0 with minimum 0 at x = 0.
struct SgdWLoss {
  double learning_rate;     ///< eta > 0
  double strong_convexity;  ///< mu > 0
  double smoothness;        ///< L >= mu
  double hessian_trace;     ///< L_tau > 0, an upper bound of Tr(Hess f)
  double largest_sigma;     ///< > 0, square root of the largest eigenvalue of Sigma
  double weight_decay;      ///< gamma >= 0
  double start_loss;        ///< S_0 >= 0
  AdaptiveScaling scaling = {};
};

/// E S_t <= limit + (S_0 - limit) e^{-rate t}, t = k eta, for the SDE (201):
///   rate  = kappa (2 mu + xi gamma (1 + mu / L)),
///   limit = (eta / 2) (kappa / (B delta)) L_tau sigma^2 / (2 mu + xi gamma (1 + mu / L)).
/// kappa = delta with xi = 1 keeps the limit; the paper's conclusion, that xi = kappa is imperative, is wrong.
/// @throw InvalidParameter if a setting is outside its range
/// Source: Paper A, E.3.
LossBound sgdw_loss_bound(const SgdWLoss& settings);

/// The stationary variance of the SDE (201) on a quadratic in one coordinate of curvature lambda:
///   (kappa eta / (2 B delta)) sigma^2 / (lambda + xi gamma).
/// @param curvature  lambda > 0; strong_convexity, smoothness, hessian_trace and start_loss are not used
/// @throw InvalidParameter if a setting is outside its range
double sgdw_sde_variance(const SgdWLoss& settings, double curvature);

}  // namespace sdelens::theory
