#pragma once

#include <string>

#include "reference/theory/scaled_adaptive_sde.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {

/// 1 - beta~ of the second moment.
double fresh(const theory::ScaledAdaptivePoint& point);

/// Rescaled RMSprop(W) or Adam(W), from the point's second moment, without bias correction.
Choice rescaled_optimizer(const std::string& optimizer, const theory::ScaledAdaptivePoint& point);

/// Means and variances of the changes of x, m and v in one iteration; of m they are 0 without momentum.
struct OneStep {
  double x_mean, x_variance, x_m_covariance, m_mean, m_variance, v_mean;
};

/// One scaling: what the SDEs say of it, and what one iteration does from the point, without epsilon, by quadrature over
/// the gradient noise.
struct ScaledStep {
  theory::ScaledAdaptivePoint point;
  OneStep step;
  theory::ScaledAdaptiveCoefficients printed, corrected;

  /// "κ = 2, δ = 4, α = 4, ξ = 2"
  std::string where() const;
};
ScaledStep scaled_step(const std::string& optimizer, const theory::ScaledAdaptivePoint& point);

}  // namespace sdelens
