#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "suite/study/weak_order.hpp"

namespace sdelens {
namespace {

/// A pair of Malladi's SDEs on the same normals: the original form with steps eta^2 in t', then the paper's with steps
/// eta in t. Both states have a column for x, perhaps one for m, and one for the second moment, u and V = sigma^2 u.
struct TwoForms {
  std::shared_ptr<const Process> process;
  double sigma;

  Index columns() const { return process->dimension() / 2; }
};

struct Problem {
  Model model;
  double sigma;
  Point start;
};

TwoForms two_forms(const Problem& problem, const std::string& name, const Parameters& parameters,
                   const Stream& stream) {
  const double eta = problem.model.learning_rate;
  const SdeContext context{.landscape = problem.model.landscape,
                           .noise = problem.model.noise,
                           .learning_rate = eta,
                           .schedule = problem.model.schedule};
  Parameters original = parameters;
  original["sigma"] = {problem.sigma};
  const auto path = [&](const std::string& sde, const Parameters& own, double step_length) {
    return Pace{.process = integrate({.sde = make_sde(sde, context, own),
                                      .integrator = "euler-maruyama",
                                      .learning_rate = step_length,
                                      .start = problem.start,
                                      .stream = stream})};
  };
  return {.process = side_by_side(path(name + "-original", original, eta * eta), path(name, parameters, eta)),
          .sigma = problem.sigma};
}

/// The largest difference over all replicas and steps of each column, relative to the largest value of the column.
std::vector<double> largest_differences(const TwoForms& forms, Index replicas, std::uint64_t steps) {
  const Index columns = forms.columns();
  Eigen::ArrayXd difference = Eigen::ArrayXd::Zero(columns);
  Eigen::ArrayXd size = Eigen::ArrayXd::Zero(columns);
  const auto paths = forms.process->start(0, replicas);
  for (std::uint64_t step = 0; step <= steps; ++step) {
    if (step > 0) paths->advance();
    Batch state = paths->state();
    state.col(columns - 1) *= forms.sigma * forms.sigma;
    const Batch gap = (state.leftCols(columns) - state.rightCols(columns)).abs();
    for (Index i = 0; i < columns; ++i) {
      // The maximum of a NaN and a number may be the number: a sum is NaN for sure.
      if (!std::isfinite(gap.col(i).sum())) difference(i) = std::numeric_limits<double>::quiet_NaN();
      difference(i) =
          std::isnan(difference(i)) ? difference(i) : std::max(difference(i), gap.col(i).maxCoeff());
      size(i) = std::max(size(i), state.rightCols(columns).col(i).abs().maxCoeff());
    }
  }
  const Eigen::ArrayXd relative = difference / size;
  return {relative.begin(), relative.end()};
}

void expect_identity(Findings& out, const std::string& id, const std::string& optimizer,
                     const std::vector<std::string>& lemmas, const TwoForms& forms, Index replicas,
                     std::uint64_t steps) {
  const std::vector<double> largest = largest_differences(forms, replicas, steps);
  std::vector<std::string> columns{"x", "V"};
  if (largest.size() == 3) columns.insert(columns.begin() + 1, "m");
  std::vector<Comparison> comparisons;
  for (std::size_t i = 0; i < largest.size(); ++i) {
    comparisons.push_back(
        {.where = columns[i], .prediction = {.value = 0.0}, .measurement = {.value = largest[i]}});
  }
  // A step of either form rounds some ten times, each time by half an epsilon of the largest value at most.
  constexpr double roundings = 20.0;
  out.expect(
      {.id = id,
       .statement = "The two forms of Malladi's SDE of " + optimizer +
                    " are one equation, t′ = ηt and V = σ²u: with steps η² and η and the same normals their "
                    "paths are equal",
       .source = {.paper = "A", .item = "Appendix D, " + lemmas.back()},
       .lemmas = lemmas,
       .relation = Relation::identity,
       .margin = {.absolute =
                      0.5 * roundings * std::numeric_limits<double>::epsilon() * static_cast<double>(steps)},
       .margin_reason = "rounding: ten roundings a step in either path, added up"},
      std::move(comparisons));
}

Figure path_figure(const Ensemble& ensemble, const std::string& id, const std::string& optimizer,
                   double eta) {
  Series original =
      mean_curve(ensemble, "original", eta, "original form, steps η² in t′", Role::sde, 0, true);
  // The pair keeps the time of its first process, t' = eta t.
  for (double& x : original.x) x /= eta;
  Series own = mean_curve(ensemble, "paper", eta, "form of paper A, steps η in t", Role::theory, 1, false);
  own.x = original.x;

  return {.id = id,
          .title = "The two forms of Malladi's SDE of " + optimizer,
          .caption =
              "Mean of x with a band of one standard deviation, by Euler-Maruyama from the same normals. "
              "The curves lie on one another: t′ = ηt, V = σ²u.",
          .x = {.label = "iteration k = t/η = t′/η²"},
          .y = {.label = "x"},
          .series = {std::move(original), std::move(own)}};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const double eta = settings.scalar("eta");
  const double sigma = settings.scalar("sigma");
  const double curvature = settings.scalar("curvature");
  const double x0 = settings.scalar("x0");
  const std::uint64_t iterations = settings.count("iterations");
  const Problem problem{.model = quadratic_with_gaussian_noise({curvature}, sigma, eta),
                        .sigma = sigma,
                        .start = Point::Constant(1, x0)};
  const Parameters beta{{"beta", {settings.scalar("beta_2")}}};
  const Parameters betas{{"beta_1", {settings.scalar("beta_1")}}, {"beta_2", {settings.scalar("beta_2")}}};
  const TwoForms rmsprop = two_forms(problem, "rmsprop-malladi", beta, simulations.stream("RMSprop"));
  const TwoForms adam = two_forms(problem, "adam-malladi", betas, simulations.stream("Adam"));
  const auto paths_of = [&](const std::string& name, const TwoForms& forms) {
    return simulations.add(name, forms.process,
                           {state_column("original", 0), state_column("paper", forms.columns())},
                           {.steps = even_steps(iterations, 100)}, settings.count("path_runs"));
  };
  const auto rmsprop_paths = paths_of("RMSprop, both forms", rmsprop);
  const auto adam_paths = paths_of("Adam, both forms", adam);

  const double rho = settings.scalar("rho");
  WeakOrderStudy study{.name = "Adam, x₀ = √η",
                       .problem =
                           [=](double rate) {
                             return quadratic_problem({.name = "adam",
                                                       .given = {{"beta_1", {1.0 - rate * rho}},
                                                                 {"beta_2", {1.0 - rate * rho}},
                                                                 {"bias_correction", {0.0}}}},
                                                      {curvature}, sigma, rate,
                                                      Point::Constant(1, x0 * std::sqrt(rate)));
                           },
                       .sde = "adam-malladi",
                       .time = settings.scalar("time"),
                       .learning_rates = settings.list("etas"),
                       .steps_per_iteration = 2,
                       .runs = settings.count("runs")};
  const CoupledErrors near = order_weak_errors(study, simulations);
  study = started_at(study, [x0](double) { return x0; });
  study.name = "Adam, x₀ = 1";
  const CoupledErrors away = order_weak_errors(study, simulations);
  const double fastest = std::max(curvature / sigma, rho);
  const Expansion expansion{
      .exponent = 1.0, .rate = 0.5 * fastest, .fastest = [=](double) { return fastest; }};
  return [=](Findings& out) {
    constexpr Index replicas = 256;
    expect_identity(out, "forms/rmsprop", "RMSprop", {"D.1", "D.2", "D.3"}, rmsprop, replicas, iterations);
    expect_identity(out, "forms/adam", "Adam", {"D.4", "D.5", "D.6"}, adam, replicas, iterations);
    const ExpectedOrder one{.order = 1.0, .relation = Relation::at_least};
    for (const char* observable : {"x", "v"}) {
      expect_order(out.claim(fmt::format("near/{}", observable))
                       .of("D.5")
                       .says(fmt::format("From x₀ = √η, where ∇f = O(√η), E {} of Malladi's SDE is that of "
                                         "Adam to order 1 in η at least",
                                         observable)),
                   one, near, observable, expansion);
    }
    expect_order(out.claim("away/v")
                     .at({.paper = "A", .item = "Appendix D, D.5 without its condition"})
                     .says("Without that condition, from x₀ = 1, E v of Malladi's SDE is that of Adam to "
                           "order 1 in η at least"),
                 one, away, "v", expansion)
        .is_refuted();
    out.show(path_figure(*rmsprop_paths, "rmsprop", "RMSprop", eta));
    out.show(path_figure(*adam_paths, "adam", "Adam", eta));
    out.show(malladi_error_figure(
        "Weak error of Malladi's SDE of Adam near the minimum and away from it",

        "Adam minus Malladi's SDE at t = T on the same Brownian paths, x the optimizer and X the SDE, by "
        "the scheme of weak order 2 with dt = η/2; bands are one standard error.",
        near, away));
  };
}

const Register<Experiment> appendix_d{{
    .name = "appendix-d",
    .title = "The SDEs of Malladi et al. in two forms",
    .summary =
        "Appendix D: the SDEs of Malladi et al. for RMSprop and Adam in their original variables, D.1 and "
        "D.4, are those in the paper's, D.2 and D.5, after t′ = ηt and V = σ²u (D.3, D.6). They describe "
        "the optimizers where ∇f = O(√η): for RMSprop see corollary-c.17, for Adam here.",
    .source = {.paper = "A", .item = "Appendix D"},
    .lemmas = {"D.1", "D.2", "D.3", "D.4", "D.5", "D.6"},
    .settings = {chosen("eta", {1e-2}, {.low = 0.0, .high = 1.0}, "learning rate η of the two forms"),
                 chosen("beta_1", {0.9}, Range::unit(), "β₁ of Adam in the two forms"),
                 chosen("beta_2", {0.99}, Range::unit(), "β₂ of Adam, β of RMSprop in the two forms"),
                 chosen("x0", {1.0}, Range::finite(), "start; near the minimum x0 √η"),
                 chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
                 chosen("sigma", {0.5}, Range::positive(), "standard deviation of the gradient noise"),
                 chosen("iterations", {1000}, Range::at_least(100), "iterations of the two forms"),
                 chosen("path_runs", {256}, replica_range(), "replicas of the mean paths that are shown"),
                 chosen("rho", {1.0}, {.low = 0.0, .high = 8.0}, "ρ in β₁ = β₂ = 1 − ηρ for the order"),
                 chosen("time", {1.0}, Range::positive(), "T, a multiple of every η"),
                 chosen("etas", {0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625},
                        {.low = 0.0, .high = 0.125, .high_included = true}, "learning rates η for the order"),
                 chosen("runs", {16384}, replica_range(), "replicas at each η for the order")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
