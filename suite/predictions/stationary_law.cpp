#include "suite/predictions/stationary_law.hpp"

#include "suite/predictions/margins.hpp"

namespace sdelens {
namespace {

bool is_linear(const Problem& problem) {
  return problem.optimizer.name == "sgd" || problem.optimizer.name == "sgdw";
}

bool is_sign(const Problem& problem) { return problem.optimizer.name == "signsgd"; }

}  // namespace

Asked stationary_law(const Problem& problem) {
  if (is_linear(problem)) return {"exact-stationary-recursion", problem};
  if (is_sign(problem)) return {"exact-stationary-chain", problem};
  return {"mean-field", problem};
}

double stationary_loss(const Problem& problem) { return stationary_law(problem).loss().value; }

Margin stationary_law_margin(const Problem& problem) {
  return is_linear(problem) || is_sign(problem) ? Margin{} : mean_field_margin();
}

}  // namespace sdelens
