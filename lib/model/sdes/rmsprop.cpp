#include "sdelens/model/sdes/rmsprop.hpp"

#include "sdelens/model/elementwise_sde.hpp"
#include "sdelens/model/sdes/adaptive.hpp"

namespace sdelens {
namespace {

std::unique_ptr<Sde> make(const char* name, bool decays, bool squares_gradient, const SdeContext& context,
                          const Parameters& parameters) {
  ParameterReader read(name, parameters);
  const double beta = read.scalar("beta", Range::unit(), 0.999);
  const double epsilon = read.scalar("epsilon", Range::non_negative(), 1e-8);
  const double gamma = decays ? read.scalar("gamma", Range::non_negative()) : 0.0;
  std::vector<double> initial_v = read.optional_list("initial_v", Range::positive());
  read.finish();
  const RmsPropEquation<double> equation{beta, epsilon, gamma, squares_gradient ? 1.0 : 0.0};
  return elementwise_sde(name, context, equation,
                         started_at_mean_squares(name, context, std::move(initial_v)));
}

const Register<SdeEntry> rmsprop{{
    .name = "rmsprop",
    .reference =
        "dX = -P^{-1} (grad f dt + sqrt(eta) Sigma^{1/2} dW), dV = rho ((grad f)^2 + diag Sigma - V) dt, "
        "P = sqrt(V) + epsilon; V_0 = initial_v > 0, or E g_0^2. Paper A, (86)",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make("SDE of rmsprop", false, true, context, parameters);
        },
}};

const Register<SdeEntry> rmspropw{{
    .name = "rmspropw",
    .reference = "rmsprop, with - gamma X dt in dX. Paper A, (113)",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make("SDE of rmspropw", true, true, context, parameters);
        },
    .example = {{"gamma", {0.5}}},
}};

const Register<SdeEntry> malladi{{
    .name = "rmsprop-malladi",
    .reference =
        "rmsprop, with dV = rho (diag Sigma - V) dt. Paper A, (183) and (D.2); Malladi, Lyu, Panigrahi and "
        "Arora, 2022",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make("SDE of rmsprop-malladi", false, false, context, parameters);
        },
}};

}  // namespace
}  // namespace sdelens
