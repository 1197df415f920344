#include "reference/theory/lemma_e_3.hpp"

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr const char* kOwner = "SgdWLoss";

void check(const SgdWLoss& settings) {
  require_positive(kOwner, "learning_rate", settings.learning_rate);
  require_positive(kOwner, "strong_convexity", settings.strong_convexity);
  require_finite(
      kOwner, "smoothness",
      require_in(Range::at_least(settings.strong_convexity), kOwner, "smoothness", settings.smoothness));
  require_positive(kOwner, "hessian_trace", settings.hessian_trace);
  require_positive(kOwner, "largest_sigma", settings.largest_sigma);
  require_in(Range::non_negative(), kOwner, "weight_decay", settings.weight_decay);
  require_in(Range::non_negative(), kOwner, "start_loss", settings.start_loss);
  require_positive(kOwner, "batch_size", settings.scaling.batch_size);
  require_positive(kOwner, "learning_rate_scale", settings.scaling.learning_rate_scale);
  require_positive(kOwner, "batch_size_scale", settings.scaling.batch_size_scale);
  require_positive(kOwner, "weight_decay_scale", settings.scaling.weight_decay_scale);
}

/// (eta / 2) (kappa / (B delta)) sigma^2
double noise(const SgdWLoss& settings) {
  const AdaptiveScaling& scaling = settings.scaling;
  return 0.5 * settings.learning_rate * scaling.learning_rate_scale /
         (scaling.batch_size * scaling.batch_size_scale) * settings.largest_sigma * settings.largest_sigma;
}

}  // namespace

LossBound sgdw_loss_bound(const SgdWLoss& settings) {
  check(settings);
  const double pull =
      2.0 * settings.strong_convexity + settings.scaling.weight_decay_scale * settings.weight_decay *
                                            (1.0 + settings.strong_convexity / settings.smoothness);
  return {.rate = settings.scaling.learning_rate_scale * pull,
          .limit = noise(settings) * settings.hessian_trace / pull,
          .start = settings.start_loss};
}

double sgdw_sde_variance(const SgdWLoss& settings, double curvature) {
  check(settings);
  require_positive(kOwner, "curvature", curvature);
  return noise(settings) / (curvature + settings.scaling.weight_decay_scale * settings.weight_decay);
}

}  // namespace sdelens::theory
