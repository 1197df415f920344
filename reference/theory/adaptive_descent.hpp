#pragma once

namespace sdelens::theory {

/// E X of the SDE of RMSprop on f(x) = lambda x^2 / 2 from X_0, V being its mean where (lambda X)^2 << sigma^2:
///   dX = -lambda X / sqrt(V) dt,  V_t = sigma^2 (1 + q e^{-rho t}),
///   E X_t = X_0 e^{-(lambda / sigma) s},
///   s = int_0^t du / sqrt(1 + q e^{-rho u})
///     = t + (2 / rho) log((1 + sqrt(1 + q e^{-rho t})) / (1 + sqrt(1 + q))).
struct RmspropDescent {
  double start;   ///< X_0
  double rate;    ///< lambda / sigma > 0
  double rho;     ///< (1 - beta) / eta > 0
  double excess;  ///< q = V_0 / sigma^2 - 1 > -1
};

/// @throw InvalidParameter if a setting is outside its range or time is negative
/// Source: re-derived, for Paper A, Remark E.4.
double rmsprop_mean(const RmspropDescent& settings, double time);

/// At which E X of the SDE of AdamW e-folds on f(x) = lambda x^2 / 2, V held at sigma^2:
///   dX = -M / sigma dt - gamma X dt,  dM = rho (lambda X - M) dt:
/// the real part of the smaller root of s^2 - (rho + gamma) s + rho (lambda / sigma + gamma) = 0. It is (rho + gamma) / 2
/// where the roots are complex.
/// @param pull  lambda / sigma > 0
/// @param rho   (1 - beta_1) / eta > 0
/// @throw InvalidParameter if an argument is outside its range
/// Source: re-derived, for the caption of Paper A's Figure 5.
double adamw_descent_rate(double pull, double rho, double weight_decay);

}  // namespace sdelens::theory
