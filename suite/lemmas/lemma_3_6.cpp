#include "suite/predictions/margins.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Lemma 3.6"};

struct Run {
  Problem problem, isotropic;
  Simulated optimizer{}, sde{}, isotropic_sde{};
};

Run order(const Settings& settings, Simulations& simulations) {
  const std::vector<double>& curvatures = settings.list("curvatures");
  const std::vector<double> alike(curvatures.size(), curvatures.front());
  Run run{.problem = quadratic_of(settings, {.name = "sgd"}),
          .isotropic = quadratic_of(settings, {.name = "sgd"}, alike)};
  const Ordered what{.recording = {.steps = even_steps(settings.count("iterations"), 100)},
                     .runs = settings.count("runs")};
  run.optimizer = simulations.optimizer("SGD", run.problem, what);
  run.sde = simulations.sde("SDE of SGD", run.problem, {.sde = {.name = "sgd"}}, what);
  run.isotropic_sde = simulations.sde("SDE of SGD, H = λI", run.isotropic, {.sde = {.name = "sgd"}}, what);
  return run;
}

void judge(const Run& run, Findings& out) {
  const Asked exact("exact-recursion", run.problem), lemma("lemma-3.6", run.problem);
  const double steepest = run.problem.learning_rate * run.problem.curvatures().maxCoeff();
  const Margin integrator{relative(steepest * steepest), "bias of the weak order-2 integrator, (ηλ)²"};
  out.claim("simulation")
      .at(source)
      .says("Simulated SGD has the loss of the exact linear recursion")
      .equals(run.optimizer.loss().along(8), exact.loss_curve())
      .resolves(relative(0.05));
  out.claim("bound/sde")
      .of("3.6")
      .says("The loss of the SDE of SGD is at most S₀ e^(−2μt) + η L_τ σ²/(4μ) (1 − e^(−2μt))")
      .at_most(run.sde.loss().along(8), lemma.loss_curve())
      .margin(integrator);
  out.claim("equality/sde")
      .of("3.6")
      .says("For H = λI the bound is the loss of the SDE")
      .equals(run.isotropic_sde.loss().along(8), Asked("lemma-3.6", run.isotropic).loss_curve())
      .margin(integrator)
      .resolves(relative(0.05));
  out.claim("bound/optimizer")
      .of("3.6")
      .says("The loss of SGD itself is at most the bound, up to O(ηλ)")
      .at_most(along(run.optimizer.iterations_after_start(), exact.loss_curve()), lemma.loss_curve())
      .margin(linear_margin(run.problem));
  out.figure("loss", "Loss of SGD and the bound of Lemma 3.6")
      .caption("Mean over the runs with a band of one standard deviation.")
      .y({.label = "f(x)", .logarithmic = true, .low = 1e-6})
      .at(run.optimizer->iterations())
      .optimizer(run.optimizer.band("f"), "SGD", 0)
      .sde(run.sde.loss(), "SDE, weak order 2", 1)
      .theory(exact.loss_curve(), "exact recursion", 5)
      .bound(lemma.loss_curve(), "bound", 2);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const Run run = order(settings, simulations);
  return [=](Findings& out) { judge(run, out); };
}

const Register<Experiment> lemma_3_6{{
    .name = "lemma-3.6",
    .title = "Bound of SGD's loss",
    .summary = "The bound of Lemma 3.6 at all times, for the SDE and for SGD itself; for isotropic curvature "
               "it is an equality. Its limit is judged in fig6-sgd.",
    .source = source,
    .lemmas = {"3.6"},
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η; t = k η, as in Figure 6"),
                 chosen("sigma", {0.1}, Range::positive(), "standard deviation of the gradient noise"),
                 chosen("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures), as in Figure 2"),
                 chosen("x0", {0.1, 0.1}, Range::finite(), "start"),
                 chosen("iterations", {600}, Range::at_least(100), "iterations of SGD"),
                 chosen("runs", {32768}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
