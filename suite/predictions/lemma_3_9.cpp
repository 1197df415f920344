#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "suite/predictions/sign_lemmas.hpp"

namespace sdelens {
namespace {

double power(const Problem& problem) { return problem.schedule.parameters.at("power").front(); }

/// The printed hypotheses hold, and the rate does too only where eta_t' / eta_t^2 -> 0.
Objection rate_holds(const Problem& problem) {
  if (theory::polynomial_rate_holds(power(problem))) return std::nullopt;
  return fmt::format("needs eta_t'/eta_t^2 -> 0, a power below 1: it is {:.4g}", power(problem));
}

/// The rate is asymptotic. The slowest coordinate follows the schedule if it relaxes 20 times faster than the rate
/// falls, the start is forgotten after 20 e-folds of the loss and as many as separate it from the predicted one, and
/// SignSGD is in its linear regime if eta lambda / sigma is at most 0.3 at the rate of the end.
Objection asymptotic(const Question& problem) {
  const bool sign = problem.optimizer.name == "signsgd";
  const double speed = sign ? slowest_phase_3_rate(problem) : problem.spectrum().minCoeff();
  const double eta = problem.learning_rate, exponent = power(problem);
  const auto last = static_cast<double>(problem.iterations);
  const double ratio = theory::polynomial_rate_ratio(exponent, last) / (2.0 * eta * speed);
  if (ratio > 0.05) {
    return fmt::format(
        "is asymptotic: at the end the rate still falls by {:.3g} of itself in a relaxation time of the "
        "loss, more "
        "than 0.05",
        ratio);
  }
  const double factor = problem.rate_factor(problem.iterations);
  const double end_ratio = factor * (sign ? problem.largest_ratio() : eta * problem.spectrum().maxCoeff());
  if (end_ratio > 0.3) {
    return fmt::format("is asymptotic: at the end eta_t {} is {:.3g}, more than 0.3",
                       sign ? "lambda / sigma" : "lambda", end_ratio);
  }
  // int (s + 1)^-p ds
  double passed = (std::pow(last + 1.0, 1.0 - exponent) - 1.0) / (1.0 - exponent);
  if (sign) passed -= 2.0 * problem.start.cwiseAbs().maxCoeff() / eta;
  const auto formula = sign ? theory::scheduled_signsgd_bound : theory::scheduled_sgd_bound;
  const double needed = 20.0 + std::log1p(problem.start_loss() / formula(scheduled_loss(problem), factor));
  const double folds = 2.0 * eta * speed * passed;
  if (folds >= needed) return std::nullopt;
  return fmt::format("is asymptotic: by the end the loss has relaxed for {:.3g} e-folds, and it needs {:.3g}",
                     std::max(0.0, folds), needed);
}

using Formula = double (*)(const theory::ScheduledLoss&, double);

PredictionEntry entry(const std::string& optimizer, bool bound, Formula formula) {
  std::vector<Need> needs{needs::optimizer({optimizer}), needs::polynomial_rate};
  if (bound) {
    needs.emplace_back(needs::quadratic);
  } else {
    needs.emplace_back(needs::diagonal_quadratic);
  }
  for (const Need& need :
       std::vector<Need>{needs::strong_convexity, needs::gaussian_noise, needs::uncorrelated_noise}) {
    needs.push_back(need);
  }
  if (!bound) needs.emplace_back(needs::equal_sigma);
  return {.name = fmt::format("lemma-3.9-{}-{}", optimizer, bound ? "bound" : "asymptote"),
          .of = {{optimizer == "sgd" ? "remark-3.9" : "3.9", bound ? Wording::printed : Wording::corrected,
                  bound ? "" : "sharp"}},
          .relation = bound ? Relation::at_most : Relation::equal,
          .needs = std::move(needs),
          .range = {rate_holds, asymptotic},
          .curve = [formula](const Problem& problem) -> Curve {
            return [problem, formula](std::uint64_t iteration) {
              const double factor = problem.rate_factor(iteration);
              return PredictedMoments{.loss = Predicted{.value = formula(scheduled_loss(problem), factor)}};
            };
          }};
}

const Register<PredictionEntry> sign_bound{entry("signsgd", true, theory::scheduled_signsgd_bound)};
const Register<PredictionEntry> sign_asymptote{entry("signsgd", false, theory::scheduled_signsgd_asymptote)};
const Register<PredictionEntry> sgd_bound{entry("sgd", true, theory::scheduled_sgd_bound)};
const Register<PredictionEntry> sgd_asymptote{entry("sgd", false, theory::scheduled_sgd_asymptote)};

}  // namespace
}  // namespace sdelens
