#include "suite/predictions/margins.hpp"

#include <cmath>

#include "reference/theory/lemma_3_4.hpp"

namespace sdelens {
namespace {

constexpr double most_ratio = 0.3;
constexpr double sign_weak_error = 0.8;

Margin adaptive(const Problem& problem, double ratio) {
  const double decay = problem.learning_rate * problem.weight_decay();
  const double momentum = problem.beta_1();
  return {
      .bound = relative(0.35 * ratio + (momentum > 0.0 ? 1.2 * decay / (1.0 - momentum) : decay)),
      .reason =
          "leading order in η: 0.35 ηλ/σ, and weight decay, ηγ without momentum and 1.2 ηγ/(1 − β₁) with it"};
}

}  // namespace

Margin mean_field_margin() {
  return {.bound = relative(3e-3),
          .reason = "a closure: 0.3 % covers its deviation in every long simulation"};
}

Margin adaptive_margin(const Problem& problem) { return adaptive(problem, problem.largest_ratio()); }

Margin adaptive_margin(const Problem& problem, Index i) { return adaptive(problem, problem.ratio(i)); }

bool adaptive_margin_is_measured(const Problem& problem, double ratio) {
  const double decay = problem.learning_rate * problem.weight_decay();
  return ratio <= most_ratio && decay / (1.0 - problem.beta_1()) <= most_ratio && problem.beta_2() >= 0.999;
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

Margin phase_3_margin(const Problem& problem, Index i) {
  return {.bound = relative(sign_weak_error * problem.ratio(i)), .reason = "leading order in η: 0.8 ηλ/σ"};
}

bool phase_3_margin_is_measured(const Problem& problem, Index i) { return problem.ratio(i) <= most_ratio; }

}  // namespace sdelens
