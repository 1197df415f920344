#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "sdelens/ensemble/process.hpp"
#include "sdelens/statistics/moments.hpp"

namespace sdelens {

/// A function of the state of a process (Paths::state), one number for each replica.
struct Observable {
  std::string name;
  std::function<void(In state, OutColumn value)> evaluate;
};

/// The coordinates "x1", "x2", ... and the loss "f".
std::vector<Observable> coordinates_and_loss(const std::shared_ptr<const Landscape>& landscape);

/// Averages over time: steps first, first + every, ... up to last, averaged within each replica. The averages
/// of different replicas are independent, whatever the correlation in time.
struct Window {
  std::string name;
  std::uint64_t first, last;
  std::uint64_t every = 1;
};

/// What is kept of the paths: moments at some steps, and averages over windows of steps.
struct Recording {
  std::vector<std::uint64_t> steps{};  ///< strictly increasing; 0 is the start
  std::vector<Window> windows{};
};

/// How a simulation is carried out; nothing here changes a result.
struct Execution {
  int threads = 1;
  std::stop_token stop{};
  /// Called with the number of replica-steps done since the last call, from one thread at a time.
  std::function<void(std::uint64_t)> progress{};
};

/// The replicas of one process and their moments. Replicas advance in blocks spread over threads; the moments
/// of a block are merged in the order of the blocks, so the result has the same bits for every number of
/// threads. Memory grows with recorded steps, windows and observables, and not with steps or replicas.
class Ensemble final : public SampleSource {
 public:
  static constexpr Index block = 256;

  /// @throw InvalidParameter if a recorded step repeats, a window is empty, or nothing is recorded
  Ensemble(std::string name, std::shared_ptr<const Process> process, std::vector<Observable> observables,
           Recording recording);

  /// Adds replicas until there are that many; those that exist are kept. Returns false if it was stopped:
  /// then the replicas of the finished blocks are there, and a later call goes on from them. So they are if an
  /// observable or the process throws: what the earliest such block threw arrives here.
  /// @throw InvalidParameter unless there is at least one thread
  bool extend_to(std::uint64_t replicas, const Execution& execution);

  const std::string& name() const override { return name_; }
  std::uint64_t replicas() const { return replicas_; }
  /// Steps of each replica.
  std::uint64_t steps() const { return steps_; }
  const Process& process() const { return *process_; }
  const std::vector<std::uint64_t>& recorded_steps() const { return recording_.steps; }
  /// t at each recorded step.
  std::vector<double> times() const;
  /// Iterations of the optimizer at each recorded step.
  std::vector<double> iterations() const;
  /// Replicas with an observable that was not finite at a recorded step or in a window.
  std::uint64_t non_finite() const { return non_finite_; }
  /// Replicas that left the domain of their equation.
  std::uint64_t outside() const { return outside_; }

  /// Moments of an observable over the replicas at the i-th recorded step.
  /// @throw UnknownName with the nearest names
  Sample at(std::size_t i, std::string_view observable) const;
  /// Moments over the replicas of an observable's average over a window.
  Sample average(std::string_view window, std::string_view observable) const;

 private:
  struct Block;
  Block run_block(std::uint64_t first_replica, Index replicas, const Execution& execution) const;
  /// Adds some rows of a block to its result; false if it was stopped.
  bool run_rows(std::uint64_t first_replica, Index replicas, const Execution& execution, Block& result) const;
  std::size_t observable_index(std::string_view name) const;

  std::string name_;
  std::shared_ptr<const Process> process_;
  std::vector<Observable> observables_;
  Recording recording_;
  std::uint64_t steps_ = 0;
  std::uint64_t replicas_ = 0;
  std::uint64_t non_finite_ = 0;
  std::uint64_t outside_ = 0;
  /// [recorded step, then window][observable]
  std::vector<GroupedMoments> moments_;
};

}  // namespace sdelens
