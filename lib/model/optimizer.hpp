#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/parameters.hpp"
#include "sdelens/core/registry.hpp"

namespace sdelens {

/// One iteration: its index k = 0, 1, ... and the learning rate that the schedule gives it.
struct Step {
  std::uint64_t index;
  double learning_rate;
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
