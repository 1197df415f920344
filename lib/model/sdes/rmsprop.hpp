#pragma once

#include <array>
#include <cmath>

#include "sdelens/model/equation.hpp"

namespace sdelens {

/// dX = -eta_t/eta [P^{-1} (grad f(X) dt + sqrt(eta) Sigma^{1/2} dW) + gamma X dt],   P = sqrt(V) + epsilon,
/// dV = rho (s (grad f(X))^2 + diag Sigma - V) dt,   rho = (1 - beta) / eta,
/// s = 1 in paper A and 0 in the equation of Malladi et al.
template <class P>
struct RmsPropEquation {
  P beta, epsilon, gamma, squares;

  static constexpr std::array columns{"V"};
  static constexpr std::array motions{Motion::gradient_noise};
  static constexpr Reads drift_reads{.gradient = true, .deviation = true};
  static constexpr Reads diffusion_reads{};

  struct Numbers {
    P factor, rho, root;
  };

  Numbers at(const P&, const P& eta, const P& factor) const {
    using std::sqrt;
    return {.factor = factor, .rho = (1.0 - beta) / eta, .root = sqrt(eta)};
  }

  template <class T, class H, class W>
  void change(const Numbers& now, const H& h, const Local<T>& here, const W& w, const T& x, const T& v, T& dx,
              T& dv) const {
    using std::sqrt;
    const T& g = here.gradient;
    const auto z = now.root * w[0];
    dv = h * now.rho * (squares * g * g + here.deviation * here.deviation - v);
    dx = -now.factor * ((h * g + z) / (sqrt(v) + epsilon) + h * gamma * x);
  }
};

}  // namespace sdelens
