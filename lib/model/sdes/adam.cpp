#include "sdelens/model/sdes/adam.hpp"

#include <optional>

#include "sdelens/model/elementwise_sde.hpp"

namespace sdelens {
namespace {

/// M and V at t = 0.
template <AdamForm form>
typename ElementwiseSde<AdamEquation<double, form>>::Start start(const char* name, const SdeContext& context,
                                                                 const AdamEquation<double, form>& equation,
                                                                 std::vector<double> initial_v) {
  if (!equation.corrects_bias) return started_at_mean_squares(name, context, std::move(initial_v));
  if (form != AdamForm::malladi) {
    return [](const Local<double>&, Index, std::span<double> columns) { std::ranges::fill(columns, 0.0); };
  }
  return [equation](const Local<double>& here, Index, std::span<double> columns) {
    const double square = here.gradient * here.gradient;
    const double mean_square = square + here.deviation * here.deviation;
    columns[0] = (1.0 - equation.beta_1) * here.gradient;
    columns[1] = (1.0 - equation.beta_2) * (mean_square - square);
  };
}

template <AdamForm form>
std::unique_ptr<Sde> make(const char* name, bool decays, const SdeContext& context,
                          const Parameters& parameters) {
  ParameterReader read(name, parameters);
  const AdamEquation<double, form> equation{
      .beta_1 = read.scalar("beta_1", Range::unit(), 0.9),
      .beta_2 = read.scalar("beta_2", Range::unit(), 0.999),
      .epsilon = read.scalar("epsilon", Range::non_negative(), 1e-8),
      .gamma = decays ? read.scalar("gamma", Range::non_negative()) : 0.0,
      .corrects_bias = read.flag("bias_correction", true)};
  if (read.has("initial_v") && equation.corrects_bias) {
    throw InvalidParameter(name, "initial_v", "needs bias_correction = 0: the correction assumes V = 0");
  }
  std::vector<double> initial_v = read.optional_list("initial_v", Range::positive());
  read.finish();
  return elementwise_sde(name, context, equation, start<form>(name, context, equation, std::move(initial_v)));
}

const Register<SdeEntry> adam{{
    .name = "adam",
    .reference = "Adam as printed in paper A, (124): dX has no noise of its own",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make<AdamForm::printed>("SDE of adam", false, context, parameters);
        },
}};

const Register<SdeEntry> adamw{{
    .name = "adamw",
    .reference = "AdamW as printed in paper A, (174): adam, with - gamma X dt in dX",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make<AdamForm::printed>("SDE of adamw", true, context, parameters);
        },
    .example = {{"gamma", {0.5}}},
}};

const Register<SdeEntry> adam_corrected{{
    .name = "adam-corrected",
    .reference = "adam, with the noise of the fresh gradient, sqrt(eta) eta rho_1 Sigma^{1/2} dW, in the "
                 "bracket of dX. "
                 "Correction of paper A, (124)",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make<AdamForm::corrected>("SDE of adam-corrected", false, context, parameters);
        },
}};

const Register<SdeEntry> adamw_corrected{{
    .name = "adamw-corrected",
    .reference = "adam-corrected, with - gamma X dt in dX. Correction of paper A, (174)",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make<AdamForm::corrected>("SDE of adamw-corrected", true, context, parameters);
        },
    .example = {{"gamma", {0.5}}},
}};

const Register<SdeEntry> malladi{{
    .name = "adam-malladi",
    .reference = "dX = -(sqrt(G_2)/G_1) P^{-1} M dt, dV = rho_2 (diag Sigma - V) dt. Paper A, (188) and "
                 "(D.5); Malladi, "
                 "Lyu, Panigrahi and Arora, 2022",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make<AdamForm::malladi>("SDE of adam-malladi", false, context, parameters);
        },
}};

}  // namespace
}  // namespace sdelens
