#pragma once

#include "reference/theory/lemma_3_5.hpp"

namespace sdelens::theory {

/// What the bound of the loss of SGD depends on, for a mu-strongly convex f >= 0 with minimum 0.
struct SgdLoss {
  double learning_rate;     ///< eta > 0
  double strong_convexity;  ///< mu > 0
  double hessian_trace;     ///< L_tau > 0, an upper bound of Tr(Hess f)
  double largest_sigma;     ///< > 0, square root of the largest eigenvalue of Sigma
  double start_loss;        ///< S_0 >= 0
};

/// E S_t <= S_0 e^{-2 mu t} + (eta / 2) L_tau sigma^2 / (2 mu) (1 - e^{-2 mu t}), t = k eta; an equality for
/// H = lambda I, Sigma = sigma^2 I.
/// @throw InvalidParameter if a setting is outside its range
/// Source: Paper A, Lemma 3.6.
LossBound sgd_loss_bound(const SgdLoss& settings);

}  // namespace sdelens::theory
