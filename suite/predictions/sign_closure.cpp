#include "sdelens/exact/sign_closure.hpp"

#include "suite/predictions/needs.hpp"

namespace sdelens {
namespace {

Curve closure(const Problem& problem) {
  std::vector<SignClosure> closures;
  for (Index i = 0; i < problem.dimension(); ++i) {
    closures.emplace_back(
        SignClosureSettings{.learning_rate = problem.learning_rate,
                            .curvature = problem.curvatures()(i),
                            .sigma = problem.sigmas()(i),
                            .start = problem.start(i),
                            .rate_factor = [problem](std::uint64_t k) { return problem.rate_factor(k); }});
  }
  return [closures = std::move(closures)](std::uint64_t iteration) mutable {
    PredictedMoments moments{.loss = Predicted{.value = 0.0}};
    for (SignClosure& entry : closures) {
      entry.advance(iteration - entry.iteration());
      moments.mean.push_back({entry.mean()});
      moments.variance.push_back({entry.variance()});
      moments.loss->value += entry.expected_loss();
    }
    return moments;
  };
}

const Register<PredictionEntry> sign_closure{{
    .name = "sign-closure",
    .label = "Gaussian closure",
    .source = {.paper = "A", .item = "Lemma 3.9"},
    .wording = Wording::exact,
    .closure = true,
    .subject = Subject::optimizer,
    .needs = {needs::optimizer({"signsgd"}), needs::varying_rate, needs::diagonal_quadratic,
              needs::strong_convexity, needs::gaussian_noise, needs::uncorrelated_noise},
    .curve = closure,
}};

}  // namespace
}  // namespace sdelens
