#include <fmt/format.h>

#include <algorithm>

#include "suite/predictions/margins.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

const Source source_of_sde{.paper = "A", .item = "SDE (124), from which Lemma C.29 is derived"};
const char* const window = "stationary";
constexpr std::uint64_t fine = 16;

/// f of the coordinates that begin at a column of the state.
Observable loss_from(std::string name, std::vector<double> curvatures, Index first) {
  return {.name = std::move(name),
          .evaluate = [curvatures = std::move(curvatures), first](In state, OutColumn value) {
            value.setZero();
            for (std::size_t i = 0; i < curvatures.size(); ++i)
              value += 0.5 * curvatures[i] * state.col(first + static_cast<Index>(i)).square();
          }};
}

/// Adam alone, and beside the SDE in print and the one with the noise of the fresh gradient.
struct Run {
  Problem problem;
  Simulated optimizer{}, printed{}, repaired{};

  Measurement loss() const { return optimizer.mean_of_observable("f").over(window); }
  double mean_field() const { return Asked("mean-field", problem).loss().value; }
  Prediction about_sde(const std::string& entry) const {
    return Asked(entry, beside_sde(problem, "adam")).loss();
  }
};

Problem problem_on(const Settings& settings, const std::vector<double>& curvatures) {
  return in_stationary_law(adaptive_problem(
      "adam", {settings.scalar("beta_1"), settings.scalar("beta_2"), 0.0}, curvatures,
      settings.scalar("sigma"), settings.scalar("eta"), Point::Zero(static_cast<Index>(curvatures.size()))));
}

Run order(const Settings& settings, Simulations& simulations) {
  const std::vector<double>& curvatures = settings.list("curvatures");
  Run run{.problem = problem_on(settings, curvatures)};
  const std::uint64_t iterations = settings.count("iterations");
  const auto stationary = [](std::uint64_t last) {
    return Recording{.windows = {{.name = window, .first = last / 5, .last = last, .every = 2}}};
  };
  std::vector<Observable> alone{loss_from("f", curvatures, 0)};
  for (const Index i : run.problem.coordinates())
    alone.push_back(squared_column(fmt::format("x{}^2", i + 1), i));
  run.optimizer = simulations.optimizer(
      "Adam", run.problem,
      {.recording = stationary(iterations), .runs = settings.count("runs"), .observables = std::move(alone)});
  const auto beside = [&](const std::string& sde) {
    return simulations.coupled("Adam and SDE " + sde, run.problem,
                               {.sde = {.name = sde, .given = run.problem.optimizer.given},
                                .integrator = "euler-maruyama",
                                .steps_per_iteration = fine},
                               {.recording = stationary(std::max<std::uint64_t>(500, iterations / 2)),
                                .runs = settings.count("coupled_runs"),
                                .observables = {loss_from("f(x)", curvatures, 0),
                                                loss_from("f(X)", curvatures, 3 * run.problem.dimension())},
                                .stream = "Adam beside its SDEs"});
  };
  run.printed = beside("adam");
  run.repaired = beside("adam-corrected");
  return run;
}

/// The share of each coordinate in the loss of Adam, against that of the lemma.
std::vector<Comparison> shares(const Run& run) {
  const Prediction lemma = Asked("lemma-C.29", run.problem).loss();
  std::vector<Comparison> result;
  for (const Index i : run.problem.coordinates()) {
    const double curvature = run.problem.curvatures()(i);
    Measurement square = run.optimizer.mean_of_observable(fmt::format("x{}^2", i + 1)).over(window);
    square.value *= 0.5 * curvature;
    square.standard_error *= 0.5 * curvature;
    result.push_back({.where = fmt::format("λ = {}", curvature),
                      .prediction = {.value = lemma.value / static_cast<double>(run.problem.dimension())},
                      .measurement = square});
  }
  return result;
}

void claim_of_optimizer(const Run& run, Findings& out) {
  const Margin margin = second_moment_margin(run.problem);
  out.claim("optimizer/mean-field")
      .at({.paper = "A", .item = "Lemma C.29"})
      .says("Simulated Adam has the stationary loss of the mean-field fixed point")
      .equals(run.loss(), Asked("mean-field", run.problem).loss())
      .margin(mean_field_margin())
      .resolves(relative(0.015));
  out.claim("optimizer/loss")
      .of("C.29")
      .says("The stationary loss of Adam is ησd/4 at leading order in η")
      .equals(run.loss(), Asked("lemma-C.29", run.problem).loss())
      .margin(margin)
      .resolves(relative(margin.bound.relative + 0.015));
  out.claim("optimizer/coordinates")
      .of("C.29")
      .says("Every coordinate has the same share ησ/4 of it, whatever its curvature")
      .compares(Relation::equal, shares(run))
      .margin(margin)
      .resolves(relative(margin.bound.relative + 0.03));
}

/// On one path the slow noise of optimizer and SDE cancels in the ratio, and the mean field leads back to a loss.
/// Euler-Maruyama with n steps in the time of one iteration: the stationary variance is 1 + ηλ/(σn) of the exact one.
void claim_of_sde(const Run& run, Findings& out) {
  const double r = run.problem.largest_ratio(), oracle = run.mean_field();
  const double from_oracle = mean_field_margin().bound.relative;
  const Margin integrator{relative(r / static_cast<double>(fine)), "the integrator's bias ηλ/(16σ)"};
  const Margin leading = Margin{relative(r), "leading order in η: ηλ/σ"} + integrator;
  const Prediction lemma = run.about_sde("lemma-C.29-of-sde");
  out.claim("sde/as-printed")
      .at(source_of_sde)
      .says(
          "The SDE (124) as printed, from which the loss of Adam is derived, has the stationary loss ησd/4; "
          "compared through Adam on the same Brownian path")
      .equals(run.printed.of_averages(
                  window, {"f(X)", "f(x)"},
                  [oracle](const std::vector<double>& means) { return means[0] / means[1] * oracle; }),
              with_error(lemma, from_oracle * lemma.value))
      .margin(leading)
      .resolves(relative(leading.bound.relative + 0.02))
      .is_refuted();
  const Margin held = second_moment_margin(run.problem) + integrator;
  const double lyapunov = run.about_sde("printed-sde-of-adam").value;
  out.claim("sde/corrected")
      .at(source_of_sde)
      .in_wording(Wording::corrected)
      .says(
          "The stationary loss of SDE (124) is Σᵢ (ησ/4) β₁²ρ₁/(ρ₁ + (1−β₁)λᵢ/σ), ρ₁ = (1−β₁)/η; compared "
          "with Adam on the same Brownian path")
      .equals(run.printed.ratio_of_averages(window, "f(X)", "f(x)"),
              {.value = lyapunov / oracle, .error = from_oracle * lyapunov / oracle})
      .margin(held)
      .resolves(relative(held.bound.relative + 0.01));
  out.claim("sde/repaired")
      .at(source_of_sde)
      .in_wording(Wording::corrected)
      .says(
          "With the noise of the fresh gradient, √η ηρ₁Σ^(1/2)dW in the bracket of dX, SDE (124) has the "
          "stationary loss of Adam")
      .equals(run.repaired.ratio_of_averages(window, "f(X)", "f(x)"), {.value = 1.0})
      .margin(Margin{relative(r), "both depart from the leading order in η alike, up to ηλ/σ"} + integrator)
      .resolves(relative(leading.bound.relative + 0.005));
}

Figure figure(const Settings& settings, const Run& run) {
  const Measurement loss = run.loss();
  const Measurement printed = run.printed.ratio_of_averages(window, "f(X)", "f(x)");
  const Measurement repaired = run.repaired.ratio_of_averages(window, "f(X)", "f(x)");
  Series measured{.label = "Adam, measured", .role = Role::optimizer, .colour = 0};
  for (const Index i : run.problem.coordinates()) measured.x.push_back(run.problem.curvatures()(i));
  for (const Comparison& share : shares(run))
    measured.y.push_back(share.measurement.value / share.prediction.value);
  const double one_share = Asked("lemma-C.29", problem_on(settings, {1.0})).loss().value;
  const auto over_curvature = [&](std::string label, Role role, int colour, const auto& asked) {
    Series series{.label = std::move(label), .role = role, .colour = colour};
    for (int i = 1; i <= 40; ++i) {
      const double curvature = 1.1 * run.problem.curvatures().maxCoeff() * i / 40.0;
      series.x.push_back(curvature);
      series.y.push_back(asked(problem_on(settings, {curvature})) / one_share);
    }
    return series;
  };
  return {
      .id = "shares",
      .title = "Stationary loss of a coordinate over ησ/4",
      .caption = fmt::format("λ Var x/2 over ησ/4 against the curvature λ, measured (points joined by "
                             "lines) and calculated. E f of Adam is {:.5g} ± {:.1g}, ησd/4 {:.5g}, that "
                             "of SDE (124) beside it {:.4f} ± {:.1g} times Adam's, and with the fresh "
                             "gradient's noise {:.4f} ± {:.1g} times.",
                             loss.value, loss.standard_error, Asked("lemma-C.29", run.problem).loss().value,
                             printed.value, printed.standard_error, repaired.value, repaired.standard_error),
      .x = {.label = "λ"},
      .y = {.label = "share over ησ/4"},
      .series = {std::move(measured),
                 over_curvature("Lemma C.29", Role::bound, 3,
                                [](const Problem& p) { return Asked("lemma-C.29", p).loss().value; }),
                 over_curvature("mean-field fixed point", Role::theory, 0,
                                [](const Problem& p) { return Run{p}.mean_field(); }),
                 over_curvature("Lyapunov equation of SDE (124)", Role::theory, 1, [](const Problem& p) {
                   return Run{p}.about_sde("printed-sde-of-adam").value;
                 })}};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const Run run = order(settings, simulations);
  return [=](Findings& out) {
    claim_of_optimizer(run, out);
    claim_of_sde(run, out);
    out.show(figure(settings, run));
  };
}

const Register<Experiment> lemma_c_29{{
    .name = "lemma-c.29",
    .title = "Stationary loss of Adam on quadratics",
    .summary = "Lemma C.29: the asymptotic loss of Adam on a quadratic is ησd/4 whatever H, which is right "
               "at leading "
               "order in η. The SDE in between, as printed, integrated finely (Euler-Maruyama, "
               "dt = η/16), has 0.81 of it at β₁ = 0.9, because dX lacks the noise of the fresh gradient.",
    .source = {.paper = "A", .item = "Lemma C.29"},
    .lemmas = {"C.29"},
    .settings = {chosen("eta", {1e-3}, Range::positive(), "learning rate η, as in Figure 5"),
                 chosen("sigma", {0.1}, Range::positive(), "standard deviation of the gradient noise"),
                 chosen("curvatures", {1.0, 2.0, 4.0}, Range::positive(), "H = diag(curvatures), well apart"),
                 printed("beta_1", {0.9}, {.low = 0.0, .high = 1.0, .low_included = false},
                         "decay of the first moment"),
                 printed("beta_2", {0.999}, Range::unit(), "decay of the second moment"),
                 chosen("iterations", {10000}, Range::at_least(1000),
                        "iterations; half of them beside an SDE; the first fifth is left out"),
                 chosen("runs", {2048}, replica_range(), "replicas of Adam at the standard tier"),
                 chosen("coupled_runs", {256}, replica_range(), "replicas of Adam beside an SDE")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
