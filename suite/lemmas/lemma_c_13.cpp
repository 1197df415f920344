#include "suite/predictions/margins.hpp"
#include "suite/predictions/sign_lemmas.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

constexpr std::uint64_t fine = 4;

Margin integrator_bias(const Problem& problem) {
  const double small = problem.learning_rate * fastest_phase_3_rate(problem);
  return {.bound = relative(small * small / (fine * fine)),
          .reason = "bias of the weak order-2 integrator, (ηb/4)²"};
}

void claim_of_sde(const Problem& problem, const Simulated& sde, Findings& out) {
  const Asked lemma("lemma-c.13", problem);
  out.claim("curve")
      .of("C.13")
      .says("E X′HX/2 of the phase-3 SDE follows Lemma C.13 at every time")
      .equals(sde.loss().along(8), lemma.loss_curve())
      .margin(integrator_bias(problem))
      .resolves(relative(0.05));
  out.claim("stationary")
      .of("C.13")
      .says("E X′HX/2 of the phase-3 SDE tends to the limit of Lemma C.13")
      .equals(sde.loss().over("second half"), lemma.loss())
      .margin(integrator_bias(problem))
      .resolves(relative(0.01));
}

/// The loss that the moments of Lemma 3.7 make is what Lemma C.13 has.
void claim_from_moments(const Problem& problem, const std::vector<double>& iterations, Findings& out) {
  const PredictedCurve loss = Asked("lemma-c.13", problem).loss_curve();
  const auto from = [&](const char* moments) {
    return along(iterations, Asked(moments, problem).loss_curve());
  };
  out.claim("from-lemma-3.7/corrected")
      .of("3.7", Wording::corrected)
      .says("Lemma C.13 is (1/2) Tr H(Cov + mm′) with the moments of the corrected Lemma 3.7")
      .is_identity(from("lemma-3.7-corrected"), loss)
      .margin(rounding_margin());
  out.claim("from-lemma-3.7/as-printed")
      .of("3.7")
      .says("Lemma C.13 is (1/2) Tr H(Cov + mm′) with the moments of Lemma 3.7 as printed")
      .is_identity(from("lemma-3.7-printed"), loss)
      .margin(rounding_margin())
      .is_refuted();
}

void draw(const Problem& problem, const Simulated& sde, Findings& out) {
  out.figure("loss", "Loss of the phase-3 SDE and Lemma C.13")
      .caption(
          "Mean over the runs with a band of one standard deviation. The moments of Lemma 3.7 as printed "
          "contradict the paper's own Lemma C.13.")
      .y({.label = "f(x)", .logarithmic = true})
      .at(sde->iterations())
      .sde(sde.band("f"), "SDE (5), weak order 2", 0)
      .theory(Asked("lemma-c.13", problem).loss_curve(), "Lemma C.13", 5)
      .bound(Asked("lemma-3.7-printed", problem).loss_curve(), "from Lemma 3.7 as printed", 1);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const Problem problem = quadratic_of(settings, {.name = "signsgd"});
  const std::uint64_t iterations = settings.count("iterations");
  const Recording recording{
      .steps = scaled(even_steps(iterations, 60), fine),
      .windows = {
          {.name = "second half", .first = iterations * fine / 2, .last = iterations * fine, .every = fine}}};
  const Simulated sde = simulations.sde(
      "phase-3 SDE (5), weak order 2 dt = η/4", problem,
      {.sde = {.name = "signsgd-phase-3"}, .steps_per_iteration = fine},
      {.recording = recording, .runs = settings.count("runs"), .stream = "phase 3", .outside_limit = 0.02});
  return [=](Findings& out) {
    claim_of_sde(problem, sde, out);
    claim_from_moments(problem, sde.iterations_along(20), out);
    draw(problem, sde, out);
  };
}

const Register<Experiment> lemma_c_13{{
    .name = "lemma-c.13",
    .title = "Expected loss of SignSGD's phase-3 SDE",
    .summary = "Lemma C.13 gives E X′HX/2 of the phase-3 SDE. It is right as printed, and so it contradicts "
               "Lemma 3.7 as printed, whose moments it should follow from.",
    .source = statement_source("C.13"),
    .lemmas = {"3.7", "C.13"},
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η; t = k η"),
                 chosen("sigma", {0.1}, Range::positive(),
                        "standard deviation of the gradient noise, as in Figure 2"),
                 chosen("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures), as in Figure 2"),
                 chosen("x0", {0.05, 0.025}, Range::finite(), "start, |Y| = 0.35"),
                 chosen("iterations", {400}, Range::at_least(100), "iterations' worth of time"),
                 chosen("runs", {32768}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
