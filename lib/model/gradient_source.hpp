#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/parameters.hpp"
#include "sdelens/core/random.hpp"
#include "sdelens/core/registry.hpp"
#include "sdelens/model/gradient_noise.hpp"
#include "sdelens/model/landscape.hpp"

namespace sdelens {

/// The random numbers of one iteration.
struct Draws {
  const Stream& stream;
  std::uint64_t first_replica;
  std::uint64_t iteration;
  /// n: a normal is the sum of those of n smaller steps, (Z_{kn} + ... + Z_{kn+n-1}) / sqrt n, so that an SDE with n steps
  /// in the time of iteration k, on the same stream, sees the same Brownian path.
  std::uint64_t normals = 1;
};

/// What is known of the law of g(x) - E g(x). Iterations are real numbers, because an SDE asks between them.
class NoiseLaw {
 public:
  virtual ~NoiseLaw() = default;
  /// Whether Sigma below is the covariance of g; if not, as for tails without a variance, it is a scale matrix.
  virtual bool has_covariance() const = 0;
  /// Whether the coordinates of g are independent.
  virtual bool independent() const = 0;
  /// sigma_i, where they depend neither on the iteration nor on x; null where they do.
  virtual const Eigen::ArrayXd* constant_deviations() const { return nullptr; }
  /// Writes sigma_i(k, x) = sqrt(Sigma_ii(k, x)), of the shape of x.
  virtual void deviation(double iteration, In x, Out sigma) const = 0;
  /// z = R(k, x) u row by row, R R' = Sigma(k, x). R = diag(sigma) where the coordinates are independent and sigma is
  /// constant.
  virtual void root_times(double iteration, In x, In u, Out z) const = 0;
  /// From grad f(x), over it, to E sign g_i(x).
  virtual void mean_sign(double iteration, In x, Out gradient) const = 0;
  /// The slope of E sign g_i in f_i / sigma_i where f = 0.
  virtual double mean_sign_slope() const = 0;
};

/// Second derivatives and covariances as matrices, which is for few coordinates.
class DenseMoments {
 public:
  virtual ~DenseMoments() = default;
  /// The Hessian of f at one point, d by d.
  virtual Eigen::MatrixXd hessian(const Point& x) const = 0;
  /// Sigma of NoiseLaw, d by d.
  virtual Eigen::MatrixXd covariance(double iteration, const Point& x) const = 0;
};

/// x -> a stochastic gradient g(x) with E g = grad f: what an optimizer steps along. A landscape with additive noise is
/// one, mini-batches of a data set are another. It draws on blocks of replicas, on one replica of many coordinates in
/// single precision, or both. What else is known of it is a capability, null where it is not: who needs one asks for it by
/// require_loss, require_noise or require_dense, which say what is lacking.
class GradientSource {
 public:
  virtual ~GradientSource() = default;
  /// What messages call it.
  virtual std::string name() const = 0;
  virtual Index dimension() const = 0;

  virtual bool samples_blocks() const { return false; }
  /// Writes g(x) for the replicas of a block, of the shape of x.
  /// @param scratch  overwritten; of the shape of x
  /// @throw std::logic_error unless samples_blocks()
  virtual void sample(const Draws& draws, In x, Out scratch, Out g) const;
  virtual bool samples_flat() const { return false; }
  /// Writes g(x) for one replica of many coordinates, draws.first_replica: the draws that it has in a block.
  /// @throw std::logic_error unless samples_flat()
  virtual void sample(const Draws& draws, std::span<const float> x, std::span<float> g) const;
  /// Whether Draws::normals may be more than 1.
  virtual bool splits_normals() const { return false; }

  /// f and grad f, on blocks.
  virtual const Landscape* loss() const { return nullptr; }
  virtual const NoiseLaw* noise() const { return nullptr; }
  virtual const DenseMoments* dense() const { return nullptr; }
};

/// A capability of a source.
/// @throw InvalidParameter that names who needs it, the source, and the capability that the source lacks
const Landscape& require_loss(std::string_view owner, const GradientSource& source);
/// The same, which keeps the source.
std::shared_ptr<const Landscape> loss_of(std::string_view owner,
                                         std::shared_ptr<const GradientSource> source);
const NoiseLaw& require_noise(std::string_view owner, const GradientSource& source);
const DenseMoments& require_dense(std::string_view owner, const GradientSource& source);

/// g(x) = grad f(x) + Z.
/// @throw InvalidParameter if the dimensions of the two differ
std::shared_ptr<const GradientSource> additive(std::shared_ptr<const Landscape> landscape,
                                               std::shared_ptr<const GradientNoise> noise);

struct GradientSourceEntry {
  std::string name;
  std::string reference;  ///< the law of g, and where it is derived
  std::function<std::unique_ptr<GradientSource>(const Parameters&)> make;
  Parameters example;  ///< a valid choice of parameters, for the conformance tests
  static constexpr const char* kind() { return "gradient source"; }
};

/// @throw UnknownName, InvalidParameter
std::shared_ptr<const GradientSource> make_source(std::string_view name, const Parameters& parameters);

}  // namespace sdelens
