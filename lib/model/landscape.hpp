#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/parameters.hpp"
#include "sdelens/core/registry.hpp"

namespace sdelens {

/// The loss f: R^d -> R that is minimised, evaluated for a block of replicas.
class Landscape {
 public:
  virtual ~Landscape() = default;
  virtual Index dimension() const = 0;
  /// f(x), one number for each row of x.
  virtual void value(In x, OutColumn f) const = 0;
  /// grad f(x), of the shape of x.
  virtual void gradient(In x, Out gradient) const = 0;
  /// The Hessian of f at one point, d by d.
  virtual Eigen::MatrixXd hessian(const Point& x) const = 0;
};

struct LandscapeEntry {
  std::string name;
  std::string reference;  ///< formula, paper and equation
  std::function<std::unique_ptr<Landscape>(const Parameters&)> make;
  Parameters example;  ///< a valid choice of parameters, for the conformance tests
  static constexpr const char* kind() { return "landscape"; }
};

/// @throw UnknownName, InvalidParameter
std::shared_ptr<const Landscape> make_landscape(std::string_view name, const Parameters& parameters);

}  // namespace sdelens
