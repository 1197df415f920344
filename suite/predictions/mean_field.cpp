#include "sdelens/exact/mean_field.hpp"

#include "suite/predictions/margins.hpp"
#include "suite/predictions/needs.hpp"
#include "suite/predictions/theory_settings.hpp"

namespace sdelens {
namespace {

Objection domain(const Problem& problem) {
  if (problem.largest_ratio() > 1000.0) return "needs eta lambda / sigma <= 1000";
  if (problem.learning_rate * problem.weight_decay() >= 1.0) return "needs eta gamma < 1";
  return std::nullopt;
}

using FixedPoint = MeanField (*)(const MeanFieldSettings&);

/// Measured against long simulations with beta_2 >= 0.999 and eta lambda / sigma <= 1; elsewhere its accuracy is not
/// known.
PredictedMoments closure(const Problem& problem, FixedPoint fixed_point) {
  const bool measured = problem.beta_2() >= 0.999 && problem.largest_ratio() <= 1.0;
  PredictedMoments moments;
  for (const Index i : problem.coordinates()) {
    const double variance = fixed_point(mean_field_settings(problem, i)).variance;
    moments.mean.push_back({0.0, 0.0});
    moments.variance.push_back(
        {variance, measured ? std::optional(mean_field_margin().bound.at(variance)) : std::nullopt});
  }
  return with_loss(problem, std::move(moments));
}

/// Where the fixed point is that of the optimizers: V is held at its mean, and epsilon left out.
std::vector<Need> range() { return {needs::slow_second_moment, needs::negligible_epsilon}; }

/// What the fixed point needs of a problem, whatever is simulated.
std::vector<Need> needs_of(const std::vector<std::string>& optimizers) {
  return {needs::optimizer(optimizers),
          needs::constant_rate,
          needs::diagonal_quadratic,
          needs::strong_convexity,
          needs::gaussian_noise,
          needs::uncorrelated_noise,
          domain};
}

PredictionEntry of_optimizers() {
  return {.name = "mean-field",
          .label = "Mean field",
          .source = {.paper = "A", .item = "Lemmas 3.14, C.20, C.24, C.30"},
          .wording = Wording::exact,
          .closure = true,
          .subject = Subject::optimizer,
          .needs = needs_of({"adam", "adamw", "rmsprop", "rmspropw"}),
          .range = range(),
          .limit = [](const Problem& problem, const Place&) { return closure(problem, mean_field); }};
}

PredictionEntry of_sde(const std::string& optimizer, const std::string& equation) {
  std::vector<Need> needs = needs_of({optimizer});
  needs.insert(needs.begin() + 1, needs::sde({optimizer}));
  return {.name = "mean-field-of-sde-" + optimizer,
          .label = "Mean field of the SDE",
          .source = {.paper = "A", .item = equation},
          .wording = Wording::exact,
          .closure = true,
          .subject = Subject::sde,
          .needs = std::move(needs),
          .range = range(),
          .limit = [](const Problem& problem, const Place&) { return closure(problem, mean_field_of_sde); }};
}

const Register<PredictionEntry> mean_field_closure{of_optimizers()};
const Register<PredictionEntry> sde_of_rmsprop{of_sde("rmsprop", "(86)")};
const Register<PredictionEntry> sde_of_rmspropw{of_sde("rmspropw", "(113)")};

}  // namespace
}  // namespace sdelens
