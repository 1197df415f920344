#include "reference/theory/scaled_adaptive_sde.hpp"

#include <cmath>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr const char* kOwner = "ScaledAdaptivePoint";

void check(const ScaledAdaptivePoint& point) {
  require_positive(kOwner, "learning_rate", point.learning_rate);
  require_positive(kOwner, "sigma", point.sigma);
  require_finite(kOwner, "gradient", point.gradient);
  require_finite(kOwner, "x", point.x);
  require_finite(kOwner, "first_moment", point.first_moment);
  require_positive(kOwner, "second_moment", point.second_moment);
  require_in(Range::non_negative(), kOwner, "weight_decay", point.weight_decay);
  scaled_beta(point.beta_1, point.first_speed);
  scaled_beta(point.beta_2, point.second_speed);
  const AdaptiveScaling& scaling = point.scaling;
  require_positive(kOwner, "batch_size", scaling.batch_size);
  require_positive(kOwner, "learning_rate_scale", scaling.learning_rate_scale);
  require_positive(kOwner, "batch_size_scale", scaling.batch_size_scale);
  require_positive(kOwner, "weight_decay_scale", scaling.weight_decay_scale);
}

/// sigma of a gradient of delta B samples.
double batch_sigma(const ScaledAdaptivePoint& point) {
  return point.sigma / std::sqrt(point.scaling.batch_size * point.scaling.batch_size_scale);
}

/// alpha rho per unit of t = k eta, or what is printed for it.
double memory_rate(const ScaledAdaptivePoint& point, double beta, double speed, Wording form) {
  const double rate = speed * (1.0 - beta) / point.learning_rate;
  return form == Wording::printed ? rate / point.scaling.learning_rate_scale : rate;
}

/// What RMSprop(W) and Adam(W) share: dX along `direction`, and dV.
ScaledAdaptiveCoefficients coefficients(const ScaledAdaptivePoint& point, double direction, Wording form) {
  const AdaptiveScaling& scaling = point.scaling;
  const double kappa = scaling.learning_rate_scale;
  const double sigma = batch_sigma(point);
  return {.x_drift = -kappa * (direction / std::sqrt(point.second_moment) +
                               scaling.weight_decay_scale * point.weight_decay * point.x),
          .x_noise = 0.0,
          .first_moment_drift = 0.0,
          .first_moment_noise = 0.0,
          .second_moment_drift = memory_rate(point, point.beta_2, point.second_speed, form) *
                                 (point.gradient * point.gradient + sigma * sigma - point.second_moment)};
}

}  // namespace

double scaled_beta(double beta, double speed) {
  require_in(Range::unit(), "scaled_beta", "beta", beta);
  require_positive("scaled_beta", "speed", speed);
  return require_in(Range::unit(), "scaled_beta", "1 - speed (1 - beta)", 1.0 - speed * (1.0 - beta));
}

ScaledAdaptiveCoefficients scaled_rmsprop_sde(const ScaledAdaptivePoint& point, Wording form) {
  check(point);
  ScaledAdaptiveCoefficients result = coefficients(point, point.gradient, form);
  result.x_noise = point.scaling.learning_rate_scale * std::sqrt(point.learning_rate) * batch_sigma(point) /
                   std::sqrt(point.second_moment);
  return result;
}

ScaledAdaptiveCoefficients scaled_adam_sde(const ScaledAdaptivePoint& point, Wording form) {
  check(point);
  const double missing = point.gradient - point.first_moment;
  const double rate = memory_rate(point, point.beta_1, point.first_speed, Wording::corrected);
  ScaledAdaptiveCoefficients result =
      coefficients(point, point.first_moment + point.learning_rate * rate * missing, form);
  result.first_moment_drift = memory_rate(point, point.beta_1, point.first_speed, form) * missing;
  result.first_moment_noise = std::sqrt(point.learning_rate) * rate * batch_sigma(point);
  if (form == Wording::corrected) {
    result.x_noise = point.scaling.learning_rate_scale * point.learning_rate * result.first_moment_noise /
                     std::sqrt(point.second_moment);
  }
  return result;
}

}  // namespace sdelens::theory
