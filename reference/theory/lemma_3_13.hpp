#pragma once

#include "reference/theory/adaptive_scaling.hpp"
#include "reference/theory/lemma_3_5.hpp"

namespace sdelens::theory {

/// What the bound of the loss of AdamW depends on, for a mu-strongly convex, L-smooth f >= 0 with minimum 0
/// at x = 0 and gradient noise of covariance sigma^2 I.
struct AdamWLoss {
  double learning_rate;     ///< eta > 0
  double strong_convexity;  ///< mu > 0
  double smoothness;        ///< L >= mu
  double hessian_trace;     ///< L_tau > 0, an upper bound of Tr(Hess f)
  double sigma;             ///< > 0
  double weight_decay;      ///< gamma >= 0; 0 gives the bound of Adam (C.28) and RMSprop (C.19)
  double start_loss;        ///< S_0 >= 0
  AdaptiveScaling scaling = {};
};

/// E S_t <= limit + (S_0 - limit) e^{-rate t}, t = k eta, near the minimum, where V is sigma^2 / (delta B):
///   rate  = kappa (2 mu sqrt(B delta) / sigma + xi gamma (1 + mu / L)),
///   limit = (eta / 2) kappa L_tau / (2 mu sqrt(B delta) / sigma + xi gamma (1 + mu / L)).
/// The same for RMSpropW (C.23). gamma = 0 gives limit = eta sigma L_tau / (4 mu sqrt B) kappa / sqrt delta.
/// In print are the limits alone; C.28 lacks the mu of its limit, and 3.13 the condition that the minimum is 0. (121)
/// lacks a minus sign. The proofs for Adam (C.28) rest on a Lyapunov function whose coefficient is
/// free; elimination of the fast momentum gives the same value.
/// @throw InvalidParameter if a setting is outside its range
/// Source: Paper A, Lemmas 3.13 (C.33), C.19, C.23, C.28.
LossBound adamw_loss_bound(const AdamWLoss& settings);

}  // namespace sdelens::theory
