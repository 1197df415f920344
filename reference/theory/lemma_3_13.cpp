#include "reference/theory/lemma_3_13.hpp"

#include <cmath>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr const char* kOwner = "AdamWLoss";

}  // namespace

LossBound adamw_loss_bound(const AdamWLoss& settings) {
  require_positive(kOwner, "learning_rate", settings.learning_rate);
  require_positive(kOwner, "strong_convexity", settings.strong_convexity);
  require_finite(
      kOwner, "smoothness",
      require_in(Range::at_least(settings.strong_convexity), kOwner, "smoothness", settings.smoothness));
  require_positive(kOwner, "hessian_trace", settings.hessian_trace);
  require_positive(kOwner, "sigma", settings.sigma);
  require_in(Range::non_negative(), kOwner, "weight_decay", settings.weight_decay);
  require_in(Range::non_negative(), kOwner, "start_loss", settings.start_loss);
  const AdaptiveScaling& scaling = settings.scaling;
  require_positive(kOwner, "batch_size", scaling.batch_size);
  require_positive(kOwner, "learning_rate_scale", scaling.learning_rate_scale);
  require_positive(kOwner, "batch_size_scale", scaling.batch_size_scale);
  require_positive(kOwner, "weight_decay_scale", scaling.weight_decay_scale);

  const double samples = std::sqrt(scaling.batch_size * scaling.batch_size_scale);
  const double pull = 2.0 * settings.strong_convexity * samples / settings.sigma +
                      scaling.weight_decay_scale * settings.weight_decay *
                          (1.0 + settings.strong_convexity / settings.smoothness);
  return {.rate = scaling.learning_rate_scale * pull,
          .limit = 0.5 * settings.learning_rate * scaling.learning_rate_scale * settings.hessian_trace / pull,
          .start = settings.start_loss};
}

}  // namespace sdelens::theory
