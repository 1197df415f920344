#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "suite/study/adaptive_problem.hpp"
#include "suite/study/malladi.hpp"

namespace sdelens {
namespace {

/// Both forms of an SDE, and their mean paths.
struct Forms {
  TwoForms forms;
  Simulated paths;

  const std::string& id() const { return forms.problem.optimizer.name; }
  std::string optimizer() const { return label_of(id()); }
};

Forms order_forms(const Settings& settings, Simulations& simulations, const Choice& optimizer) {
  const Problem problem = quadratic_of(settings, optimizer, settings.list("curvature"));
  const std::string label = label_of(optimizer.name);
  const TwoForms forms = two_forms(problem, simulations.stream(label));
  const auto paths =
      simulations.add(label + ", both forms", forms.process,
                      {state_column("original", 0), state_column("paper", forms.columns())},
                      {.steps = even_steps(settings.count("iterations"), 100)}, settings.count("path_runs"));
  return {forms, Simulated(paths)};
}

/// A step of either form rounds some ten times, each time by half an epsilon of the largest value at most.
void claim_of_identity(const Forms& of, std::uint64_t steps, Findings& out) {
  constexpr double roundings = 20.0;
  const double rounding =
      0.5 * roundings * std::numeric_limits<double>::epsilon() * static_cast<double>(steps);
  ClaimBuilder claim = out.claim("forms/" + of.id());
  (of.id() == "rmsprop" ? claim.of({"D.1", "D.2", "D.3"}) : claim.of({"D.4", "D.5", "D.6"}))
      .says(
          "The two forms of Malladi's SDE of {} are one equation, t′ = ηt and V = σ²u: with steps η² and η "
          "and the same normals their paths are equal",
          of.optimizer())
      .compares(Relation::identity, largest_differences(of.forms, 256, steps))
      .margin(absolute(rounding), "rounding: ten roundings a step in either path, added up");
}

void draw(const Forms& of, Findings& out) {
  out.figure(of.id(), "The two forms of Malladi's SDE of " + of.optimizer())
      .caption(
          "Mean of x with a band of one standard deviation, by Euler-Maruyama from the same normals. The "
          "curves lie on one another: t′ = ηt, V = σ²u.")
      .x({.label = "iteration k = t/η = t′/η²"})
      .y({.label = "x"})
      .sde(of.paths.band("original"), "original form, steps η² in t′", 0)
      .theory(of.paths.mean_of_observable("paper"), "form of paper A, steps η in t", 1);
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
  const auto adam_near = [=](double rate) {
    const double beta = 1.0 - rate * rho;
    const Parameters given{{"beta_1", {beta}}, {"beta_2", {beta}}, {"bias_correction", {0.0}}};
    return quadratic_problem({.name = "adam", .given = given}, {curvature}, sigma, rate,
                             Point::Constant(1, x0 * std::sqrt(rate)));
  };
  WeakOrderStudy study{.name = "Adam, x₀ = √η",
                       .problem = adam_near,
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

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::uint64_t iterations = settings.count("iterations");
  const std::vector<double>&beta_1 = settings.list("beta_1"), &beta_2 = settings.list("beta_2");
  const Forms rmsprop = order_forms(settings, simulations, {.name = "rmsprop", .given = {{"beta", beta_2}}});
  const Forms adam =
      order_forms(settings, simulations, {.name = "adam", .given = {{"beta_1", beta_1}, {"beta_2", beta_2}}});
  const Orders orders = order_studies(settings, simulations);
  return [=](Findings& out) {
    claim_of_identity(rmsprop, iterations, out);
    claim_of_identity(adam, iterations, out);
    for (const char* const observable : {"x", "v"})
      expect_order_near(out, "Adam", observable, orders.near, orders.expansion).of("D.5");
    refute_order_away(out, "Adam", "v", orders.away, orders.expansion)
        .at({.paper = "A", .item = "Appendix D, D.5 without its condition"});
    draw(rmsprop, out);
    draw(adam, out);
    draw_malladi_errors(
        out, "Weak error of Malladi's SDE of Adam near the minimum and away from it",
        "Adam minus Malladi's SDE at t = T on the same Brownian paths, x the optimizer and X the SDE, by the "
        "scheme of weak order 2 with dt = η/2; bands are one standard error.",
        orders.near, orders.away);
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
