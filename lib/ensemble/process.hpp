#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/random.hpp"
#include "sdelens/model/gradient_noise.hpp"
#include "sdelens/model/integrator.hpp"
#include "sdelens/model/landscape.hpp"
#include "sdelens/model/optimizer.hpp"
#include "sdelens/model/schedule.hpp"
#include "sdelens/model/sde.hpp"

namespace sdelens {

/// Consecutive replicas that advance together.
class Paths {
 public:
  virtual ~Paths() = default;
  virtual void advance() = 0;
  /// The coordinates x, one row for each replica; valid until the next call of advance().
  virtual Eigen::Ref<const Batch> position() const = 0;
  /// How many of the replicas have left the domain of their equation at some step so far.
  virtual std::uint64_t outside() const { return 0; }
};

/// A Markov chain in discrete time: the iterates of an optimizer, or the steps of an integrator. The path of
/// a replica is a pure function of the process and the replica's number.
class Process {
 public:
  virtual ~Process() = default;
  virtual Index dimension() const = 0;
  /// The time t after the given number of steps.
  virtual double time(std::uint64_t step) const = 0;
  /// Replicas first_replica ... first_replica + replicas - 1 at step 0. The process must outlive them.
  virtual std::unique_ptr<Paths> start(std::uint64_t first_replica, Index replicas) const = 0;
};

/// x_{k+1} = update(x_k, grad f(x_k) + Z_k); one step is one iteration and t = k * learning_rate.
struct OptimizerRun {
  std::shared_ptr<const Landscape> landscape;
  std::shared_ptr<const GradientNoise> noise;
  std::shared_ptr<const Optimizer> optimizer;
  std::shared_ptr<const Schedule> schedule;
  double learning_rate;
  Point start;
  Stream stream;
};

/// An SDE (or, without noise, an ODE) from a fixed start with steps of length h in t. With h = learning_rate
/// and the stream of an OptimizerRun, step k sees the same normals as the optimizer's iteration k.
struct SdeRun {
  std::shared_ptr<const Sde> sde;
  std::string integrator;
  double step_length;
  Point start;
  Stream stream;
};

/// @throw InvalidParameter if dimensions differ, the start is not finite or the learning rate not positive
std::shared_ptr<const Process> iterate(OptimizerRun run);

/// @throw InvalidParameter if dimensions differ, the start is not finite, the step length not positive, or
/// the
///        integrator is for equations without noise and the SDE has noise; UnknownName for the integrator
std::shared_ptr<const Process> integrate(SdeRun run);

}  // namespace sdelens
