#include "sdelens/model/optimizers/adam.hpp"

#include "sdelens/model/elementwise.hpp"

namespace sdelens {
namespace {

std::unique_ptr<Optimizer> make(const char* name, bool decays, const Parameters& parameters) {
  ParameterReader read(name, parameters);
  const double beta_1 = read.scalar("beta_1", Range::unit(), 0.9);
  const double beta_2 = read.scalar("beta_2", Range::unit(), 0.999);
  const double epsilon = read.scalar("epsilon", Range::non_negative(), 1e-8);
  const double gamma = decays ? read.scalar("gamma", Range::non_negative()) : 0.0;
  const bool corrects_bias = read.flag("bias_correction", true);
  if (corrects_bias && read.has("initial_v")) {
    throw InvalidParameter(name, "initial_v", "needs bias_correction = 0: the correction assumes v = 0");
  }
  const std::vector<double> initial_v = read.list("initial_v", Range::non_negative(), std::vector{0.0});
  read.finish();
  return elementwise(name, AdamRule<double>{beta_1, beta_2, epsilon, gamma, corrects_bias},
                     {{"v", initial_v}});
}

// First step: m_hat / sqrt(v_hat) = sign(g), x = -0.1. Second, with beta_1 = 1/2: m = 1/2 * 2 - 1/2 * 2 = 0.
const Register<OptimizerEntry> adam{{
    .name = "adam",
    .reference =
        "Adam with bias correction and the new v. Paper A, Section 3.3; Kingma and Ba, 2015, Algorithm 1",
    .make = [](const Parameters& parameters) { return make("adam", false, parameters); },
    .known = {.parameters = {{"beta_1", {0.5}}, {"beta_2", {0.75}}, {"epsilon", {0.0}}},
              .gradients = {4.0, -2.0},
              .iterates = {-0.1, -0.1}},
}};

const Register<OptimizerEntry> adamw{{
    .name = "adamw",
    .reference =
        "adam, then - eta gamma x of the old x (decoupled). Paper A, Section 3.4; Loshchilov and Hutter, "
        "2019, Algorithm 2",
    .make = [](const Parameters& parameters) { return make("adamw", true, parameters); },
    .known = {.parameters = {{"beta_1", {0.5}}, {"beta_2", {0.75}}, {"epsilon", {0.0}}, {"gamma", {2.0}}},
              .gradients = {4.0, -2.0},
              .iterates = {-0.1, -0.08}},
}};

}  // namespace
}  // namespace sdelens
