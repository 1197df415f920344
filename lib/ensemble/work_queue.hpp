#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <vector>

#include "sdelens/ensemble/ensemble.hpp"

namespace sdelens {

/// An ensemble and how many replicas it is to have. It must live until its job is finished.
struct Extension {
  Ensemble* ensemble;
  std::uint64_t replicas;
};

/// How the extensions of a job ended.
struct Ending {
  /// Whether all replicas are there. Otherwise those of the finished blocks are.
  bool complete = true;
  /// What the first of the extensions that failed threw, in its earliest block that did; null without a failure.
  std::exception_ptr failure{};
};

/// Ensembles that are wanted together.
struct Job {
  std::vector<Extension> wanted;
  /// Called before the first replica is simulated.
  std::function<void()> begin = [] {};
  /// Called when all extensions have ended. What it returns is wanted next, ahead of the jobs behind; nothing ends the
  /// job. After a stop or a failure it is asked once, and what it returns is left.
  std::function<std::vector<Extension>(const Ending&)> finish;
};

/// Extends the ensembles of many jobs with all threads together, segment by segment in the order of the jobs: a thread
/// that finds nothing to do in one job goes on with the next. What becomes of a job does not depend on the others,
/// nor on the number of threads: an exception fails its own ensemble, and the other ensembles of its job go on.
class WorkQueue {
 public:
  void add(Job job) { jobs_.push_back(std::move(job)); }

  /// Returns false if it was stopped before all jobs were finished. Jobs that have not begun stay in the queue and
  /// are not called; those that have are finished with what they have. What `begin` or `finish` throws stops the queue
  /// and arrives here. Both are called by any of the threads, those of different jobs at the same time.
  /// @throw InvalidParameter unless there is at least one thread
  bool run(const Execution& execution);

 private:
  std::vector<Job> jobs_;
};

}  // namespace sdelens
