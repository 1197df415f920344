#include "suite/study/scaled_step.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sdelens/core/linear_algebra.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

OneStep one_step(const std::string& optimizer_name, const theory::ScaledAdaptivePoint& point) {
  const bool momentum = has_momentum(optimizer_name);
  const NormalQuadrature quadrature = normal_quadrature(32);
  const Index nodes = quadrature.nodes.size();
  Parameters parameters = rescaled_optimizer(optimizer_name, point).given;
  parameters["epsilon"] = {0.0};
  const auto optimizer = make_optimizer(optimizer_name, parameters);
  Batch gradient(nodes, 1), x = Batch::Constant(nodes, 1, point.x);
  gradient.col(0) =
      point.gradient + point.sigma / std::sqrt(point.scaling.batch_size_scale) * quadrature.nodes.array();
  Batch memory(nodes, optimizer->memory_columns(1));
  optimizer->initialise(memory);
  if (momentum) memory.col(0) = point.first_moment;
  optimizer->update({.index = 0, .learning_rate = point.scaling.learning_rate_scale * point.learning_rate},
                    gradient, memory, x);
  const Column weights = quadrature.weights.array();
  const auto mean = [&](const Column& change) { return (weights * change).sum(); };
  const auto variance = [&](const Column& change) {
    return (weights * (change - mean(change)).square()).sum();
  };
  const Column dx = x.col(0) - point.x;
  const Column dm = momentum ? Column(memory.col(0) - point.first_moment) : Column(Column::Zero(nodes));
  const Column dv = memory.col(memory.cols() - 1) - point.second_moment;
  return {.x_mean = mean(dx),
          .x_variance = variance(dx),
          .x_m_covariance = (weights * (dx - mean(dx)) * (dm - mean(dm))).sum(),
          .m_mean = mean(dm),
          .m_variance = variance(dm),
          .v_mean = mean(dv)};
}

}  // namespace

double fresh(const theory::ScaledAdaptivePoint& point) {
  return 1.0 - theory::scaled_beta(point.beta_2, point.second_speed);
}

Choice rescaled_optimizer(const std::string& optimizer, const theory::ScaledAdaptivePoint& point) {
  const double beta_2 = theory::scaled_beta(point.beta_2, point.second_speed);
  Parameters parameters{{"initial_v", {point.second_moment}}};
  if (has_momentum(optimizer)) {
    parameters["beta_1"] = {theory::scaled_beta(point.beta_1, point.first_speed)};
    parameters["beta_2"] = {beta_2};
    parameters["bias_correction"] = {0.0};
  } else {
    parameters["beta"] = {beta_2};
  }
  if (decays(optimizer)) parameters["gamma"] = {point.scaling.weight_decay_scale * point.weight_decay};
  return {.name = optimizer, .given = std::move(parameters)};
}

std::string ScaledStep::where() const {
  return fmt::format("κ = {}, δ = {}, α = {}, ξ = {}", point.scaling.learning_rate_scale,
                     point.scaling.batch_size_scale, point.second_speed, point.scaling.weight_decay_scale);
}

ScaledStep scaled_step(const std::string& optimizer, const theory::ScaledAdaptivePoint& point) {
  const auto coefficients = has_momentum(optimizer) ? theory::scaled_adam_sde : theory::scaled_rmsprop_sde;
  return {point, one_step(optimizer, point), coefficients(point, Wording::printed),
          coefficients(point, Wording::corrected)};
}

}  // namespace sdelens
