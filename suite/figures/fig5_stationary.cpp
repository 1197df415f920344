#include <fmt/format.h>

#include <cmath>

#include "reference/theory/lemma_3_14.hpp"
#include "sdelens/exact/sde_mean_field.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Figure 5, right"};

constexpr const char* last_half = "last half";

std::string axis(Index i) { return fmt::format("x{}", i + 1); }

/// A process that is simulated, in the ids and texts of its claims.
struct Shown {
  std::string id;
  std::string label;
  Role role;
  Simulated simulated;

  Measurement variance(Index i) const {
    return simulated.of_averages(last_half, {axis(i), axis(i) + "^2"}, [](const std::vector<double>& means) {
      return means[1] - means[0] * means[0];
    });
  }
};

/// An optimizer and its SDE as the paper integrates it, with dt = eta, and finely.
struct Method {
  Problem problem;
  Shown optimizer;
  Shown coarse{}, fine{};
};

struct Methods {
  Method adamw, rmspropw;
  Shown corrected_coarse, corrected_fine;  ///< the SDE of AdamW with the noise of the fresh gradient
};

Problem problem_of(Choice optimizer, const Settings& settings) {
  return quadratic_problem(std::move(optimizer), settings.list("curvatures"), settings.scalar("sigma"),
                           settings.scalar("eta"), settings.point("x0"));
}

Problem adamw_problem(const Settings& settings) {
  return problem_of({.name = "adamw",
                     .given = {{"beta_1", settings.list("beta_1")},
                               {"beta_2", settings.list("beta_2")},
                               {"gamma", settings.list("gamma")}}},
                    settings);
}

Problem rmspropw_problem(const Settings& settings) {
  const double sigma = settings.scalar("sigma");
  return problem_of({.name = "rmspropw",
                     .given = {{"beta", settings.list("beta")},
                               {"gamma", settings.list("gamma")},
                               {"initial_v", {sigma * sigma}}}},
                    settings);
}

Observable square_of_coordinate(Index i) {
  return {.name = axis(i) + "^2",
          .evaluate = [i](In state, OutColumn value) { value = state.col(i).square(); }};
}

Ordered recorded(const Problem& problem, std::uint64_t steps, const std::string& stream,
                 const Settings& settings) {
  const std::uint64_t iterations = settings.count("iterations");
  std::vector<Observable> observables = coordinates_and_loss(problem.loss);
  for (const Index i : problem.coordinates()) observables.push_back(square_of_coordinate(i));
  return {.recording = {.steps = scaled(logarithmic_steps(iterations, 60), steps),
                        .windows = {{.name = last_half,
                                     .first = iterations / 2 * steps,
                                     .last = iterations * steps,
                                     .every = 2 * steps}}},
          .runs = settings.count("runs"),
          .observables = std::move(observables),
          .stream = stream};
}

/// Orders ensembles of one experiment.
struct Orders {
  const Settings& settings;
  Simulations& simulations;

  Method optimizer(const std::string& label, const Problem& problem) const {
    return {.problem = problem,
            .optimizer = {"optimizer", label, Role::optimizer,
                          simulations.optimizer(label, problem, recorded(problem, 1, label, settings))}};
  }
  /// The SDE of that name with the parameters of the optimizer. The normals of Euler-Maruyama with one step an iteration
  /// are those of the optimizer's stream.
  Shown equation(const std::string& id, const std::string& label, const std::string& name,
                 const Problem& problem, std::uint64_t steps, const std::string& stream) const {
    const SdeChoice sde{.sde = {.name = name, .given = problem.optimizer.given},
                        .integrator = "euler-maruyama",
                        .steps_per_iteration = steps};
    return {id, label, Role::sde,
            simulations.sde(label, problem, sde, recorded(problem, steps, stream, settings))};
  }
};

Methods order(const Settings& settings, Simulations& simulations) {
  const Orders orders{settings, simulations};
  const std::uint64_t fine = settings.count("fine_steps");
  const std::string fine_text = fmt::format("dt = η/{}", fine);
  Method adamw = orders.optimizer("AdamW", adamw_problem(settings));
  Method rmspropw = orders.optimizer("RMSpropW", rmspropw_problem(settings));
  rmspropw.coarse =
      orders.equation("coarse", "SDE of RMSpropW, dt = η", "rmspropw", rmspropw.problem, 1, "RMSpropW");
  rmspropw.fine = orders.equation("fine", "SDE of RMSpropW, " + fine_text, "rmspropw", rmspropw.problem, fine,
                                  "RMSpropW fine");
  adamw.coarse = orders.equation("coarse", "SDE of AdamW, dt = η", "adamw", adamw.problem, 1, "AdamW");
  adamw.fine =
      orders.equation("fine", "SDE of AdamW, " + fine_text, "adamw", adamw.problem, fine, "AdamW fine");
  const Problem problem = adamw.problem;
  return {.adamw = std::move(adamw),
          .rmspropw = std::move(rmspropw),
          .corrected_coarse = orders.equation("corrected", "corrected SDE of AdamW, dt = η",
                                              "adamw-corrected", problem, 1, "AdamW"),
          .corrected_fine = orders.equation("corrected", "corrected SDE of AdamW, " + fine_text,
                                            "adamw-corrected", problem, fine, "AdamW corrected")};
}

/// The statement about the stationary law of the problem's optimizer.
std::string number_of(const Problem& problem) { return problem.optimizer.name == "adamw" ? "3.14" : "C.24"; }

/// What it says of the optimizer.
std::string entry_of(const Problem& problem) {
  return problem.optimizer.name == "adamw" ? "lemma-3.14" : "lemma-C.24";
}
Prediction variance_of_lemma(const Problem& problem, Index i) {
  return Asked(entry_of(problem), problem).variance(i);
}

/// With the error of the mean field that it is compared with.
Prediction variance_beside_closure(const Problem& problem, Index i, double mean_field_variance) {
  Prediction result = variance_of_lemma(problem, i);
  result.error = mean_field_margin().bound.relative * mean_field_variance;
  return result;
}

void claims_of_optimizer(const Method& method, Index i, Findings& out) {
  const Problem& problem = method.problem;
  const std::string& label = method.optimizer.label;
  const std::string tag = problem.optimizer.name + "/" + axis(i);
  const Prediction exact = Asked("mean-field", problem).variance(i);
  out.claim("simulation/" + tag)
      .at(source)
      .says(fmt::format("The stationary Var {} of simulated {} is that of the mean-field fixed point",
                        axis(i), label))
      .equals(method.optimizer.variance(i), exact)
      .margin(mean_field_margin())
      .resolves(relative(0.02));
  out.claim("mean/" + tag)
      .at(source)
      .of(number_of(problem))
      .says("E x = 0 in the stationary law")
      .equals(method.optimizer.simulated.mean(i).over(last_half), Asked(entry_of(problem), problem).mean(i))
      .resolves(absolute(0.02 * std::sqrt(exact.value)));
  out.claim("law/" + tag)
      .at(source)
      .of(number_of(problem))
      .says(fmt::format("Var x of {} is (η/2)/(λ/σ + γ), to first order in η", label))
      .equals(exact.value, variance_beside_closure(problem, i, exact.value))
      .margin(adaptive_margin(problem, i));
}

/// Of RMSpropW's SDE.
/// @param steps  of Euler-Maruyama in the time of an iteration; 0: of the equation itself
double sde_variance(const Problem& problem, Index i, std::uint64_t steps) {
  return mean_field(AdaptiveSde::rmsprop,
                    {.learning_rate = problem.learning_rate,
                     .curvature = problem.curvatures()(i),
                     .sigma = problem.sigmas()(i),
                     .weight_decay = problem.weight_decay()},
                    steps)
      .variance;
}

void claim_of_scheme(const Method& method, const Shown& shown, std::uint64_t steps, Index i, Findings& out) {
  out.claim(fmt::format("sde-rmspropw-{}/{}", shown.id, axis(i)))
      .at(source)
      .says(fmt::format("Var {} of the {} is that of its mean-field fixed point, which with dt = η is the "
                        "optimizer's",
                        axis(i), shown.label))
      .equals(shown.variance(i), {.value = sde_variance(method.problem, i, steps)})
      .margin(mean_field_margin())
      .resolves(relative(0.02));
}

void claims_of_rmspropw_sde(const Method& method, std::uint64_t fine, Index i, Findings& out) {
  const Problem& problem = method.problem;
  claim_of_scheme(method, method.coarse, 1, i, out);
  claim_of_scheme(method, method.fine, fine, i, out);
  const Prediction lemma = variance_of_lemma(problem, i);
  out.claim("sde-rmspropw-law/" + axis(i))
      .at(source)
      .of(number_of(problem))
      .says("Var x of the SDE of RMSpropW itself (dt → 0) is (η/2)/(λ/σ + γ), to first order")
      .equals(sde_variance(problem, i, 0), variance_beside_closure(problem, i, lemma.value))
      .margin(relative(0.35 * problem.ratio(i)),
              "V is above σ² by λ² Var x: −r/4 at first order in r = ηλ/σ");
}

/// Of the laws with V held at sigma^2, in which all else is exact.
Margin frozen_margin(const Problem& problem, Index i) {
  return {.bound = relative(0.35 * problem.ratio(i)),
          .reason = "exact for V = σ²; V is above it by λ² Var x, first order in r = ηλ/σ"};
}

/// A resolution of simulations that leaves 3 % beside the margin.
Bound beside(const Margin& margin) { return relative(margin.bound.relative + 0.03); }

void claims_of_printed_sde(const Method& method, Index i, Findings& out) {
  const Problem& problem = method.problem;
  const Margin margin = adaptive_margin(problem, i);
  for (const Shown* shown : {&method.coarse, &method.fine}) {
    out.claim(fmt::format("sde-adamw-{}/{}", shown->id, axis(i)))
        .at(source)
        .says(
            fmt::format("Var {} of the {} is that of Lemma 3.14, to first order in η", axis(i), shown->label))
        .equals(shown->variance(i), variance_of_lemma(problem, i))
        .margin(margin)
        .resolves(beside(margin))
        .is_refuted();
  }
  const Asked printed("printed-sde-of-adamw", Question{problem, 0, SdeChoice{.sde = {.name = "adamw"}}});
  out.claim("sde-adamw-missing-noise/" + axis(i))
      .at(source)
      .says(
          "Var x of the SDE of AdamW as printed is β₁²ρ₁/(ρ₁ + (1 − β₁)λ/σ + γ) of Lemma 3.14: it lacks the "
          "noise of the fresh gradient")
      .equals(method.fine.variance(i), printed.variance(i))
      .margin(frozen_margin(problem, i))
      .resolves(beside(frozen_margin(problem, i)));
}

double corrected_sde_variance(const Problem& problem, Index i) {
  return theory::corrected_adamw_sde_variance({.learning_rate = problem.learning_rate,
                                               .curvature = problem.curvatures()(i),
                                               .sigma = problem.sigmas()(i),
                                               .weight_decay = problem.weight_decay()},
                                              problem.beta_1());
}

void claims_of_corrected_sde(const Methods& methods, Index i, Findings& out) {
  const Problem& problem = methods.adamw.problem;
  out.claim("sde-adamw-corrected-fine/" + axis(i))
      .at(source)
      .in_wording(Wording::corrected)  // no numbered statement
      .says(
          "Var x of the corrected SDE of AdamW is (ρ₁ + (1 − β₁)²(λ/σ + γ))/(ρ₁ + (1 − β₁)λ/σ + γ) of Lemma "
          "3.14: Lemma 3.14 to first order, with coefficients of its own")
      .equals(methods.corrected_fine.variance(i), {.value = corrected_sde_variance(problem, i)})
      .margin(frozen_margin(problem, i))
      .resolves(beside(frozen_margin(problem, i)));
  out.claim("sde-adamw-corrected-coarse/" + axis(i))
      .at(source)
      .in_wording(Wording::corrected)  // no numbered statement
      .says(fmt::format("Var {} of the corrected SDE of AdamW, dt = η, is that of AdamW", axis(i)))
      .equals(methods.corrected_coarse.variance(i), Asked("mean-field", problem).variance(i))
      .margin(relative(2.0 * mean_field_margin().bound.relative),
              "the recursions differ in the noise of V and its lag of one iteration only, beside the "
              "closure's 0.3 %")
      .resolves(relative(0.02));
}

Figure variance_figure(const Method& method, const std::vector<const Shown*>& shown,
                       const std::string& remark, std::uint64_t fine, Index i) {
  const std::string lemma = "Lemma " + number_of(method.problem);
  std::vector<Series> series;
  for (const Shown* entry : shown) {
    series.push_back(
        entry->simulated.variance(i).curve(entry->label, entry->role, static_cast<int>(series.size())));
  }
  const double level = variance_of_lemma(method.problem, i).value;
  const auto constant = [level](double) { return Prediction{.value = level}; };
  series.push_back(drawn(constant, method.optimizer.simulated->iterations(), lemma, Role::theory,
                         static_cast<int>(series.size())));
  return {.id = fmt::format("variance-{}-x{}", method.problem.optimizer.name, i + 1),
          .title = fmt::format("Var x{} of {} and its SDE", i + 1, method.optimizer.label),
          .caption = fmt::format("Variance over the runs of the coordinate with curvature λ = {}. dt = η is "
                                 "what the paper integrates with; dt = η/{} is near the SDE itself. Dotted: "
                                 "(η/2)/(λ/σ + γ), {}.{}",
                                 method.problem.curvatures()(i), fine, lemma, remark),
          .x = {.label = "iteration k", .logarithmic = true},
          .y = {.label = fmt::format("Var x{}", i + 1), .low = 0.0},
          .series = std::move(series)};
}

void show(const Methods& methods, std::uint64_t fine, Findings& out) {
  const Method& adamw = methods.adamw;
  const Method& rmspropw = methods.rmspropw;
  for (const Index i : adamw.problem.coordinates()) {
    out.show(variance_figure(
        adamw,
        {&adamw.optimizer, &adamw.coarse, &adamw.fine, &methods.corrected_coarse, &methods.corrected_fine},
        " The SDE as printed stays below: it lacks the noise of the fresh gradient, which the corrected SDE "
        "has.",
        fine, i));
  }
  for (const Index i : rmspropw.problem.coordinates()) {
    out.show(variance_figure(rmspropw, {&rmspropw.optimizer, &rmspropw.coarse, &rmspropw.fine}, "", fine, i));
  }
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const Methods methods = order(settings, simulations);
  return [methods, fine = settings.count("fine_steps")](Findings& out) {
    for (const Index i : methods.adamw.problem.coordinates()) {
      claims_of_optimizer(methods.adamw, i, out);
      claims_of_optimizer(methods.rmspropw, i, out);
      claims_of_rmspropw_sde(methods.rmspropw, fine, i, out);
      claims_of_printed_sde(methods.adamw, i, out);
      claims_of_corrected_sde(methods, i, out);
    }
    show(methods, fine, out);
  };
}

const Register<Experiment> fig5_stationary{{
    .name = "fig5-stationary",
    .title = "Stationary variance of AdamW and RMSpropW",
    .summary =
        "Var x of AdamW and RMSpropW under small noise and strong weight decay, against Lemmas 3.14 and "
        "C.24, the mean-field fixed point, and the SDEs integrated as the paper does (Euler-Maruyama, dt = "
        "η) and finely. ηλ/σ is 0.1 and 0.3 here: the lemmas are 3 to 9 % off, as first order allows. The "
        "SDE of AdamW as printed is 23 to 41 % below Lemma 3.14.",
    .source = source,
    .lemmas = {"3.14", "C.24"},
    .settings = {printed("eta", {1e-3}, Range::positive(), "learning rate η"),
                 printed("sigma", {0.01}, Range::positive(), "standard deviation of the gradient noise"),
                 printed("curvatures", {1.0, 3.0}, Range::positive(), "H = diag(curvatures)"),
                 printed("gamma", {4.0}, Range::positive(), "weight decay γ"),
                 printed("beta_1", {0.9}, Range::unit(), "AdamW's decay of the first moment"),
                 printed("beta_2", {0.999}, Range::unit(), "AdamW's decay of the second moment"),
                 printed("beta", {0.999}, Range::unit(), "RMSpropW's decay of the second moment"),
                 chosen("x0", {0.0, 0.0}, Range::finite(), "start, at the minimum"),
                 chosen("fine_steps", {16}, Range::at_least(1),
                        "steps of the finely integrated SDEs in the time of one iteration"),
                 printed("iterations", {20000}, Range::at_least(1000), "iterations"),
                 printed("runs", {100}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
