#include "sdelens/exact/sign_chain.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <numbers>
#include <utility>

#include "sdelens/core/check.hpp"

namespace sdelens {
namespace {

constexpr double kTruncatedMassPerEnd = 5e-19;
constexpr std::int64_t kTableChunk = 64;

double checked_slope(const char* owner, const LinearGradient& gradient) {
  require_finite(owner, "curvature", gradient.curvature);
  require_positive(owner, "sigma", gradient.sigma);
  return gradient.curvature / gradient.sigma;
}

}  // namespace

ProbabilityDown gaussian_probability_down(const LinearGradient& gradient) {
  const double slope = checked_slope("gaussian_probability_down", gradient) / std::numbers::sqrt2;
  return [slope](double x) { return 0.5 * std::erfc(-slope * x); };
}

ProbabilityDown student_t_probability_down(const LinearGradient& gradient, double nu) {
  const double slope = checked_slope("student_t_probability_down", gradient);
  require_positive("student_t_probability_down", "nu", nu);
  return [slope, nu](double x) {
    const double y = slope * x;
    const double square = y * y;
    // Near 0 the argument of the tail's form would round to 1; far out the other form would cancel.
    if (square < nu)
      return 0.5 + std::copysign(0.5 * boost::math::ibeta(0.5, 0.5 * nu, square / (nu + square)), y);
    const double tail = 0.5 * boost::math::ibeta(0.5 * nu, 0.5, nu / (nu + square));
    return y < 0.0 ? tail : 1.0 - tail;
  };
}

SignChain::SignChain(const SignLattice& lattice, ProbabilityDown probability_down)
    : lattice_(lattice), probability_down_(std::move(probability_down)) {
  require_positive("SignChain", "learning_rate", lattice.learning_rate);
  require_finite("SignChain", "start", lattice.start);
  if (!probability_down_) throw InvalidParameter("SignChain", "probability_down", "is empty");
}

double SignChain::position(std::int64_t index) const {
  return lattice_.start + lattice_.learning_rate * static_cast<double>(index);
}

double SignChain::checked_probability(std::int64_t index) const {
  constexpr Range closed_unit{.low = 0.0, .high = 1.0, .low_included = true, .high_included = true};
  return require_in(closed_unit, "SignChain", "probability_down", probability_down_(position(index)));
}

void SignChain::tabulate() {
  const auto table_size = static_cast<std::int64_t>(down_.size());
  const std::int64_t high =
      low_ + 2 * static_cast<std::int64_t>(mass_.size()) - 1;  // one past the last index
  if (low_ < table_low_) {
    const std::int64_t extra = std::max(table_low_ - low_, kTableChunk);
    std::vector<double> front(static_cast<std::size_t>(extra));
    table_low_ -= extra;
    for (std::size_t i = 0; i < front.size(); ++i)
      front[i] = checked_probability(table_low_ + static_cast<std::int64_t>(i));
    down_.insert(down_.begin(), front.begin(), front.end());
  } else {
    for (std::int64_t index = table_low_ + table_size; index < high; ++index)
      down_.push_back(checked_probability(index));
  }
}

void SignChain::advance() {
  // A law that has grown at both ends since the last call needs one pass for each.
  while (low_ < table_low_ || low_ + 2 * static_cast<std::int64_t>(mass_.size()) - 1 >
                                  table_low_ + static_cast<std::int64_t>(down_.size()))
    tabulate();
  const double* down = down_.data() + (low_ - table_low_);
  const std::size_t size = mass_.size();
  next_.resize(size + 1);
  double from_below = 0.0;
  for (std::size_t i = 0; i < size; ++i) {
    const double falling = mass_[i] * down[2 * i];
    next_[i] = from_below + falling;
    from_below = mass_[i] - falling;
  }
  next_[size] = from_below;
  mass_.swap(next_);
  --low_;
  ++iteration_;
  truncate();
}

void SignChain::truncate() {
  double cut = 0.0;
  while (mass_.size() > 1 && cut + mass_.back() <= kTruncatedMassPerEnd) {
    cut += mass_.back();
    mass_.pop_back();
  }
  truncated_mass_ += cut;
  cut = 0.0;
  std::size_t first = 0;
  while (first + 1 < mass_.size() && cut + mass_[first] <= kTruncatedMassPerEnd) cut += mass_[first++];
  truncated_mass_ += cut;
  mass_.erase(mass_.begin(), mass_.begin() + static_cast<std::ptrdiff_t>(first));
  low_ += 2 * static_cast<std::int64_t>(first);
}

void SignChain::advance(std::uint64_t iterations) {
  for (std::uint64_t i = 0; i < iterations; ++i) advance();
}

double SignChain::expectation(const std::function<double(double)>& g) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < mass_.size(); ++i)
    sum += mass_[i] * g(position(low_ + 2 * static_cast<std::int64_t>(i)));
  return sum;
}

double SignChain::mean() const {
  return expectation([](double x) { return x; });
}

double SignChain::second_moment() const {
  return expectation([](double x) { return x * x; });
}

double SignChain::variance() const {
  const double centre = mean();
  return expectation([centre](double x) { return (x - centre) * (x - centre); });
}

}  // namespace sdelens
