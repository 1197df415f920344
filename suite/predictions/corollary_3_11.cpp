#include "reference/theory/lemma_c_14.hpp"
#include "suite/predictions/sign_lemmas.hpp"

namespace sdelens {
namespace {

PredictedMoments in_the_limit(const Problem& problem, const Place&) {
  PredictedMoments moments;
  for (Index i = 0; i < problem.dimension(); ++i) {
    const theory::QuadraticCoordinate coordinate = quadratic_coordinate(problem, i);
    const double variance = theory::student_t_stationary_variance(coordinate, problem.degrees_of_freedom());
    moments.mean.push_back({0.0, 0.0});
    moments.variance.push_back({variance});
  }
  return with_loss(problem, std::move(moments));
}

Curve curve(const Problem& problem) {
  return [problem, nu = problem.degrees_of_freedom()](std::uint64_t iteration) {
    PredictedMoments moments;
    for (Index i = 0; i < problem.dimension(); ++i) {
      const theory::QuadraticCoordinate coordinate = quadratic_coordinate(problem, i);
      moments.mean.push_back(
          {theory::student_t_mean(coordinate, nu, problem.time(static_cast<double>(iteration)))});
      moments.variance.push_back(
          {theory::student_t_variance(coordinate, nu, problem.time(static_cast<double>(iteration)))});
    }
    return with_loss(problem, std::move(moments));
  };
}

/// The lemma writes the equation for nu = 2; for other nu it is the tangent of Lemma 3.10 at 0.
Need degrees_of_freedom(bool two) {
  return [two](const Problem& problem) -> Objection {
    if ((problem.degrees_of_freedom() == 2.0) == two) return std::nullopt;
    return two ? "is for nu = 2; its extension to other nu applies"
               : "is for nu other than 2; Corollary 3.11 applies";
  };
}

PredictionEntry entry(bool two) {
  return {.name = two ? "corollary-3.11" : "lemma-3.10-linear",
          .of = two ? StatementPart{"3.11"} : StatementPart{"C.8", Wording::printed, "linear"},
          .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::diagonal_quadratic,
                    needs::strong_convexity, needs::student_t_noise, needs::uncorrelated_noise,
                    degrees_of_freedom(two)},
          .range = {needs::stationary_law_in_domain_of_phase_3},
          .curve_range = {needs::start_in_domain_of_phase_3},
          .curve = curve,
          .limit = in_the_limit};
}

const Register<PredictionEntry> corollary_3_11{entry(true)};
const Register<PredictionEntry> linear_lemma_3_10{entry(false)};

}  // namespace
}  // namespace sdelens
