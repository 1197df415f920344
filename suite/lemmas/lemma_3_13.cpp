#include <fmt/format.h>

#include <algorithm>

#include "suite/predictions/margins.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

/// One of the four methods, with the number under which the paper bounds its loss.
struct Method {
  std::string name, label, number, item, equation;

  std::string entry() const { return "lemma-" + number; }
};

const std::vector<Method>& methods() {
  static const std::vector<Method> all{{"rmsprop", "RMSprop", "C.19", "C.19", "(86)"},
                                       {"rmspropw", "RMSpropW", "C.23", "C.23", "(113)"},
                                       {"adam", "Adam", "C.28", "C.28", "(124)"},
                                       {"adamw", "AdamW", "3.13", "Lemma 3.13 (C.33)", "(174)"}};
  return all;
}

/// A problem with the optimizer and its SDE on it.
struct Simulation {
  Problem problem;
  Simulated optimizer{}, sde{};
};

struct Run {
  Method method;
  Simulation plane, line;

  bool momentum() const { return has_momentum(method.name); }
};

Run order(const Settings& settings, Simulations& simulations, const Method& method) {
  const Recording recording{.steps = even_steps(settings.count("iterations"), 80)};
  const auto simulate = [&](const std::string& kind, const std::vector<double>& curvatures,
                            std::uint64_t replicas, bool with_sde) {
    const auto dimension = static_cast<Index>(curvatures.size());
    Simulation result{adaptive_problem(
        method.name, {settings.scalar("beta_1"), settings.scalar("beta_2"), settings.scalar("gamma")},
        curvatures, settings.scalar("sigma"), settings.scalar("eta"),
        Point::Constant(dimension, settings.scalar("x0")))};
    const std::string name = method.label + kind;
    const Ordered what{.recording = recording, .runs = replicas};
    result.optimizer = simulations.optimizer(name, result.problem, what);
    if (with_sde)
      result.sde = simulations.sde(name + ", SDE", result.problem, {.sde = result.problem.optimizer}, what);
    return result;
  };
  const std::vector<double>& curvatures = settings.list("curvatures");
  const bool line_sde = !has_momentum(method.name);
  return {method, simulate("", curvatures, settings.count("runs"), true),
          simulate(" in one dimension", {curvatures.front()}, settings.count("line_runs"), line_sde)};
}

void claim_of_bound(const Run& run, Findings& out) {
  const Method& method = run.method;
  const Problem& problem = run.plane.problem;
  const PredictedCurve bound = Asked(method.entry(), problem).loss_curve();
  const Margin margin = adaptive_margin(problem) + descent_margin(problem);
  const std::string formula = decays(method.name)
                                  ? "S∞ + (S₀ − S∞) e^(−ct), c = 2μ/σ + γ(1 + μ/L), S∞ = (η/2)L_τ/c"
                                  : "S∞ + (S₀ − S∞) e^(−2μt/σ), which tends to S∞ = ησL_τ/(4μ)";
  const auto everywhere = [](const Simulated& simulated) {
    return simulated.loss().along(simulated->recorded_steps().size());
  };
  const auto transient = [&](const char* of) {
    ClaimBuilder claim = out.claim(method.name + "/bound/" + of);
    if (decays(method.name)) {
      claim.of(method.number, Wording::corrected);
    } else {
      claim.at({.paper = "A", .item = method.item + ", at all times"});
    }
    return claim;
  };
  transient("sde")
      .says(fmt::format("Near the minimum the loss of SDE {} is at most {}", method.equation, formula))
      .at_most(everywhere(run.plane.sde), bound)
      .margin(margin);
  transient("optimizer")
      .says(fmt::format("So is the loss of {} itself, at leading order in η", method.label))
      .at_most(everywhere(run.plane.optimizer), bound)
      .margin(margin);
}

/// In print the limits alone; C.28 lacks mu, which shows where mu < 1.
void claim_of_limit(const Run& run, const std::vector<double>& flat, Findings& out) {
  const Method& method = run.method;
  const auto claim_at = [&](const std::string& what, const Problem& problem, const std::string& entry,
                            Wording wording) {
    return out.claim(fmt::format("{}/limit/{}", method.name, what))
        .of(method.number, wording)
        .at_most(Asked("mean-field", problem).loss().value, Asked(entry, problem).loss())
        .margin(adaptive_margin(problem) + mean_field_margin());
  };
  const bool lacks_mu = method.name == "adam";
  claim_at("steep", run.plane.problem, method.entry(), lacks_mu ? Wording::corrected : Wording::printed)
      .says(fmt::format("The stationary loss of {}, by the mean-field fixed point, is at most S∞",
                        method.label));
  if (!lacks_mu) return;
  const Problem& steep = run.plane.problem;
  const Problem problem = quadratic_problem(steep.optimizer, flat, steep.sigmas()(0), steep.learning_rate,
                                            Point::Zero(static_cast<Index>(flat.size())));
  claim_at("flat/as-printed", problem, method.entry() + "-printed", Wording::printed)
      .says("On a flatter quadratic the stationary loss of Adam is at most ησL_τ/4, without μ, as printed")
      .is_refuted();
  claim_at("flat/corrected", problem, method.entry(), Wording::corrected)
      .says("There it is at most ησL_τ/(4μ)");
}

/// A bound that is far too high would hold as well: in one dimension it is attained.
void claim_of_line(const Run& run, Findings& out) {
  const Method& method = run.method;
  const Problem& problem = run.line.problem;
  const Source source{.paper = "A", .item = method.item};
  const Asked lemma(method.entry(), problem);
  const Margin margin = adaptive_margin(problem) + descent_margin(problem);
  Margin delayed = margin;
  if (run.momentum()) {
    const double lag = problem.beta_1() * problem.learning_rate / (1.0 - problem.beta_1());
    delayed = margin + Margin{relative(lag * theory::adamw_loss_bound(adamw_loss(problem)).rate),
                              "the momentum lags by η β₁/(1−β₁)"};
  }
  const auto attained = [&](const std::string& what, const std::string& subject, const Simulated& simulated,
                            const Margin& allowed) {
    out.claim(fmt::format("{}/attained/{}", method.name, what))
        .at(source)
        .says(fmt::format("In one dimension the loss of {} follows the bound at all times", subject))
        .equals(simulated.loss().along(6), lemma.loss_curve())
        .margin(allowed)
        .resolves(relative(allowed.bound.relative + 0.08));
  };
  attained("optimizer", method.label, run.line.optimizer, delayed);
  if (!run.momentum()) attained("sde", "SDE " + method.equation, run.line.sde, margin);
  out.claim(method.name + "/attained/limit")
      .at(source)
      .says(fmt::format("In one dimension the stationary loss of {}, by the mean-field fixed point, is S∞ at "
                        "leading order",
                        method.label))
      .equals(Asked("mean-field", problem).loss().value, lemma.loss())
      .margin(adaptive_margin(problem));
}

Figure figure(const Run& run) {
  const Method& method = run.method;
  const Asked bound(method.entry(), run.plane.problem), sharp(method.entry(), run.line.problem);
  const std::vector<double> iterations = run.plane.optimizer->iterations();
  return {
      .id = method.name,
      .title = fmt::format("Loss of {} and its bound", method.label),
      .caption = fmt::format(
          "Mean over the runs, with a band of one standard deviation for {}, from x₀ = {} in every "
          "coordinate. H = diag of the curvatures; in one dimension H is the first of them, and the bound is "
          "attained.",
          method.label, run.plane.problem.start(0)),
      .x = {.label = "iteration k"},
      .y = {.label = "f(x)",
            .logarithmic = true,
            .low = 0.1 * std::min(sharp.loss().value, bound.loss().value)},
      .series = {
          run.plane.optimizer.banded("f", method.label, Role::optimizer, 0),
          run.plane.sde.loss().curve(fmt::format("SDE {}, weak order 2", method.equation), Role::sde, 1),
          drawn(bound.loss_curve(), iterations, "bound", Role::bound, 2),
          run.line.optimizer.loss().curve(method.label + ", one dimension", Role::optimizer, 3),
          drawn(sharp.loss_curve(), iterations, "bound, one dimension", Role::bound, 4)}};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  std::vector<Run> runs;
  for (const Method& method : methods()) runs.push_back(order(settings, simulations, method));
  return [=](Findings& out) {
    for (const Run& run : runs) {
      claim_of_bound(run, out);
      claim_of_limit(run, settings.list("flat_curvatures"), out);
      claim_of_line(run, out);
      out.show(figure(run));
    }
  };
}

const Register<Experiment> lemma_3_13{{
    .name = "lemma-3.13",
    .title = "Bounds of the loss of RMSprop(W) and Adam(W)",
    .summary = "Lemma 3.13 for AdamW, C.23 for RMSpropW, C.28 for Adam and C.19 for RMSprop bound the "
               "asymptotic loss, where V is taken for σ²; C.28 lacks μ in print. The proofs give the whole "
               "curve from "
               "x₀, which is compared, too, of the SDEs as printed and of the optimizers. On H = diag(1, 3) "
               "the bounds hold "
               "with room; in one dimension they are attained, which shows that rate and limit are right. "
               "RMSprop starts from v = σ², Adam with its correction of the bias.",
    .source = {.paper = "A", .item = "Lemma 3.13 (C.33), C.19, C.23, C.28"},
    .lemmas = {"3.13", "C.19", "C.23", "C.28"},
    .settings = {printed("eta", {1e-3}, Range::positive(), "learning rate η, as in Figure 5; t = k η"),
                 printed("sigma", {1.0}, Range::positive(),
                         "standard deviation of the gradient noise, as in Figure 5"),
                 printed("curvatures", {1.0, 3.0}, Range::positive(), "H = diag(curvatures), as in Figure 5"),
                 chosen("flat_curvatures", {0.25, 0.75}, Range::positive(),
                        "H where C.28 as printed is seen to lack μ: below 1"),
                 printed("gamma", {1.0}, Range::positive(),
                         "weight decay γ of AdamW and RMSpropW, as in Figure 5"),
                 printed("beta_1", {0.9}, Range::unit(), "decay of the first moment of Adam(W)"),
                 printed("beta_2", {0.999}, Range::unit(), "decay of the second moment"),
                 chosen("x0", {0.07}, Range::finite(),
                        "start, the same in every coordinate; near enough that λx₀ ≪ σ"),
                 chosen("iterations", {3000}, Range::at_least(100), "iterations"),
                 chosen("runs", {512}, replica_range(),
                        "replicas at the standard tier; the bounds have room"),
                 chosen("line_runs", {32768}, replica_range(), "replicas in one dimension")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
