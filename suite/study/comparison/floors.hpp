#pragma once

#include "suite/study/comparison/comparison.hpp"

namespace sdelens {

/// The stationary loss near the minimum for small noise: sum_i lambda_i (Var x_i + s_i^2)/2 with lambda_i the curvature
/// there, Var x_i by the mean-field approximation, and s_i the shift of the mean by weight decay,
/// s_i = -gamma x*_i/(lambda_i/sqrt(v_i) + gamma).
double optimizer_floor(const LandscapeComparison& comparison);
/// @param steps_per_iteration  of Euler-Maruyama; 0: the equation itself
double sde_floor(const LandscapeComparison& comparison, AdaptiveSde form, std::uint64_t steps_per_iteration);

/// eta lambda / sigma of the steepest direction at the minimum.
double noise_ratio(const LandscapeComparison& comparison);

}  // namespace sdelens
