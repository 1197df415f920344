#include "suite/predictions/margins.hpp"

#include <algorithm>
#include <cmath>

#include "reference/theory/lemma_3_4.hpp"

namespace sdelens {
namespace {

constexpr double most_ratio = 0.3;
constexpr double sign_weak_error = 0.8;

Margin of_second_moment(double ratio) {
  return {.bound = relative(0.35 * ratio), .reason = "V is σ² at leading order in η only: 0.35 ηλ/σ"};
}

/// What weight decay adds, relative.
double decay_bias(const Problem& problem) {
  const double decay = problem.learning_rate * problem.weight_decay();
  const double beta_1 = problem.beta_1();
  return beta_1 > 0.0 ? 1.2 * decay / (1.0 - beta_1) : decay;
}

Margin adaptive(const Problem& problem, double ratio) {
  return {
      .bound = relative(of_second_moment(ratio).bound.relative + decay_bias(problem)),
      .reason =
          "leading order in η: 0.35 ηλ/σ, and weight decay, ηγ without momentum and 1.2 ηγ/(1 − β₁) with it"};
}

double fastest_decay(const Problem& problem) {
  return problem.spectrum().maxCoeff() + problem.weight_decay();
}

}  // namespace

Margin rounding_margin() { return {.bound = relative(1e-12), .reason = "rounding"}; }

Margin asymptotic_margin() { return {relative(1.0), "an asymptotic bound: a factor of two is granted"}; }

Margin mean_field_margin() {
  return {.bound = relative(3e-3),
          .reason = "a closure: 0.3 % covers its deviation in every long simulation"};
}

Margin second_moment_margin(const Problem& problem) { return of_second_moment(problem.largest_ratio()); }

Margin mean_field_margin_with_fluctuation(const Problem& problem) {
  return {.bound = relative(mean_field_margin().bound.relative + (1.0 - problem.beta_2())),
          .reason = "a closure: 0.3 %, and 1 − β₂ for the fluctuation of V, which it leaves out"};
}

Margin adaptive_margin(const Problem& problem) { return adaptive(problem, problem.largest_ratio()); }

Margin adaptive_margin(const Problem& problem, Index i) { return adaptive(problem, problem.ratio(i)); }

bool adaptive_margin_is_measured(const Problem& problem, double ratio) {
  const double decay = problem.learning_rate * problem.weight_decay();
  return ratio <= most_ratio && decay / (1.0 - problem.beta_1()) <= most_ratio && problem.beta_2() >= 0.999;
}

Margin rescaling_margin(const Problem& base, const Problem& rescaled) {
  const bool linear = base.optimizer.name == "sgd" || base.optimizer.name == "sgdw";
  return linear ? linear_rescaling_margin(base, rescaled) : adaptive_rescaling_margin(base, rescaled);
}

Margin sign_sde_margin(const Problem& problem) {
  return {.bound = relative(sign_weak_error * problem.largest_ratio()),
          .reason = "first weak order: C η λ/σ, C = 0.8 covers every case computed exactly for ηλ/σ ≤ 0.3"};
}

Margin signal_phase_margin(double time) {
  return {.bound = absolute((1.0 - std::erf(theory::kSignalBoundary)) * time),
          .reason = "|sign(Y) − Erf(Y)| ≤ 1 − Erf(3/2) = 3.4 % for |Y| ≥ 3/2, times t"};
}

Margin order_margin() {
  return {
      .bound = absolute(0.01),
      .reason = "what O(η²) leaves of the extrapolated slope, and that the maximum is over a grid of times"};
}

Margin sign_closure_margin() {
  return {.bound = relative(2e-3),
          .reason =
              "normality, the closure's one approximation: against the exact chain at constant rate its "
              "error is below 0.2 % at ηλ/σ = 0.2, where the schedules begin"};
}

Margin descent_margin(const Problem& problem) {
  const double signal = problem.curvatures()
                            .cwiseProduct(problem.start)
                            .cwiseQuotient(problem.sigmas())
                            .lpNorm<Eigen::Infinity>();
  return {.bound = relative(signal * signal), .reason = "V = σ² where it is up to σ² + (λx₀)²"};
}

Margin adaptive_rescaling_margin(const Problem& base, const Problem& rescaled) {
  const double ratio = std::max(base.largest_ratio(), rescaled.largest_ratio());
  if (base.beta_1() == 0.0) {
    return {.bound = relative(0.35 * ratio + std::max(decay_bias(base), decay_bias(rescaled))),
            .reason = "first order in η, the larger of both: 0.35 ηλ/σ + ηγ"};
  }
  const double left = std::abs(decay_bias(rescaled) * rescaled.beta_1() - decay_bias(base) * base.beta_1());
  return {.bound = relative(0.35 * ratio + left),
          .reason = "first order in η of both: 0.35 ηλ/σ, and the difference of 1.2 β₁ηγ/(1 − β₁)"};
}

Margin linear_margin(const Problem& problem) {
  return {.bound = relative(0.6 * problem.learning_rate * fastest_decay(problem)),
          .reason = "the stationary variance of the optimizer is 1/(1 − η(λ + γ)/2) of that of its SDE"};
}

Margin linear_rescaling_margin(const Problem& base, const Problem& rescaled) {
  return {
      .bound = relative(0.6 * std::abs(rescaled.learning_rate - base.learning_rate) * fastest_decay(base)),
      .reason = "first order: (1 − η(λ + γ)/2)/(1 − κη(λ + γ)/2)"};
}

Margin phase_3_margin(const Problem& problem, Index i) {
  return {.bound = relative(sign_weak_error * problem.ratio(i)), .reason = "leading order in η: 0.8 ηλ/σ"};
}

bool phase_3_margin_is_measured(const Problem& problem, Index i) { return problem.ratio(i) <= most_ratio; }

}  // namespace sdelens
