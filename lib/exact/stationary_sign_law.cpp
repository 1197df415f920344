#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "sdelens/core/check.hpp"
#include "sdelens/exact/sign_chain.hpp"

namespace sdelens {
namespace {

constexpr double kSmallestLogWeight = -60.0;
constexpr std::size_t kMostPoints = 10'000'000;

// Logarithms of the weights at first, first + step, ...: the weight at first is 1, and the list ends where
// the weights have fallen off.
std::vector<double> log_weights(const SignLattice& lattice, const ProbabilityDown& probability_down,
                                std::int64_t first, std::int64_t step) {
  constexpr Range closed_unit{.low = 0.0, .high = 1.0, .low_included = true, .high_included = true};
  const auto outward_and_back = [&](std::int64_t index) {
    const double x = lattice.start + lattice.learning_rate * static_cast<double>(index);
    const double down = require_in(closed_unit, "StationarySignLaw", "probability_down", probability_down(x));
    return step > 0 ? std::pair{1.0 - down, down} : std::pair{down, 1.0 - down};
  };
  std::vector<double> weights{0.0};
  double largest = 0.0;
  double outward = outward_and_back(first).first;
  for (std::int64_t index = first + step;; index += step) {
    const auto [next_outward, back] = outward_and_back(index);
    const double change = std::log(outward / back);  // -inf where the chain cannot get any further
    const double weight = weights.back() + change;
    if (outward == 0.0 || (change < 0.0 && weight < largest + kSmallestLogWeight)) return weights;
    if (!(weight < HUGE_VAL) || weights.size() >= kMostPoints)
      throw std::runtime_error("StationarySignLaw: the chain is not drawn back, so it has no stationary law");
    weights.push_back(weight);
    largest = std::max(largest, weight);
    outward = next_outward;
  }
}

}  // namespace

StationarySignLaw::StationarySignLaw(const SignLattice& lattice, const ProbabilityDown& probability_down,
                                     double centre)
    : lattice_(lattice) {
  require_positive("StationarySignLaw", "learning_rate", lattice.learning_rate);
  require_finite("StationarySignLaw", "start", lattice.start);
  require_finite("StationarySignLaw", "centre", centre);
  if (!probability_down) throw InvalidParameter("StationarySignLaw", "probability_down", "is empty");

  const auto middle =
      static_cast<std::int64_t>(std::llround((centre - lattice.start) / lattice.learning_rate));
  mass_ = log_weights(lattice, probability_down, middle, -1);
  low_ = middle - static_cast<std::int64_t>(mass_.size()) + 1;
  std::reverse(mass_.begin(), mass_.end());
  const auto upper = log_weights(lattice, probability_down, middle, 1);
  mass_.insert(mass_.end(), upper.begin() + 1, upper.end());

  const double largest = *std::max_element(mass_.begin(), mass_.end());
  double total = 0.0;
  for (double& mass : mass_) total += mass = std::exp(mass - largest);
  for (double& mass : mass_) mass /= total;
}

double StationarySignLaw::sum(const std::function<double(double)>& g, std::size_t first,
                              std::size_t stride) const {
  double sum = 0.0;
  for (std::size_t i = first; i < mass_.size(); i += stride) {
    const auto index = low_ + static_cast<std::int64_t>(i);
    sum += mass_[i] * g(lattice_.start + lattice_.learning_rate * static_cast<double>(index));
  }
  return sum;
}

double StationarySignLaw::expectation(const std::function<double(double)>& g) const { return sum(g, 0, 1); }

double StationarySignLaw::expectation(const std::function<double(double)>& g, Parity parity) const {
  const bool low_is_odd = low_ % 2 != 0;
  const std::size_t first = low_is_odd == (parity == Parity::odd) ? 0 : 1;
  return sum(g, first, 2) / sum([](double) { return 1.0; }, first, 2);
}

double StationarySignLaw::mean() const {
  return expectation([](double x) { return x; });
}

double StationarySignLaw::second_moment() const {
  return expectation([](double x) { return x * x; });
}

double StationarySignLaw::variance() const {
  const double centre = mean();
  return expectation([centre](double x) { return (x - centre) * (x - centre); });
}

}  // namespace sdelens
