#include "sdelens/model/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

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

/// What `make` makes of the choice, with the defaults that it uses.
template <class Make>
auto made(Choice& choice, const Make& make) {
  const ParameterListener listener;
  auto result = make(choice.given);
  choice.parameters = choice.given;
  for (const ParameterDescription& description : listener.heard()) {
    if (description.fallback && !description.fallback->empty())
      choice.parameters.try_emplace(description.name, *description.fallback);
  }
  return result;
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

Eigen::VectorXd Problem::sigmas() const {
  // From the parameters where they say it: a number squared and its root have the rounding of two operations.
  const auto given = noise.parameters.find("sigma");
  if (given == noise.parameters.end()) return scale_matrix().diagonal().cwiseSqrt();
  Eigen::VectorXd result(dimension());
  for (const Index i : coordinates()) result(i) = entry(noise.name, "sigma", given->second, dimension(), i);
  return result;
}

Eigen::MatrixXd Problem::scale_matrix() const {
  if (!gradient_noise)
    throw std::logic_error(landscape.name + " has no scale matrix that does not depend on x");
  if (!noise.parameters.contains("sigma")) return gradient_noise->scale_matrix();
  return sigmas().cwiseAbs2().asDiagonal();
}

std::optional<Eigen::MatrixXd> Problem::noise_covariance() const {
  if (gaussian()) return scale_matrix();
  if (!student_t()) return std::nullopt;
  const double nu = degrees_of_freedom();
  if (!(nu > 2.0)) return std::nullopt;
  return nu / (nu - 2.0) * scale_matrix();
}

std::string Problem::noise_text() const {
  return gradient_noise ? noise.name + " noise" : "gradients of its own";
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

double Problem::ratio(Index i) const { return learning_rate * curvatures()(i) / sigmas()(i); }

double Problem::largest_ratio() const {
  return learning_rate * (curvatures().cwiseAbs().cwiseQuotient(sigmas())).maxCoeff();
}

std::vector<std::string> landscape_names() {
  std::vector<std::string> names = Registry<LandscapeEntry>::all().names();
  const std::vector<std::string> sources = Registry<GradientSourceEntry>::all().names();
  names.insert(names.end(), sources.begin(), sources.end());
  std::ranges::sort(names);
  return names;
}

bool is_gradient_source(std::string_view landscape) {
  return std::ranges::binary_search(Registry<GradientSourceEntry>::all().names(), landscape);
}

void make_gradient(Problem& problem) {
  if (!problem.loss && is_gradient_source(problem.landscape.name)) {
    if (!problem.noise.name.empty()) {
      throw InvalidParameter("problem", "noise",
                             fmt::format("is {}, but {} draws its own gradients and takes no other noise",
                                         problem.noise.name, problem.landscape.name));
    }
    problem.source =
        made(problem.landscape, [&](const Parameters& p) { return make_source(problem.landscape.name, p); });
    problem.loss = loss_of("problem", problem.source);
    return;
  }
  if (!problem.loss) {
    const std::vector<std::string> names = landscape_names();
    if (!std::ranges::binary_search(names, problem.landscape.name))
      throw UnknownName("landscape", problem.landscape.name, names);
    problem.loss = made(problem.landscape,
                        [&](const Parameters& p) { return make_landscape(problem.landscape.name, p); });
  }
  if (!problem.gradient_noise) {
    problem.gradient_noise = made(problem.noise, [&](const Parameters& p) {
      return make_noise(problem.noise.name, problem.loss->dimension(), p);
    });
  }
  problem.source = additive(problem.loss, problem.gradient_noise);
}

Problem make_problem(Problem problem) {
  require_positive("problem", "learning_rate", problem.learning_rate);
  if (!problem.source) make_gradient(problem);
  if (!problem.rate_schedule)
    problem.rate_schedule =
        made(problem.schedule, [&](const Parameters& p) { return make_schedule(problem.schedule.name, p); });
  if (!problem.rule)
    problem.rule = made(problem.optimizer,
                        [&](const Parameters& p) { return make_optimizer(problem.optimizer.name, p); });
  if (problem.start.size() != problem.source->dimension()) {
    throw InvalidParameter("problem", "start",
                           fmt::format("has dimension {}, but the landscape has {}", problem.start.size(),
                                       problem.source->dimension()));
  }
  for (const double x : problem.start) require_finite("problem", "start", x);
  return problem;
}

Problem with_optimizer(Problem problem, Choice optimizer) {
  problem.optimizer = std::move(optimizer);
  problem.rule = nullptr;
  return make_problem(std::move(problem));
}

Problem with_learning_rate(Problem problem, double learning_rate) {
  problem.learning_rate = learning_rate;
  return make_problem(std::move(problem));
}

Problem with_schedule(Problem problem, Choice schedule) {
  problem.schedule = std::move(schedule);
  problem.rate_schedule = nullptr;
  return make_problem(std::move(problem));
}

Problem with_start(Problem problem, Point start) {
  problem.start = std::move(start);
  return make_problem(std::move(problem));
}

Problem with_noise(Problem problem, Choice noise) {
  problem.noise = std::move(noise);
  problem.gradient_noise = nullptr;
  problem.source = nullptr;
  return make_problem(std::move(problem));
}

}  // namespace sdelens
