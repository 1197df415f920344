#include "reference/theory/lemma_3_3.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr Range extended_line{.low = -std::numeric_limits<double>::infinity(),
                              .high = std::numeric_limits<double>::infinity(),
                              .low_included = true,
                              .high_included = true};

}  // namespace

double gaussian_drift(double y) {
  require_in(extended_line, "gaussian_drift", "y", y);
  return -boost::math::erf(y / std::numbers::sqrt2);
}

double gaussian_diffusion(double y, double learning_rate) {
  require_in(extended_line, "gaussian_diffusion", "y", y);
  require_positive("gaussian_diffusion", "learning_rate", learning_rate);
  const double size = std::abs(y) / std::numbers::sqrt2;
  return std::sqrt(learning_rate * boost::math::erfc(size) * (1.0 + boost::math::erf(size)));
}

double gaussian_slope() { return std::sqrt(2.0 * std::numbers::inv_pi); }

}  // namespace sdelens::theory
