#pragma once

#include <array>

#include "sdelens/model/rule.hpp"

namespace sdelens {

/// x <- x - eta sign(g), sign(0) = +1; a gradient that is not a number stays one.
template <class P>
struct SignSgdRule {
  static constexpr std::array<const char*, 0> memory{};

  P at(const P& eta, const P&) const { return eta; }

  template <class T>
  void step(const P& eta, const T& g, T& x) const {
    x = x - eta * sign(g);
  }

  template <class T>
  std::array<T, 1> kinks() const {
    return {T(0.0)};
  }
};

}  // namespace sdelens
