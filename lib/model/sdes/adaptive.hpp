#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sdelens/model/sde.hpp"

namespace sdelens {

/// What the SDEs of RMSprop(W) and Adam(W) have in common: the noise and the learning rate in which they are written.
class AdaptiveNoise {
 public:
  /// @throw InvalidParameter unless the noise is Gaussian: the equations need the covariance of the gradient
  AdaptiveNoise(const char* owner, SdeContext context);

  const SdeContext& context() const { return context_; }
  Index dimension() const { return context_.landscape->dimension(); }
  double learning_rate() const { return context_.learning_rate; }
  /// eta_t / eta.
  double rate_factor(double t) const { return context_.schedule->factor(t / context_.learning_rate); }
  /// sqrt(eta) Sigma(t, x)^{1/2} dw.
  void diffuse(double t, In x, In dw, Out z) const;
  /// diag Sigma(t, x), of the shape of x.
  void variances(double t, In x, Out variance) const;
  /// Whether sqrt(eta) Sigma^{1/2} is diagonal and constant, with these entries.
  bool simple() const { return simple_; }
  const Eigen::ArrayXd& deviations() const { return deviations_; }
  Point gradient_at(const Point& x) const;
  /// (grad f(x))^2 + diag Sigma(0, x): the mean square of the first gradient.
  Point mean_square_at(const Point& x) const;

 private:
  SdeContext context_;
  bool simple_;
  Eigen::ArrayXd deviations_;
};

/// The second moments at t = 0: those given, or else `fallback`.
/// @throw InvalidParameter unless there is one for all coordinates or one for each, and all are positive: the equation
///        divides by their roots
Point initial_second_moments(const char* owner, const std::vector<double>& given, const Point& fallback);

}  // namespace sdelens
