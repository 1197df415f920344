#include "reference/theory/adaptive_descent.hpp"

#include <cmath>
#include <complex>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {

double rmsprop_mean(const RmspropDescent& settings, double time) {
  constexpr const char* owner = "RmspropDescent";
  require_finite(owner, "start", settings.start);
  require_positive(owner, "rate", settings.rate);
  require_positive(owner, "rho", settings.rho);
  require_in({.low = -1.0}, owner, "excess", settings.excess);
  require_in(Range::non_negative(), owner, "time", time);
  const double end = std::sqrt(1.0 + settings.excess * std::exp(-settings.rho * time));
  const double passed =
      time + 2.0 / settings.rho * std::log((1.0 + end) / (1.0 + std::sqrt(1.0 + settings.excess)));
  return settings.start * std::exp(-settings.rate * passed);
}

double adamw_descent_rate(double pull, double rho, double weight_decay) {
  constexpr const char* owner = "adamw_descent_rate";
  require_positive(owner, "pull", pull);
  require_positive(owner, "rho", rho);
  require_in(Range::non_negative(), owner, "weight_decay", weight_decay);
  const double sum = rho + weight_decay, product = rho * (pull + weight_decay);
  return 0.5 * (sum - std::sqrt(std::complex<double>(sum * sum - 4.0 * product)).real());
}

}  // namespace sdelens::theory
