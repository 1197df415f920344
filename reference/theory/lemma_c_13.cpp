#include "reference/theory/lemma_c_13.hpp"

#include <cmath>
#include <numbers>

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr const char* kOwner = "signsgd_expected_loss";

void check(const std::vector<QuadraticCoordinate>& coordinates) {
  if (coordinates.empty()) throw InvalidParameter(kOwner, "coordinates", "are none");
  for (const QuadraticCoordinate& coordinate : coordinates) {
    require_positive(kOwner, "learning_rate", coordinate.learning_rate);
    require_positive(kOwner, "curvature", coordinate.curvature);
    require_positive(kOwner, "sigma", coordinate.sigma);
    require_finite(kOwner, "start", coordinate.start);
    if (coordinate.learning_rate != coordinates.front().learning_rate)
      throw InvalidParameter(kOwner, "learning_rate", "must be the same in all coordinates");
  }
}

// sqrt(2 / pi) + (eta / pi) lambda / sigma
double common_factor(const QuadraticCoordinate& coordinate) {
  return std::sqrt(2.0 * std::numbers::inv_pi) +
         coordinate.learning_rate * std::numbers::inv_pi * coordinate.curvature / coordinate.sigma;
}

double stationary(const QuadraticCoordinate& coordinate) {
  return 0.25 * coordinate.learning_rate * coordinate.sigma / common_factor(coordinate);
}

}  // namespace

double signsgd_expected_loss(const std::vector<QuadraticCoordinate>& coordinates, double time) {
  check(coordinates);
  require_in(Range::non_negative(), kOwner, "time", time);
  double loss = 0.0;
  for (const QuadraticCoordinate& coordinate : coordinates) {
    const double decay = -2.0 * coordinate.curvature / coordinate.sigma * common_factor(coordinate) * time;
    loss += 0.5 * coordinate.curvature * coordinate.start * coordinate.start * std::exp(decay) -
            stationary(coordinate) * std::expm1(decay);
  }
  return loss;
}

double signsgd_stationary_loss(const std::vector<QuadraticCoordinate>& coordinates) {
  check(coordinates);
  double loss = 0.0;
  for (const QuadraticCoordinate& coordinate : coordinates) loss += stationary(coordinate);
  return loss;
}

}  // namespace sdelens::theory
