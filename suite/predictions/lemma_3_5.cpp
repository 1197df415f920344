#include <fmt/format.h>

#include "reference/theory/lemma_3_4.hpp"
#include "suite/predictions/sign_lemmas.hpp"

namespace sdelens {
namespace {

/// The rounding of a start that is given as |Y| = 3/2.
constexpr double start_of_phase_2 = theory::kSignalBoundary * (1.0 + 1e-12);

PredictedMoments loss(double value) { return {.loss = Predicted{.value = value}}; }

Curve relaxing(const Problem& problem, const theory::LossBound& bound) {
  return [problem, bound](std::uint64_t iteration) {
    return loss(bound.at(problem.time(static_cast<double>(iteration))));
  };
}

std::string name(const char* phase, Wording form) {
  return fmt::format("lemma-3.5-{}-{}", phase, to_string(form));
}

PredictionEntry phase_1(Wording form) {
  return {.name = name("phase-1", form),
          .of = {{"3.5", form, "phase 1"}},
          .relation = Relation::at_most,
          .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::diagonal_quadratic,
                    needs::strong_convexity, needs::gaussian_noise, needs::uncorrelated_noise},
          .range = {needs::signal_stays_above(theory::kSignalBoundary, "phase 1, |Y_i| > 3/2")},
          .curve = [form](const Problem& problem) -> Curve {
            return [problem, form, settings = sign_loss(problem)](std::uint64_t iteration) {
              const double time = problem.time(static_cast<double>(iteration));
              return loss(theory::signal_phase_bound(settings, time, form));
            };
          }};
}

PredictionEntry phase_2(Wording form) {
  return {.name = name("phase-2", form),
          .of = {{"3.5", form, "phase 2"}},
          .relation = Relation::at_most,
          .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::diagonal_quadratic,
                    needs::strong_convexity, needs::gaussian_noise, needs::uncorrelated_noise},
          .range = {needs::start_within(start_of_phase_2),
                    needs::signal_stays_above(theory::kNoiseBoundary, "phase 2, |Y_i| > 1")},
          .curve = [form](const Problem& problem) {
            return relaxing(problem, theory::mixed_phase_bound(sign_loss(problem), form));
          }};
}

PredictionEntry phase_3(Wording form) {
  return {.name = name("phase-3", form),
          .of = {{"3.5", form, "phase 3"}},
          .relation = Relation::at_most,
          .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::quadratic,
                    needs::strong_convexity, needs::gaussian_noise, needs::uncorrelated_noise},
          .range = {needs::stationary_law_in_domain_of_phase_3},
          .curve_range = {needs::start_within(theory::kNoiseBoundary)},
          .curve =
              [form](const Problem& problem) {
                return relaxing(problem, theory::noise_phase_bound(sign_loss(problem), form));
              },
          .limit =
              [form](const Problem& problem, const Place&) {
                return loss(theory::noise_phase_bound(sign_loss(problem), form).limit);
              }};
}

const Register<PredictionEntry> phase_1_printed{phase_1(Wording::printed)};
const Register<PredictionEntry> phase_1_corrected{phase_1(Wording::corrected)};
const Register<PredictionEntry> phase_2_printed{phase_2(Wording::printed)};
const Register<PredictionEntry> phase_2_corrected{phase_2(Wording::corrected)};
const Register<PredictionEntry> phase_3_printed{phase_3(Wording::printed)};
const Register<PredictionEntry> phase_3_corrected{phase_3(Wording::corrected)};

}  // namespace
}  // namespace sdelens
