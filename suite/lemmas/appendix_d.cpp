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
  std::string id, optimizer;
  std::shared_ptr<const Process> process;
  double sigma;
  Simulated paths{};

  Index columns() const { return process->dimension() / 2; }
};

/// The problem's optimizer has the parameters of the SDEs.
std::shared_ptr<const Process> two_forms(const Problem& problem, const std::string& sde,
                                         const Stream& stream) {
  const double eta = problem.learning_rate;
  const Parameters& parameters = problem.optimizer.given;
  Parameters original = parameters;
  original["sigma"] = {problem.sigmas()(0)};
  const auto path = [&](const std::string& name, const Parameters& own, double step_length) {
    return Pace{.process = integrate({.sde = make_sde(name, problem.context(), own),
                                      .integrator = "euler-maruyama",
                                      .learning_rate = step_length,
                                      .start = problem.start,
                                      .stream = stream})};
  };
  return side_by_side(path(sde + "-original", original, eta * eta), path(sde, parameters, eta));
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

/// A step of either form rounds some ten times, each time by half an epsilon of the largest value at most.
void claim_of_identity(const TwoForms& forms, std::uint64_t steps, Findings& out) {
  constexpr Index replicas = 256;
  constexpr double roundings = 20.0;
  const std::vector<double> largest = largest_differences(forms, replicas, steps);
  std::vector<std::string> columns{"x", "V"};
  if (largest.size() == 3) columns.insert(columns.begin() + 1, "m");
  std::vector<Comparison> comparisons;
  for (std::size_t i = 0; i < largest.size(); ++i) {
    comparisons.push_back(
        {.where = columns[i], .prediction = {.value = 0.0}, .measurement = exactly(largest[i])});
  }
  const double rounding =
      0.5 * roundings * std::numeric_limits<double>::epsilon() * static_cast<double>(steps);
  ClaimBuilder claim = out.claim("forms/" + forms.id);
  (forms.id == "rmsprop" ? claim.of({"D.1", "D.2", "D.3"}) : claim.of({"D.4", "D.5", "D.6"}))
      .says(fmt::format(
          "The two forms of Malladi's SDE of {} are one equation, t′ = ηt and V = σ²u: with steps η² and η "
          "and the same normals their paths are equal",
          forms.optimizer))
      .compares(Relation::identity, std::move(comparisons))
      .margin(absolute(rounding), "rounding: ten roundings a step in either path, added up");
}

Figure path_figure(const TwoForms& forms) {
  return {.id = forms.id,
          .title = "The two forms of Malladi's SDE of " + forms.optimizer,
          .caption =
              "Mean of x with a band of one standard deviation, by Euler-Maruyama from the same normals. "
              "The curves lie on one another: t′ = ηt, V = σ²u.",
          .x = {.label = "iteration k = t/η = t′/η²"},
          .y = {.label = "x"},
          .series = {forms.paths.banded("original", "original form, steps η² in t′", Role::sde, 0),
                     forms.paths.mean_of_observable("paper").curve("form of paper A, steps η in t",
                                                                   Role::theory, 1)}};
}

TwoForms order_forms(const Settings& settings, Simulations& simulations, TwoForms forms,
                     const std::string& name, const Parameters& betas) {
  const Problem problem = quadratic_problem({.name = name, .given = betas}, {settings.scalar("curvature")},
                                            settings.scalar("sigma"), settings.scalar("eta"),
                                            Point::Constant(1, settings.scalar("x0")));
  forms.process = two_forms(problem, name + "-malladi", simulations.stream(forms.optimizer));
  forms.paths = Simulated(
      simulations.add(forms.optimizer + ", both forms", forms.process,
                      {state_column("original", 0), state_column("paper", forms.columns())},
                      {.steps = even_steps(settings.count("iterations"), 100)}, settings.count("path_runs")));
  return forms;
}

/// Adam and Malladi's SDE of it at decreasing learning rates, near the minimum and away from it.
struct Orders {
  CoupledErrors near, away;
  Expansion expansion;
};

Orders order_studies(const Settings& settings, Simulations& simulations) {
  const double sigma = settings.scalar("sigma"), curvature = settings.scalar("curvature");
  const double x0 = settings.scalar("x0");
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
  return {near, away, {.exponent = 1.0, .rate = 0.5 * fastest, .fastest = [=](double) { return fastest; }}};
}

void claims_of_order(const Orders& orders, Findings& out) {
  const auto& [near, away, expansion] = orders;
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
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::uint64_t iterations = settings.count("iterations");
  const std::vector<double>&beta_1 = settings.list("beta_1"), &beta_2 = settings.list("beta_2");
  const TwoForms rmsprop =
      order_forms(settings, simulations,
                  {.id = "rmsprop", .optimizer = "RMSprop", .process = {}, .sigma = settings.scalar("sigma")},
                  "rmsprop", {{"beta", beta_2}});
  const TwoForms adam =
      order_forms(settings, simulations,
                  {.id = "adam", .optimizer = "Adam", .process = {}, .sigma = settings.scalar("sigma")},
                  "adam", {{"beta_1", beta_1}, {"beta_2", beta_2}});
  const Orders orders = order_studies(settings, simulations);
  return [=](Findings& out) {
    claim_of_identity(rmsprop, iterations, out);
    claim_of_identity(adam, iterations, out);
    claims_of_order(orders, out);
    out.show(path_figure(rmsprop));
    out.show(path_figure(adam));
    out.show(malladi_error_figure(
        "Weak error of Malladi's SDE of Adam near the minimum and away from it",
        "Adam minus Malladi's SDE at t = T on the same Brownian paths, x the optimizer and X the SDE, by the "
        "scheme of weak order 2 with dt = η/2; bands are one standard error.",
        orders.near, orders.away));
  };
}

const Register<Experiment> appendix_d{{
    .name = "appendix-d",
    .title = "The SDEs of Malladi et al. in two forms",
    .summary = "Appendix D: the SDEs of Malladi et al. for RMSprop and Adam in their original variables, D.1 "
               "and D.4, are those in the paper's, D.2 and D.5, after t′ = ηt and V = σ²u (D.3, D.6). They "
               "describe the optimizers where ∇f = O(√η): for RMSprop see corollary-c.17, for Adam here.",
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
