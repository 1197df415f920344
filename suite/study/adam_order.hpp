#pragma once

#include "suite/study/experiment.hpp"

namespace sdelens {

/// What Theorems C.26 (Adam) and 3.12 (AdamW) share: the order of the SDE for rho_1 = eta^-zeta, without correction of
/// the bias. In functions of the momentum by calculation on a flat landscape, in functions of x by coupled simulation.
Experiment adam_order(std::string theorem, double weight_decay);

/// E m_k^2 of Adam on a flat landscape with gradient noise of variance 1, c = 1 - beta_1:
///   m <- (1 - c) m + c Z,   E m_k^2 = c (1 - (1 - c)^2k) / (2 - c).
/// @param iterations  k, not negative, infinite for the stationary value
/// @throw InvalidParameter unless 0 < c <= 1
double momentum_mean_square(double c, double iterations);

/// E M_t^2 of its SDE at t = k eta, dM = -rho_1 M dt + sqrt(eta) rho_1 dW with eta rho_1 = c:
///   (c / 2)(1 - e^(-2 c k)).
/// @throw InvalidParameter unless 0 < c <= 1
double sde_momentum_mean_square(double c, double iterations);

}  // namespace sdelens
