#include <fmt/format.h>

#include <cmath>

#include "suite/predictions/margins.hpp"
#include "suite/predictions/minibatch_regression.hpp"
#include "suite/study/one_step.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Section 3.1.1 and Lemma 3.7, beyond them: real mini-batches"};
constexpr const char* settled = "settled";

/// f of the errors of the weights, and the batches that its gradient is drawn from.
struct Data {
  std::vector<double> hessian;
  double residual, batch;

  std::string tag() const { return fmt::format("B={}", batch); }
  Choice landscape(const char* name = "linear-regression") const {
    return {.name = name, .given = {{"hessian", hessian}, {"residual", {residual}}, {"batch", {batch}}}};
  }
};

Problem signsgd_on(const Choice& landscape, double eta, Point start) {
  return make_problem({.optimizer = {.name = "signsgd"},
                       .landscape = landscape,
                       .learning_rate = eta,
                       .start = std::move(start)});
}

/// One step from a point, its batches drawn sample by sample.
struct OneStep {
  Data data;
  Problem problem;
  Simulated simulated;

  /// rho_i = (Hw)_i / (sqrt(H_ii) T)
  double cosine(Index i) const {
    const Point f = problem.hessian() * problem.start;
    const double total = std::sqrt(problem.start.dot(f) + data.residual * data.residual);
    return f(i) / (std::sqrt(problem.curvatures()(i)) * total);
  }
  double correlation() const {
    const Eigen::MatrixXd h = problem.hessian();
    return h(0, 1) / std::sqrt(h(0, 0) * h(1, 1));
  }
};

/// A run that has forgotten its start: the second half of its iterations, even and odd ones alike.
struct Stationary {
  Data data;
  Problem problem;
  Simulated simulated{};
};

Window second_half(std::uint64_t iterations) {
  return {.name = settled, .first = iterations / 2, .last = iterations, .every = 9};
}

/// w_i E sign g_i(w)
Observable pull(const Problem& problem, Index i) {
  return {.name = fmt::format("pull{}", i + 1),
          .evaluate = [gradient = problem.source, i](In x, OutColumn value) {
            Batch sign(x.rows(), x.cols());
            gradient->loss()->gradient(x, sign);
            gradient->noise()->mean_sign(0.0, x, sign);
            value = x.col(i) * sign.col(i);
          }};
}

void claims_of(const OneStep& step, Findings& out) {
  for (const Index i : step.problem.coordinates()) {
    out.claim(fmt::format("mean-sign/{}/x{}", step.data.tag(), i + 1))
        .at(source)
        .says("E sign g_i of a batch, drawn sample by sample, is 2Ξ_B(√B ρ/√(1−ρ²)), ρ = (Hw)_i/(√H_ii T)")
        .equals(step.simulated.mean_of_observable(sign_name(i)).at_end(),
                {.value = theory::minibatch_mean_sign(step.data.batch, step.cosine(i))})
        .resolves(absolute(0.01));
  }
  out.claim("sign-product/" + step.data.tag())
      .at(source)
      .says("E sign g₁ sign g₂ of a batch is 4P − 2F_B(h) − 2F_B(k) + 1, P the orthant of Student's t")
      .equals(step.simulated.mean_of_observable(sign_product).at_end(),
              {.value = theory::minibatch_sign_product({.batch = step.data.batch,
                                                        .rho_i = step.cosine(0),
                                                        .rho_j = step.cosine(1),
                                                        .correlation = step.correlation()})})
      .resolves(absolute(0.01));
}

Prediction chain_loss(const Problem& problem) {
  return Asked("minibatch-stationary-sign-chain", problem).loss();
}

void claims_of_one_coordinate(const Stationary& run, Findings& out) {
  const std::string tag = run.data.tag();
  const Problem twin = gaussian_twin(run.problem);
  const double exact = chain_loss(run.problem).value;
  // Where the shape of the law no longer matters.
  const Verdict verdict = run.data.batch <= 8.0 ? Verdict::fail : Verdict::pass;
  out.claim("chain/" + tag)
      .at(source)
      .says(
          "In one coordinate SignSGD on batches has the law of SignSGD under Student-t noise, ν = B: its "
          "stationary loss is that of the exact chain")
      .equals(run.simulated.loss().over(settled), chain_loss(run.problem))
      .resolves(relative(0.03));
  out.claim("erf/" + tag)
      .at(source)
      .says("Lemma 3.7, with the covariance of the batch's gradient, gives the stationary loss")
      .equals(exact, Asked("lemma-3.7-corrected", twin).loss())
      .margin(phase_3_margin(twin, 0))
      .is_expected_to(verdict);
  out.claim("covariance/" + tag)
      .at(source)
      .says(
          "Normal noise of the batch's covariance, otherwise exact, gives the stationary loss to a hundredth")
      .equals(exact, Asked("exact-stationary-chain", twin).loss())
      .margin(relative(0.01), "a hundredth, as the statement says")
      .is_expected_to(verdict);
  const theory::MinibatchSign sign = minibatch_sign(run.problem);
  const double first_order = theory::minibatch_first_order(sign);
  out.claim("first-order/" + tag)
      .at(source)
      .says("Var w = η/(2 s_B K)·(1 + ηK(B+1)/(4 B s_B)), K = √(BH)/s, s_B = 2f_{t_B}(0)")
      .equals(2.0 * exact / sign.curvature, {.value = theory::minibatch_stationary_variance(sign)})
      .margin(relative(2.0 * first_order * first_order), "second order: twice the square of the first");
}

void claims_of_several_coordinates(const Stationary& run, Findings& out) {
  const Problem& problem = run.problem;
  double first_order = 0.0;
  for (const double curvature : problem.curvatures()) {
    theory::MinibatchSign sign = minibatch_sign(problem);
    sign.curvature = curvature;
    first_order = std::max(first_order, theory::minibatch_first_order(sign));
  }
  out.claim("loss/" + run.data.tag())
      .at(source)
      .says("In any dimension E f = η s Σ√H_ii/(4 s_B √B) at leading order, free of the off-diagonals of H")
      .equals(run.simulated.loss().over(settled), Asked("minibatch-sign-leading-order", problem).loss())
      .margin(relative(2.0 * first_order),
              "first order in ηK: twice ηK(B+1)/(4 B s_B), which it is in one coordinate")
      .resolves(relative(2.0 * first_order + 0.03));
  for (const Index i : problem.coordinates()) {
    out.claim(fmt::format("pull/{}/w{}", run.data.tag(), i + 1))
        .at(source)
        .says("E w_i E sign g_i = η/2 in the stationary law, exactly: a sign has square 1")
        .equals(run.simulated.mean_of_observable(fmt::format("pull{}", i + 1)).over(settled),
                {.value = 0.5 * problem.learning_rate})
        .resolves(relative(0.05));
  }
}

/// Stationary loss over that of Lemma 3.7, against B.
Figure figure_of_loss(const std::vector<Stationary>& runs) {
  Series chain{
      .label = "exact chain, Student-t with B degrees of freedom", .role = Role::theory, .colour = 0};
  Series normal{
      .label = "exact chain, normal noise of the same covariance", .role = Role::bound, .colour = 1};
  Series lemma{.label = "Lemma 3.7", .role = Role::sde, .colour = 2};
  Series measured{.label = "SignSGD on batches", .role = Role::optimizer, .colour = 0};
  for (const Stationary& run : runs) {
    const Problem twin = gaussian_twin(run.problem);
    const double unit = Asked("lemma-3.7-corrected", twin).loss().value;
    const auto add = [&](Series& series, double value) {
      series.x.push_back(run.data.batch);
      series.y.push_back(value / unit);
    };
    add(chain, chain_loss(run.problem).value);
    add(normal, Asked("exact-stationary-chain", twin).loss().value);
    add(lemma, unit);
    add(measured, run.simulated.loss().over(settled).value);
  }
  return {.id = "loss",
          .title = "What a batch's law does to SignSGD",
          .caption =
              "Stationary loss over that of Lemma 3.7 with the covariance of the batch's gradient, "
              "against the size B of the batch. The shape of the law matters, not its covariance.",
          .x = {.label = "batch size B", .logarithmic = true},
          .y = {.label = "E f / Lemma 3.7"},
          .series = {chain, normal, lemma, measured}};
}

/// E sign g_i against rho_i, and what was measured.
Figure figure_of_mean_sign(const std::vector<OneStep>& steps) {
  Figure figure{.id = "mean-sign",
                .title = "Mean sign of a batch's gradient",
                .caption =
                    "E sign g_i against ρ = (Hw)_i/(√H_ii T), the correlation of a sample with its "
                    "residual: (2/π) arcsin ρ for one sample. Bars: drawn sample by sample.",
                .x = {.label = "ρ"},
                .y = {.label = "E sign g_i"}};
  int colour = 0;
  for (const OneStep& step : steps) {
    const double batch = step.data.batch;
    Series curve{.label = fmt::format("B = {}", batch), .role = Role::theory, .colour = colour};
    for (double rho = 0.0; rho < 0.995; rho += 0.01) {
      curve.x.push_back(rho);
      curve.y.push_back(theory::minibatch_mean_sign(batch, rho));
    }
    figure.series.push_back(std::move(curve));
    for (const Index i : step.problem.coordinates()) {
      const double rho = step.cosine(i);
      figure.series.push_back(bar(fmt::format("measured, B = {}, coordinate {}", batch, i + 1), colour,
                                  {rho - 0.03, rho + 0.03},
                                  step.simulated.mean_of_observable(sign_name(i)).at_end().value));
    }
    ++colour;
  }
  return figure;
}

std::vector<OneStep> order_steps(const Settings& settings, Simulations& simulations) {
  std::vector<OneStep> result;
  for (const double batch : settings.list("step_batches")) {
    const Data data{settings.list("step_hessian"), settings.scalar("residual"), batch};
    const Problem problem = signsgd_on(data.landscape("linear-regression-by-samples"), settings.scalar("eta"),
                                       settings.point("w"));
    result.push_back({data, problem,
                      first_step("one step, " + data.tag(), "one step, " + data.tag(), problem,
                                 settings.count("step_runs"), simulations)});
  }
  return result;
}

std::vector<Stationary> order_runs(const Settings& settings, const char* hessian, const char* batches,
                                   Simulations& simulations) {
  std::vector<Stationary> result;
  for (const double batch : settings.list(batches)) {
    const Data data{settings.list(hessian), settings.scalar("residual"), batch};
    const auto dimension =
        static_cast<Index>(std::lround(std::sqrt(static_cast<double>(data.hessian.size()))));
    const Problem problem = signsgd_on(data.landscape(), settings.scalar("eta"), Point::Zero(dimension));
    std::vector<Observable> observables = coordinates_and_loss(problem.loss);
    for (Index i = 0; i < dimension && dimension > 1; ++i) observables.push_back(pull(problem, i));
    result.push_back(
        {data, problem,
         simulations.optimizer(fmt::format("SignSGD, d = {}, {}", dimension, data.tag()), problem,
                               {.recording = {.windows = {second_half(settings.count("iterations"))}},
                                .runs = settings.count("runs"),
                                .observables = std::move(observables)})});
  }
  return result;
}

Judgement design(const Settings& settings, Simulations& simulations) {
  for (const char* list : {"batches", "step_batches", "full_batches"}) require_distinct(settings, list);
  const std::vector<OneStep> steps = order_steps(settings, simulations);
  const std::vector<Stationary> runs = order_runs(settings, "hessian", "batches", simulations);
  const std::vector<Stationary> full = order_runs(settings, "full_hessian", "full_batches", simulations);
  return [=](Findings& out) {
    for (const OneStep& step : steps) claims_of(step, out);
    for (const Stationary& run : runs) claims_of_one_coordinate(run, out);
    for (const Stationary& run : full) claims_of_several_coordinates(run, out);
    out.show(figure_of_loss(runs));
    out.show(figure_of_mean_sign(steps));
  };
}

const Register<Experiment> minibatch_signsgd{{
    .name = "minibatch-signsgd",
    .title = "SignSGD on real mini-batches",
    .summary =
        "Linear regression on batches of B samples, where everything is exact: the gradient of a batch needs "
        "d "
        "normals and one chi-square, its sign is that of Student's t with B degrees of freedom, and in one "
        "coordinate SignSGD has the law that it has under Student-t noise, ν = B. So the heavy tails of "
        "Lemma 3.10 are not exotic: a batch of one has them. The theory for normal noise, even with the "
        "right covariance, is refuted up to B = 8.",
    .source = source,
    .settings =
        {chosen("eta", {1e-3}, Range::positive(), "learning rate η"),
         chosen("residual", {0.1}, Range::positive(), "standard deviation s of the residuals"),
         chosen("hessian", {1.0}, Range::positive(), "H in one coordinate"),
         chosen("batches", {1.0, 2.0, 8.0, 64.0}, Range::at_least(1.0), "B in one coordinate"),
         chosen("full_hessian", {1.0, 0.5, 0.2, 0.5, 2.0, -0.6, 0.2, -0.6, 1.5}, Range::finite(),
                "all entries of H in three coordinates"),
         chosen("full_batches", {1.0, 8.0}, Range::at_least(1.0), "B in three coordinates"),
         chosen("step_hessian", {2.0, 0.9, 0.9, 1.0}, Range::finite(),
                "all entries of H of the single steps"),
         chosen("step_batches", {1.0, 4.0}, Range::at_least(1.0), "B of the single steps, drawn by samples"),
         chosen("w", {0.1, -0.05}, Range::finite(), "where the single steps start"),
         chosen("iterations", {6000}, Range::at_least(1000), "iterations; the second half is averaged"),
         chosen("runs", {1024}, replica_range(), "replicas of the long runs at the standard tier"),
         chosen("step_runs", {262144}, replica_range(), "replicas of the single steps at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
