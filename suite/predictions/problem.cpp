#include "suite/predictions/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "reference/theory/lemma_3_3.hpp"
#include "reference/theory/lemma_c_8.hpp"
#include "sdelens/core/linear_algebra.hpp"

namespace sdelens {
namespace {

double scalar(const Choice& choice, std::string_view name) {
  const auto found = choice.parameters.find(name);
  if (found == choice.parameters.end() || found->second.size() != 1) {
    throw std::logic_error(fmt::format("'{}' has no parameter '{}' of one number", choice.name, name));
  }
  return found->second.front();
}

}  // namespace

double Problem::parameter(std::string_view name) const { return scalar(optimizer, name); }

double Problem::weight_decay() const {
  return optimizer.parameters.contains("gamma") ? parameter("gamma") : 0.0;
}

double Problem::beta_1() const { return optimizer.parameters.contains("beta_1") ? parameter("beta_1") : 0.0; }

double Problem::beta_2() const {
  return parameter(optimizer.parameters.contains("beta_2") ? "beta_2" : "beta");
}

double Problem::largest_initial_v() const {
  const auto found = optimizer.parameters.find("initial_v");
  return found == optimizer.parameters.end() ? 0.0 : *std::ranges::max_element(found->second);
}

Eigen::MatrixXd Problem::hessian() const { return loss->hessian(origin()); }

Eigen::VectorXd Problem::spectrum() const { return symmetric_eigenvalues(hessian()); }

double Problem::degrees_of_freedom() const { return scalar(noise, "nu"); }

Eigen::MatrixXd Problem::scale_matrix() const {
  // From the parameters where they say it: the root squared again has the rounding of two operations.
  const auto given = noise.parameters.find("sigma");
  if (given == noise.parameters.end()) return gradient_noise->scale_matrix();
  const std::vector<double>& sigma = given->second;
  Eigen::VectorXd variances(dimension());
  for (Index i = 0; i < dimension(); ++i) {
    const double entry = sigma[sigma.size() == 1 ? 0 : static_cast<std::size_t>(i)];
    variances(i) = entry * entry;
  }
  return variances.asDiagonal();
}

std::optional<Eigen::MatrixXd> Problem::noise_covariance() const {
  if (gaussian()) return scale_matrix();
  if (!student_t()) return std::nullopt;
  const double nu = degrees_of_freedom();
  if (!(nu > 2.0)) return std::nullopt;
  return nu / (nu - 2.0) * scale_matrix();
}

double Problem::sign_slope() const {
  return student_t() ? theory::student_t_slope(degrees_of_freedom()) : theory::gaussian_slope();
}

bool Problem::constant_rate() const {
  if (schedule.name == "constant") return true;
  return schedule.name == "polynomial" && scalar(schedule, "power") == 0.0;
}

double Problem::rate_factor(std::uint64_t iteration) const {
  return rate_schedule->factor(static_cast<double>(iteration));
}

double Problem::start_loss() const {
  Column value(1);
  loss->value(start.transpose().array(), value);
  return value(0);
}

double Problem::largest_ratio() const {
  return learning_rate * (hessian().diagonal().cwiseAbs().cwiseQuotient(sigmas())).maxCoeff();
}

}  // namespace sdelens
