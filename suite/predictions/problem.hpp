#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sdelens/model/gradient_noise.hpp"
#include "sdelens/model/landscape.hpp"
#include "sdelens/model/optimizer.hpp"
#include "sdelens/model/schedule.hpp"

namespace sdelens {

/// A registered entry with its parameters.
struct Choice {
  std::string name;
  Parameters given{};       ///< what it is made from
  Parameters parameters{};  ///< the values that it uses, defaults included
};

/// The SDE that is simulated beside the optimizer.
struct SdeChoice {
  Choice sde;
  std::string integrator;
  std::uint64_t steps_per_iteration;
};

/// Iterations at which moments are measured: the last one, or those of a window over which they are averaged.
struct Place {
  std::string name;  ///< "end", "window"
  std::vector<std::uint64_t> iterations;
};

/// What a prediction is asked about: an optimizer on a landscape with gradient noise, from a fixed start.
struct Problem {
  Choice optimizer, landscape, noise, schedule;
  std::shared_ptr<const Landscape> loss;
  std::shared_ptr<const GradientNoise> gradient_noise;
  std::shared_ptr<const Schedule> rate_schedule;
  double learning_rate;  ///< eta; iteration k uses eta times the schedule's factor
  Point start;
  std::uint64_t iterations;
  std::optional<SdeChoice> sde{};

  Index dimension() const { return start.size(); }
  Point origin() const { return Point::Zero(dimension()); }
  /// A parameter of the optimizer that is one number.
  /// @throw std::logic_error if the optimizer has none of that name
  double parameter(std::string_view name) const;
  /// gamma; 0 for an optimizer without weight decay.
  double weight_decay() const;
  /// beta_1; 0 for an optimizer without momentum.
  double beta_1() const;
  /// beta_2 of Adam(W), beta of RMSprop(W).
  double beta_2() const;
  /// The largest second moment that the optimizer starts from.
  double largest_initial_v() const;
  double epsilon() const { return parameter("epsilon"); }

  bool quadratic() const { return landscape.name == "quadratic"; }
  /// The Hessian of a quadratic: at the origin, which is its minimum where it has one.
  Eigen::MatrixXd hessian() const;
  bool diagonal_hessian() const { return hessian().isDiagonal(0.0); }
  /// lambda_i, the diagonal of H.
  Eigen::VectorXd curvatures() const { return hessian().diagonal(); }
  /// Eigenvalues of H, increasing.
  Eigen::VectorXd spectrum() const;

  bool gaussian() const { return noise.name == "gaussian"; }
  bool student_t() const { return noise.name == "student-t"; }
  /// nu of Student-t noise.
  double degrees_of_freedom() const;
  Eigen::MatrixXd scale_matrix() const;
  bool diagonal_noise() const { return scale_matrix().isDiagonal(0.0); }
  /// sigma_i, the root of the diagonal of the scale matrix.
  Eigen::VectorXd sigmas() const { return scale_matrix().diagonal().cwiseSqrt(); }
  /// Cov Z; nothing where it is infinite, or the noise is neither normal nor Student's t.
  std::optional<Eigen::MatrixXd> noise_covariance() const;
  /// The slope of E sign(y + U) at 0: sqrt(2/pi), or that of Student's t.
  double sign_slope() const;

  bool constant_rate() const;
  double rate_factor(std::uint64_t iteration) const;
  double time(std::uint64_t iteration) const { return static_cast<double>(iteration) * learning_rate; }
  /// f(x_0).
  double start_loss() const;
  /// max_i eta lambda_i / sigma_i, the small parameter of every adaptive method.
  double largest_ratio() const;
};

}  // namespace sdelens
