#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/registry.hpp"
#include "sdelens/model/sde.hpp"

namespace sdelens {

/// The random numbers of one step of length h: dw has variance h in each of the SDE's noise_dimension()
/// columns, two_point has the values +-1, equally likely, in each of the integrator's two_point_columns().
struct Increments {
  In dw;
  In two_point;
};

/// A one-step scheme for Ito equations. One object belongs to one block of paths: it keeps scratch space, so
/// that a step allocates nothing.
class Integrator {
 public:
  virtual ~Integrator() = default;
  virtual void step(double t, double h, const Increments& increments, Out x) = 0;
};

struct IntegratorEntry {
  std::string name;
  std::string reference;
  /// Order of weak convergence for smooth coefficients.
  double weak_order;
  /// Whether the scheme is for equations without noise only.
  bool deterministic;
  std::function<Index(Index noise_dimension)> two_point_columns;
  std::function<std::unique_ptr<Integrator>(std::shared_ptr<const Sde>, Index replicas)> make;
  static constexpr const char* kind() { return "integrator"; }
};

}  // namespace sdelens
