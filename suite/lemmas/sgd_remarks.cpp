#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "reference/theory/lemma_3_9.hpp"
#include "reference/theory/lemma_e_2.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/adaptive_run.hpp"
#include "suite/study/ingredients.hpp"
#include "suite/study/oracles.hpp"

namespace sdelens {
namespace {

const Source source_107{.paper = "A", .item = "Remark with (107)-(108)"};
const Source source_39{.paper = "A", .item = "Lemma 3.9, remark on SGD"};

RateFactor power(double p) {
  return [p](std::uint64_t k) { return std::pow(static_cast<double>(k) + 1.0, -p); };
}

/// (107)-(108): SGD's asymptotic loss against RMSprop's as learning rate and batch size are scaled.
void judge_scaling(const Settings& settings, Findings& out) {
  const std::vector<double> curvatures = settings.list("curvatures");
  const double eta = settings.scalar("scaling_eta");
  const double sigma = settings.scalar("scaling_sigma");
  const double largest = std::ranges::max(curvatures);
  const theory::SgdLoss lemma{.learning_rate = eta,
                              .strong_convexity = std::ranges::min(curvatures),
                              .hessian_trace = std::accumulate(curvatures.begin(), curvatures.end(), 0.0),
                              .largest_sigma = sigma,
                              .start_loss = 0.0};
  const SeparableQuadratic base{curvatures, sigma, eta, {}};
  const AdaptiveRun rmsprop{.optimizer = "rmsprop",
                            .curvatures = curvatures,
                            .learning_rate = eta,
                            .sigma = sigma,
                            .beta_1 = 0.0,
                            .beta_2 = 0.0};
  Figure figure{
      .id = "scaling",
      .title = "Asymptotic loss of SGD and RMSprop against the batch size",
      .caption =
          "Loss over that of the base run at learning rate κη and batch size δB: SGD exactly, RMSprop "
          "by the mean-field fixed point. Dotted: κ/δ for SGD (107), κ/√δ for RMSprop (108).",
      .x = {.label = "δ", .logarithmic = true},
      .y = {.label = "loss over that of the base run", .logarithmic = true}};
  int colour = 0;
  for (const double kappa : settings.list("kappas")) {
    Series sgd{.label = fmt::format("SGD, κ = {}", kappa), .role = Role::optimizer, .colour = colour};
    Series sgd_law{.label = fmt::format("κ/δ, κ = {}", kappa), .role = Role::theory, .colour = colour};
    Series other{
        .label = fmt::format("RMSprop, κ = {}", kappa), .role = Role::optimizer, .colour = colour + 1};
    Series other_law{.label = fmt::format("κ/√δ, κ = {}", kappa), .role = Role::theory, .colour = colour + 1};
    for (const double delta : settings.list("deltas")) {
      const theory::AdaptiveScaling scaling{.learning_rate_scale = kappa, .batch_size_scale = delta};
      const std::string tag = fmt::format("kappa={}/delta={}", kappa, delta);
      const double rescaled_sigma = sigma / std::sqrt(delta);
      const double loss = stationary_sgd_loss({curvatures, rescaled_sigma, kappa * eta, {}});
      out.expect({.id = "107/bound/" + tag,
                  .statement = "SGD's asymptotic loss is at most (η/2)(κ/δ)L_τσ²/(2μ), (107)",
                  .source = source_107,
                  .lemmas = {"remark-107"},
                  .relation = Relation::at_most,
                  .margin = {.relative = 0.6 * kappa * eta * largest},
                  .margin_reason = "first order: 1/(1 − κηλ/2)"},
                 {.value = theory::scaled_sgd_loss_bound(lemma, scaling, theory::SgdClock::base).limit},
                 exactly(loss));
      const double ratio = loss / stationary_sgd_loss(base);
      out.expect({.id = "107/sgd/" + tag,
                  .statement = "SGD's asymptotic loss is proportional to κ/δ",
                  .source = source_107,
                  .lemmas = {"remark-107"},
                  .margin = {.relative = 0.6 * std::abs(kappa - 1.0) * eta * largest + 1e-12},
                  .margin_reason = "first order: (1 − ηλ/2)/(1 − κηλ/2); rounding"},
                 {.value = kappa / delta}, exactly(ratio));
      AdaptiveRun run = rmsprop;
      run.learning_rate *= kappa;
      run.sigma = rescaled_sigma;
      const double other_ratio = run.mean_field_loss() / rmsprop.mean_field_loss();
      out.expect({.id = "108/rmsprop/" + tag,
                  .statement = "RMSprop's asymptotic loss is proportional to κ/√δ",
                  .source = source_107,
                  .lemmas = {"remark-107"},
                  .margin = {.relative = 0.35 * std::max(run.ratio(), rmsprop.ratio())},
                  .margin_reason = "first order: 0.35 ηλ/σ, the larger of both runs"},
                 {.value = kappa / std::sqrt(delta), .error = 2.0 * mean_field_margin * other_ratio},
                 exactly(other_ratio));
      sgd.x.push_back(delta);
      sgd.y.push_back(ratio);
      sgd_law.x.push_back(delta);
      sgd_law.y.push_back(kappa / delta);
      other.x.push_back(delta);
      other.y.push_back(other_ratio);
      other_law.x.push_back(delta);
      other_law.y.push_back(kappa / std::sqrt(delta));
    }
    for (Series* series : {&sgd, &sgd_law, &other, &other_law}) figure.series.push_back(std::move(*series));
    colour += 2;
  }
  out.show(std::move(figure));
}

Judgement design(const Settings& settings, Simulations& simulations) {
  for (const char* const name : {"kappas", "deltas", "powers"}) require_distinct(settings, name);
  const SeparableQuadratic problem{settings.list("curvatures"), settings.scalar("sigma"),
                                   settings.scalar("eta"), settings.list("x0")};
  const double eta = problem.learning_rate;
  const std::uint64_t iterations = settings.count("iterations");
  const std::vector<std::uint64_t> steps = logarithmic_steps(iterations, 80);
  const std::vector<std::uint64_t> simulated_steps =
      logarithmic_steps(std::max<std::uint64_t>(100, iterations / 100), 40);
  const double simulated_power = settings.list("powers").front();
  Model model = quadratic_with_gaussian_noise(problem.curvatures, problem.sigma, eta);
  model.schedule = make_schedule("polynomial", {{"power", {simulated_power}}});
  const std::string name = fmt::format("SGD, p = {}", simulated_power);
  const auto sgd =
      simulations.add(name, model.optimizer("sgd", {}, settings.point("x0"), simulations.stream("SGD")),
                      model.observables(), {.steps = simulated_steps}, settings.count("runs"));

  return [=](Findings& out) {
    judge_scaling(settings, out);

    const auto [least, largest] = std::ranges::minmax(problem.curvatures);
    const theory::ScheduledLoss lemma{
        .learning_rate = eta,
        .strong_convexity = least,
        .hessian_trace = std::accumulate(problem.curvatures.begin(), problem.curvatures.end(), 0.0),
        .sigma = problem.sigma,
        .dimension = static_cast<double>(problem.curvatures.size())};
    Figure figure{.id = "schedules",
                  .title = "SGD with the learning rate η(k + 1)^−p",
                  .caption =
                      "Exact E f, simulated too for the first p, and the rate of the remark, (L_τσ²/(4μ)) η "
                      "η_t. At p = 1 the hypotheses of Lemma 3.9 hold and the rate "
                      "does not.",
                  .x = {.label = "iteration k", .logarithmic = true},
                  .y = {.label = "f(x)", .logarithmic = true}};
    int colour = 0;
    const auto draw = [&](double p, const ExactMoments& exact) {
      figure.series.push_back(curve(fmt::format("SGD, exact, p = {}", p), Role::theory, colour, steps,
                                    [&](std::size_t place) { return exact.loss[place]; }));
      figure.series.push_back(curve(
          fmt::format("remark, p = {}", p), Role::bound, colour, steps,
          [&](std::size_t place) { return theory::scheduled_sgd_bound(lemma, power(p)(steps[place])); }));
      ++colour;
    };
    const auto end = static_cast<double>(iterations);
    for (const double p : settings.list("powers")) {
      const ExactMoments exact = exact_sgd(problem, steps, power(p));
      const double factor = power(p)(iterations);
      // The loss lags behind the schedule by the time that it takes to relax, 1 / (2 eta eta_t mu).
      const double lag = theory::polynomial_rate_ratio(p, end) / (2.0 * eta * least);
      const Bound margin{.relative = 0.6 * eta * factor * largest + 2.0 * lag};
      const char* const reason =
          "ηη_tλ/2 of the discrete steps, and twice the lag behind the schedule, η_t′/(2ηη_t²μ)";
      out.expect(
          {.id = fmt::format("3.9/bound/p={}", p),
           .statement = "Where η_t′/η_t² → 0 too, E f of SGD is asymptotically at most (L_τσ²/(4μ)) η η_t",
           .source = source_39,
           .lemmas = {"remark-3.9"},
           .wording = Wording::corrected,
           .relation = Relation::at_most,
           .margin = margin,
           .margin_reason = reason},
          {.value = theory::scheduled_sgd_bound(lemma, factor)}, exactly(exact.loss.back()));
      out.expect(
          {.id = fmt::format("3.9/asymptote/p={}", p),
           .statement = "It is asymptotically (σ²d/4) η η_t for every diagonal H: the constant is right, and "
                        "sharp for H = λI",
           .source = source_39,
           .lemmas = {"remark-3.9"},
           .wording = Wording::corrected,
           .margin = margin,
           .margin_reason = reason},
          {.value = theory::scheduled_sgd_asymptote(lemma, factor)}, exactly(exact.loss.back()));
      draw(p, exact);
    }
    const ExactMoments harmonic = exact_sgd(problem, steps, power(1.0));
    out.expect({.id = "3.9/rate-as-printed",
                .statement =
                    "η_t = 1/(t + 1) meets the hypotheses of Lemma 3.9 (∫η_s ds = ∞, η_t → 0), so E f of SGD "
                    "is asymptotically at most (L_τσ²/(4μ)) η η_t",
                .source = source_39,
                .lemmas = {"remark-3.9"},
                .relation = Relation::at_most,
                .margin = {.relative = 1.0},
                .margin_reason = "an asymptotic bound: a factor of two is granted",
                .expected = Verdict::fail},
               {.value = theory::scheduled_sgd_bound(lemma, power(1.0)(iterations))},
               exactly(harmonic.loss.back()));
    draw(1.0, harmonic);
    const ExactMoments simulated_exact = exact_sgd(problem, simulated_steps, power(simulated_power));
    out.expect({.id = "3.9/simulation",
                .statement = "Simulated SGD with a schedule has the loss of its exact recursion",
                .source = source_39,
                .resolution = {.relative = 0.15}},
               along(*sgd, "f", eta, spread(simulated_steps.size(), 5), mean_of,
                     [&](std::size_t place) { return simulated_exact.loss[place]; }),
               {sgd});
    figure.series.push_back(mean_curve(*sgd, "f", eta, name, Role::optimizer, colour, false));
    out.show(std::move(figure));
  };
}

const Register<Experiment> sgd_remarks{{
    .name = "sgd-remarks",
    .title = "The remarks on SGD",
    .summary =
        "(107)-(108): SGD's asymptotic loss goes with κ/δ where RMSprop's goes with κ/√δ. And after Lemma "
        "3.9: "
        "with a schedule SGD's loss is asymptotically at most (L_τσ²/(4μ)) η η_t, which needs η_t′/η_t² → 0 "
        "beside the printed hypotheses. All by exact recursion.",
    .source = {.paper = "A", .item = "Remarks on SGD: (107)-(108) and after Lemma 3.9"},
    .lemmas = {"remark-107", "remark-3.9"},
    .settings = {chosen("eta", {1e-2}, Range::positive(),
                        "learning rate η under the schedule, as in Figure 2"),
                 chosen("sigma", {0.1}, Range::positive(),
                        "standard deviation of the gradient noise, as in Figure 2"),
                 chosen("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures), as in Figure 2"),
                 chosen("x0", {0.01, 0.01}, Range::finite(), "start, as in Figure 2"),
                 chosen("powers", {0.1, 0.5}, {.low = 0.0, .high = 1.0},
                        "p of the schedules (k + 1)^−p; the first is simulated, too"),
                 chosen("scaling_eta", {1e-3}, Range::positive(),
                        "learning rate η of the base run for (107)-(108)"),
                 chosen("scaling_sigma", {1.0}, Range::positive(), "and its gradient noise"),
                 chosen("kappas", {0.5, 2.0}, Range::positive(), "scales κ of the learning rate"),
                 chosen("deltas", {1.0, 2.0, 4.0, 16.0}, Range::positive(), "scales δ of the batch size"),
                 chosen("iterations", {1e6}, Range::at_least(1000),
                        "iterations of the calculations; a hundredth is simulated"),
                 chosen("runs", {4096}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
