#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "sdelens/ensemble/ensemble_moments.hpp"
#include "sdelens/ensemble/process.hpp"
#include "sdelens/statistics/moments.hpp"

namespace sdelens {

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

/// The replicas of one process and their moments. Replicas advance in blocks spread over threads; blocks are merged in
/// their order into segments, and segments in theirs, so the result has the same bits for every number of threads and
/// every split over calls or processes. Memory grows with recorded steps, windows and observables, and not with steps
/// or replicas.
class Ensemble final : public SampleSource {
 public:
  /// @throw InvalidParameter if a recorded step repeats, a window is empty, nothing is recorded, or the process has
  ///        blocks without rows
  Ensemble(std::string name, std::shared_ptr<const Process> process, std::vector<Observable> observables,
           Recording recording);

  /// Adds replicas until there are that many; those that exist are kept. Returns false if it was stopped:
  /// then the replicas of the finished blocks are there, and a later call goes on from them. So they are if an
  /// observable or the process throws: what the earliest such block threw arrives here.
  /// @throw InvalidParameter unless there is at least one thread
  bool extend_to(std::uint64_t replicas, const Execution& execution);

  const std::string& name() const override { return name_; }
  std::uint64_t replicas() const { return total_.replicas; }
  /// Steps of each replica.
  std::uint64_t steps() const { return steps_; }
  const Process& process() const { return *process_; }
  const std::vector<std::uint64_t>& recorded_steps() const { return recording_.steps; }
  /// t at each recorded step.
  std::vector<double> times() const;
  /// Iterations of the optimizer at each recorded step.
  std::vector<double> iterations() const;
  /// Replicas with an observable that was not finite at a recorded step or in a window.
  std::uint64_t non_finite() const { return total_.non_finite; }
  /// Replicas that left the domain of their equation.
  std::uint64_t outside() const { return total_.outside; }

  /// Moments of an observable over the replicas at the i-th recorded step.
  /// @throw UnknownName with the nearest names
  Sample at(std::size_t i, std::string_view observable) const;
  /// Moments over the replicas of an observable's average over a window.
  Sample average(std::string_view window, std::string_view observable) const;

  /// What all calls so far added, to be kept and gone on with elsewhere or later.
  const EnsembleMoments& moments() const { return moments_; }
  /// Goes on from these instead.
  /// @throw InvalidParameter if they are of another origin
  void resume_from(EnsembleMoments moments);
  /// Segment `number` of this ensemble, without replicas.
  Segment segment(std::uint64_t number) const { return {moments_.origin(), number}; }
  /// Simulates the replicas that a segment lacks below `end`, on the calling thread; the ensemble itself stays as it
  /// is. False if it was stopped: then the segment has its finished blocks.
  /// @throw InvalidParameter if the segment is of another origin
  bool extend(Segment& segment, std::uint64_t end, const Execution& execution) const;
  /// Simulates the replicas that a begun block lacks below `end`; nothing if it was stopped.
  /// @throw InvalidParameter if the block is of another origin, or `end` is beyond its last row
  std::optional<BlockMoments> extended(BlockMoments block, std::uint64_t end,
                                       const Execution& execution) const;

 private:
  class Recorder;
  void require_origin(const Origin& origin) const;
  /// Adds replicas that advance together to a block; false if it was stopped.
  bool simulate(Index replicas, const Execution& execution, BlockMoments& block) const;
  std::size_t observable_index(std::string_view name) const;

  std::string name_;
  std::shared_ptr<const Process> process_;
  std::vector<Observable> observables_;
  Recording recording_;
  std::uint64_t steps_ = 0;
  EnsembleMoments moments_;
  /// Of moments_.
  BlockMoments total_;
};

}  // namespace sdelens
