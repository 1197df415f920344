#include "sdelens/exact/mean_field.hpp"

#include "suite/predictions/margins.hpp"
#include "suite/predictions/needs.hpp"

namespace sdelens {
namespace {

Objection domain(const Problem& problem) {
  if (problem.largest_ratio() > 1000.0) return "needs eta lambda / sigma <= 1000";
  if (problem.learning_rate * problem.weight_decay() >= 1.0) return "needs eta gamma < 1";
  return std::nullopt;
}

PredictedMoments closure(const Problem& problem, const Place&) {
  // Measured against long simulations at these settings; elsewhere its accuracy is not known.
  const bool measured = problem.beta_2() >= 0.999 && problem.largest_ratio() <= 1.0;
  PredictedMoments moments;
  for (Index i = 0; i < problem.dimension(); ++i) {
    const double variance = mean_field({.learning_rate = problem.learning_rate,
                                        .curvature = problem.curvatures()(i),
                                        .sigma = problem.sigmas()(i),
                                        .beta_1 = problem.beta_1(),
                                        .weight_decay = problem.weight_decay()})
                                .variance;
    moments.mean.push_back({0.0, 0.0});
    moments.variance.push_back({variance, measured ? std::optional(mean_field_margin().bound.at(variance)) : std::nullopt});
  }
  return with_loss(problem, std::move(moments));
}

const Register<PredictionEntry> mean_field_closure{{
    .name = "mean-field",
    .label = "Mean field",
    .source = {.paper = "A", .item = "Lemmas 3.14, C.20, C.24, C.30"},
    .wording = Wording::exact,
    .closure = true,
    .subject = Subject::optimizer,
    .needs = {needs::optimizer({"adam", "adamw", "rmsprop", "rmspropw"}), needs::constant_rate,
              needs::diagonal_quadratic, needs::strong_convexity, needs::gaussian_noise,
              needs::uncorrelated_noise, domain, needs::slow_second_moment, needs::negligible_epsilon},
    .limit = closure,
}};

}  // namespace
}  // namespace sdelens
