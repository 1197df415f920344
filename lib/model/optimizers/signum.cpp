#include <array>

#include "sdelens/model/elementwise.hpp"

namespace sdelens {
namespace {

/// m <- beta m + (1-beta) g,  x <- x - eta sign(m) with the new m, sign(0) = +1, from m = 0.
///
///   parameters  beta in [0, 1); beta = 0 is SignSGD
///   memory      m, one number for a coordinate
///   reads       the stochastic gradient of its own coordinate, nothing of others
///   kinks       a jump where the new m is 0
///   offers      blocks of replicas, flat arrays, symbols
template <class P>
struct SignumRule {
  P beta;

  static constexpr std::array memory{"m"};

  P at(const P& eta, const P&) const { return eta; }

  template <class T>
  void step(const P& eta, const T& g, T& m, T& x) const {
    m = beta * m + (1.0 - beta) * g;
    x = x - eta * sign(m);
  }

  template <class T>
  std::array<T, 1> kinks(const T& m) const {
    return {-beta * m / (1.0 - beta)};
  }
};

// beta = 1/2: m = 1/2, -3/4, 13/8.
const Register<OptimizerEntry> signum{{
    .name = "signum",
    .reference =
        "m <- beta m + (1-beta) g, x <- x - eta sign(m), sign(0) = +1. Bernstein, Wang, Azizzadenesheli and "
        "Anandkumar, 2018, Algorithm 2",
    .make = [](const Parameters& parameters) -> std::unique_ptr<Optimizer> {
      ParameterReader read("signum", parameters);
      const double beta = read.scalar("beta", Range::unit(), 0.9);
      read.finish();
      return elementwise("signum", SignumRule<double>{beta});
    },
    .known = {.parameters = {{"beta", {0.5}}}, .gradients = {1.0, -2.0, 4.0}, .iterates = {-0.1, 0.0, -0.1}},
}};

}  // namespace
}  // namespace sdelens
