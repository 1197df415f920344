#pragma once

#include "reference/theory/adaptive_scaling.hpp"
#include "reference/theory/lemma_3_5.hpp"

namespace sdelens::theory {

/// What the bound of the loss of SGDW, x <- x - eta g - eta gamma x, depends on, for a mu-strongly convex, L-smooth
/// f >= 0 with minimum 0 at x = 0.
struct SgdWLoss {
  double learning_rate;     ///< eta > 0
  double strong_convexity;  ///< mu > 0
  double smoothness;        ///< L >= mu
  double hessian_trace;     ///< L_tau > 0, an upper bound of Tr(Hess f)
  double largest_sigma;     ///< > 0, square root of the largest eigenvalue of Sigma of one sample
  double weight_decay;      ///< gamma >= 0; 0 gives the bound of SGD (Lemma 3.6)
  double start_loss;        ///< S_0 >= 0
  AdaptiveScaling scaling = {};
};

/// E S_t <= limit + (S_0 - limit) e^{-rate t}, t = k eta:
///   rate  = kappa (2 mu + xi gamma (1 + mu / L)),
///   limit = (eta / 2) kappa L_tau sigma^2 / (B delta (2 mu + xi gamma (1 + mu / L))).
/// The paper concludes that gamma must be scaled by kappa. It must not: the limit, and to first order in eta the
/// exact loss, is preserved by kappa = delta at unchanged gamma.
/// @throw InvalidParameter if a setting is outside its range
/// Source: Paper A, Section E.3, after the SDE (201).
LossBound sgdw_loss_bound(const SgdWLoss& settings);

}  // namespace sdelens::theory
