#include "suite/study/adaptive_problem.hpp"

#include <algorithm>
#include <cmath>

namespace sdelens {

namespace {

struct Method {
  std::string name, label, sde;
};

const Method& method(const std::string& optimizer) {
  static const std::vector<Method> all{{"rmsprop", "RMSprop", "(86)"},
                                       {"rmspropw", "RMSpropW", "(113)"},
                                       {"adam", "Adam", "(124)"},
                                       {"adamw", "AdamW", "(174)"}};
  const auto found = std::ranges::find(all, optimizer, &Method::name);
  if (found == all.end())
    throw UnknownName("adaptive optimizer", optimizer, each(all, [](const Method& of) { return of.name; }));
  return *found;
}

}  // namespace

std::string label_of(const std::string& optimizer) { return method(optimizer).label; }

std::string number_of_sde(const std::string& optimizer) { return method(optimizer).sde; }

bool has_momentum(const std::string& optimizer) { return optimizer.starts_with("adam"); }

bool decays(const std::string& optimizer) { return optimizer.ends_with("w"); }

AdaptiveParameters adaptive_parameters(const Settings& settings) {
  return {.beta_1 = settings.scalar("beta_1"),
          .beta_2 = settings.scalar("beta_2"),
          .weight_decay = settings.scalar("gamma")};
}

Problem adaptive_problem(const std::string& optimizer, const AdaptiveParameters& parameters,
                         const std::vector<double>& curvatures, double sigma, double learning_rate,
                         Point start) {
  Parameters given;
  if (has_momentum(optimizer)) {
    given = {{"beta_1", {parameters.beta_1}}, {"beta_2", {parameters.beta_2}}};
  } else {
    given = {{"beta", {parameters.beta_2}}, {"initial_v", {sigma * sigma}}};
  }
  if (decays(optimizer)) given["gamma"] = {parameters.weight_decay};
  return quadratic_problem({.name = optimizer, .given = given}, curvatures, sigma, learning_rate,
                           std::move(start));
}

Problem adaptive_of(const Settings& settings, const std::string& optimizer,
                    const AdaptiveParameters& parameters, const std::vector<double>& curvatures,
                    Point start) {
  return adaptive_problem(optimizer, parameters, curvatures, settings.scalar("sigma"), settings.scalar("eta"),
                          std::move(start));
}

Problem in_stationary_law(const Problem& problem, MeanField (*law)(const MeanFieldSettings&)) {
  Choice optimizer{.name = problem.optimizer.name, .given = problem.optimizer.given};
  Point start(problem.dimension());
  std::vector<double> second_moments;
  for (const Index i : problem.coordinates()) {
    const MeanField moments = law(mean_field_settings(problem, i));
    start(i) = std::sqrt(moments.variance);
    second_moments.push_back(moments.squared_gradient);
  }
  optimizer.given["initial_v"] = std::move(second_moments);
  if (has_momentum(optimizer.name)) optimizer.given["bias_correction"] = {0.0};
  return with_start(with_optimizer(problem, std::move(optimizer)), std::move(start));
}

Problem rescaled(const Problem& base, const theory::AdaptiveScaling& scaling) {
  const double kappa = scaling.learning_rate_scale;
  const double batch = scaling.batch_size * scaling.batch_size_scale;
  Choice optimizer{.name = base.optimizer.name, .given = base.optimizer.given};
  for (auto& [name, values] : optimizer.given) {
    for (double& value : values) {
      if (name.starts_with("beta"))
        value = require_in(Range::unit(), "rescaled", name, 1.0 - kappa * kappa * (1.0 - value));
      if (name == "gamma") value *= scaling.weight_decay_scale;
      if (name == "initial_v") value /= batch;
    }
  }
  Choice noise{.name = base.noise.name, .given = base.noise.given};
  for (double& sigma : noise.given.at("sigma")) sigma /= std::sqrt(batch);
  return with_learning_rate(with_noise(with_optimizer(base, std::move(optimizer)), std::move(noise)),
                            kappa * base.learning_rate);
}

}  // namespace sdelens
