#include <fmt/format.h>

#include <algorithm>

#include "suite/predictions/margins.hpp"
#include "suite/predictions/stationary_law.hpp"
#include "suite/study/adaptive_problem.hpp"
#include "suite/study/beside_sdes.hpp"

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
  Simulated optimizer{};
  BesideSdes beside{.window = window, .of_sde = "f(X)", .of_optimizer = "f(x)"};

  Measurement loss() const { return optimizer.loss().over(window); }
};

Prediction lemma_of(const Problem& problem) { return Asked("lemma-C.29", problem).loss(); }
Prediction about_sde(const std::string& entry, const Problem& problem) {
  return Asked(entry, beside_sde(problem, "adam")).loss();
}

Problem problem_on(const Settings& settings, const std::vector<double>& curvatures) {
  return in_stationary_law(
      adaptive_of(settings, "adam", {settings.scalar("beta_1"), settings.scalar("beta_2"), 0.0}, curvatures));
}

Run order(const Settings& settings, Simulations& simulations) {
  const std::vector<double>& curvatures = settings.list("curvatures");
  Run run{.problem = problem_on(settings, curvatures)};
  const std::uint64_t iterations = settings.count("iterations");
  const auto stationary = [](std::uint64_t last) { return averaged(window, last / 5, last, 2); };
  std::vector<Observable> alone{loss_from("f", curvatures, 0)};
  for (const Index i : run.problem.coordinates())
    alone.push_back(squared_column(fmt::format("x{}^2", i + 1), i));
  run.optimizer = simulations.optimizer(
      "Adam", run.problem,
      {.recording = stationary(iterations), .runs = settings.count("runs"), .observables = std::move(alone)});
  order_beside_sdes(
      run.beside, "Adam", run.problem,
      {.sde = run.problem.optimizer, .integrator = "euler-maruyama", .steps_per_iteration = fine},
      {.recording = stationary(std::max<std::uint64_t>(500, iterations / 2)),
       .runs = settings.count("coupled_runs"),
       .observables = {loss_from("f(x)", curvatures, 0),
                       loss_from("f(X)", curvatures, 3 * run.problem.dimension())}},
      simulations);
  return run;
}

/// The share of each coordinate in the loss of Adam, against that of the lemma.
std::vector<Comparison> shares(const Run& run) {
  const Prediction lemma = lemma_of(run.problem);
  return each(run.problem.coordinates(), [&](Index i) -> Comparison {
    const double curvature = run.problem.curvatures()(i);
    Measurement square = run.optimizer.mean_of_observable(fmt::format("x{}^2", i + 1)).over(window);
    square.value *= 0.5 * curvature;
    square.standard_error *= 0.5 * curvature;
    return {.where = fmt::format("λ = {}", curvature),
            .prediction = {.value = lemma.value / static_cast<double>(run.problem.dimension())},
            .measurement = square};
  });
}

void claim_of_optimizer(const Run& run, Findings& out) {
  const Margin margin = second_moment_margin(run.problem);
  out.claim("optimizer/mean-field")
      .at({.paper = "A", .item = "Lemma C.29"})
      .says("Simulated Adam has the stationary loss of the mean-field fixed point")
      .equals(run.loss(), stationary_law(run.problem).loss())
      .margin(mean_field_margin())
      .resolves(relative(0.015));
  out.claim("optimizer/loss")
      .of("C.29")
      .says("The stationary loss of Adam is ησd/4 at leading order in η")
      .equals(run.loss(), lemma_of(run.problem))
      .margin(margin)
      .resolves_beyond_margin(relative(0.015));
  out.claim("optimizer/coordinates")
      .of("C.29")
      .says("Every coordinate has the same share ησ/4 of it, whatever its curvature")
      .compares(Relation::equal, shares(run))
      .margin(margin)
      .resolves_beyond_margin(relative(0.03));
}

/// On one path the slow noise of optimizer and SDE cancels in the ratio, and the mean field leads back to a loss.
/// Euler-Maruyama with n steps in the time of one iteration: the stationary variance is 1 + ηλ/(σn) of the exact one.
void claim_of_sde(const Run& run, Findings& out) {
  const double r = run.problem.largest_ratio(), oracle = stationary_loss(run.problem);
  const double from_oracle = mean_field_margin().bound.relative;
  const Margin integrator{relative(r / static_cast<double>(fine)), "the integrator's bias ηλ/(16σ)"};
  const Margin leading = Margin{relative(r), "leading order in η: ηλ/σ"} + integrator;
  const Prediction lemma = about_sde("lemma-C.29-of-sde", run.problem);
  out.claim("sde/as-printed")
      .at(source_of_sde)
      .says(
          "The SDE (124) as printed, from which the loss of Adam is derived, has the stationary loss ησd/4; "
          "compared through Adam on the same Brownian path")
      .equals(run.beside.printed_through(oracle), with_error(lemma, from_oracle * lemma.value))
      .margin(leading)
      .resolves_beyond_margin(relative(0.02))
      .is_refuted();
  const Margin held = second_moment_margin(run.problem) + integrator;
  const double lyapunov = about_sde("printed-sde-of-adam", run.problem).value;
  out.claim("sde/corrected")
      .at(source_of_sde)
      .in_wording(Wording::corrected)
      .says(
          "The stationary loss of SDE (124) is Σᵢ (ησ/4) β₁²ρ₁/(ρ₁ + (1−β₁)λᵢ/σ), ρ₁ = (1−β₁)/η; compared "
          "with Adam on the same Brownian path")
      .equals(run.beside.printed_ratio(),
              {.value = lyapunov / oracle, .error = from_oracle * lyapunov / oracle})
      .margin(held)
      .resolves_beyond_margin(relative(0.01));
  out.claim("sde/repaired")
      .at(source_of_sde)
      .in_wording(Wording::corrected)
      .says(
          "With the noise of the fresh gradient, √η ηρ₁Σ^(1/2)dW in the bracket of dX, SDE (124) has the "
          "stationary loss of Adam")
      .equals(run.beside.repaired_ratio(), {.value = 1.0})
      .margin(Margin{relative(r), "both depart from the leading order in η alike, up to ηλ/σ"} + integrator)
      .resolves_beyond_margin(relative(0.005));
}

void draw(const Settings& settings, const Run& run, Findings& out) {
  const Measurement loss = run.loss();
  const Measurement printed = run.beside.printed_ratio(), repaired = run.beside.repaired_ratio();
  const Eigen::VectorXd curvatures = run.problem.curvatures();
  const double one_share = lemma_of(problem_on(settings, {1.0})).value;
  const auto over_share = [&](const std::function<double(const Problem&)>& loss_of) {
    return [&settings, one_share, loss_of](double curvature) {
      return loss_of(problem_on(settings, {curvature})) / one_share;
    };
  };
  std::vector<double> places = evenly(0.0, 1.1 * curvatures.maxCoeff(), 40);
  places.erase(places.begin());
  out.figure("shares", "Stationary loss of a coordinate over ησ/4")
      .caption(
          "λ Var x/2 over ησ/4 against the curvature λ, measured (points joined by lines) and calculated. E "
          "f of Adam is {:.5g} ± {:.1g}, ησd/4 {:.5g}, that of SDE (124) beside it {:.4f} ± {:.1g} times "
          "Adam's, and with the fresh gradient's noise {:.4f} ± {:.1g} times.",
          loss.value, loss.standard_error, lemma_of(run.problem).value, printed.value, printed.standard_error,
          repaired.value, repaired.standard_error)
      .x({.label = "λ"})
      .y({.label = "share over ησ/4"})
      .at({curvatures.begin(), curvatures.end()})
      .optimizer(
          each(shares(run),
               [](const Comparison& share) { return share.measurement.value / share.prediction.value; }),
          "Adam, measured", 0)
      .at(std::move(places))
      .bound(over_share([](const Problem& p) { return lemma_of(p).value; }), "Lemma C.29", 3)
      .theory(over_share(stationary_loss), "mean-field fixed point", 0)
      .theory(over_share([](const Problem& p) { return about_sde("printed-sde-of-adam", p).value; }),
              "Lyapunov equation of SDE (124)", 1);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const Run run = order(settings, simulations);
  return [=](Findings& out) {
    claim_of_optimizer(run, out);
    claim_of_sde(run, out);
    draw(settings, run, out);
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
