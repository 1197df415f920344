#include "reference/theory/lemma_3_4.hpp"

#include "suite/predictions/sign_lemmas.hpp"

namespace sdelens {
namespace {

/// E x of the ODE of phase 1, dX = -sign(Y) dt.
Curve mean_in_phase_1(const Problem& problem) {
  return [problem](std::uint64_t iteration) {
    const double time = problem.time(static_cast<double>(iteration));
    PredictedMoments moments;
    for (const Index i : problem.coordinates()) {
      const double speed = theory::signal_phase_drift(signal(problem, i, problem.start(i)));
      moments.mean.push_back({problem.start(i) + speed * time, signal_phase_margin(time).bound.at(0.0)});
    }
    return moments;
  };
}

const Register<PredictionEntry> lemma_3_4_phase_1{{
    .name = "lemma-3.4-phase-1",
    .of = {{"3.4", Wording::printed, "phase 1"}},
    .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::diagonal_quadratic,
              needs::strong_convexity, needs::gaussian_noise, needs::uncorrelated_noise},
    .range = {needs::signal_stays_above(theory::kSignalBoundary, "phase 1, |Y_i| > 3/2")},
    .curve = mean_in_phase_1,
}};

}  // namespace
}  // namespace sdelens
