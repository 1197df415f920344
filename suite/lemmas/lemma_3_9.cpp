#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "suite/predictions/sign_lemmas.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Lemma 3.9"};
const Margin asymptotic{.bound = relative(1.0), .reason = "an asymptotic bound: a factor of two is granted"};

/// SignSGD or SGD with the learning rate eta (t + 1)^-p.
Problem with_power(const Problem& problem, double p) {
  return with_schedule(problem, {.name = "polynomial", .given = {{"power", {p}}}});
}

Question until(const Problem& problem, std::uint64_t iterations) {
  Question question{problem};
  question.iterations = iterations;
  return question;
}

void claim_of_loss(const Problem& problem, const Simulated& optimizer, std::uint64_t iterations,
                   Findings& out) {
  const PredictedCurve loss = Asked("sign-closure", problem).loss_curve();
  const auto last = static_cast<double>(iterations);
  out.claim("p=1/simulation")
      .at(source)
      .says("Simulated SignSGD with η_t = 1/(t+1) has the loss of the Gaussian closure")
      .equals(optimizer.loss().along(6), loss)
      .margin(sign_closure_margin())
      .resolves(relative(0.3));
  const double tenth = loss(static_cast<double>(iterations / 10)).value;
  out.claim("p=1/vanishes")
      .of("C.11")
      .says(
          "η_t = 1/(t+1) meets the hypotheses, and the loss does fall: over the last decade by the factor "
          "10^(−2ηb) of its slowest coordinate, or more")
      .at_most(loss(last).value / tenth,
               {.value = std::pow(10.0, -2.0 * 0.95 * problem.learning_rate * slowest_phase_3_rate(problem))})
      .margin(relative(1e-12), "rounding; the predicted exponent has 5 % taken off, as below");
  out.claim("p=1/rate-as-printed")
      .of("3.9")
      .says(
          "η_t = 1/(t+1) meets the printed hypotheses (∫η_s ds = ∞, η_t → 0), so E f ≲ "
          "(L_τ σ/(4μ))√(π/2) η_t, (6), without the η that belongs there and makes the bound 1/η times lower")
      .at_most(loss(last).value, {.value = theory::scheduled_signsgd_bound(scheduled_loss(problem),
                                                                           problem.rate_factor(iterations)) /
                                           problem.learning_rate})
      .margin(asymptotic)
      .is_refuted();
}

/// Each coordinate of the loss falls like k^(-2 eta b_i).
void claim_of_rate(const Problem& problem, std::uint64_t iterations, Findings& out) {
  const Asked closure("sign-closure", problem);
  const auto second_moment = [&](std::uint64_t iteration) {
    const auto k = static_cast<double>(iteration);
    const double mean = closure.mean_curve(0)(k).value;
    return closure.variance_curve(0)(k).value + mean * mean;
  };
  const std::uint64_t tenth = iterations / 10;
  const double fall = std::log(second_moment(iterations) / second_moment(tenth));
  const double span = std::log(static_cast<double>(iterations + 1) / static_cast<double>(tenth + 1));
  out.claim("p=1/rate-corrected")
      .of("3.9", Wording::corrected)
      .says("With η_t = 1/(t+1), λ₁ E x₁² falls like k^(−2ηb), b = √(2/π) λ₁/σ")
      .equals(fall / span, {.value = -2.0 * problem.learning_rate * phase_3_rate(problem, 0)})
      .margin(relative(0.05),
              "Erf is linear to Y²/3, and the noise adds O(η/k): both below 5 % of the exponent at k ≥ 10⁵");
}

void claim_of_sgd_as_printed(const Problem& sgd, std::uint64_t iterations, Findings& out) {
  out.claim("sgd/p=1/rate-as-printed")
      .of("remark-3.9")
      .says("For SGD too the printed hypotheses, met by η_t = 1/(t+1), give E f ≲ (L_τ σ²/(4μ)) η η_t")
      .at_most(Asked("exact-recursion", sgd).loss_curve()(static_cast<double>(iterations)).value,
               {.value = theory::scheduled_sgd_bound(scheduled_loss(sgd), sgd.rate_factor(iterations))})
      .margin(asymptotic)
      .is_refuted();
}

void claim_of_sgd(const Problem& sgd, double p, const PredictedCurve& exact, std::uint64_t iterations,
                  Findings& out) {
  const auto last = static_cast<double>(iterations);
  const double lag = theory::polynomial_rate_ratio(p, last) / (sgd.learning_rate * sgd.spectrum().minCoeff());
  const double discrete =
      0.6 * sgd.learning_rate * sgd.rate_factor(iterations) * sgd.curvatures()(sgd.dimension() - 1);
  out.claim(fmt::format("sgd/p={}", p))
      .of("remark-3.9", Wording::corrected)
      .says("E f of SGD → (σ² d/4) η η_t, the remark after Lemma 3.9 made sharp for diagonal H")
      .equals(exact(last).value, Asked("lemma-3.9-sgd-asymptote", until(sgd, iterations)).loss_curve()(last))
      .margin(relative(discrete + 2.0 * lag),
              "ηη_tλ/2 of the discrete steps, and the lag behind the schedule, η_t′/(η η_t² μ)");
}

Figure figure(const Problem& problem, const Simulated& optimizer, const std::vector<double>& iterations) {
  const theory::ScheduledLoss lemma = scheduled_loss(problem);
  const PredictedCurve bound = [=](double iteration) -> Prediction {
    const double factor = problem.rate_factor(static_cast<std::uint64_t>(iteration));
    return {.value = theory::scheduled_signsgd_bound(lemma, factor)};
  };
  return {.id = "schedules",
          .title = "The schedule 1/(t+1) and the rate of Lemma 3.9",
          .caption =
              "SignSGD: mean and one standard deviation over the runs. The loss goes to 0, but not at "
              "the printed rate.",
          .x = {.label = "iteration k", .logarithmic = true},
          .y = {.label = "f(x)", .logarithmic = true},
          .series = {optimizer.banded("f", "SignSGD, η_t = 1/(t+1)", Role::optimizer, 0),
                     drawn(Asked("sign-closure", problem).loss_curve(), iterations, "Gaussian closure",
                           Role::theory, 5),
                     drawn(bound, iterations, "rate as printed", Role::bound, 1)}};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "sgd_powers");
  const std::uint64_t iterations = settings.count("iterations");
  const std::vector<std::uint64_t> steps = logarithmic_steps(iterations, 100);
  const std::vector<double> drawn_at(steps.begin(), steps.end());
  const Problem problem =
      with_power(quadratic_problem({.name = "signsgd"}, settings.list("curvatures"), settings.scalar("sigma"),
                                   settings.scalar("eta"), settings.point("x0")),
                 1.0);
  const Simulated optimizer = simulations.optimizer(
      "SignSGD, η_t = 1/(t+1)", problem,
      {.recording = {.steps = logarithmic_steps(std::max<std::uint64_t>(100, iterations / 10), 60)},
       .runs = settings.count("runs"),
       .stream = "SignSGD"});
  return [=](Findings& out) {
    claim_of_loss(problem, optimizer, iterations, out);
    claim_of_rate(problem, iterations, out);
    const Problem sgd = with_optimizer(problem, {.name = "sgd"});
    claim_of_sgd_as_printed(sgd, iterations, out);
    Figure schedules = figure(problem, optimizer, drawn_at);
    int colour = 2;
    for (const double p : settings.list("sgd_powers")) {
      const Problem scheduled = with_power(sgd, p);
      const PredictedCurve exact = Asked("exact-recursion", scheduled).loss_curve();
      const Asked remark("lemma-3.9-sgd-bound", until(scheduled, iterations));
      schedules.series.push_back(
          drawn(exact, drawn_at, fmt::format("SGD, exact, p = {}", p), Role::theory, colour));
      schedules.series.push_back(
          drawn(remark.loss_curve(), drawn_at, fmt::format("SGD, remark, p = {}", p), Role::bound, colour++));
      claim_of_sgd(scheduled, p, exact, iterations, out);
    }
    out.show(std::move(schedules));
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
