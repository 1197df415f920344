#include "sdelens/exact/sde_mean_field.hpp"

#include <Eigen/LU>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "sdelens/core/check.hpp"

namespace sdelens {
namespace {

constexpr const char* kOwner = "mean_field of an SDE";

void check(const MeanFieldSettings& settings) {
  require_positive(kOwner, "learning_rate", settings.learning_rate);
  require_positive(kOwner, "curvature", settings.curvature);
  require_positive(kOwner, "sigma", settings.sigma);
  require_in(Range::unit(), kOwner, "beta_1", settings.beta_1);
  require_in(Range::non_negative(), kOwner, "weight_decay", settings.weight_decay);
}

bool sees_gradient_in_v(AdaptiveSde sde) {
  return sde != AdaptiveSde::rmsprop_malladi && sde != AdaptiveSde::adam_malladi;
}

bool has_momentum(AdaptiveSde sde) {
  return sde != AdaptiveSde::rmsprop && sde != AdaptiveSde::rmsprop_malladi;
}

/// The variance of X in the stationary solution of A C + C A' + h A C A' + q q' = 0, h = 0 for the equation itself.
/// None unless exp(tA), or (1 + hA)^k, tends to 0.
std::optional<double> stationary_variance(AdaptiveSde sde, const MeanFieldSettings& settings, double v,
                                          double h) {
  const double eta = settings.learning_rate;
  const double lambda = settings.curvature;
  const double gamma = settings.weight_decay;
  const double a = 1.0 / std::sqrt(v);
  const double noise = eta * settings.sigma * settings.sigma;
  if (!has_momentum(sde)) {
    const double pull = a * lambda + gamma;
    if (!(h * pull < 2.0)) return {};
    return noise * a * a / (pull * (2.0 - h * pull));
  }
  const double c = 1.0 - settings.beta_1;
  const double rho = c / eta;
  const double ahead = sde == AdaptiveSde::adam_malladi ? 0.0 : c;
  Eigen::Matrix2d A;
  A << -(a * ahead * lambda + gamma), -a * (1.0 - ahead), rho * lambda, -rho;
  const Eigen::Vector2d q(sde == AdaptiveSde::adam_corrected ? -a * c : 0.0, rho);
  // Routh and Hurwitz for the equation, Jury for the scheme; the same at h = 0.
  const double trace = A.trace();
  const double determinant = A.determinant();
  const bool stable =
      trace + h * determinant < 0.0 && determinant > 0.0 && 4.0 + 2.0 * h * trace + h * h * determinant > 0.0;
  if (!stable) return {};
  Eigen::Matrix3d system;
  Eigen::Vector3d source;
  const auto entry = [](const Eigen::Matrix2d& m) { return Eigen::Vector3d(m(0, 0), m(0, 1), m(1, 1)); };
  for (int column = 0; column < 3; ++column) {
    Eigen::Matrix2d unit = Eigen::Matrix2d::Zero();
    if (column == 0) unit(0, 0) = 1.0;
    if (column == 1) unit(0, 1) = unit(1, 0) = 1.0;
    if (column == 2) unit(1, 1) = 1.0;
    system.col(column) = entry(A * unit + unit * A.transpose() + h * A * unit * A.transpose());
  }
  source = -noise * entry(q * q.transpose());
  return system.fullPivLu().solve(source)(0);
}

double step_length(const MeanFieldSettings& settings, std::uint64_t steps_per_iteration) {
  if (steps_per_iteration == 0) return 0.0;
  return settings.learning_rate / static_cast<double>(steps_per_iteration);
}

double required(std::optional<double> variance, double squared_gradient) {
  if (!variance) {
    throw InvalidParameter(kOwner, "steps_per_iteration",
                           "is too small: the scheme is unstable at V = " + std::to_string(squared_gradient));
  }
  return *variance;
}

}  // namespace

double frozen_sde_variance(AdaptiveSde sde, const MeanFieldSettings& settings, double squared_gradient,
                           std::uint64_t steps_per_iteration) {
  check(settings);
  require_positive(kOwner, "squared_gradient", squared_gradient);
  return required(
      stationary_variance(sde, settings, squared_gradient, step_length(settings, steps_per_iteration)),
      squared_gradient);
}

MeanField mean_field(AdaptiveSde sde, const MeanFieldSettings& settings, std::uint64_t steps_per_iteration) {
  check(settings);
  const double noise = settings.sigma * settings.sigma;
  const double h = step_length(settings, steps_per_iteration);
  if (!sees_gradient_in_v(sde)) {
    return {.variance = required(stationary_variance(sde, settings, noise, h), noise),
            .squared_gradient = noise};
  }
  // Where the scheme is unstable, V grows.
  const auto excess = [&](double v) {
    const std::optional<double> variance = stationary_variance(sde, settings, v, h);
    if (!variance) return std::numeric_limits<double>::max();
    return noise + settings.curvature * settings.curvature * *variance - v;
  };
  double high = 2.0 * noise;
  while (excess(high) > 0.0) high *= 2.0;
  const auto [left, right] = boost::math::tools::bisect(
      excess, noise, high,
      boost::math::tools::eps_tolerance<double>(std::numeric_limits<double>::digits - 2));
  const double v = std::max(left, right);
  return {.variance = required(stationary_variance(sde, settings, v, h), v), .squared_gradient = v};
}

}  // namespace sdelens
