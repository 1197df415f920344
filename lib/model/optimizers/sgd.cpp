#include <array>

#include "sdelens/model/elementwise.hpp"

namespace sdelens {
namespace {

/// x <- x - eta g - eta gamma x
template <class P>
struct SgdRule {
  P gamma;

  static constexpr std::array<const char*, 0> memory{};

  struct Numbers {
    P rate, kept;
  };

  Numbers at(const P& eta, const P&) const { return {.rate = eta, .kept = 1.0 - eta * gamma}; }

  template <class T>
  void step(const Numbers& now, const T& g, T& x) const {
    const T descent = now.rate * g;
    x = now.kept * x - descent;
  }
};

const Register<OptimizerEntry> sgd{{
    .name = "sgd",
    .reference = "x <- x - eta g. Paper A, Section 3",
    .make = [](const Parameters& parameters) -> std::unique_ptr<Optimizer> {
      ParameterReader("sgd", parameters).finish();
      return elementwise("sgd", SgdRule<double>{0.0});
    },
    .known = {.parameters = {}, .gradients = {1.0, -2.0, 0.5}, .iterates = {-0.1, 0.1, 0.05}},
}};

const Register<OptimizerEntry> sgdw{{
    .name = "sgdw",
    .reference = "x <- x - eta g - eta gamma x, decoupled weight decay gamma. Paper A, E.3",
    .make = [](const Parameters& parameters) -> std::unique_ptr<Optimizer> {
      ParameterReader read("sgdw", parameters);
      const double gamma = read.scalar("gamma", Range::non_negative());
      read.finish();
      return elementwise("sgdw", SgdRule<double>{gamma});
    },
    .known = {.parameters = {{"gamma", {1.0}}},
              .gradients = {1.0, -2.0, 0.5},
              .iterates = {-0.1, 0.11, 0.049}},
}};

}  // namespace
}  // namespace sdelens
