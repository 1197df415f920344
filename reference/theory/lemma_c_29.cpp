#include "reference/theory/lemma_c_29.hpp"

#include <cmath>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {

double adam_asymptotic_loss(const AdamLoss& settings) {
  const AdaptiveScaling& scaling = settings.scaling;
  require_positive("AdamLoss", "learning_rate", settings.learning_rate);
  require_positive("AdamLoss", "sigma", settings.sigma);
  require_in(Range::at_least(1.0), "AdamLoss", "dimension", settings.dimension);
  require_positive("AdamLoss", "batch_size", scaling.batch_size);
  require_positive("AdamLoss", "learning_rate_scale", scaling.learning_rate_scale);
  require_positive("AdamLoss", "batch_size_scale", scaling.batch_size_scale);
  return 0.25 * settings.learning_rate * settings.sigma * settings.dimension * scaling.learning_rate_scale /
         std::sqrt(scaling.batch_size * scaling.batch_size_scale);
}

}  // namespace sdelens::theory
