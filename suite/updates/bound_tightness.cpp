#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "reference/theory/lemma_3_4.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/predictions/sign_lemmas.hpp"
#include "suite/predictions/theory_settings.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A",
                    .item = "Lemmas 3.4, 3.5, 3.9, 3.13, C.29 and E.3, how tight the bounds are"};

theory::AdaptiveScaling scaling_of(const Settings& settings) {
  return {.batch_size = settings.scalar("batch"),
          .learning_rate_scale = settings.scalar("kappa"),
          .batch_size_scale = settings.scalar("delta"),
          .weight_decay_scale = settings.scalar("xi")};
}

/// 1/2 sum_i lambda_i / (a lambda_i + xi gamma) over sum_i lambda_i / (2 a mu + xi gamma (1 + mu/L)): the stationary loss of
/// a linear equation with pull a lambda_i + xi gamma over the bound that Lemmas 3.13, C.23 and E.3 have for it.
double loss_over_bound(const Eigen::VectorXd& curvatures, double a, double decay) {
  const double mu = curvatures.minCoeff();
  const double largest = curvatures.maxCoeff();
  double loss = 0.0;
  for (const double lambda : curvatures) loss += 0.5 * lambda / (a * lambda + decay);
  return loss * (2.0 * a * mu + decay * (1.0 + mu / largest)) / curvatures.sum();
}

void claim_of_adaptive(const std::string& optimizer, const Settings& settings, Findings& out) {
  const theory::AdaptiveScaling scaling = scaling_of(settings);
  const Problem base =
      adaptive_problem(optimizer,
                       {.beta_1 = settings.scalar("beta_1"),
                        .beta_2 = settings.scalar("beta_2"),
                        .weight_decay = settings.scalar("gamma")},
                       settings.list("curvatures"), settings.scalar("sigma"), settings.scalar("eta"),
                       Point::Zero(static_cast<Index>(settings.list("curvatures").size())));
  const Problem problem = rescaled(base, scaling);
  theory::AdamWLoss lemma = adamw_loss(base);
  lemma.scaling = scaling;
  const double a = std::sqrt(scaling.batch_size * scaling.batch_size_scale) / base.sigmas()(0);
  const double ratio =
      loss_over_bound(base.curvatures(), a, scaling.weight_decay_scale * base.weight_decay());
  const double loss = Asked("mean-field", problem).loss().value;
  out.claim("loss-over-bound/" + optimizer)
      .at(source)
      .says(fmt::format(
          "The stationary loss of {} over the bound of Lemma 3.13, with B, κ, δ and ξ none of them 1 and "
          "μ < L, is the ratio that linear theory gives",
          optimizer))
      .equals(loss / theory::adamw_loss_bound(lemma).limit, {.value = ratio})
      .margin(adaptive_margin(problem));
  if (decays(optimizer)) return;
  theory::AdamLoss equality = adam_loss(base);
  equality.scaling = scaling;
  out.claim("loss/" + optimizer)
      .at(source)
      .says(fmt::format("The stationary loss of {} is that of Lemma C.29 with B, κ and δ none of them 1",
                        optimizer))
      .equals(loss, {.value = theory::adam_asymptotic_loss(equality)})
      .margin(adaptive_margin(problem));
}

void claim_of_sgdw(const Settings& settings, Findings& out) {
  theory::AdaptiveScaling scaling = scaling_of(settings);
  const Problem base =
      quadratic_problem({.name = "sgdw", .given = {{"gamma", settings.list("gamma")}}},
                        settings.list("curvatures"), settings.scalar("sigma"), settings.scalar("eta"),
                        Point::Zero(static_cast<Index>(settings.list("curvatures").size())));
  const Problem problem = rescaled(base, scaling);
  theory::SgdWLoss lemma = sgdw_loss(base);
  lemma.scaling = scaling;
  out.claim("loss-over-bound/sgdw")
      .at(source)
      .says(
          "The stationary loss of SGDW over the bound of E.3, with B, κ, δ and ξ none of them 1 and μ < L, "
          "is the "
          "ratio that linear theory gives")
      .equals(
          Asked("exact-stationary-recursion", problem).loss().value / theory::sgdw_loss_bound(lemma).limit,
          {.value =
               loss_over_bound(base.curvatures(), 1.0, scaling.weight_decay_scale * base.weight_decay())})
      .margin(linear_margin(problem));
}

/// Loss over bound along the schedule.
void draw(const Question& question, Findings& out) {
  const PredictedCurve loss = Asked("sign-closure", question).loss_curve();
  const Eigen::VectorXd curvatures = question.curvatures();
  const double limit = static_cast<double>(curvatures.size()) * curvatures.minCoeff() / curvatures.sum();
  const std::vector<std::uint64_t> steps = logarithmic_steps(question.iterations, 80);
  const auto ratio = [&](double k) {
    const double factor = question.rate_factor(static_cast<std::uint64_t>(k));
    return loss(k).value / theory::scheduled_signsgd_bound(scheduled_loss(question), factor);
  };
  out.figure("schedule", "Loss of SignSGD under a schedule over the bound of Lemma 3.9")
      .caption(
          "From the minimum, η_k = η(k+1)^(−1/2), by the Gaussian closure. The loss settles at dμ/L_τ of the "
          "bound.")
      .x({.label = "iteration k", .logarithmic = true})
      .y({.label = "E f / bound"})
      .at({steps.begin(), steps.end()})
      .theory(ratio, "SignSGD, closure", 0)
      .bound([limit](double) { return limit; }, "dμ/L_τ", 1);
}

/// SignSGD under eta_k = eta (k + 1)^{-1/2}, by its closure.
void claim_of_schedule(const Settings& settings, Findings& out) {
  const std::uint64_t last = settings.count("iterations");
  Question question{
      with_schedule(quadratic_problem({.name = "signsgd"}, settings.list("curvatures"),
                                      settings.scalar("sigma"), settings.scalar("schedule_eta"),
                                      Point::Zero(static_cast<Index>(settings.list("curvatures").size()))),
                    {.name = "polynomial", .given = {{"power", {0.5}}}})};
  question.iterations = last;
  draw(question, out);
  const double factor = question.rate_factor(last);
  const Eigen::VectorXd curvatures = question.curvatures();
  const double mu = curvatures.minCoeff();
  const double rate = 2.0 * question.learning_rate * slowest_phase_3_rate(question);
  const double loss = Asked("sign-closure", question).loss_curve()(static_cast<double>(last)).value;
  out.claim("loss-over-bound/scheduled-signsgd")
      .at(source)
      .says("Under η_k = η(k+1)^(−1/2) the loss of SignSGD over the bound of Lemma 3.9 tends to dμ/L_τ")
      .equals(loss / theory::scheduled_signsgd_bound(scheduled_loss(question), factor),
              {.value = static_cast<double>(curvatures.size()) * mu / curvatures.sum()})
      .margin(sign_closure_margin() +
              Margin{relative(0.5 / (rate * std::sqrt(static_cast<double>(last))) +
                              0.8 * factor * question.largest_ratio()),
                     "the lag behind the schedule, |η_k′|/(2bη_k²), and first order in ηη_kλ/σ"});
}

/// Far from the minimum, where the sign is certain: f falls as mu (|x_0| - t)^2 / 2.
void claim_of_signal_phase(const Settings& settings, Findings& out) {
  const Problem problem =
      quadratic_problem({.name = "signsgd"}, {settings.list("curvatures").front()},
                        settings.scalar("signal_sigma"), settings.scalar("schedule_eta"), Point::Ones(1));
  const double x0 = problem.start(0);
  std::vector<Comparison> comparisons;
  for (const double share : {0.1, 0.3, 0.5}) {
    const double iterations = std::round(share * x0 / problem.learning_rate);
    const double time = problem.time(iterations);
    const double left = (x0 - time) / (std::numbers::sqrt2 * x0 - time);
    comparisons.push_back(
        {.where = fmt::format("t = {:.3g}", time),
         .prediction = {.value = 2.0 * left * left},
         .measurement = {.value = Asked("exact-chain", problem).loss_curve()(iterations).value /
                                  theory::signal_phase_bound(sign_loss(problem), time, Wording::printed)}});
  }
  out.claim("loss-over-bound/phase-1")
      .at(source)
      .says("In phase 1 the loss of SignSGD over the bound of Lemma 3.5 is 2(|x₀| − t)²/(√2|x₀| − t)²")
      .compares(Relation::equal, std::move(comparisons))
      .margin(relative(1e-6), "Erfc of the smallest signal, x₀λ/(2√2 σ), is below 1e-20");
}

/// The deviation of phase 2 has the chord of Erf, which meets it where the phase begins.
void claim_of_deviation(Findings& out) {
  const theory::MixedPhaseDeviation setting{.learning_rate = 0.01, .distance = 0.5};
  const double erf = std::erf(theory::kNoiseBoundary);
  out.claim("deviation-over-bound")
      .at(source)
      .says(
          "At |Y| = 1 the bound of Lemma 3.4 on P(|X − E X|² > a) is η(1 − Erf²)/a, the variance of a step "
          "over a η")
      .is_identity(theory::mixed_phase_deviation(setting, {1.0 + 1e-12}, Wording::corrected),
                   {.value = setting.learning_rate / setting.distance * (1.0 - erf * erf)})
      .margin(relative(1e-10), "the phase is open at |Y| = 1: its bound is taken 1e-12 inside");
}

Judgement design(const Settings& settings, Simulations&) {
  return [=](Findings& out) {
    for (const char* const optimizer : {"rmsprop", "rmspropw", "adam", "adamw"})
      claim_of_adaptive(optimizer, settings, out);
    claim_of_sgdw(settings, out);
    claim_of_schedule(settings, out);
    claim_of_signal_phase(settings, out);
    claim_of_deviation(out);
  };
}

const Register<Experiment> bound_tightness{{
    .name = "bound-tightness",
    .title = "How tight the bounds of the loss are",
    .summary =
        "A bound that is a factor 2 too large is kept all the same. So each is judged by its ratio to what "
        "it "
        "bounds, which is derived: with batch size, scales of learning rate, batch and decay all different "
        "from 1 and curvatures that differ, so that each power and each of μ and L shows. No sampling: "
        "stationary laws by mean field, recursion, closure and exact chain.",
    .source = source,
    .settings = {chosen("eta", {1e-4}, Range::positive(), "learning rate η of the base run"),
                 chosen("curvatures", {1.0, 4.0}, Range::positive(), "H = diag(curvatures)"),
                 chosen("sigma", {0.5}, Range::positive(),
                        "standard deviation of one sample's gradient noise"),
                 chosen("gamma", {6.0}, Range::positive(), "weight decay γ of RMSpropW, AdamW and SGDW"),
                 chosen("beta_1", {0.9}, Range::unit(), "decay of Adam(W)'s first moment"),
                 chosen("beta_2", {0.9999}, Range::unit(), "decay of the second moment"),
                 chosen("batch", {2.0}, Range::positive(), "batch size B"),
                 chosen("kappa", {1.5}, Range::positive(), "scale κ of the learning rate"),
                 chosen("delta", {3.0}, Range::positive(), "scale δ of the batch size"),
                 chosen("xi", {0.7}, Range::positive(), "scale ξ of the weight decay"),
                 chosen("schedule_eta", {0.02}, Range::positive(), "η of SignSGD"),
                 chosen("signal_sigma", {0.05}, Range::positive(), "σ of SignSGD in phase 1, from x = 1"),
                 chosen("iterations", {200000}, Range::at_least(1000), "iterations of the schedule")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
