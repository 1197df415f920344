#pragma once

#include <array>
#include <cmath>

#include "sdelens/model/rule.hpp"

namespace sdelens {

/// v <- beta v + (1-beta) g^2,  x <- x - eta g / (sqrt(v) + epsilon) - eta gamma x, with the new v.
template <class P>
struct RmsPropRule {
  P beta, epsilon, gamma;

  static constexpr std::array memory{"v"};

  struct Numbers {
    P rate, kept;
  };

  Numbers at(const P& eta, const P&) const { return {.rate = eta, .kept = 1.0 - eta * gamma}; }

  template <class T>
  void step(const Numbers& now, const T& g, T& v, T& x) const {
    using std::sqrt;
    v = beta * v + (1.0 - beta) * g * g;
    x = now.kept * x - now.rate * g / (sqrt(v) + epsilon);
  }
};

}  // namespace sdelens
