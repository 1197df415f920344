#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace sdelens {

/// P(f'(x) + Z >= 0), the probability that SignSGD steps down from x; sign(0) = +1.
using ProbabilityDown = std::function<double(double x)>;

/// The gradient f'(x) = curvature * x of one coordinate and the scale sigma of its noise Z = sigma U.
struct LinearGradient {
  double curvature;
  double sigma;
};

/// Phi(curvature x / sigma), for U ~ N(0, 1); both tails to full relative precision.
/// @throw InvalidParameter unless curvature is finite and sigma positive
ProbabilityDown gaussian_probability_down(const LinearGradient& gradient);

/// F_nu(curvature x / sigma), F_nu the distribution function of Student's t.
/// @throw InvalidParameter also unless nu is positive
ProbabilityDown student_t_probability_down(const LinearGradient& gradient, double nu);

/// The points start + learning_rate * j, j an integer: one coordinate of SignSGD never leaves them.
struct SignLattice {
  double learning_rate;
  double start;
};

/// The exact law of one coordinate of SignSGD after k iterations, x_{k+1} = x_k - eta sign(f'(x_k) + Z_k),
/// x_0 = start: a birth-death chain on the lattice, without sampling.
///
/// After k iterations only the points with j = k mod 2 carry mass. At each end of the law the points with
/// less than 5e-19 of mass together are cut off at each iteration; truncated_mass() is the sum of what was
/// cut, so that an expectation of g is short of at most truncated_mass() * sup |g| (beside rounding).
/// Source: Paper A, Section 3.1, update of SignSGD.
class SignChain {
 public:
  /// @throw InvalidParameter unless learning_rate is positive and start finite
  SignChain(const SignLattice& lattice, ProbabilityDown probability_down);

  /// @throw InvalidParameter if probability_down leaves [0, 1] at a point within 64 lattice steps of the law
  void advance();
  void advance(std::uint64_t iterations);

  std::uint64_t iteration() const { return iteration_; }
  double expectation(const std::function<double(double)>& g) const;
  double mean() const;
  double second_moment() const;
  /// E (x - E x)^2.
  double variance() const;
  double truncated_mass() const { return truncated_mass_; }
  /// How many points carry mass.
  std::size_t size() const { return mass_.size(); }

 private:
  double position(std::int64_t index) const;
  double checked_probability(std::int64_t index) const;
  void tabulate();
  void truncate();

  SignLattice lattice_;
  ProbabilityDown probability_down_;
  std::uint64_t iteration_ = 0;
  std::int64_t low_ = 0;        // index of mass_[0]; mass_[i] belongs to index low_ + 2 i
  std::int64_t table_low_ = 0;  // index of down_[0]
  std::vector<double> mass_{1.0}, next_, down_;
  double truncated_mass_ = 0.0;
};

/// Even or odd numbers of iterations.
enum class Parity { even, odd };

/// The stationary law of the chain by detailed balance, pi_j p_up(j) = pi_{j+1} p_down(j+1).
///
/// The chain has period 2, so that the law at iteration k has two limits, one for even and one for odd k; the
/// law of detailed balance is their average and gives each half of its mass. It depends on start through
/// start / learning_rate mod 1 only, the parity laws through start / learning_rate mod 2.
/// Points whose weight is below e^-60 of the largest are left out; a law of several separate modes is
/// complete only where the valleys between them are above that.
class StationarySignLaw {
 public:
  /// @param centre  a point in the bulk of the law, where the recursion begins
  /// @throw InvalidParameter as SignChain, or if centre is not finite
  /// @throw std::runtime_error if the weights do not fall off within 1e7 points: there is no stationary law
  StationarySignLaw(const SignLattice& lattice, const ProbabilityDown& probability_down, double centre = 0.0);

  /// The average over the parities of k.
  double expectation(const std::function<double(double)>& g) const;
  /// The limit along iterations of one parity.
  double expectation(const std::function<double(double)>& g, Parity parity) const;
  double mean() const;
  double second_moment() const;
  double variance() const;
  std::size_t size() const { return mass_.size(); }

 private:
  double sum(const std::function<double(double)>& g, std::size_t first, std::size_t stride) const;

  SignLattice lattice_;
  std::int64_t low_ = 0;  // index of mass_[0]
  std::vector<double> mass_;
};

}  // namespace sdelens
