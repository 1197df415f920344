#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "sdelens/core/linear_algebra.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/predictions/minibatch_regression.hpp"
#include "suite/study/agreement.hpp"

namespace sdelens {
namespace {

using theory::RegressionDynamics;

const Source source{.paper = "A", .item = "Section 3 and Lemma 3.8, beyond them: real mini-batches"};
constexpr const char* settled = "settled";
constexpr std::uint64_t fine = 4;

/// The dynamics by their names in claims and in words.
struct Described {
  RegressionDynamics dynamics;
  const char *id, *words;
};
const std::vector<Described>& all_dynamics() {
  static const std::vector<Described> all{
      {RegressionDynamics::minibatch, "sgd", "SGD on batches"},
      {RegressionDynamics::sde, "sde", "SDE with Σ(X)"},
      {RegressionDynamics::order_2_sde, "order-2-sde", "order-2 SDE with Σ(X)"},
      {RegressionDynamics::additive_noise, "additive-noise", "full gradient with normal noise"}};
  return all;
}

struct Run {
  Problem problem;
  Simulated sgd{}, sde{};

  double batch() const { return regression_batch(problem); }
  std::string tag() const { return fmt::format("B={}", batch()); }
  double stationary(RegressionDynamics dynamics) const {
    return theory::regression_stationary_loss(minibatch_sgd(problem), dynamics);
  }
  double limit(RegressionDynamics dynamics) const {
    return theory::regression_stability_limit(minibatch_sgd(problem), dynamics);
  }
};

void claims_of_moments(const Run& run, Findings& out) {
  out.claim("recursion/" + run.tag())
      .at(source)
      .says("E f of SGD on batches follows M′ = M − η(HM+MH) + η²[(1−1/B)HMH + (2HMH + H tr HM)/B] + η²s²H/B")
      .equals(run.sgd.loss().along(6), Asked("minibatch-recursion", run.problem).loss_curve())
      .resolves(relative(0.05));
  out.claim("stationary/" + run.tag())
      .at(source)
      .says("Stationary E f of SGD on batches is (s²/2) q/(1−q), q = (η/B) Σ h_i/(2 − ηh_i(1+1/B))")
      .equals(run.sgd.loss().over(settled), Asked("minibatch-stationary-recursion", run.problem).loss())
      .resolves(relative(0.03));
  const double step = run.problem.learning_rate * run.problem.spectrum().maxCoeff() / fine;
  out.claim("sde-stationary/" + run.tag())
      .at(source)
      .says("Stationary E f of the SDE with Σ(X) is (s²/2) q/(1−q), q = (η/B) Σ h_i/(2 − ηh_i/B)")
      .equals(run.sde.loss().over(settled), {.value = run.stationary(RegressionDynamics::sde)})
      .margin(relative(step * step), "bias of the weak order-2 integrator, (ηh/4)²")
      .resolves(relative(0.03));
}

/// What is left of the paper's picture of a batch: normal noise that does not depend on w.
void claim_of_additive_noise(const Run& run, Findings& out) {
  const double ratio = run.stationary(RegressionDynamics::minibatch) /
                       Asked("exact-stationary-recursion", gaussian_twin(run.problem)).loss().value;
  expect_agreement(out,
                   "Normal noise of the covariance at the minimum gives the stationary loss of SGD on "
                   "batches within a tenth",
                   source,
                   {{.id = "additive-noise/" + run.tag(),
                     .where = fmt::format("B = {}, η max h = {:.3g}", run.batch(),
                                          run.problem.learning_rate * run.problem.spectrum().maxCoeff()),
                     .ratio = exactly(ratio),
                     .expected = run.batch() <= 1.0 ? Verdict::fail : Verdict::pass}});
}

/// The largest growth of second moments along the eigenvectors of H: of an iteration for SGD, of a unit of time for the
/// SDEs, of which the drift is -(h + correction eta h^2 / 2).
double growth(const Problem& problem, RegressionDynamics dynamics) {
  const double eta = problem.learning_rate;
  const double batch = regression_batch(problem);
  const Eigen::VectorXd h = problem.spectrum();
  Eigen::MatrixXd map = eta / batch * h * h.transpose();
  for (Index i = 0; i < h.size(); ++i) {
    const double square = eta * h(i) * h(i);
    map(i, i) += square / batch - 2.0 * h(i);
    if (dynamics == RegressionDynamics::minibatch) map(i, i) += square;
    if (dynamics == RegressionDynamics::order_2_sde) map(i, i) -= square;
  }
  return symmetric_eigenvalues(map).maxCoeff();
}

void claims_of_stability(const Run& run, Findings& out) {
  for (const auto& [dynamics, id, words] : all_dynamics()) {
    const double limit = run.limit(dynamics);
    if (dynamics == RegressionDynamics::additive_noise || !std::isfinite(limit)) continue;
    const Problem at_limit = with_learning_rate(run.problem, limit);
    out.claim(fmt::format("limit/{}/{}", id, run.tag()))
        .at(source)
        .says(fmt::format("Second moments of {} neither grow nor decay at the learning rate where q = 1",
                          words))
        .is_identity(growth(at_limit, dynamics), {.value = 0.0})
        .margin(absolute(1e-12 * run.problem.spectrum().maxCoeff()),
                "rounding of an eigenvalue of size max h");
  }
}

/// Between the limits of SGD and of its SDE.
void claims_between(const Run& run, double eta, Findings& out) {
  const Problem problem = with_learning_rate(run.problem, eta);
  if (!(eta > run.limit(RegressionDynamics::minibatch) && eta < run.limit(RegressionDynamics::sde))) return;
  out.claim("between/sgd-grows/" + run.tag())
      .at(source)
      .says(fmt::format("At η = {:.3g} second moments of SGD on batches grow", eta))
      .at_least(growth(problem, RegressionDynamics::minibatch), {.value = 0.0});
  out.claim("between/sde-decays/" + run.tag())
      .at(source)
      .says(fmt::format("At η = {:.3g} second moments of the SDE with Σ(X) tend to a limit", eta))
      .at_most(growth(problem, RegressionDynamics::sde), {.value = 0.0});
}

/// Stationary loss against eta, each up to where it ends.
Figure figure(const Run& run) {
  Figure figure{.id = fmt::format("stability-{}", run.batch()),
                .title = fmt::format("Where SGD and its equations are stable, B = {}", run.batch()),
                .caption =
                    "Stationary E f against the learning rate, up to where second moments stop having a "
                    "limit: an equation of SGD can be stable where SGD is not. Dots: simulated.",
                .x = {.label = "η"},
                .y = {.label = "E f", .logarithmic = true, .low = 1e-3, .high = 10.0}};
  const double last = 1.5 * run.limit(RegressionDynamics::sde);
  int colour = 0;
  for (const auto& [dynamics, id, words] : all_dynamics()) {
    const Role role = dynamics == RegressionDynamics::minibatch ? Role::theory : Role::bound;
    Series series{.label = words, .role = role, .colour = colour++};
    theory::MinibatchSgd sgd = minibatch_sgd(run.problem);
    for (double eta = 0.005 * last; eta < last; eta += 0.005 * last) {
      sgd.learning_rate = eta;
      const double loss = theory::regression_stationary_loss(sgd, dynamics);
      if (!(loss < 10.0)) break;
      series.x.push_back(eta);
      series.y.push_back(loss);
    }
    figure.series.push_back(std::move(series));
  }
  const auto measured = [&](const Simulated& simulated, const char* label, Role role, int of) {
    Series series{.label = label, .role = role, .colour = of};
    append(series, run.problem.learning_rate, simulated.loss().over(settled));
    figure.series.push_back(std::move(series));
  };
  measured(run.sgd, "SGD, simulated", Role::optimizer, 0);
  measured(run.sde, "SDE, simulated", Role::sde, 1);
  return figure;
}

std::vector<Run> order_runs(const Settings& settings, Simulations& simulations) {
  std::vector<Run> result;
  const std::uint64_t iterations = settings.count("iterations");
  const std::uint64_t runs = settings.count("runs");
  for (const double batch : settings.list("batches")) {
    Run run{make_problem({.optimizer = {.name = "sgd"},
                          .landscape = {.name = "linear-regression",
                                        .given = {{"curvatures", settings.list("curvatures")},
                                                  {"residual", settings.list("residual")},
                                                  {"batch", {batch}}}},
                          .learning_rate = settings.scalar("eta"),
                          .start = settings.point("w0")})};
    run.sgd = simulations.optimizer(
        "SGD, " + run.tag(), run.problem,
        {.recording = {.steps = even_steps(iterations / 4, 60),
                       .windows = {{.name = settled, .first = iterations / 2, .last = iterations}}},
         .runs = runs});
    run.sde = simulations.sde("SDE, " + run.tag(), run.problem,
                              {.sde = {.name = "sgd"}, .steps_per_iteration = fine},
                              {.recording = {.windows = {{.name = settled,
                                                          .first = iterations * fine / 2,
                                                          .last = iterations * fine,
                                                          .every = fine}}},
                               .runs = runs});
    result.push_back(std::move(run));
  }
  return result;
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "batches");
  const std::vector<Run> runs = order_runs(settings, simulations);
  const double between = settings.scalar("eta_between");
  return [=](Findings& out) {
    for (const Run& run : runs) {
      claims_of_moments(run, out);
      claim_of_additive_noise(run, out);
      claims_of_stability(run, out);
      claims_between(run, between, out);
      out.show(figure(run));
    }
  };
}

const Register<Experiment> minibatch_sgd_experiment{{
    .name = "minibatch-sgd",
    .title = "SGD on real mini-batches",
    .summary =
        "Linear regression on batches of B samples: second moments of SGD obey an exact recursion, those of "
        "its "
        "SDE with Σ(X), and of the order-2 SDE, an exact linear equation. Each has a stationary loss and a "
        "learning rate beyond which second moments explode, and they differ: the SDE is stable where SGD is "
        "not, an "
        "edge that no weak order shows. Noise that does not depend on w, the paper's picture of a batch, "
        "misses "
        "the loss of a batch of one by a fifth.",
    .source = source,
    .settings = {chosen("eta", {0.05}, Range::positive(), "learning rate η"),
                 chosen("eta_between", {0.25}, Range::positive(),
                        "a learning rate between the limits of SGD and of the SDE for B = 1"),
                 chosen("residual", {0.5}, Range::positive(), "standard deviation s of the residuals"),
                 chosen("curvatures", {1.0, 3.0}, Range::positive(), "H = diag(curvatures)"),
                 chosen("batches", {1.0, 4.0}, Range::at_least(1.0), "samples B of a batch"),
                 chosen("w0", {1.0, 0.5}, Range::finite(), "start"),
                 chosen("iterations", {800}, Range::at_least(400), "iterations; the second half is averaged"),
                 chosen("runs", {4096}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
