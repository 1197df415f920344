#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>

#include "sdelens/exact/rate_factor.hpp"

namespace sdelens {

/// SGD with decoupled weight decay on f(x) = x'Hx / 2 with gradient noise of covariance Sigma:
///   x_{k+1} = (I - eta_k (H + gamma I)) x_k - eta_k Sigma^{1/2} Z_k,   eta_k = eta rate_factor(k).
struct LinearRecursionSettings {
  Eigen::MatrixXd hessian;           ///< H, d by d, symmetric
  Eigen::MatrixXd noise_covariance;  ///< Sigma, d by d, symmetric, no negative eigenvalue
  double learning_rate;              ///< eta > 0
  double weight_decay = 0.0;         ///< gamma >= 0; 0 is SGD
  RateFactor rate_factor = {};       ///< empty: eta_k = eta
  /// Where the noise depends on x, what E of its covariance has beyond Sigma, as a function of E xx'; of mini-batches of
  /// linear regression, for instance. Empty: nothing.
  std::function<Eigen::MatrixXd(const Eigen::MatrixXd& second_moment)> state_noise = {};
};

/// Mean and covariance of SGD and SGDW on a quadratic at every iteration, exact for any law of Z_k with mean
/// 0 and covariance I given x_k.
/// Source: the discrete counterparts of Paper A, Lemmas 3.6 and 3.8 and Section E.3.
class LinearRecursion {
 public:
  /// @param start_mean        E x_0, of length d
  /// @param start_covariance  Cov x_0, d by d; an empty matrix means a start without randomness
  /// @throw InvalidParameter if a shape does not fit, a matrix is not what LinearRecursionSettings says, or a
  /// number is outside its range
  LinearRecursion(LinearRecursionSettings settings, Eigen::VectorXd start_mean,
                  Eigen::MatrixXd start_covariance = {});

  /// @throw InvalidParameter if rate_factor(k) is negative or not finite
  void advance();
  void advance(std::uint64_t iterations);

  std::uint64_t iteration() const { return iteration_; }
  const Eigen::VectorXd& mean() const { return mean_; }
  const Eigen::MatrixXd& covariance() const { return covariance_; }
  /// E x x'.
  Eigen::MatrixXd second_moment() const;
  /// E x'Hx / 2.
  double expected_loss() const;

 private:
  LinearRecursionSettings settings_;
  Eigen::VectorXd mean_;
  Eigen::MatrixXd covariance_;
  std::uint64_t iteration_ = 0;
};

/// The covariance that LinearRecursion tends to, from C = A C A + eta^2 Sigma, A = I - eta (H + gamma I); the
/// mean tends to 0.
/// @throw InvalidParameter as LinearRecursion, or if rate_factor or state_noise is set, or unless every eigenvalue h of H
/// has 0 < eta (h + gamma) < 2
Eigen::MatrixXd stationary_covariance(const LinearRecursionSettings& settings);

}  // namespace sdelens
