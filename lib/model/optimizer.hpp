#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/parameters.hpp"
#include "sdelens/core/registry.hpp"
#include "sdelens/model/flat.hpp"

namespace sdelens {

/// One iteration: its index k = 0, 1, ... and the learning rate that the schedule gives it.
struct Step {
  std::uint64_t index;
  double learning_rate;
};

/// What an optimizer offers whose rule treats every coordinate alone and alike.
class CoordinateRule {
 public:
  virtual ~CoordinateRule() = default;
  /// Names of the numbers kept for a coordinate; the memory columns of an Optimizer are d of the first, then d of the
  /// second, ...
  virtual std::vector<std::string> memory() const = 0;
  /// The stochastic gradients of a coordinate with this memory at which its next step is not smooth in the gradient.
  virtual std::vector<double> kinks(std::span<const double> memory) const = 0;
  /// Fills the memory of one replica of many coordinates before the first step.
  virtual void initialise(FlatArrays memory) const = 0;
  /// Advances one replica of many coordinates in single precision; what coordinates share is computed in double. The
  /// arrays may be any part of longer ones: a coordinate's bits do not depend on it.
  /// @throw InvalidParameter if the arrays differ in length or number
  virtual void update(Step step, std::span<const float> gradient, FlatArrays memory,
                      std::span<float> x) const = 0;
};

/// An update rule x_{k+1} = x_k - ..., applied to every row of a block alone. All memory (momenta, second
/// moments) is in columns that the caller keeps, so an optimizer is immutable and shared between threads.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  virtual Index memory_columns(Index dimension) const = 0;
  /// Fills the memory before the first step.
  virtual void initialise(Out memory) const = 0;
  /// Advances x and the memory by one step along a stochastic gradient at x.
  virtual void update(Step step, In gradient, Out memory, Out x) const = 0;
  /// Null if coordinates act on each other, as where a norm is clipped.
  virtual const CoordinateRule* coordinate_rule() const { return nullptr; }
};

/// Iterates worked by hand: one coordinate from x = 0 at learning rate 0.1, iterates[k] after gradients[k].
struct KnownIterates {
  Parameters parameters;
  std::vector<double> gradients, iterates;
};

struct OptimizerEntry {
  std::string name;
  std::string reference;
  std::function<std::unique_ptr<Optimizer>(const Parameters&)> make;
  KnownIterates known;
  static constexpr const char* kind() { return "optimizer"; }
};

/// @throw UnknownName, InvalidParameter
std::shared_ptr<const Optimizer> make_optimizer(std::string_view name, const Parameters& parameters);

}  // namespace sdelens
