#include "reference/theory/lemma_3_5.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reference/theory/lemma_3_4.hpp"
#include "suite/predictions/sign_lemmas.hpp"

namespace sdelens {
namespace {

theory::SignSgdLoss settings_of(const Problem& problem) {
  return {.learning_rate = problem.learning_rate,
          .strong_convexity = problem.spectrum().minCoeff(),
          .hessian_trace = problem.hessian().trace(),
          .largest_sigma = problem.sigmas().maxCoeff(),
          .dimension = static_cast<double>(problem.dimension()),
          .start_loss = problem.start_loss()};
}

/// All |Y_i| > 3/2 until the end of the run, along the path that every coordinate follows in phase 1.
Objection stays_in_phase_1(const Question& problem) {
  const Eigen::VectorXd curvatures = problem.curvatures(), sigmas = problem.sigmas();
  const double time = problem.time(problem.iterations);
  for (Index i = 0; i < problem.dimension(); ++i) {
    const double left = std::abs(problem.start(i)) - time;
    const double signal = curvatures(i) * left / (sigmas(i) * std::sqrt(2.0));
    if (signal > theory::kSignalBoundary) continue;
    return fmt::format("needs phase 1, |Y_i| > 3/2 for all i, until the end: |Y_{}| is {:.4g} then", i + 1,
                       std::max(0.0, signal));
  }
  return std::nullopt;
}

Curve phase_1(const Problem& problem, Wording form) {
  return [problem, form, settings = settings_of(problem)](std::uint64_t iteration) {
    return PredictedMoments{
        .loss = Predicted{.value = theory::signal_phase_bound(settings, problem.time(iteration), form)}};
  };
}

PredictionEntry phase_1_entry(Wording form) {
  return {
      .name = form == Wording::printed ? "lemma-3.5-phase-1-printed" : "lemma-3.5-phase-1-corrected",
      .label = "Lemma 3.5, phase 1",
      .source = {.paper = "A", .item = "Lemma 3.5"},
      .wording = form,
      .relation = Relation::at_most,
      .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::diagonal_quadratic,
                needs::strong_convexity, needs::gaussian_noise, needs::uncorrelated_noise, stays_in_phase_1},
      .curve = [form](const Problem& problem) { return phase_1(problem, form); }};
}

PredictionEntry phase_3_entry(Wording form) {
  return {.name = form == Wording::printed ? "lemma-3.5-phase-3-printed" : "lemma-3.5-phase-3-corrected",
          .label = "Lemma 3.5, phase 3",
          .source = {.paper = "A", .item = "Lemma 3.5"},
          .wording = form,
          .relation = Relation::at_most,
          .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::quadratic,
                    needs::strong_convexity, needs::gaussian_noise, needs::uncorrelated_noise,
                    needs::stationary_law_in_domain_of_phase_3},
          .curve_needs = {needs::start_within(theory::kNoiseBoundary)},
          .curve = [form](const Problem& problem) -> Curve {
            const theory::LossBound bound = theory::noise_phase_bound(settings_of(problem), form);
            return [problem, bound](std::uint64_t iteration) {
              return PredictedMoments{.loss = Predicted{.value = bound.at(problem.time(iteration))}};
            };
          },
          .limit =
              [form](const Problem& problem, const Place&) {
                const double limit = theory::noise_phase_bound(settings_of(problem), form).limit;
                return PredictedMoments{.loss = Predicted{.value = limit}};
              }};
}

const Register<PredictionEntry> phase_1_printed{phase_1_entry(Wording::printed)};
const Register<PredictionEntry> phase_1_corrected{phase_1_entry(Wording::corrected)};
const Register<PredictionEntry> phase_3_printed{phase_3_entry(Wording::printed)};
const Register<PredictionEntry> phase_3_corrected{phase_3_entry(Wording::corrected)};

}  // namespace
}  // namespace sdelens
