#pragma once

#include <array>
#include <cmath>

#include "sdelens/model/equation.hpp"
#include "sdelens/model/sdes/adaptive.hpp"

namespace sdelens {

/// What tells the SDEs of Adam apart.
enum class AdamForm {
  printed,    ///< paper A
  corrected,  ///< with the noise of the fresh gradient in dX
  malladi,    ///< Malladi et al.: dX sees M, and dV no gradient
};

/// With c_i = eta rho_i = 1 - beta_i and G_i(t) = 1 - exp(-rho_i t),
///   dX = -eta_t/eta [ (sqrt(G_2)/G_1) P^{-1} ((M + c_1 (grad f - M)) dt + s c_1 sqrt(eta) Sigma^{1/2} dW)
///                     + gamma X dt ],   P = sqrt(V) + epsilon sqrt(G_2),
///   dM = rho_1 (grad f - M) dt + rho_1 sqrt(eta) Sigma^{1/2} dW,
///   dV = rho_2 ((grad f)^2 + diag Sigma - V) dt,
/// with s = 0 as printed and s = 1 corrected, on the same W. Without bias correction G_1 = G_2 = 1. The equation of
/// Malladi et al. has M for the whole bracket and no (grad f)^2.
///
/// As printed all is 0/0 at t = 0, where M = V = 0. The optimizer divides m_{k+1} by 1 - beta^{k+1}: so G_i is read
/// one iteration ahead, at t + eta, and so is V, as V + c_2 ((grad f)^2 + diag Sigma - V), like the bracket which is
/// M one iteration ahead. That changes the coefficients by O(c_2) relative. The equation of Malladi et al. has nothing
/// ahead and starts from the first iteration's mean, M_0 = c_1 grad f(x_0), V_0 = c_2 diag Sigma.
template <class P, AdamForm form>
struct AdamEquation {
  P beta_1, beta_2, epsilon, gamma;
  bool corrects_bias;

  static constexpr bool corrected = form == AdamForm::corrected;
  static constexpr bool malladi = form == AdamForm::malladi;
  static constexpr std::array columns{"M", "V"};
  static constexpr std::array motions{Motion::gradient_noise};
  static constexpr Reads drift_reads{.gradient = true, .deviation = true};
  static constexpr Reads diffusion_reads{.gradient = corrected, .deviation = corrected};

  struct Numbers {
    P x;        ///< eta_t/eta sqrt(G_2)/G_1
    P epsilon;  ///< epsilon sqrt(G_2)
    P decay;    ///< eta_t/eta gamma
    P m_ahead, v_ahead;
    P fresh;  ///< of the noise in dX
    P rho_1, rho_2;
    P root;  ///< sqrt(eta)
  };

  Numbers at(const P& t, const P& eta, const P& factor) const {
    using std::sqrt;
    const P c_1 = 1.0 - beta_1;
    const P c_2 = 1.0 - beta_2;
    const P rho_1 = c_1 / eta;
    const P rho_2 = c_2 / eta;
    const P ahead = t + eta;
    const P g_1 = corrects_bias ? one_minus_exp(P(rho_1 * ahead)) : P(1.0);
    const P g_2 = corrects_bias ? one_minus_exp(P(rho_2 * ahead)) : P(1.0);
    return {.x = factor * sqrt(g_2) / g_1,
            .epsilon = epsilon * sqrt(g_2),
            .decay = factor * gamma,
            .m_ahead = malladi ? P(0.0) : c_1,
            .v_ahead = corrects_bias && !malladi ? c_2 : P(0.0),
            .fresh = c_1,
            .rho_1 = rho_1,
            .rho_2 = rho_2,
            .root = sqrt(eta)};
  }

  template <class T, class H, class W>
  void change(const Numbers& now, const H& h, const Local<T>& here, const W& w, const T& x, const T& m,
              const T& v, T& dx, T& dm, T& dv) const {
    using std::sqrt;
    const T& g = here.gradient;
    const auto z = now.root * w[0];
    const T variance = here.deviation * here.deviation;
    const T missing = malladi ? T(variance - v) : T(g * g + variance - v);
    const T rest = g - m;
    const T p = sqrt(v + now.v_ahead * missing) + now.epsilon;
    dv = h * now.rho_2 * missing;
    dm = now.rho_1 * (h * rest + z);
    const auto mean = h * (m + now.m_ahead * rest);
    if constexpr (corrected) {
      dx = -now.x * (mean + now.fresh * z) / p - h * now.decay * x;
    } else {
      dx = -now.x * mean / p - h * now.decay * x;
    }
  }
};

}  // namespace sdelens
