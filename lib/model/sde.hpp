#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/parameters.hpp"
#include "sdelens/core/registry.hpp"
#include "sdelens/model/equation.hpp"
#include "sdelens/model/flat.hpp"
#include "sdelens/model/gradient_source.hpp"
#include "sdelens/model/schedule.hpp"

namespace sdelens {

/// What is known about each coordinate of one replica; empty where it is not asked for.
struct FlatLocal {
  std::span<const float> gradient, deviation, mean_sign;
};

/// What an SDE offers that is the same equation for every coordinate.
class CoordinateEquation {
 public:
  virtual ~CoordinateEquation() = default;
  /// Names of the numbers of a coordinate besides x; the columns of an Sde are d of x, then d of the first, ...
  virtual std::vector<std::string> columns() const = 0;
  /// The Brownian motions that a coordinate sees.
  virtual std::vector<Motion> motions() const = 0;
  /// What a step asks for.
  virtual Reads reads() const = 0;
  /// One step of Euler and Maruyama of one replica of many coordinates in single precision; what coordinates share is
  /// computed in double. The arrays may be any part of longer ones: a coordinate's bits do not depend on it.
  /// @param w  one array for each of the motions: dW, or Sigma^{1/2} dW
  /// @throw InvalidParameter if the arrays differ in length or number
  virtual void advance(double t, double h, const FlatLocal& here, ConstFlatArrays w, FlatArrays columns,
                       std::span<float> x) const = 0;
};

/// The Ito equation dX = b(t, X) dt + S(t, X) dW. One unit of t is 1/eta iterations: iteration k is t = k
/// eta. The first columns of the state are the coordinates x of the landscape; momenta and second moments follow.
class Sde {
 public:
  virtual ~Sde() = default;
  /// Columns of the state.
  virtual Index dimension() const = 0;
  /// Columns of x.
  virtual Index coordinates() const { return dimension(); }
  /// The state at t = 0 of a path that starts at x.
  virtual Point start_state(const Point& x) const { return x; }
  /// Entries of W; 0 for an ordinary differential equation.
  virtual Index noise_dimension() const = 0;
  /// b(t, x), of the shape of x.
  virtual void drift(double t, In x, Out b) const = 0;
  /// The product S(t, x) dw, row by row; the matrix is never formed. Where the equation is not defined the
  /// diffusion is taken as zero: see mark_outside.
  virtual void diffuse(double t, In x, In dw, Out s_dw) const = 0;
  /// dx = b(t, x) h + S(t, x) dw, one step of Euler and Maruyama; overridden where drift and diffusion share work.
  /// @param scratch  overwritten; of the shape of x
  virtual void increment(double t, double h, In x, In dw, Out scratch, Out dx) const {
    drift(t, x, dx);
    dx *= h;
    if (noise_dimension() == 0) return;
    diffuse(t, x, dw, scratch);
    dx += scratch;
  }
  /// Whether there are states for which the equation is not defined.
  virtual bool restricted() const { return false; }
  /// Sets outside(row) for every row of x where the equation is not defined; the others are left as they are.
  virtual void mark_outside(
      [[maybe_unused]] double t, [[maybe_unused]] In x,
      [[maybe_unused]] Eigen::Ref<Eigen::Array<bool, Eigen::Dynamic, 1>> outside) const {}
  /// Null if the equation is not the same for every coordinate.
  virtual const CoordinateEquation* coordinate_equation() const { return nullptr; }
};

/// What an SDE of an optimizer is made from.
struct SdeContext {
  std::shared_ptr<const GradientSource> source;
  double learning_rate;
  std::shared_ptr<const Schedule> schedule;
};

struct SdeEntry {
  std::string name;
  std::string reference;
  std::function<std::unique_ptr<Sde>(const SdeContext&, const Parameters&)> make;
  Parameters example = {};  ///< a valid choice of parameters, for the conformance tests
  static constexpr const char* kind() { return "SDE"; }
};

/// @throw UnknownName, InvalidParameter
std::shared_ptr<const Sde> make_sde(std::string_view name, const SdeContext& context,
                                    const Parameters& parameters = {});

}  // namespace sdelens
