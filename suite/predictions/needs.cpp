#include "suite/predictions/needs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sdelens::needs {

Need optimizer(std::vector<std::string> names) {
  return [names = std::move(names)](const Problem& problem) -> Objection {
    if (std::ranges::find(names, problem.optimizer.name) != names.end()) return std::nullopt;
    return fmt::format("needs {}", fmt::join(names, " or "));
  };
}

Need sde(std::vector<std::string> names) {
  return [names = std::move(names)](const Question& problem) -> Objection {
    if (problem.sde && std::ranges::find(names, problem.sde->sde.name) != names.end()) return std::nullopt;
    return fmt::format("needs the SDE {}", fmt::join(names, " or "));
  };
}

Objection few_coordinates(const Problem& problem) {
  constexpr Index most = 512;
  if (problem.dimension() <= most) return std::nullopt;
  return fmt::format("needs H and Sigma as matrices, which is for at most {} coordinates: there are {}", most,
                     problem.dimension());
}

Objection quadratic(const Problem& problem) {
  if (problem.quadratic()) return std::nullopt;
  return fmt::format("needs a quadratic; the landscape is {}", problem.landscape.name);
}

Objection diagonal_quadratic(const Problem& problem) {
  if (auto objection = quadratic(problem)) return objection;
  if (problem.diagonal_hessian()) return std::nullopt;
  return "needs a diagonal H";
}

Objection linear_regression(const Problem& problem) {
  if (problem.linear_regression()) return std::nullopt;
  return fmt::format("needs mini-batches of linear-regression; the landscape is {}", problem.landscape.name);
}

Objection one_coordinate(const Problem& problem) {
  if (problem.dimension() == 1) return std::nullopt;
  return fmt::format("needs one coordinate: there are {}", problem.dimension());
}

Objection separable(const Problem& problem) {
  if (problem.landscape.name == "embedded-saddle") return std::nullopt;
  if (!problem.quadratic()) {
    return fmt::format(
        "needs a landscape known to be a sum over the coordinates, quadratic or embedded-saddle");
  }
  return diagonal_quadratic(problem);
}

Objection strong_convexity(const Problem& problem) {
  const double mu = problem.spectrum().minCoeff();
  if (mu > 0.0) return std::nullopt;
  return fmt::format("needs mu > 0: the smallest eigenvalue of H is {:.4g}", mu);
}

Objection gaussian_noise(const Problem& problem) {
  if (problem.gaussian()) return std::nullopt;
  return fmt::format("needs gaussian noise, not {}", problem.noise.name);
}

Objection student_t_noise(const Problem& problem) {
  if (problem.student_t()) return std::nullopt;
  return fmt::format("needs student-t noise, not {}", problem.noise.name);
}

Objection known_noise(const Problem& problem) {
  if (problem.gaussian() || problem.student_t()) return std::nullopt;
  return fmt::format("needs gaussian or student-t noise, not {}", problem.noise.name);
}

Objection uncorrelated_noise(const Problem& problem) {
  if (problem.diagonal_noise()) return std::nullopt;
  return "needs a diagonal Sigma: the noise is correlated";
}

Objection finite_covariance(const Problem& problem) {
  if (problem.noise_covariance()) return std::nullopt;
  if (!problem.student_t())
    return fmt::format("the covariance of {} noise is not known here", problem.noise.name);
  return fmt::format("needs a finite covariance: student-t noise of nu = {:.4g} has none",
                     problem.degrees_of_freedom());
}

Objection equal_sigma(const Problem& problem) {
  const Eigen::MatrixXd scale = problem.scale_matrix();
  if (scale.isDiagonal(0.0) && (scale.diagonal().array() == scale(0, 0)).all()) return std::nullopt;
  return "needs Sigma = sigma^2 I";
}

Objection constant_rate(const Problem& problem) {
  if (problem.constant_rate()) return std::nullopt;
  return fmt::format("needs a constant learning rate; the schedule is {}", problem.schedule.name);
}

Objection varying_rate(const Problem& problem) {
  if (!problem.constant_rate()) return std::nullopt;
  return "needs a schedule; the learning rate is constant";
}

Objection polynomial_rate(const Problem& problem) {
  if (auto objection = varying_rate(problem)) return objection;
  if (problem.schedule.name == "polynomial") return std::nullopt;
  return fmt::format("needs the schedule polynomial, not {}", problem.schedule.name);
}

namespace {

/// sigma_i^{-1} d_i f at the start.
Eigen::VectorXd start_signal(const Problem& problem) {
  return (problem.hessian() * problem.start).cwiseQuotient(problem.sigmas());
}

}  // namespace

Need start_within(double bound) {
  return [bound](const Problem& problem) -> Objection {
    const Eigen::VectorXd y = start_signal(problem) / std::numbers::sqrt2;
    Index worst = 0;
    const double size = y.cwiseAbs().maxCoeff(&worst);
    if (size <= bound) return std::nullopt;
    return fmt::format("starts outside its phase: |Y_{}| = {:.4g}, not at most {:.4g}", worst + 1, size,
                       bound);
  };
}

Need signal_stays_above(double bound, std::string phase) {
  return [bound, phase = std::move(phase)](const Question& question) -> Objection {
    const double time = question.time(static_cast<double>(question.iterations));
    for (const Index i : question.coordinates()) {
      const double left = std::max(0.0, std::abs(question.start(i)) - time);
      const double last = question.curvatures()(i) * left / (question.sigmas()(i) * std::numbers::sqrt2);
      if (last >= bound) continue;
      return fmt::format("needs {} for all i, until the end: |Y_{}| is {:.4g} then", phase, i + 1, last);
    }
    return std::nullopt;
  };
}

Objection start_in_domain_of_phase_3(const Question& question) {
  return start_within(1.0 / (question.sign_slope() * std::numbers::sqrt2))(question);
}

Objection stationary_law_in_domain_of_phase_3(const Problem& problem) {
  // In the stationary law, N(0, eta / (2 b + eta b^2)), b X has the variance r' / (2 + r'), r' = eta b.
  const double slope = problem.sign_slope();
  const Eigen::VectorXd curvatures = problem.curvatures(), sigmas = problem.sigmas();
  for (Index i = 0; i < problem.dimension(); ++i) {
    const double rate = problem.learning_rate * slope * curvatures(i) / sigmas(i);
    const double outside = std::erfc(std::sqrt((2.0 + rate) / (2.0 * rate)));
    if (outside > 0.01) {
      return fmt::format(
          "leaves its domain: {:.2g} % of its own law has |Y_{}| beyond the domain of phase 3, at eta lambda "
          "/ "
          "sigma = {:.4g}",
          100.0 * outside, i + 1, problem.learning_rate * curvatures(i) / sigmas(i));
    }
  }
  return std::nullopt;
}

Objection small_step(const Problem& problem) {
  const double step = problem.learning_rate * (problem.spectrum().maxCoeff() + problem.weight_decay());
  if (step < 1.0) return std::nullopt;
  return fmt::format("is of leading order in eta (lambda + gamma), which must be below 1: it is {:.4g}",
                     step);
}

Objection small_ratio(const Problem& problem) {
  const double ratio = problem.largest_ratio();
  if (ratio < 1.0) return std::nullopt;
  return fmt::format("is of leading order in eta lambda / sigma, which must be below 1: it is {:.4g}", ratio);
}

Objection slow_second_moment(const Problem& problem) {
  if (problem.beta_2() >= 0.99) return std::nullopt;
  return fmt::format("holds V at its mean, so needs {} >= 0.99: it is {:.4g}",
                     problem.optimizer.parameters.contains("beta_2") ? "beta_2" : "beta", problem.beta_2());
}

Objection negligible_epsilon(const Problem& problem) {
  const double ratio = problem.epsilon() / problem.sigmas().minCoeff();
  if (ratio <= 1e-3) return std::nullopt;
  return fmt::format("leaves epsilon out, so needs epsilon <= sigma / 1000: epsilon / sigma = {:.4g}", ratio);
}

Objection slow_decay(const Problem& problem) {
  const double ratio = problem.learning_rate * problem.weight_decay() / (1.0 - problem.beta_1());
  if (ratio < 1.0) return std::nullopt;
  return fmt::format("needs eta gamma / (1 - beta_1) < 1: it is {:.4g}", ratio);
}

}  // namespace sdelens::needs
