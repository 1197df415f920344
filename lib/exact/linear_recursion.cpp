#include "sdelens/exact/linear_recursion.hpp"

#include <utility>

#include "sdelens/core/check.hpp"
#include "sdelens/core/linear_algebra.hpp"

namespace sdelens {
namespace {

constexpr const char* kOwner = "LinearRecursion";

// Rounding in a product B B' or a permuted sum leaves a few units in the last place.
constexpr double kRounding = 1e-12;

void check_symmetric(const char* name, const Eigen::MatrixXd& matrix, Eigen::Index dimension) {
  if (matrix.rows() != dimension || matrix.cols() != dimension)
    throw InvalidParameter(kOwner, name, "must be square, with a row for each coordinate");
  if (!matrix.allFinite()) throw InvalidParameter(kOwner, name, "must be finite");
  if ((matrix - matrix.transpose()).cwiseAbs().maxCoeff() > kRounding * matrix.cwiseAbs().maxCoeff())
    throw InvalidParameter(kOwner, name, "must be symmetric");
}

void check_covariance(const char* name, const Eigen::MatrixXd& matrix, Eigen::Index dimension) {
  check_symmetric(name, matrix, dimension);
  if (symmetric_eigenvalues(matrix).minCoeff() < -kRounding * matrix.cwiseAbs().maxCoeff())
    throw InvalidParameter(kOwner, name, "must not have a negative eigenvalue");
}

void check(const LinearRecursionSettings& settings) {
  const Eigen::Index dimension = settings.hessian.rows();
  if (dimension == 0) throw InvalidParameter(kOwner, "hessian", "is empty");
  check_symmetric("hessian", settings.hessian, dimension);
  check_covariance("noise_covariance", settings.noise_covariance, dimension);
  require_positive(kOwner, "learning_rate", settings.learning_rate);
  require_in(Range::non_negative(), kOwner, "weight_decay", settings.weight_decay);
}

}  // namespace

LinearRecursion::LinearRecursion(LinearRecursionSettings settings, Eigen::VectorXd start_mean,
                                 Eigen::MatrixXd start_covariance)
    : settings_(std::move(settings)), mean_(std::move(start_mean)), covariance_(std::move(start_covariance)) {
  check(settings_);
  const Eigen::Index dimension = settings_.hessian.rows();
  if (mean_.size() != dimension || !mean_.allFinite())
    throw InvalidParameter(kOwner, "start_mean", "must be finite, with an entry for each row of hessian");
  if (covariance_.size() == 0) covariance_ = Eigen::MatrixXd::Zero(dimension, dimension);
  check_covariance("start_covariance", covariance_, dimension);
}

void LinearRecursion::advance() {
  const double factor = settings_.rate_factor ? settings_.rate_factor(iteration_) : 1.0;
  require_in(Range::non_negative(), kOwner, "rate_factor", factor);
  const double rate = settings_.learning_rate * factor;
  Eigen::MatrixXd step = -rate * settings_.hessian;
  step.diagonal().array() += 1.0 - rate * settings_.weight_decay;
  Eigen::MatrixXd noise = settings_.noise_covariance;
  if (settings_.state_noise) noise += settings_.state_noise(second_moment());
  mean_ = step * mean_;
  covariance_ = step * covariance_ * step.transpose() + rate * rate * noise;
  ++iteration_;
}

void LinearRecursion::advance(std::uint64_t iterations) {
  for (std::uint64_t i = 0; i < iterations; ++i) advance();
}

Eigen::MatrixXd LinearRecursion::second_moment() const { return covariance_ + mean_ * mean_.transpose(); }

double LinearRecursion::expected_loss() const {
  return 0.5 * settings_.hessian.cwiseProduct(second_moment()).sum();
}

Eigen::MatrixXd stationary_covariance(const LinearRecursionSettings& settings) {
  check(settings);
  if (settings.rate_factor)
    throw InvalidParameter("stationary_covariance", "rate_factor",
                           "must be empty: the learning rate is constant");
  if (settings.state_noise)
    throw InvalidParameter("stationary_covariance", "state_noise", "must be empty: Sigma is constant");
  const SymmetricEigen hessian = symmetric_eigen(settings.hessian);
  const Eigen::ArrayXd decay = settings.learning_rate * (hessian.values.array() + settings.weight_decay);
  const Range contraction{.low = 0.0, .high = 2.0};
  for (const double value : {decay.minCoeff(), decay.maxCoeff()})
    require_in(contraction, "stationary_covariance", "learning_rate * (eigenvalue of hessian + weight_decay)",
               value);

  const Eigen::MatrixXd& basis = hessian.vectors;
  Eigen::MatrixXd covariance = basis.transpose() * settings.noise_covariance * basis;
  covariance *= settings.learning_rate * settings.learning_rate;
  // 1 - (1 - p)(1 - q) = p + q - p q, without the cancellation.
  for (Eigen::Index row = 0; row < decay.size(); ++row)
    for (Eigen::Index column = 0; column < decay.size(); ++column)
      covariance(row, column) /= decay(row) + decay(column) - decay(row) * decay(column);
  return basis * covariance * basis.transpose();
}

}  // namespace sdelens
