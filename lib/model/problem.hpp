#pragma once

#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "sdelens/model/gradient_source.hpp"
#include "sdelens/model/optimizer.hpp"
#include "sdelens/model/schedule.hpp"
#include "sdelens/model/sde.hpp"

namespace sdelens {

/// A registered entry with its parameters.
struct Choice {
  std::string name;
  Parameters given{};       ///< what it is made from
  Parameters parameters{};  ///< the values that it uses, defaults included; filled by make_problem
};

/// An optimizer on a landscape with gradient noise, or on another gradient source, from a fixed start: what is simulated,
/// and what a prediction is asked about. Made by make_problem; a changed copy is made again by `with`.
struct Problem {
  Choice optimizer;
  Choice landscape;  ///< or a registered gradient source, which draws its own noise: then `noise` has no name
  Choice noise{}, schedule{.name = "constant"};
  double learning_rate;  ///< eta; iteration k uses eta times the schedule's factor
  Point start;
  std::shared_ptr<const Optimizer> rule{};
  std::shared_ptr<const Landscape> loss{};
  std::shared_ptr<const GradientNoise>
      gradient_noise{};  ///< null where the source is no landscape with additive noise
  std::shared_ptr<const GradientSource> source{};
  std::shared_ptr<const Schedule> rate_schedule{};

  Index dimension() const { return start.size(); }
  /// 0, 1, ..., dimension() - 1.
  auto coordinates() const { return std::views::iota(Index{0}, dimension()); }
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

  /// "gaussian noise", or what it is for a source that draws its own gradients.
  std::string noise_text() const;
  bool linear_regression() const { return landscape.name == "linear-regression"; }
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
  Eigen::VectorXd sigmas() const;
  /// Cov Z; nothing where it is infinite, or the noise is neither normal nor Student's t.
  std::optional<Eigen::MatrixXd> noise_covariance() const;
  /// The slope of E sign(y + U) at 0: sqrt(2/pi) for a normal U.
  double sign_slope() const { return require_noise("problem", *source).mean_sign_slope(); }

  bool constant_rate() const;
  double rate_factor(std::uint64_t iteration) const;
  double time(double iteration) const { return iteration * learning_rate; }
  /// f(x_0).
  double start_loss() const;
  /// r = eta lambda_i / sigma_i, the small parameter of every adaptive method.
  double ratio(Index i) const;
  double largest_ratio() const;

  SdeContext context() const {
    return {.source = source, .learning_rate = learning_rate, .schedule = rate_schedule};
  }
};

/// What Problem::landscape may name: landscapes and gradient sources.
std::vector<std::string> landscape_names();
bool is_gradient_source(std::string_view landscape);
/// Makes loss, noise and gradient source of a problem from its choices.
/// @throw UnknownName, InvalidParameter; also if there is a noise beside a source that draws its own
void make_gradient(Problem& problem);

/// Makes the parts of a problem from their choices, and fills in their defaults. What is there already is kept, so
/// that a landscape can be shared or given without a name.
/// @throw UnknownName, InvalidParameter
Problem make_problem(Problem problem);

/// The problem with another optimizer, learning rate, schedule, start or noise, and all else as it is.
Problem with_optimizer(Problem problem, Choice optimizer);
Problem with_learning_rate(Problem problem, double learning_rate);
Problem with_schedule(Problem problem, Choice schedule);
Problem with_start(Problem problem, Point start);
Problem with_noise(Problem problem, Choice noise);

}  // namespace sdelens
