#include "suite/predictions/margins.hpp"

namespace sdelens {
namespace {

constexpr double most_ratio = 0.3;

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

Margin phase_3_margin(const Problem& problem, Index i) {
  return {.bound = relative(0.8 * problem.ratio(i)), .reason = "leading order in η: 0.8 ηλ/σ"};
}

bool phase_3_margin_is_measured(const Problem& problem, Index i) { return problem.ratio(i) <= most_ratio; }

}  // namespace sdelens
