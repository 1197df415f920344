#include "sdelens/model/optimizers/rmsprop.hpp"

#include "sdelens/model/elementwise.hpp"

namespace sdelens {
namespace {

std::unique_ptr<Optimizer> make(const char* name, bool decays, const Parameters& parameters) {
  ParameterReader read(name, parameters);
  const double beta = read.scalar("beta", Range::unit(), 0.999);
  const double epsilon = read.scalar("epsilon", Range::non_negative(), 1e-8);
  const double gamma = decays ? read.scalar("gamma", Range::non_negative()) : 0.0;
  const std::vector<double> initial_v = read.list("initial_v", Range::non_negative(), std::vector{0.0});
  read.finish();
  return elementwise(name, RmsPropRule<double>{beta, epsilon, gamma}, {{"v", initial_v}});
}

// beta = 0.75, epsilon = 0: v = 0.25 * 16 = 4, then 0.75 * 4 + 0.25 * 4 = 4.
const Register<OptimizerEntry> rmsprop{{
    .name = "rmsprop",
    .reference = "v <- beta v + (1-beta) g^2, x <- x - eta g / (sqrt(v) + epsilon). Paper A, Section 3.2",
    .make = [](const Parameters& parameters) { return make("rmsprop", false, parameters); },
    .known = {.parameters = {{"beta", {0.75}}, {"epsilon", {0.0}}},
              .gradients = {4.0, -2.0},
              .iterates = {-0.2, -0.1}},
}};

const Register<OptimizerEntry> rmspropw{{
    .name = "rmspropw",
    .reference = "rmsprop, then - eta gamma x of the old x (decoupled). Paper A, Section 3.2",
    .make = [](const Parameters& parameters) { return make("rmspropw", true, parameters); },
    .known = {.parameters = {{"beta", {0.75}}, {"epsilon", {0.0}}, {"gamma", {2.0}}},
              .gradients = {4.0, -2.0},
              .iterates = {-0.2, -0.06}},
}};

}  // namespace
}  // namespace sdelens
