#pragma once

#include "reference/theory/adaptive_scaling.hpp"
#include "reference/theory/lemma_3_6.hpp"

namespace sdelens::theory {

/// The time t of SGD with the learning rate kappa eta after k iterations.
enum class SgdClock {
  rescaled,  ///< t = k kappa eta, of (195): dX = -grad f dt + sqrt(kappa eta / (B delta)) Sigma^{1/2} dW
  base,      ///< t = k eta, of (196): dX = -kappa grad f dt + kappa sqrt(eta / (B delta)) Sigma^{1/2} dW
};

/// SGD rescaled from a base run, learning rate kappa eta and batch size delta B:
///   (198)  E S_t <= S_0 e^{-2 mu t} + (eta / 2)(kappa / delta) L_tau sigma^2 / (2 mu B) (1 - e^{-2 mu t}), t = k kappa eta,
///   (199)  the same with e^{-2 kappa mu t}, t = k eta;
/// an equality for H = lambda I, Sigma = sigma^2 I. (195) and (196) are the same process in two clocks. kappa = delta
/// keeps the limit. The paper asks for L_tau <= Tr(Hess f), which must be >=.
/// @throw InvalidParameter if a setting is outside its range, or unless weight_decay_scale is 1
/// Source: Paper A, E.2.
LossBound scaled_sgd_loss_bound(const SgdLoss& base, const AdaptiveScaling& scaling, SgdClock clock);

}  // namespace sdelens::theory
