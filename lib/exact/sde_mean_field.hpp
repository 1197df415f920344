#pragma once

#include <cstdint>

#include "sdelens/exact/mean_field.hpp"

namespace sdelens {

/// The SDEs of RMSprop(W) and Adam(W) of paper A and of Malladi et al., by what their stationary law depends on.
enum class AdaptiveSde {
  rmsprop,          ///< (86), (113)
  rmsprop_malladi,  ///< (183): V is sigma^2
  adam,             ///< (124), (174): dX has no noise of its own
  adam_corrected,   ///< with the noise of the fresh gradient in dX
  adam_malladi,     ///< (188): V is sigma^2, and dX sees M
};

/// The stationary variance of X on f(x) = curvature x^2 / 2 with V held constant at `squared_gradient`. The equation
/// is then linear, and the variance exact: of the equation itself, or of its Euler-Maruyama scheme. For Adam with
/// a = 1/sqrt(V), c = 1 - beta_1, rho = c/eta, the drift of (X, M) is
///   -(a (1-c) M + (a c lambda + gamma) X),   rho (lambda X - M),
/// and the noise sqrt(eta) sigma (-s a c, rho) dW, s = 1 corrected and 0 otherwise; in the equation of Malladi et al.
/// c = 0 in the drift of X. For RMSprop the drift is -(a lambda + gamma) X, the noise sqrt(eta) sigma a dW.
/// @param steps_per_iteration  n: the scheme with step eta/n; 0: the equation itself
/// @throw InvalidParameter if a setting is outside its range (MeanFieldSettings), or the scheme is unstable
double frozen_sde_variance(AdaptiveSde sde, const MeanFieldSettings& settings, double squared_gradient,
                           std::uint64_t steps_per_iteration = 0);

/// The stationary variance with V at its own mean, V = sigma^2 + lambda^2 Var X; V = sigma^2 in the equations of
/// Malladi et al., for which this is exact.
///
/// A closure as mean_field is: the fluctuation of V is left out, of relative order 1 - beta_2.
/// @throw InvalidParameter as frozen_sde_variance
/// Source: re-derived; (1 - c)^2 rho/(rho + c a lambda + gamma) times eta/2 (a lambda + gamma)^{-1} for the printed
/// equation of Adam(W), against Paper A, Lemma 3.14.
MeanField mean_field(AdaptiveSde sde, const MeanFieldSettings& settings,
                     std::uint64_t steps_per_iteration = 0);

}  // namespace sdelens
