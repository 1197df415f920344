#include "sdelens/model/optimizers/signsgd.hpp"

#include "sdelens/model/elementwise.hpp"

namespace sdelens {
namespace {

const Register<OptimizerEntry> signsgd{{
    .name = "signsgd",
    .reference = "x <- x - eta sign(g), sign(0) = +1. Paper A, Section 3.1",
    .make = [](const Parameters& parameters) -> std::unique_ptr<Optimizer> {
      ParameterReader("signsgd", parameters).finish();
      return elementwise("signsgd", SignSgdRule<double>{});
    },
    .known = {.parameters = {}, .gradients = {1.0, -2.0, 0.0}, .iterates = {-0.1, 0.0, -0.1}},
}};

}  // namespace
}  // namespace sdelens
