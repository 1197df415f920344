#include "reference/theory/lemma_e_3.hpp"

#include "sdelens/core/check.hpp"

namespace sdelens::theory {

LossBound sgdw_loss_bound(const SgdWLoss& settings) {
  constexpr const char* owner = "SgdWLoss";
  const AdaptiveScaling& scaling = settings.scaling;
  require_positive(owner, "learning_rate", settings.learning_rate);
  require_positive(owner, "strong_convexity", settings.strong_convexity);
  require_in({.low = settings.strong_convexity, .low_included = true}, owner, "smoothness",
             settings.smoothness);
  require_positive(owner, "hessian_trace", settings.hessian_trace);
  require_positive(owner, "largest_sigma", settings.largest_sigma);
  require_in(Range::non_negative(), owner, "weight_decay", settings.weight_decay);
  require_in(Range::non_negative(), owner, "start_loss", settings.start_loss);
  require_positive(owner, "batch_size", scaling.batch_size);
  require_positive(owner, "learning_rate_scale", scaling.learning_rate_scale);
  require_positive(owner, "batch_size_scale", scaling.batch_size_scale);
  require_positive(owner, "weight_decay_scale", scaling.weight_decay_scale);
  const double decay = scaling.weight_decay_scale * settings.weight_decay;
  const double pull =
      2.0 * settings.strong_convexity + decay * (1.0 + settings.strong_convexity / settings.smoothness);
  const double variance =
      settings.largest_sigma * settings.largest_sigma / (scaling.batch_size * scaling.batch_size_scale);
  const double kappa = scaling.learning_rate_scale;
  return {.rate = kappa * pull,
          .limit = 0.5 * settings.learning_rate * kappa * settings.hessian_trace * variance / pull,
          .start = settings.start_loss};
}

}  // namespace sdelens::theory
