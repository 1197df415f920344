#include "reference/theory/lemma_3_13.hpp"

#include <fmt/format.h>

#include "sdelens/core/parameters.hpp"
#include "suite/predictions/adaptive_lemmas.hpp"
#include "suite/predictions/theory_settings.hpp"

namespace sdelens {
namespace {

/// A bound with the margin that is known of it: on diagonal quadratics, where it was measured.
PredictedMoments bound_of_loss(const Problem& problem, double bound, const Margin& margin) {
  const bool measured =
      problem.diagonal_hessian() && adaptive_margin_is_measured(problem, problem.largest_ratio());
  return {.loss = Predicted{bound, measured ? std::optional(margin.bound.at(bound)) : std::nullopt}};
}

PredictedMoments limit(const Problem& problem, const Place&) {
  return bound_of_loss(problem, theory::adamw_loss_bound(adamw_loss(problem)).limit,
                       adaptive_margin(problem));
}

Curve curve(const Problem& problem) {
  const theory::LossBound bound = theory::adamw_loss_bound(adamw_loss(problem));
  const Margin margin = adaptive_margin(problem) + descent_margin(problem);
  return [=](std::uint64_t iteration) {
    return bound_of_loss(problem, bound.at(problem.time(static_cast<double>(iteration))), margin);
  };
}

Objection starts_near_minimum(const Problem& problem) {
  const double signal =
      (problem.hessian() * problem.start).cwiseQuotient(problem.sigmas()).lpNorm<Eigen::Infinity>();
  if (signal <= 0.5) return std::nullopt;
  return fmt::format("starts too far from the minimum: |grad f| / sigma = {:.4g}, not at most 0.5", signal);
}

Objection starts_with_v_of_noise(const Problem& problem) {
  const auto corrects = problem.optimizer.parameters.find("bias_correction");
  if (corrects != problem.optimizer.parameters.end() && corrects->second.front() == 1.0) return std::nullopt;
  const std::vector<double>& initial = problem.optimizer.parameters.at("initial_v");
  for (const Index i : problem.coordinates()) {
    const double v = entry(problem.optimizer.name, "initial_v", initial, problem.dimension(), i);
    const double ratio = v / problem.scale_matrix()(i, i);
    if (ratio < 0.5 || ratio > 2.0)
      return fmt::format("takes V for sigma^2 from the start: initial_v / sigma^2 = {:.4g}, not in [0.5, 2]",
                         ratio);
  }
  return std::nullopt;
}

/// C.28 lacks the mu of the denominator.
PredictedMoments limit_without_mu(const Problem& problem, const Place& place) {
  PredictedMoments moments = limit(problem, place);
  const double mu = adamw_loss(problem).strong_convexity;
  moments.loss->value *= mu;
  if (moments.loss->margin) *moments.loss->margin *= mu;
  return moments;
}

PredictionEntry bound_entry(const NumberOfLemma& lemma) {
  std::vector<Need> needs = adaptive_needs(lemma.optimizer, false);
  needs.emplace_back(needs::equal_sigma);
  return {.name = fmt::format("lemma-{}", lemma.number),
          .of = {{lemma.number}},
          .relation = Relation::at_most,
          .needs = std::move(needs),
          .range = adaptive_range(),
          .curve_range = {starts_near_minimum, starts_with_v_of_noise},
          .curve = curve,
          .limit = limit};
}

const Register<PredictionEntry> rmsprop{bound_entry({"rmsprop", "C.19"})};
const Register<PredictionEntry> rmspropw{bound_entry({"rmspropw", "C.23"})};
const Register<PredictionEntry> adam{[] {
  PredictionEntry entry = bound_entry({"adam", "C.28"});
  entry.of->wording = Wording::corrected;
  return entry;
}()};
const Register<PredictionEntry> printed_adam{[] {
  PredictionEntry entry = bound_entry({"adam", "C.28"});
  entry.name += "-printed";
  entry.curve = {};
  entry.curve_range = {};
  entry.limit = limit_without_mu;
  return entry;
}()};
const Register<PredictionEntry> adamw{bound_entry({"adamw", "3.13"})};

}  // namespace
}  // namespace sdelens
