#include "reference/theory/lemma_e_3.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"
#include "suite/study/oracles.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "E.3"};

/// The stationary variance of SGDW, exactly.
double exact_variance(double curvature, double sigma, double eta, double gamma) {
  return stationary_sgd_loss({{curvature}, sigma, eta, {0.0}}, gamma) * 2.0 / curvature;
}

/// Steps of the SDE in the time of one iteration, where its loss is compared with the bound at every time.
constexpr std::uint64_t kFineSteps = 4;

/// SGDW rescaled with H = lambda I and Sigma = sigma^2 I, where nothing is lost in the bound of E.3.
struct Isotropic {
  theory::SgdWLoss lemma;
  SeparableQuadratic problem;  ///< rescaled
  std::vector<std::uint64_t> steps;
};

/// The bound is E f of the SDE, and to first order in eta that of SGDW.
void expect_equality(Findings& out, const Isotropic& at, const std::shared_ptr<const Ensemble>& sde) {
  const theory::LossBound bound = theory::sgdw_loss_bound(at.lemma);
  const ExactMoments exact = exact_sgd(at.problem, at.steps, {}, at.lemma.weight_decay);
  const double x = at.problem.learning_rate * (at.problem.curvatures.front() + at.lemma.weight_decay);
  const double dt = x / static_cast<double>(kFineSteps);
  std::vector<Comparison> recursion, equation;
  for (const std::size_t place : spread(at.steps.size(), 8)) {
    const auto k = static_cast<double>(at.steps[place]);
    const double expected = bound.at(k * at.lemma.learning_rate);
    // (1 - x)^{2k} = e^{-2u} (1 - u x (1 + 2x/3 + ...)) with u = k x, and u dt^2/3 of the scheme.
    const double transient = std::max(bound.start, bound.limit) * k * x * std::exp(-2.0 * k * x);
    const std::string where = fmt::format("k = {}", at.steps[place]);
    recursion.push_back({.where = where,
                         .prediction = {.value = expected, .error = x * (1.0 + x) * transient},
                         .measurement = exactly(exact.loss[place])});
    equation.push_back({.where = where,
                        .prediction = {.value = expected, .error = dt * dt / 3.0 * transient},
                        .measurement = mean_of(sde->at(place, "f"))});
  }
  const std::string tag = fmt::format("/gamma={}", at.lemma.weight_decay);
  out.expect(
      {.id = "equality" + tag,
       .statement = "For H = λI and Σ = σ²I the bound of E.3 is the loss of SGDW, to first order in η",
       .source = source,
       .lemmas = {"E.3"},
       .margin = {.relative = 0.6 * x},
       .margin_reason = "first order, x = κη(λ + γ): 1/(1 − x/2) in the limit, and (1 − x)^(2k) against "
                        "e^(−2xk) before"},
      std::move(recursion));
  out.expect({.id = "equality-sde" + tag,
              .statement = "For H = λI and Σ = σ²I the bound of E.3 is the loss of the SDE (201)",
              .source = source,
              .lemmas = {"E.3"},
              .margin = {.relative = dt * dt},
              .margin_reason = "bias of the weak order-2 integrator, (κη(λ + γ)/4)²",
              .resolution = {.relative = dt * dt + 0.08}},
             std::move(equation), {sde});
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "curvatures");
  require_distinct(settings, "gammas");
  const std::vector<double> curvatures = settings.list("curvatures");
  const std::vector<double> gammas = settings.list("gammas");
  const double eta = settings.scalar("eta");
  const double sigma = settings.scalar("sigma");
  const double kappa = settings.scalar("kappa");
  const double rescaled_sigma = sigma / std::sqrt(kappa);
  const std::uint64_t iterations = settings.count("iterations");
  const std::vector<std::uint64_t> steps = even_steps(iterations, 100);
  const Point start = settings.point("x0");
  const Model model = quadratic_with_gaussian_noise(curvatures, rescaled_sigma, kappa * eta);

  const std::vector<double> alike(curvatures.size(), settings.scalar("isotropic"));
  // Apart from kappa, so that a wrong power of either shows.
  const double isotropic_delta = settings.scalar("isotropic_delta");
  const double isotropic_sigma = sigma / std::sqrt(isotropic_delta);
  const Model isotropic = quadratic_with_gaussian_noise(alike, isotropic_sigma, kappa * eta);

  struct Simulated {
    double gamma;
    std::shared_ptr<const Ensemble> optimizer, sde, isotropic_sde;
  };
  std::vector<Simulated> simulated;
  for (const double gamma : gammas) {
    const Parameters parameters{{"gamma", {gamma}}};
    const std::string name = fmt::format("SGDW, κ = δ, γ = {}", gamma);
    const std::string equation = fmt::format("SDE (201), κ = δ, γ = {}", gamma);
    const std::string isotropic_equation =
        fmt::format("SDE (201), H = λI, δ = {}, γ = {}", isotropic_delta, gamma);
    simulated.push_back(
        {.gamma = gamma,
         .optimizer =
             simulations.add(name, model.optimizer("sgdw", parameters, start, simulations.stream(name)),
                             model.observables(), {.steps = steps}, settings.count("runs")),
         .sde = simulations.add(
             equation, model.sde("sgdw", parameters, "weak-order-2", 1, start, simulations.stream(equation)),
             model.observables(), {.steps = steps}, settings.count("runs")),
         .isotropic_sde = simulations.add(isotropic_equation,
                                          isotropic.sde("sgdw", parameters, "weak-order-2", kFineSteps, start,
                                                        simulations.stream(isotropic_equation)),
                                          isotropic.observables(), {.steps = scaled(steps, kFineSteps)},
                                          settings.count("runs"))});
  }

  return [=](Findings& out) {
    const double trace = std::accumulate(curvatures.begin(), curvatures.end(), 0.0);
    const auto [least, largest] = std::ranges::minmax(curvatures);
    const double start_loss =
        0.5 * Eigen::Map<const Point>(curvatures.data(), start.size()).dot(start.cwiseAbs2());
    const theory::AdaptiveScaling rule{.learning_rate_scale = kappa, .batch_size_scale = kappa};
    theory::AdaptiveScaling printed_rule = rule;
    printed_rule.weight_decay_scale = kappa;
    Figure ratios{
        .id = "ratios",
        .title = "SGDW at κ = δ: stationary variance over that of the base run",
        .caption = fmt::format(
            "Exact stationary variances at κ = δ = {}, for each curvature λ, against the weight decay γ of "
            "the base run: with γ as it was, and with κγ as E.3 demands. Kept means 1.",
            kappa),
        .x = {.label = "γ", .logarithmic = true},
        .y = {.label = "Var x over that of the base run", .low = 0.5, .high = 1.1}};
    int colour = 0;
    for (const double curvature : curvatures) {
      Series same{.label = fmt::format("γ, λ = {}", curvature), .role = Role::theory, .colour = 2 * colour};
      Series scaled_decay{
          .label = fmt::format("κγ, λ = {}", curvature), .role = Role::theory, .colour = 2 * colour + 1};
      for (const double gamma : gammas) {
        const std::string tag = fmt::format("lambda={}/gamma={}", curvature, gamma);
        const double base = exact_variance(curvature, sigma, eta, gamma);
        const double kept = exact_variance(curvature, rescaled_sigma, kappa * eta, gamma) / base;
        const double lost = exact_variance(curvature, rescaled_sigma, kappa * eta, kappa * gamma) / base;
        const double small = eta * (curvature + kappa * gamma);
        const Bound margin{.relative = 0.6 * std::abs(kappa - 1.0) * eta * (curvature + gamma)};
        const char* const reason = "first order: (1 − η(λ + γ)/2)/(1 − κη(λ + γ)/2)";
        out.expect({.id = "kept/" + tag,
                    .statement = "κ = δ with γ unchanged keeps the stationary variance of SGDW",
                    .source = source,
                    .lemmas = {"E.3"},
                    .wording = Wording::corrected,
                    .margin = margin,
                    .margin_reason = reason},
                   {.value = 1.0}, exactly(kept));
        out.expect(
            {.id = "decay-scaled-keeps/" + tag,
             .statement = "To keep the stationary variance at κ = δ it is imperative to scale γ by κ, so "
                          "that with κγ it is kept",
             .source = source,
             .lemmas = {"E.3"},
             .margin = margin,
             .margin_reason = reason,
             .expected = Verdict::fail},
            {.value = 1.0}, exactly(lost));
        out.expect({.id = "decay-scaled/" + tag,
                    .statement = "With κγ it changes by (λ + γ)/(λ + κγ), as the bound of E.3 itself says",
                    .source = source,
                    .lemmas = {"E.3"},
                    .wording = Wording::corrected,
                    .margin = {.relative = 0.6 * kappa * small},
                    .margin_reason = "first order: κη(λ + κγ)/2"},
                   {.value = (curvature + gamma) / (curvature + kappa * gamma)}, exactly(lost));
        same.x.push_back(gamma);
        same.y.push_back(kept);
        scaled_decay.x.push_back(gamma);
        scaled_decay.y.push_back(lost);
      }
      ratios.series.push_back(std::move(same));
      ratios.series.push_back(std::move(scaled_decay));
      ++colour;
    }
    out.show(std::move(ratios));

    for (const Simulated& entry : simulated) {
      const std::string tag = fmt::format("gamma={}", entry.gamma);
      theory::SgdWLoss lemma{.learning_rate = eta,
                             .strong_convexity = least,
                             .smoothness = largest,
                             .hessian_trace = trace,
                             .largest_sigma = sigma,
                             .weight_decay = entry.gamma,
                             .start_loss = start_loss,
                             .scaling = rule};
      const theory::LossBound bound = theory::sgdw_loss_bound(lemma);
      const SeparableQuadratic problem{curvatures, rescaled_sigma, kappa * eta, settings.list("x0")};
      const ExactMoments exact = exact_sgd(problem, steps, {}, entry.gamma);
      const double base_loss =
          stationary_sgd_loss({curvatures, sigma, eta, settings.list("x0")}, entry.gamma);
      const double fastest = kappa * eta * (largest + entry.gamma);
      const auto places = spread(steps.size(), 8);
      const auto time = [&](std::size_t place) { return static_cast<double>(steps[place]) * eta; };
      out.expect({.id = "bound/" + tag,
                  .statement = "E S_t ≤ S∞ + (S₀ − S∞)e^(−κ(2μ + ξγ(1 + μ/L))t), "
                               "S∞ = (η/2)(κ/δ)L_τσ²/(2μ + ξγ(1 + μ/L)), for SGDW itself",
                  .source = source,
                  .lemmas = {"E.3"},
                  .relation = Relation::at_most,
                  .margin = {.relative = 0.6 * fastest},
                  .margin_reason = "first order: κη(λ + γ)/2"},
                 exactly_along(
                     steps, places, [&](std::size_t place) { return exact.loss[place]; },
                     [&](std::size_t place) { return bound.at(time(place)); }));
      theory::SgdWLoss unscaled = lemma;
      unscaled.scaling = {};
      theory::SgdWLoss as_printed = lemma;
      as_printed.scaling = printed_rule;
      const double base_limit = theory::sgdw_loss_bound(unscaled).limit;
      out.expect({.id = "bound-kept/" + tag,
                  .statement = "The limit of the bound of E.3 is kept by κ = δ with γ unchanged",
                  .source = source,
                  .lemmas = {"E.3"},
                  .wording = Wording::corrected,
                  .relation = Relation::identity,
                  .margin = {.relative = 1e-12},
                  .margin_reason = "rounding"},
                 {.value = base_limit}, exactly(bound.limit));
      out.expect({.id = "bound-decay-scaled-keeps/" + tag,
                  .statement = "The limit of the bound of E.3 is kept by κ = δ with κγ",
                  .source = source,
                  .lemmas = {"E.3"},
                  .relation = Relation::identity,
                  .margin = {.relative = 1e-12},
                  .margin_reason = "rounding",
                  .expected = Verdict::fail},
                 {.value = base_limit}, exactly(theory::sgdw_loss_bound(as_printed).limit));
      out.expect({.id = "simulation/" + tag,
                  .statement = "Simulated SGDW at κ = δ has the loss of its exact recursion",
                  .source = source,
                  .resolution = {.relative = 0.1}},
                 along(*entry.optimizer, "f", kappa * eta, places, mean_of,
                       [&](std::size_t place) { return exact.loss[place]; }),
                 {entry.optimizer});
      theory::SgdWLoss isotropic_lemma = lemma;
      isotropic_lemma.strong_convexity = isotropic_lemma.smoothness = alike.front();
      isotropic_lemma.hessian_trace = alike.front() * static_cast<double>(alike.size());
      isotropic_lemma.scaling.batch_size_scale = isotropic_delta;
      isotropic_lemma.start_loss = 0.5 * alike.front() * start.squaredNorm();
      expect_equality(out,
                      {.lemma = isotropic_lemma,
                       .problem = {alike, isotropic_sigma, kappa * eta, settings.list("x0")},
                       .steps = steps},
                      entry.isotropic_sde);
      for (std::size_t i = 0; i < curvatures.size(); ++i) {
        const double rate = kappa * eta * (curvatures[i] + entry.gamma);
        out.expect({.id = fmt::format("sde/{}/x{}", tag, i + 1),
                    .statement = "The stationary variance of the SDE (201) is (κη/(2δ))σ²/(λ + ξγ)",
                    .source = source,
                    .lemmas = {"E.3"},
                    .margin = {.relative = rate * rate},
                    .margin_reason = "bias of the weak order-2 integrator, (κη(λ + γ))²",
                    .resolution = {.relative = rate * rate + 0.08}},
                   {.value = theory::sgdw_sde_variance(lemma, curvatures[i])},
                   variance_of(entry.sde->at(steps.size() - 1, fmt::format("x{}", i + 1))), {entry.sde});
      }
      out.show(
          {.id = fmt::format("loss-gamma-{}", entry.gamma),
           .title = fmt::format("SGDW at κ = δ with γ = {} unchanged", entry.gamma),
           .caption = fmt::format(
               "Mean of f over the runs of SGDW and of its SDE (201) at κ = δ = {}, the exact recursion, and "
               "the bound of E.3. Dotted level: exact asymptotic loss of the base run, κ = δ = 1.",
               kappa),
           .x = {.label = "iteration k"},
           .y = {.label = "f(x)", .logarithmic = true},
           .series = {
               mean_curve(*entry.optimizer, "f", kappa * eta, "SGDW", Role::optimizer, 0, false),
               mean_curve(*entry.sde, "f", kappa * eta, "SDE (201)", Role::sde, 1, false),
               curve("exact recursion", Role::theory, 2, steps,
                     [&](std::size_t place) { return exact.loss[place]; }),
               curve("base run, asymptotic", Role::theory, 3, steps, [&](std::size_t) { return base_loss; }),
               curve("bound of E.3", Role::bound, 4, steps,
                     [&](std::size_t place) { return bound.at(time(place)); })}});
    }
  };
}

const Register<Experiment> lemma_e_3{{
    .name = "lemma-e.3",
    .title = "Rescaled SGDW: the weight decay stays as it is",
    .summary =
        "E.3 concludes that rescaling SGD with decoupled weight decay makes it imperative to scale γ by κ. "
        "By its own bound, and exactly, it is the other way round: κ = δ with γ unchanged keeps the loss, "
        "and "
        "scaling γ lowers it by up to 40 % here. For H = λI and Σ = σ²I the bound is an equality, of SGDW to "
        "first "
        "order in η and of the SDE (201) without a remainder.",
    .source = source,
    .lemmas = {"E.3"},
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η of the base run, as in Figure 6"),
                 chosen("sigma", {0.5}, Range::positive(), "standard deviation of its gradient noise"),
                 chosen("curvatures", {1.0, 3.0}, Range::positive(), "H = diag(curvatures), as in Figure 5"),
                 chosen("isotropic", {2.0}, Range::positive(), "λ of H = λI, where the bound is an equality"),
                 chosen("isotropic_delta", {8.0}, Range::positive(), "scale δ of the batch size there"),
                 chosen("gammas", {0.5, 4.0}, Range::positive(), "weight decays γ of the base run"),
                 chosen("kappa", {2.0}, Range::positive(),
                        "scale κ of the learning rate, and of the batch size"),
                 chosen("x0", {1.0, 1.0}, Range::finite(), "start, so that the transient is seen"),
                 chosen("iterations", {500}, Range::at_least(100), "iterations"),
                 chosen("runs", {8192}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
