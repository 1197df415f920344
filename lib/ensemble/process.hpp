#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/bytes.hpp"
#include "sdelens/core/random.hpp"
#include "sdelens/model/gradient_source.hpp"
#include "sdelens/model/integrator.hpp"
#include "sdelens/model/optimizer.hpp"
#include "sdelens/model/schedule.hpp"
#include "sdelens/model/sde.hpp"

namespace sdelens {

/// A function of the state of a process (Paths::state), one number for each replica.
struct Observable {
  std::string name;
  std::function<void(In state, OutColumn value)> evaluate;
};

/// The coordinates "x1", "x2", ... and the loss "f".
std::vector<Observable> coordinates_and_loss(const std::shared_ptr<const Landscape>& landscape);

/// Consecutive replicas that advance together.
class Paths {
 public:
  virtual ~Paths() = default;
  virtual void advance() = 0;
  /// One row for each replica: the coordinates x, then what the process remembers (momenta, second moments);
  /// valid until the next call of advance().
  virtual Eigen::Ref<const Batch> state() const = 0;
  /// An observable of the present state. Paths that computed it on their way, such as the loss "f" of a gradient, may
  /// hand that out.
  virtual void observe(const Observable& observable, OutColumn value) const {
    observable.evaluate(state(), value);
  }
  /// How many of the replicas have left the domain of their equation at some step so far.
  virtual std::uint64_t outside() const { return 0; }
  /// All that the paths remember.
  virtual void save(ByteWriter& writer) const = 0;
  /// Paths that were started as the saved ones go on from where those were, to the same bits.
  /// @throw UnreadableBytes if what was saved has another shape
  virtual void restore(ByteReader& reader) = 0;
};

/// A Markov chain in discrete time: the iterates of an optimizer, or the steps of an integrator. The path of
/// a replica is a pure function of the process and the replica's number.
class Process {
 public:
  virtual ~Process() = default;
  /// Columns of the state.
  virtual Index dimension() const = 0;
  static constexpr Index usual_rows_per_block = 256;
  /// Replicas of a block, which one thread simulates; at least 1, which suits a process whose replicas are few and
  /// large. It is part of the result: another number rounds the moments differently.
  virtual Index rows_per_block() const { return usual_rows_per_block; }
  /// The time t after the given number of steps.
  virtual double time(std::uint64_t step) const = 0;
  /// Iterations of the optimizer, or of the one that the equation describes, in that time.
  virtual double iteration(std::uint64_t step) const { return static_cast<double>(step); }
  /// Replicas first_replica ... first_replica + replicas - 1 at step 0. The process must outlive them.
  virtual std::unique_ptr<Paths> start(std::uint64_t first_replica, Index replicas) const = 0;
};

/// x_{k+1} = update(x_k, g_k), g_k a stochastic gradient at x_k; one step is one iteration and t = k * learning_rate.
struct OptimizerRun {
  std::shared_ptr<const GradientSource> source;
  std::shared_ptr<const Optimizer> optimizer;
  std::shared_ptr<const Schedule> schedule;
  double learning_rate;
  Point start;
  Stream stream;
  std::uint64_t normals_per_iteration = 1;  ///< as Draws::normals
};

/// An SDE (or, without noise, an ODE) from a fixed start with steps of length h = learning_rate / steps_per_iteration in
/// t. With one step per iteration and the stream of an OptimizerRun, step k sees the same normals as the optimizer's
/// iteration k. The start gives the coordinates x; what else the state has comes from Sde::start_state.
struct SdeRun {
  std::shared_ptr<const Sde> sde;
  std::string integrator;
  double learning_rate;
  std::uint64_t steps_per_iteration = 1;
  Point start;
  Stream stream;
};

/// @throw InvalidParameter if dimensions differ, the start is not finite, the learning rate not positive, the source does
///        not sample on blocks, or there are several normals in an iteration and the source does not split them
std::shared_ptr<const Process> iterate(OptimizerRun run);

/// @throw InvalidParameter if dimensions differ, the start is not finite, the learning rate not positive, there is no
///        step per iteration, or the integrator is for equations without noise and the SDE has noise; UnknownName for the integrator
std::shared_ptr<const Process> integrate(SdeRun run);

/// Some steps of one process in the time of one step of the pair.
struct Pace {
  std::shared_ptr<const Process> process;
  std::uint64_t steps = 1;
};

/// Two processes side by side: the state is that of the first, then that of the second. On common normals the
/// difference between an optimizer and its SDE has a far smaller variance than either.
/// @throw InvalidParameter if a pace has no step
std::shared_ptr<const Process> side_by_side(Pace first, Pace second);

}  // namespace sdelens
