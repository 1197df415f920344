#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>

#include "sdelens/model/rule.hpp"

namespace sdelens {

/// An SDE of one coordinate, written once as its change in a time h along Brownian motions w, linear in (h, w), and
/// generic in its scalar. Drift (h = 1, w = 0), product with the diffusion (h = 0) and the step of Euler and Maruyama
/// are read from it, on blocks of replicas, on flat arrays and in symbols:
///
///     template <class P>
///     struct ConstantDiffusion {
///       static constexpr std::array<const char*, 0> columns{};
///       static constexpr Reads drift_reads{.gradient = true};
///       static constexpr Reads diffusion_reads{};
///       static constexpr std::array motions{Motion::own};
///       P at(const P& t, const P& eta, const P& factor) const { return sqrt(eta); }
///       template <class T, class H, class W>
///       void change(const P& root, const H& h, const Local<T>& here, const W& w, const T& x, T& dx) const {
///         dx = h * (-here.gradient) + root * w[0];
///       }
///     };
///
/// `columns` names the numbers of a coordinate besides x; `change` gets x and them, then where their changes go. `at` is
/// called once a step, with the time, the learning rate and eta_t/eta. w[k] is the increment of the k-th of `motions`. Like
/// a rule, an equation does not branch on T; where it is not defined it says so in a member outside(numbers, here).

/// What an equation reads about its coordinate at (t, x); not a number where it does not say that it reads it.
template <class T>
struct Local {
  T gradient = unread;   ///< f_i = (grad f)_i
  T deviation = unread;  ///< sigma_i = sqrt(Sigma_ii)
  T mean_sign = unread;  ///< E sign(f_i + Z_i)

 private:
  static constexpr double unread = std::numeric_limits<double>::quiet_NaN();
};

/// Which of them it reads; the others are not computed.
struct Reads {
  bool gradient = false, deviation = false, mean_sign = false;
};

/// A Brownian motion as a coordinate sees it.
enum class Motion {
  own,             ///< dW_i; the noise must have independent coordinates
  gradient_noise,  ///< (Sigma^{1/2} dW)_i; Sigma must be the covariance of the gradient
};

/// 0 and 1 that vanish from a formula and leave no rounding.
struct Zero;
struct One;
template <class T>
concept Number = !std::same_as<T, Zero> && !std::same_as<T, One>;

struct Zero {
  template <Number T>
  operator T() const {  // NOLINT(google-explicit-constructor)
    return T(0.0);
  }
  friend Zero operator-(Zero) { return {}; }
  friend Zero operator+(Zero, Zero) { return {}; }
  friend Zero operator-(Zero, Zero) { return {}; }
};
struct One {
  friend One operator*(One, One) { return {}; }
  friend Zero operator*(One, Zero) { return {}; }
  friend Zero operator*(Zero, One) { return {}; }
};

template <Number T>
Zero operator*(Zero, const T&) {
  return {};
}
template <Number T>
Zero operator*(const T&, Zero) {
  return {};
}
template <Number T>
Zero operator/(Zero, const T&) {
  return {};
}
template <Number T>
T operator+(Zero, const T& a) {
  return a;
}
template <Number T>
T operator+(const T& a, Zero) {
  return a;
}
template <Number T>
T operator-(Zero, const T& a) {
  return -a;
}
template <Number T>
T operator-(const T& a, Zero) {
  return a;
}
template <Number T>
T operator*(One, const T& a) {
  return a;
}
template <Number T>
T operator*(const T& a, One) {
  return a;
}

}  // namespace sdelens
