#include "reference/theory/lemma_3_14.hpp"

#include <cmath>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr const char* kOwner = "AdaptiveCoordinate";

/// The rates at which M forgets and, M held, X returns.
struct MomentumRates {
  double rho, pull;
};

MomentumRates momentum_rates(const char* owner, const AdaptiveCoordinate& settings, double beta_1) {
  require_in(Range::unit(), owner, "beta_1", beta_1);
  const AdaptiveScaling& scaling = settings.scaling;
  if (scaling.batch_size != 1.0 || scaling.learning_rate_scale != 1.0 || scaling.batch_size_scale != 1.0 ||
      scaling.weight_decay_scale != 1.0)
    throw InvalidParameter(owner, "scaling", "must be that of the base run");
  return {.rho = (1.0 - beta_1) / settings.learning_rate,
          .pull = (1.0 - beta_1) * settings.curvature / settings.sigma + settings.weight_decay};
}

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
  const double lemma = adamw_stationary_variance(settings);
  const MomentumRates rates = momentum_rates("printed_adamw_sde_variance", settings, beta_1);
  return lemma * beta_1 * beta_1 * rates.rho / (rates.rho + rates.pull);
}

double corrected_adamw_sde_variance(const AdaptiveCoordinate& settings, double beta_1) {
  const double lemma = adamw_stationary_variance(settings);
  const MomentumRates rates = momentum_rates("corrected_adamw_sde_variance", settings, beta_1);
  const double fresh = 1.0 - beta_1;
  const double speed = settings.curvature / settings.sigma + settings.weight_decay;
  return lemma * (rates.rho + fresh * fresh * speed) / (rates.rho + rates.pull);
}

}  // namespace sdelens::theory
