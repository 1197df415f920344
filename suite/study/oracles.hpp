#pragma once

#include <cstdint>
#include <vector>

#include "sdelens/exact/rate_factor.hpp"

namespace sdelens {

/// SignSGD or SGD on f(x) = x' diag(curvatures) x / 2 with Z ~ N(0, sigma^2 I), from a fixed start.
struct SeparableQuadratic {
  std::vector<double> curvatures;
  double sigma;
  double learning_rate;
  std::vector<double> start;
};

/// Moments of each coordinate at chosen iterations, by calculation: mean[place][coordinate], ...
struct ExactMoments {
  std::vector<std::vector<double>> mean, second_moment;
  std::vector<double> loss;  ///< E f at each place

  double variance(std::size_t place, std::size_t coordinate) const {
    return second_moment[place][coordinate] - mean[place][coordinate] * mean[place][coordinate];
  }
};

/// The exact chain of SignSGD at increasing iterations.
ExactMoments exact_signsgd(const SeparableQuadratic& problem, const std::vector<std::uint64_t>& iterations);
/// The exact linear recursion of SGD, or of SGDW with a weight decay, at increasing iterations.
ExactMoments exact_sgd(const SeparableQuadratic& problem, const std::vector<std::uint64_t>& iterations,
                       const RateFactor& rate_factor = {}, double weight_decay = 0.0);
/// E f of SGD, or of SGDW with a weight decay, in its stationary law; the start is not used.
double stationary_sgd_loss(const SeparableQuadratic& problem, double weight_decay = 0.0);
/// SignSGD with a schedule by the Gaussian closure.
ExactMoments closed_signsgd(const SeparableQuadratic& problem, const std::vector<std::uint64_t>& iterations,
                            const RateFactor& rate_factor);
/// E f of SignSGD in its stationary law, the average over even and odd iterations.
double stationary_signsgd_loss(const SeparableQuadratic& problem);

}  // namespace sdelens
