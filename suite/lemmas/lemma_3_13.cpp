#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "suite/predictions/margins.hpp"
#include "suite/predictions/stationary_law.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

/// A method on a problem, and its SDE.
struct Run {
  Problem problem;
  Simulated optimizer{}, sde{};

  const std::string& name() const { return problem.optimizer.name; }
  std::string label() const { return label_of(name()); }
  /// Under which the paper bounds its loss.
  std::string number() const {
    static const std::map<std::string, std::string> numbers{
        {"rmsprop", "C.19"}, {"rmspropw", "C.23"}, {"adam", "C.28"}, {"adamw", "3.13"}};
    return numbers.at(name());
  }
  Asked lemma() const { return {"lemma-" + number(), problem}; }
  Margin margin() const { return adaptive_margin(problem) + descent_margin(problem); }
};

Run order(const Settings& settings, Simulations& simulations, const std::string& method, bool line) {
  std::vector<double> curvatures = settings.list("curvatures");
  if (line) curvatures.resize(1);
  const Point start = Point::Constant(static_cast<Index>(curvatures.size()), settings.scalar("x0"));
  Run run{adaptive_of(settings, method, adaptive_parameters(settings), curvatures, start)};
  const std::string name = run.label() + (line ? " in one dimension" : "");
  const Ordered what{.recording = {.steps = even_steps(settings.count("iterations"), 80)},
                     .runs = settings.count(line ? "line_runs" : "runs")};
  run.optimizer = simulations.optimizer(name, run.problem, what);
  if (!line || !has_momentum(method))
    run.sde = simulations.sde(name + ", SDE", run.problem, {.sde = run.problem.optimizer}, what);
  return run;
}

void claim_of_bound(const Run& run, Findings& out) {
  const std::string formula = decays(run.name())
                                  ? "S∞ + (S₀ − S∞) e^(−ct), c = 2μ/σ + γ(1 + μ/L), S∞ = (η/2)L_τ/c"
                                  : "S∞ + (S₀ − S∞) e^(−2μt/σ), which tends to S∞ = ησL_τ/(4μ)";
  const auto transient = [&](const char* of) {
    ClaimBuilder claim = out.claim("{}/bound/{}", run.name(), of);
    if (decays(run.name())) return claim.of(run.number(), Wording::corrected);
    Source source = statement_source(run.number());
    source.item += ", at all times";
    return claim.at(source);
  };
  transient("sde")
      .says("Near the minimum the loss of SDE {} is at most {}", number_of_sde(run.name()), formula)
      .at_most(run.sde.loss().after_start(), run.lemma().loss_curve())
      .margin(run.margin());
  transient("optimizer")
      .says("So is the loss of {} itself, at leading order in η", run.label())
      .at_most(run.optimizer.loss().after_start(), run.lemma().loss_curve())
      .margin(run.margin());
}

/// In print the limits alone; C.28 lacks mu, which shows where mu < 1.
void claim_of_limit(const Run& run, const std::vector<double>& flat, Findings& out) {
  const auto claim_at = [&](const char* what, const Problem& problem, const std::string& entry,
                            Wording wording) {
    return out.claim("{}/limit/{}", run.name(), what)
        .of(run.number(), wording)
        .at_most(stationary_loss(problem), Asked(entry, problem).loss())
        .margin(adaptive_margin(problem) + mean_field_margin());
  };
  const bool lacks_mu = run.name() == "adam";
  const std::string entry = "lemma-" + run.number();
  claim_at("steep", run.problem, entry, lacks_mu ? Wording::corrected : Wording::printed)
      .says("The stationary loss of {}, by the mean-field fixed point, is at most S∞", run.label());
  if (!lacks_mu) return;
  const Problem problem = quadratic_problem(run.problem.optimizer, flat, run.problem.sigmas()(0),
                                            run.problem.learning_rate, Point::Zero(std::ssize(flat)));
  claim_at("flat/as-printed", problem, entry + "-printed", Wording::printed)
      .says("On a flatter quadratic the stationary loss of Adam is at most ησL_τ/4, without μ, as printed")
      .is_refuted();
  claim_at("flat/corrected", problem, entry, Wording::corrected).says("There it is at most ησL_τ/(4μ)");
}

/// The momentum lags behind.
Margin lag_margin(const Problem& problem) {
  const double lag = problem.beta_1() * problem.learning_rate / (1.0 - problem.beta_1());
  return {relative(lag * theory::adamw_loss_bound(adamw_loss(problem)).rate),
          "the momentum lags by η β₁/(1−β₁)"};
}

/// A bound that is far too high would hold as well: in one dimension it is attained.
void claim_of_line(const Run& run, Findings& out) {
  const bool momentum = has_momentum(run.name());
  const auto attained = [&](const char* what, const std::string& subject, const Simulated& simulated) {
    out.claim("{}/attained/{}", run.name(), what)
        .at(statement_source(run.number()))
        .says("In one dimension the loss of {} follows the bound at all times", subject)
        .equals(simulated.loss().along(6), run.lemma().loss_curve())
        .margin(momentum ? run.margin() + lag_margin(run.problem) : run.margin())
        .resolves_beyond_margin(relative(0.08));
  };
  attained("optimizer", run.label(), run.optimizer);
  if (!momentum) attained("sde", "SDE " + number_of_sde(run.name()), run.sde);
  out.claim("{}/attained/limit", run.name())
      .at(statement_source(run.number()))
      .says(
          "In one dimension the stationary loss of {}, by the mean-field fixed point, is S∞ at leading order",
          run.label())
      .equals(stationary_loss(run.problem), run.lemma().loss())
      .margin(adaptive_margin(run.problem));
}

void draw(const Run& plane, const Run& line, Findings& out) {
  const std::string label = plane.label();
  out.figure(plane.name(), fmt::format("Loss of {} and its bound", label))
      .caption(
          "Mean over the runs, with a band of one standard deviation for {}, from x₀ = {} in every "
          "coordinate. H = diag of the curvatures; in one dimension H is the first of them, and the bound is "
          "attained.",
          label, plane.problem.start(0))
      .y({.label = "f(x)",
          .logarithmic = true,
          .low = 0.1 * std::min(line.lemma().loss().value, plane.lemma().loss().value)})
      .at(plane.optimizer->iterations())
      .optimizer(plane.optimizer.band("f"), label, 0)
      .sde(plane.sde.loss(), fmt::format("SDE {}, weak order 2", number_of_sde(plane.name())), 1)
      .bound(plane.lemma().loss_curve(), "bound", 2)
      .optimizer(line.optimizer.loss(), label + ", one dimension", 3)
      .bound(line.lemma().loss_curve(), "bound, one dimension", 4);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  std::vector<std::pair<Run, Run>> runs;
  for (const char* const method : {"rmsprop", "rmspropw", "adam", "adamw"}) {
    Run plane = order(settings, simulations, method, false);
    runs.emplace_back(std::move(plane), order(settings, simulations, method, true));
  }
  return [=](Findings& out) {
    for (const auto& [plane, line] : runs) {
      claim_of_bound(plane, out);
      claim_of_limit(plane, settings.list("flat_curvatures"), out);
      claim_of_line(line, out);
      draw(plane, line, out);
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
