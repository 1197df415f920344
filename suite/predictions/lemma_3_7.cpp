#include "suite/predictions/sign_lemmas.hpp"

namespace sdelens {
namespace {

PredictedMoments in_the_limit(const Problem& problem, Wording form) {
  PredictedMoments moments;
  for (Index i = 0; i < problem.dimension(); ++i) {
    const theory::QuadraticCoordinate coordinate = quadratic_coordinate(problem, i);
    const double variance = theory::signsgd_stationary_variance(coordinate, form);
    moments.mean.push_back({0.0, 0.0});
    moments.variance.push_back({variance, measured_phase_3_margin(problem, i, variance)});
  }
  return with_loss(problem, std::move(moments));
}

PredictedMoments at_time(const Problem& problem, double time, Wording form) {
  PredictedMoments moments;
  for (Index i = 0; i < problem.dimension(); ++i) {
    const theory::QuadraticCoordinate coordinate = quadratic_coordinate(problem, i);
    moments.mean.push_back({theory::signsgd_mean(coordinate, time)});
    moments.variance.push_back({theory::signsgd_variance(coordinate, time, form)});
  }
  return with_loss(problem, std::move(moments));
}

PredictionEntry entry(Wording form) {
  return {.name = form == Wording::printed ? "lemma-3.7-printed" : "lemma-3.7-corrected",
          .of = {{"3.7", form}},
          .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::diagonal_quadratic,
                    needs::strong_convexity, needs::gaussian_noise, needs::uncorrelated_noise},
          .range = {needs::stationary_law_in_domain_of_phase_3},
          .curve_range = {needs::start_in_domain_of_phase_3},
          .curve = [form](const Problem& problem) -> Curve {
            return [problem, form](std::uint64_t k) {
              return at_time(problem, problem.time(static_cast<double>(k)), form);
            };
          },
          .limit = [form](const Problem& problem, const Place&) { return in_the_limit(problem, form); }};
}

const Register<PredictionEntry> printed{entry(Wording::printed)};
const Register<PredictionEntry> corrected{entry(Wording::corrected)};

}  // namespace
}  // namespace sdelens
