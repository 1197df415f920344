#pragma once

#include <array>
#include <cmath>
#include <concepts>

#include "sdelens/model/rule.hpp"

namespace sdelens {

/// 1 - beta^count for count = 1, 2, ...
template <class P>
class BiasCorrection {
 public:
  explicit BiasCorrection(const P& beta) : beta_(beta) {}
  P at(const P& count) const { return 1.0 - pow(beta_, count); }

 private:
  P beta_;
};

template <std::floating_point P>
class BiasCorrection<P> {
 public:
  explicit BiasCorrection(P beta) : log_beta_(std::log(beta)) {}
  P at(P count) const {
    const P exponent = log_beta_ * count;
    // 1 without a call once that is what it rounds to.
    return exponent < P(-40.0) ? P(1.0) : -std::expm1(exponent);
  }

 private:
  P log_beta_;
};

/// m <- beta_1 m + (1-beta_1) g,  v <- beta_2 v + (1-beta_2) g^2,
/// x <- x - eta (m / (1-beta_1^(k+1))) / (sqrt(v / (1-beta_2^(k+1))) + epsilon) - eta gamma x, from
/// m = v = 0. Without the correction of the bias, 1 stands for both 1-beta^(k+1), and v may start elsewhere.
template <class P>
struct AdamRule {
  P beta_1, beta_2, epsilon, gamma;
  bool corrects_bias;
  BiasCorrection<P> correction_1{beta_1}, correction_2{beta_2};

  static constexpr std::array memory{"m", "v"};

  // eta * m_hat / (sqrt(v_hat) + epsilon) = rate * m / (sqrt(v) + scaled_epsilon)
  struct Numbers {
    P rate, scaled_epsilon, kept;
  };

  Numbers at(const P& eta, const P& k) const {
    using std::sqrt;
    const P count = k + 1.0;
    const P root = corrects_bias ? sqrt(correction_2.at(count)) : P(1.0);
    return {.rate = eta * root / (corrects_bias ? correction_1.at(count) : P(1.0)),
            .scaled_epsilon = epsilon * root,
            .kept = 1.0 - eta * gamma};
  }

  template <class T>
  void step(const Numbers& now, const T& g, T& m, T& v, T& x) const {
    using std::sqrt;
    m = beta_1 * m + (1.0 - beta_1) * g;
    v = beta_2 * v + (1.0 - beta_2) * g * g;
    x = now.kept * x - now.rate * m / (sqrt(v) + now.scaled_epsilon);
  }
};

}  // namespace sdelens
