#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <type_traits>

namespace sdelens {

/// An update rule of one coordinate, generic in its scalar, so that blocks of replicas (double), the flat arrays of a
/// network (Single) and symbols read the same text:
///
///     template <class P>
///     struct HeavyBallRule {
///       P mu;
///       static constexpr std::array memory{"m"};
///       P at(const P& eta, const P& k) const { return eta; }
///       template <class S, class T>
///       void step(const S& eta, const T& g, T& m, T& x) const {
///         m = mu * m + g;
///         x -= eta * m;
///       }
///     };
///
/// P is what the parameters are (double or a symbol), T what the coordinate is. `memory` names the numbers kept for a
/// coordinate between steps. `at` is called once a step, with the learning rate and the index of the iteration, and
/// gives what all coordinates share; `step` is called for each coordinate with its stochastic gradient. Neither
/// branches on T: they use select, sign and what <cmath> has, found for T by its arguments.
///
/// Where a step is not smooth in g the rule says so in
///
///     template <class T> std::array<T, n> kinks(const T& m, ...) const
///
/// with the values of g, given the memory before the step: break points of a quadrature over the noise.

/// A float among coefficients of double precision. A coefficient is rounded once, when it meets the float: 1 - beta is
/// not formed in single precision.
struct Single {
  float value = 0.0F;

  Single() = default;
  // Implicit, so that a coefficient may stand beside a Single.
  Single(double number) : value(static_cast<float>(number)) {}  // NOLINT(google-explicit-constructor)
  static Single of(float number) {
    Single result;
    result.value = number;
    return result;
  }

  friend Single operator-(Single a) { return of(-a.value); }
  friend Single operator+(Single a, Single b) { return of(a.value + b.value); }
  friend Single operator-(Single a, Single b) { return of(a.value - b.value); }
  friend Single operator*(Single a, Single b) { return of(a.value * b.value); }
  friend Single operator/(Single a, Single b) { return of(a.value / b.value); }
  friend Single& operator+=(Single& a, Single b) { return a = a + b; }
  friend Single& operator-=(Single& a, Single b) { return a = a - b; }
  friend Single& operator*=(Single& a, Single b) { return a = a * b; }
  friend Single& operator/=(Single& a, Single b) { return a = a / b; }
  friend bool operator<(Single a, Single b) { return a.value < b.value; }
  friend bool operator>(Single a, Single b) { return a.value > b.value; }
  friend bool operator<=(Single a, Single b) { return a.value <= b.value; }
  friend bool operator>=(Single a, Single b) { return a.value >= b.value; }
  friend Single sqrt(Single a) { return of(std::sqrt(a.value)); }
  friend Single abs(Single a) { return of(std::abs(a.value)); }
};

/// `condition ? yes : no`; a symbol brings its own.
template <class T>
T select(bool condition, T yes, T no) {
  return condition ? yes : no;
}

/// The sign, sign(0) = +1; what is not a number stays so. A symbol brings its own.
template <class T>
T sign(T g) {
  return select(g >= 0.0, T(1.0), select(g < 0.0, T(-1.0), g));
}

/// How many numbers a rule keeps for a coordinate.
template <class Rule>
constexpr std::size_t memory_of = std::tuple_size_v<std::remove_cvref_t<decltype(Rule::memory)>>;

}  // namespace sdelens
