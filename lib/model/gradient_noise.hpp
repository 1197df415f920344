#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/parameters.hpp"
#include "sdelens/core/random.hpp"
#include "sdelens/core/registry.hpp"

namespace sdelens {

/// The noise Z = diag(c(k, x)) Sigma^{1/2} U that is added to the gradient at x in iteration k, U with independent
/// entries of a standard law. With c = 1, Sigma is the covariance of Z where U is normal, and its scale matrix where U
/// is Student's t.
class GradientNoise {
 public:
  virtual ~GradientNoise() = default;
  virtual Index dimension() const = 0;
  /// Writes U for the replicas of the block, of the shape of u.
  virtual void draw(const Stream& stream, std::uint64_t first_replica, std::uint64_t step, Out u) const = 0;
  /// gradient += Z with the U of draw(), in iteration `step`.
  /// @param scratch  overwritten; of the shape of gradient
  virtual void perturb(const Stream& stream, std::uint64_t first_replica, std::uint64_t step, In x,
                       Out scratch, Out gradient) const = 0;
  /// z = diag(c(k, x)) Sigma^{1/2} u, row by row; k is real, because an SDE asks between iterations.
  virtual void scaled(double iteration, In x, In u, Out z) const = 0;
  /// Whether c depends on k or x; if not, it is 1.
  virtual bool varies() const { return false; }
  /// Writes c_i(k, x) > 0, of the shape of x.
  virtual void factors([[maybe_unused]] double iteration, [[maybe_unused]] In x, Out c) const { c.setOnes(); }
  /// Sigma, d by d.
  virtual Eigen::MatrixXd scale_matrix() const = 0;
  /// Whether the law is normal; the SDE of SGD needs Cov Z = Sigma.
  virtual bool gaussian() const = 0;
  /// E sign(y + U) = 2 F(y) - 1 for the distribution function F of one entry of U; written over y.
  virtual void mean_sign(Out y) const = 0;
  /// The slope of E sign(y + U) at y = 0: twice the density of U at 0.
  virtual double mean_sign_slope() const = 0;
};

struct GradientNoiseEntry {
  std::string name;
  std::string reference;
  std::function<std::unique_ptr<GradientNoise>(Index dimension, const Parameters&)> make;
  Parameters example;
  static constexpr const char* kind() { return "noise"; }
};

/// @throw UnknownName, InvalidParameter
std::shared_ptr<const GradientNoise> make_noise(std::string_view name, Index dimension,
                                                const Parameters& parameters);

}  // namespace sdelens
