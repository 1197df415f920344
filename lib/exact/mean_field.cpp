#include "sdelens/exact/mean_field.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

#include "sdelens/core/check.hpp"

namespace sdelens {
namespace {

constexpr const char* kOwner = "mean_field";

void check(const MeanFieldSettings& settings) {
  require_positive(kOwner, "learning_rate", settings.learning_rate);
  require_positive(kOwner, "curvature", settings.curvature);
  require_positive(kOwner, "sigma", settings.sigma);
  require_in(Range::unit(), kOwner, "beta_1", settings.beta_1);
  require_in(Range::non_negative(), kOwner, "weight_decay", settings.weight_decay);
  require_in(Range::unit(), kOwner, "learning_rate * weight_decay",
             settings.learning_rate * settings.weight_decay);
  require_in({.low = 0.0, .high = 1e3, .high_included = true}, kOwner, "learning_rate * curvature / sigma",
             settings.learning_rate * settings.curvature / settings.sigma);
}

// Below it the recursion with v held constant does not contract.
double smallest_squared_gradient(const MeanFieldSettings& settings) {
  const double decay = settings.learning_rate * settings.weight_decay;
  const double root = settings.learning_rate * settings.curvature * (1.0 - settings.beta_1) /
                      ((1.0 + settings.beta_1) * (2.0 - decay));
  return root * root;
}

double variance_at(const MeanFieldSettings& settings, double squared_gradient) {
  const double b = settings.beta_1;
  const double g = settings.learning_rate * settings.weight_decay;
  const double step = settings.learning_rate / std::sqrt(squared_gradient);
  const double pull = step * settings.curvature;
  const double noise = step * step * settings.sigma * settings.sigma * (1.0 + b * (1.0 - g)) * (1.0 - b);
  return noise / ((1.0 - b + b * g) * (g + pull) * ((1.0 + b) * (2.0 - g) - (1.0 - b) * pull));
}

/// The root of v = sigma^2 + lambda^2 variance(v) above `low`, where the variance falls in v.
template <class Variance>
MeanField fixed_point(const char* owner, const MeanFieldSettings& settings, double low,
                      const Variance& variance) {
  const double noise = settings.sigma * settings.sigma;
  const auto excess = [&](double v) {
    return noise + settings.curvature * settings.curvature * variance(v) - v;
  };
  double high = 2.0 * low;
  while (excess(high) > 0.0) high *= 2.0;

  constexpr std::uintmax_t budget = 200;
  std::uintmax_t evaluations = budget;
  const boost::math::tools::eps_tolerance<double> tolerance(std::numeric_limits<double>::digits - 2);
  const auto [left, right] = boost::math::tools::toms748_solve(excess, low, high, tolerance, evaluations);
  if (evaluations >= budget || !std::isfinite(right))
    throw std::runtime_error(std::string(owner) + ": no fixed point of the squared gradient was found");
  const double squared_gradient = 0.5 * (left + right);
  return {.variance = variance(squared_gradient), .squared_gradient = squared_gradient};
}

}  // namespace

double frozen_variance(const MeanFieldSettings& settings, double squared_gradient) {
  check(settings);
  require_in({.low = smallest_squared_gradient(settings)}, "frozen_variance", "squared_gradient",
             squared_gradient);
  return variance_at(settings, squared_gradient);
}

MeanField mean_field(const MeanFieldSettings& settings) {
  check(settings);
  // The pole of the variance lies at the smallest v; just above it the excess is positive for r <= 1000.
  const double low =
      std::max(settings.sigma * settings.sigma, smallest_squared_gradient(settings) * (1.0 + 1e-9));
  return fixed_point(kOwner, settings, low, [&](double v) { return variance_at(settings, v); });
}

MeanField mean_field_of_sde(const MeanFieldSettings& settings) {
  constexpr const char* owner = "mean_field_of_sde";
  check(settings);
  if (settings.beta_1 != 0.0)
    throw InvalidParameter(owner, "beta_1", "must be 0: the equation is that of RMSprop(W)");
  const double noise = settings.sigma * settings.sigma;
  return fixed_point(owner, settings, noise, [&](double v) {
    return 0.5 * settings.learning_rate * (noise / v) /
           (settings.curvature / std::sqrt(v) + settings.weight_decay);
  });
}

}  // namespace sdelens
