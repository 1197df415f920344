#include "reference/theory/lemma_3_14.hpp"

#include <cmath>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr const char* kOwner = "AdaptiveCoordinate";

}  // namespace

double adamw_stationary_variance(const AdaptiveCoordinate& settings) {
  const AdaptiveScaling& scaling = settings.scaling;
  require_positive(kOwner, "learning_rate", settings.learning_rate);
  require_positive(kOwner, "curvature", settings.curvature);
  require_positive(kOwner, "sigma", settings.sigma);
  require_in(Range::non_negative(), kOwner, "weight_decay", settings.weight_decay);
  require_positive(kOwner, "batch_size", scaling.batch_size);
  require_positive(kOwner, "learning_rate_scale", scaling.learning_rate_scale);
  require_positive(kOwner, "batch_size_scale", scaling.batch_size_scale);
  require_positive(kOwner, "weight_decay_scale", scaling.weight_decay_scale);
  const double samples = std::sqrt(scaling.batch_size * scaling.batch_size_scale);
  return 0.5 * settings.learning_rate * scaling.learning_rate_scale /
         (settings.curvature * samples / settings.sigma + scaling.weight_decay_scale * settings.weight_decay);
}

double printed_adamw_sde_variance(const AdaptiveCoordinate& settings, double beta_1) {
  const double optimizer = adamw_stationary_variance(settings);
  require_in(Range::unit(), "printed_adamw_sde_variance", "beta_1", beta_1);
  const AdaptiveScaling& scaling = settings.scaling;
  if (scaling.batch_size != 1.0 || scaling.learning_rate_scale != 1.0 || scaling.batch_size_scale != 1.0 ||
      scaling.weight_decay_scale != 1.0)
    throw InvalidParameter("printed_adamw_sde_variance", "scaling", "must be that of the base run");
  const double rho = (1.0 - beta_1) / settings.learning_rate;
  const double pull = (1.0 - beta_1) * settings.curvature / settings.sigma + settings.weight_decay;
  return optimizer * beta_1 * beta_1 * rho / (rho + pull);
}

}  // namespace sdelens::theory
