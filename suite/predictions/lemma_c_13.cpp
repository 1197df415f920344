#include "reference/theory/lemma_c_13.hpp"

#include "suite/predictions/sign_lemmas.hpp"

namespace sdelens {
namespace {

Curve loss_curve(const Problem& problem) {
  return [problem](std::uint64_t iteration) {
    const double loss = theory::signsgd_expected_loss(quadratic_coordinates(problem),
                                                      problem.time(static_cast<double>(iteration)));
    return PredictedMoments{.loss = Predicted{.value = loss}};
  };
}

PredictedMoments loss_limit(const Problem& problem, const Place&) {
  return {.loss = Predicted{.value = theory::signsgd_stationary_loss(quadratic_coordinates(problem))}};
}

const Register<PredictionEntry> lemma_c_13{{
    .name = "lemma-c.13",
    .of = {{"C.13"}},
    .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::diagonal_quadratic,
              needs::strong_convexity, needs::gaussian_noise, needs::uncorrelated_noise},
    .range = {needs::stationary_law_in_domain_of_phase_3},
    .curve_range = {needs::start_in_domain_of_phase_3},
    .curve = loss_curve,
    .limit = loss_limit,
}};

}  // namespace
}  // namespace sdelens
