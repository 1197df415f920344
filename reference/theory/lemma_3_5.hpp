#pragma once

#include "sdelens/core/wording.hpp"

/// Lemma 3.5 (C.10) of Paper A: bounds of the expected loss of SignSGD in the three phases, for a mu-strongly
/// convex f >= 0 with minimum 0 and gradient noise N(0, diag(sigma_i^2)). t = k eta.
namespace sdelens::theory {

struct SignSgdLoss {
  double learning_rate;     ///< eta > 0
  double strong_convexity;  ///< mu > 0
  double hessian_trace;     ///< L_tau > 0, an upper bound of Tr(Hess f)
  double largest_sigma;     ///< > 0
  double dimension;         ///< d >= 1; enters phase 2 only
  double start_loss;        ///< S_0 = f at t = 0 of the phase, >= 0
};

/// Phase 1, all |Y_i| > 3/2, on 0 <= t <= signal_phase_end().
///   printed    (sqrt(mu) t - 2 sqrt(S_0))^2 / 4: valid, but not tight; it rises again after its end;
///   corrected  (sqrt(mu) t - sqrt(2 S_0))^2 / 2, from dS <= -sqrt(2 mu S) dt; an equality in one dimension.
/// @throw InvalidParameter if a setting is outside its range or time is not in [0, signal_phase_end()]
double signal_phase_bound(const SignSgdLoss& settings, double time, Wording form);

/// t*, where the bound of phase 1 is 0: printed 2 sqrt(S_0 / mu), corrected sqrt(2 S_0 / mu).
double signal_phase_end(const SignSgdLoss& settings, Wording form);

/// A bound that relaxes exponentially: limit + (S_0 - limit) e^{-rate t}.
struct LossBound {
  double rate;   ///< 2 mu Delta, of time t
  double limit;  ///< for t -> inf
  double start;  ///< S_0

  /// @throw InvalidParameter unless time >= 0
  double at(double time) const;
};

/// Phase 2, 1 < |Y_i| < 3/2 for all i: with m, q1, q2 of phase_constants(),
///   Delta = m / (sqrt 2 sigma) + eta mu m^2 / (4 sigma^2),   limit = eta (L_tau - mu d q^2) / (4 mu Delta),
/// sigma the largest. Printed: q = max(q1, q2) = q2. Corrected: q = q1, since |Erf(Y)| >= m |Y| + q1 for both
/// signs; with q2 the statement still holds while eta mu <= 75 sigma, thanks to a term that its proof drops.
/// @throw InvalidParameter if a setting is outside its range
LossBound mixed_phase_bound(const SignSgdLoss& settings, Wording form);

/// Phase 3, |Y_i| < 1 for all i:
///   Delta = c / (sqrt 2 sigma) + eta mu c^2 / (4 sigma^2),   limit = eta L_tau / (4 mu Delta),
/// sigma the largest. Printed: c = 2 / sqrt pi, so Delta = sqrt(2 / pi) / sigma + (eta / pi) mu / sigma^2; it
/// holds for the linear SDE (5), an equality for H = lambda I, Sigma = sigma^2 I, but is no bound of the
/// optimizer: from |Y| = 1 the loss rises to 1.35 times it.
/// Corrected: c = Erf(1), since |Erf(Y)| >= Erf(1) |Y| on |Y| <= 1; it holds for the SDE (3) while |Y_i| < 1.
/// @throw InvalidParameter if a setting is outside its range
LossBound noise_phase_bound(const SignSgdLoss& settings, Wording form);

}  // namespace sdelens::theory
