#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "suite/predictions/sign_lemmas.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Lemma 3.9"};

void claims_of_signsgd(const Question& problem, const Simulated& optimizer, Findings& out) {
  const Asked closure("sign-closure", problem);
  const PredictedCurve loss = closure.loss_curve(), second_moment = second_moment_curve(closure, 0);
  const auto last = static_cast<double>(problem.iterations);
  const auto tenth = static_cast<double>(problem.iterations / 10);
  const double eta = problem.learning_rate;
  out.claim("p=1/simulation")
      .at(source)
      .says("Simulated SignSGD with η_t = 1/(t+1) has the loss of the Gaussian closure")
      .equals(optimizer.loss().along(6), loss)
      .margin(sign_closure_margin())
      .resolves(relative(0.3));
  out.claim("p=1/vanishes")
      .of("C.11")
      .says(
          "η_t = 1/(t+1) meets the hypotheses, and the loss does fall: over the last decade by the factor "
          "10^(−2ηb) of its slowest coordinate, or more")
      .at_most(loss(last).value / loss(tenth).value,
               {.value = std::pow(10.0, -2.0 * 0.95 * eta * slowest_phase_3_rate(problem))})
      .margin(relative(1e-12), "rounding; the predicted exponent has 5 % taken off, as below");
  out.claim("p=1/rate-as-printed")
      .of("3.9")
      .says(
          "η_t = 1/(t+1) meets the printed hypotheses (∫η_s ds = ∞, η_t → 0), so E f ≲ "
          "(L_τ σ/(4μ))√(π/2) η_t, (6), without the η that belongs there and makes the bound 1/η times lower")
      .at_most(loss(last).value,
               {.value = Asked("lemma-3.9-signsgd-bound", problem).loss_curve()(last).value / eta})
      .margin(asymptotic_margin())
      .is_refuted();
  const double fall = std::log(second_moment(last).value / second_moment(tenth).value);
  out.claim("p=1/rate-corrected")
      .of("3.9", Wording::corrected)
      .says("With η_t = 1/(t+1), λ₁ E x₁² falls like k^(−2ηb), b = √(2/π) λ₁/σ")
      .equals(fall / std::log((last + 1.0) / (tenth + 1.0)), {.value = -2.0 * eta * phase_3_rate(problem, 0)})
      .margin(relative(0.05),
              "Erf is linear to Y²/3, and the noise adds O(η/k): both below 5 % of the exponent at k ≥ 10⁵");
}

void claim_of_sgd_as_printed(const Question& sgd, Findings& out) {
  const auto last = static_cast<double>(sgd.iterations);
  out.claim("sgd/p=1/rate-as-printed")
      .of("remark-3.9")
      .says("For SGD too the printed hypotheses, met by η_t = 1/(t+1), give E f ≲ (L_τ σ²/(4μ)) η η_t")
      .at_most(Asked("exact-recursion", sgd).loss_curve()(last).value,
               Asked("lemma-3.9-sgd-bound", sgd).loss_curve()(last))
      .margin(asymptotic_margin())
      .is_refuted();
}

void claim_of_sgd(const Question& sgd, double p, Findings& out) {
  const auto last = static_cast<double>(sgd.iterations);
  const double lag = theory::polynomial_rate_ratio(p, last) / (sgd.learning_rate * sgd.spectrum().minCoeff());
  const double discrete =
      0.6 * sgd.learning_rate * sgd.rate_factor(sgd.iterations) * sgd.curvatures()(sgd.dimension() - 1);
  out.claim("sgd/p={}", p)
      .of("remark-3.9", Wording::corrected)
      .says("E f of SGD → (σ² d/4) η η_t, the remark after Lemma 3.9 made sharp for diagonal H")
      .equals(Asked("exact-recursion", sgd).loss_curve()(last).value,
              Asked("lemma-3.9-sgd-asymptote", sgd).loss_curve()(last))
      .margin(relative(discrete + 2.0 * lag),
              "ηη_tλ/2 of the discrete steps, and the lag behind the schedule, η_t′/(η η_t² μ)");
}

FigureBuilder draw(const Question& problem, const Simulated& optimizer, Findings& out) {
  const std::vector<std::uint64_t> steps = logarithmic_steps(problem.iterations, 100);
  return out.figure("schedules", "The schedule 1/(t+1) and the rate of Lemma 3.9")
      .caption(
          "SignSGD: mean and one standard deviation over the runs. The loss goes to 0, but not at the "
          "printed rate.")
      .x({.label = "iteration k", .logarithmic = true})
      .y({.label = "f(x)", .logarithmic = true})
      .at({steps.begin(), steps.end()})
      .optimizer(optimizer.band("f"), "SignSGD, η_t = 1/(t+1)", 0)
      .theory(Asked("sign-closure", problem).loss_curve(), "Gaussian closure", 5)
      .bound(Asked("lemma-3.9-signsgd-bound", problem).loss_curve(), "rate as printed", 1);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::uint64_t iterations = settings.count("iterations");
  const std::vector<double>& powers = require_distinct(settings, "sgd_powers");
  const Problem problem = with_power(quadratic_of(settings, {.name = "signsgd"}), 1.0);
  const Simulated optimizer = simulations.optimizer(
      "SignSGD, η_t = 1/(t+1)", problem,
      {.recording = {.steps = logarithmic_steps(std::max<std::uint64_t>(100, iterations / 10), 60)},
       .runs = settings.count("runs"),
       .stream = "SignSGD"});
  return [=](Findings& out) {
    const Problem sgd = with_optimizer(problem, {.name = "sgd"});
    claims_of_signsgd(until(problem, iterations), optimizer, out);
    claim_of_sgd_as_printed(until(sgd, iterations), out);
    FigureBuilder figure = draw(until(problem, iterations), optimizer, out);
    int colour = 2;
    for (const double p : powers) {
      const Question scheduled = until(with_power(sgd, p), iterations);
      const auto loss = [&](const char* entry) { return Asked(entry, scheduled).loss_curve(); };
      figure.theory(loss("exact-recursion"), fmt::format("SGD, exact, p = {}", p), colour)
          .bound(loss("lemma-3.9-sgd-bound"), fmt::format("SGD, remark, p = {}", p), colour);
      ++colour;
      claim_of_sgd(scheduled, p, out);
    }
  };
}

const Register<Experiment> lemma_3_9{{
    .name = "lemma-3.9",
    .title = "Schedules: what the hypotheses leave out",
    .summary =
        "Lemma 3.9 of the main text asks for ∫η_s ds = ∞ and η_t → 0 and claims a rate, (6). η_t = 1/(t+1) "
        "meets both, and the loss goes to 0, which is all that C.11 claims, but not at that rate, which also "
        "needs η_t′/η_t² → 0. And the remark on SGD under schedules.",
    .source = {.paper = "A", .item = "Lemma 3.9, C.11"},
    .lemmas = {"3.9", "C.11", "remark-3.9"},
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η, as in Figure 2"),
                 chosen("sigma", {0.1}, Range::positive(),
                        "standard deviation of the gradient noise, as in Figure 2"),
                 chosen("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures), as in Figure 2"),
                 chosen("x0", {0.01, 0.01}, Range::finite(), "start, as in Figure 2"),
                 chosen("sgd_powers", {0.1, 0.5}, Range::positive(), "p of the schedules (t+1)^−p for SGD"),
                 chosen("iterations", {1e6}, Range::at_least(1000),
                        "iterations of the calculations; a tenth is simulated"),
                 chosen("runs", {512}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
