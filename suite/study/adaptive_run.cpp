#include "suite/study/adaptive_run.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "reference/theory/lemma_3_13.hpp"
#include "reference/theory/lemma_3_14.hpp"

namespace sdelens {

bool AdaptiveRun::has_momentum() const { return optimizer.starts_with("adam"); }

bool AdaptiveRun::decays() const { return optimizer.ends_with("w"); }

Parameters AdaptiveRun::parameters() const {
  Parameters result;
  if (has_momentum()) {
    result = {{"beta_1", {beta_1}}, {"beta_2", {beta_2}}};
  } else {
    result = {{"beta", {beta_2}}, {"initial_v", {sigma * sigma}}};
  }
  if (decays()) result["gamma"] = {weight_decay};
  return result;
}

double AdaptiveRun::ratio() const { return learning_rate * std::ranges::max(curvatures) / sigma; }

double AdaptiveRun::weight_decay_bias() const {
  const double decay = learning_rate * weight_decay;
  return has_momentum() ? 1.2 * decay / (1.0 - beta_1) : decay;
}

double AdaptiveRun::first_order_margin() const { return 0.35 * ratio() + weight_decay_bias(); }

const char* AdaptiveRun::first_order_margin_reason() {
  return "first order in η: 0.35 ηλ/σ, and weight decay, ηγ, through the momentum 1.2 ηγ/(1 − β₁)";
}

MeanField AdaptiveRun::mean_field(double curvature) const {
  return sdelens::mean_field({.learning_rate = learning_rate,
                              .curvature = curvature,
                              .sigma = sigma,
                              .beta_1 = beta_1,
                              .weight_decay = weight_decay});
}

double AdaptiveRun::mean_field_loss() const {
  return std::accumulate(curvatures.begin(), curvatures.end(), 0.0, [&](double loss, double curvature) {
    return loss + 0.5 * curvature * mean_field(curvature).variance;
  });
}

double AdaptiveRun::lemma_loss() const {
  return std::accumulate(curvatures.begin(), curvatures.end(), 0.0, [&](double loss, double curvature) {
    return loss + 0.5 * curvature *
                      theory::adamw_stationary_variance({.learning_rate = learning_rate,
                                                         .curvature = curvature,
                                                         .sigma = sigma,
                                                         .weight_decay = weight_decay});
  });
}

theory::LossBound AdaptiveRun::loss_bound(double start_loss) const {
  return theory::adamw_loss_bound(
      {.learning_rate = learning_rate,
       .strong_convexity = std::ranges::min(curvatures),
       .smoothness = std::ranges::max(curvatures),
       .hessian_trace = std::accumulate(curvatures.begin(), curvatures.end(), 0.0),
       .sigma = sigma,
       .weight_decay = weight_decay,
       .start_loss = start_loss});
}

AdaptiveRun rescaled(const AdaptiveRun& base, const theory::AdaptiveScaling& scaling, bool rescales_betas) {
  const double kappa = scaling.learning_rate_scale;
  const auto rescaled_beta = [&](const char* name, double beta) {
    if (!rescales_betas) return beta;
    return require_in(Range::unit(), "rescaled", name, 1.0 - kappa * kappa * (1.0 - beta));
  };
  AdaptiveRun result = base;
  result.learning_rate *= kappa;
  result.sigma /= std::sqrt(scaling.batch_size * scaling.batch_size_scale);
  result.weight_decay *= scaling.weight_decay_scale;
  if (base.has_momentum()) result.beta_1 = rescaled_beta("beta_1", base.beta_1);
  result.beta_2 = rescaled_beta("beta_2", base.beta_2);
  return result;
}

}  // namespace sdelens
