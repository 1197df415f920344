#include "sdelens/ensemble/work_queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>

#include "sdelens/core/check.hpp"

namespace sdelens {
namespace {

/// An ensemble while it is extended: blocks are handed out in their order, and merged in it.
struct Growth {
  Ensemble* ensemble;
  std::uint64_t target;
  Origin origin;
  /// While `merging`, the merging thread's.
  EnsembleMoments moments;
  /// The first replica that is not handed out.
  std::uint64_t next;
  std::size_t in_flight = 0;
  bool merging = false;
  /// Finished blocks that wait for an earlier one, by first replica.
  std::map<std::uint64_t, BlockMoments> waiting{};
  std::exception_ptr failure{};
  /// The block that failed, by first replica.
  std::uint64_t failed_at = 0;

  bool complete() const { return moments.replicas() == target; }
  void fail(std::uint64_t block, std::exception_ptr thrown) {
    if (failure && failed_at < block) return;
    failure = std::move(thrown);
    failed_at = block;
  }
};

std::vector<Growth> growths_of(const std::vector<Extension>& wanted) {
  std::vector<Growth> result;
  for (const auto& [ensemble, replicas] : wanted) {
    if (replicas <= ensemble->replicas()) continue;
    result.push_back({.ensemble = ensemble,
                      .target = replicas,
                      .origin = ensemble->moments().origin(),
                      .moments = ensemble->moments(),
                      .next = ensemble->replicas()});
  }
  return result;
}

/// Some replicas of a block that one thread simulates.
struct Piece {
  Growth* growth;
  BlockMoments begun;
  std::uint64_t end;
};

Piece hand_out(Growth& growth) {
  const std::uint64_t rows = growth.origin.rows_per_block;
  const std::uint64_t first = growth.next / rows * rows;
  Piece result{.growth = &growth,
               .begun = {.origin = growth.origin, .first_replica = first},
               .end = std::min(growth.target, first + rows)};
  // Within a block: only the first piece is, and nothing is merged before it.
  if (first < growth.next) result.begun = growth.moments.growing().begun_block();
  growth.next = result.end;
  ++growth.in_flight;
  return result;
}

struct Entry {
  Job job;
  std::vector<Growth> growths{};
  bool begun = false;
  /// A thread is in `begin` or `finish`.
  bool called = false;

  bool over() const {
    return std::ranges::all_of(growths, [](const Growth& growth) { return growth.in_flight == 0; });
  }
};

using Lock = std::unique_lock<std::mutex>;

/// Gives a lock back for the time of its life.
class Unlocked {
 public:
  explicit Unlocked(Lock& lock) : lock_(lock) { lock_.unlock(); }
  ~Unlocked() { lock_.lock(); }
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  Lock& lock_;
};

/// One run of a queue. What is not said to be unlocked is called with the mutex held.
class Run {
 public:
  Run(std::vector<Job> jobs, const Execution& execution)
      : execution_(execution), pass_on_(execution.stop, [this] { halt_.request_stop(); }) {
    for (Job& job : jobs) entries_.push_back({.job = std::move(job)});
    execution_.stop = halt_.get_token();
    if (!execution.progress) return;
    execution_.progress = [this, &progress = execution.progress](std::uint64_t done) {
      const std::lock_guard lock(progress_mutex_);
      progress(done);
    };
  }

  /// Unlocked. Returns when all is done.
  void work_on_all_threads() {
    std::vector<std::jthread> others;
    try {
      for (int i = 1; i < execution_.threads; ++i) others.emplace_back([this] { work(); });
    } catch (const std::system_error& problem) {
      const Lock lock(mutex_);
      break_off(std::make_exception_ptr(
          std::system_error(problem.code(), fmt::format("cannot start {} threads", execution_.threads))));
    }
    work();
  }

  /// What begin or finish threw.
  std::exception_ptr broken() const { return broken_; }
  bool stopped() const { return stopped_ || !entries_.empty(); }
  std::vector<Job> not_begun() {
    std::vector<Job> result;
    for (Entry& entry : entries_) result.push_back(std::move(entry.job));
    return result;
  }

 private:
  enum class Action { begin, simulate, finish, wait, leave };
  using Place = std::list<Entry>::iterator;
  struct Step {
    Action action;
    Place entry{};
    Growth* growth = nullptr;
  };

  /// Unlocked: what each thread does.
  void work() {
    Lock lock(mutex_);
    for (Step step = next(); step.action != Action::leave; step = next()) {
      if (step.action == Action::begin) begin(step.entry, lock);
      if (step.action == Action::simulate) simulate(hand_out(*step.growth), lock);
      if (step.action == Action::finish) finish(step.entry, lock);
      if (step.action == Action::wait) {
        changed_.wait(lock);
      } else {
        changed_.notify_all();
      }
    }
  }

  Step next() {
    const bool halted = halt_.stop_requested();
    bool busy = false;
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
      busy = busy || entry->called;
      if (entry->called || (halted && !entry->begun)) continue;
      if (!entry->begun) return {.action = Action::begin, .entry = entry};
      for (Growth& growth : entry->growths) {
        if (!halted && available(growth)) return {.action = Action::simulate, .growth = &growth};
      }
      if (entry->over()) return {.action = Action::finish, .entry = entry};
      busy = true;
    }
    return {.action = busy ? Action::wait : Action::leave};
  }

  /// Enough blocks are handed out ahead of the last merged one that no thread idles, and no more, so that memory does
  /// not grow with replicas.
  bool available(const Growth& growth) const {
    const auto most = 2 * static_cast<std::size_t>(execution_.threads);
    return !growth.failure && growth.next < growth.target && growth.in_flight + growth.waiting.size() < most;
  }

  void begin(Place entry, Lock& lock) {
    entry->called = true;
    try {
      const Unlocked unlocked(lock);
      entry->job.begin();
      entry->growths = growths_of(entry->job.wanted);
    } catch (...) {
      break_off(std::current_exception());
      entries_.erase(entry);
      return;
    }
    entry->begun = true;
    entry->called = false;
  }

  void simulate(Piece piece, Lock& lock) {
    Growth& growth = *piece.growth;
    const std::uint64_t first = piece.begun.first_replica;
    std::optional<BlockMoments> block;
    try {
      const Unlocked unlocked(lock);
      block = growth.ensemble->extended(std::move(piece.begun), piece.end, execution_);
    } catch (...) {
      growth.fail(first, std::current_exception());
    }
    if (block) growth.waiting.emplace(first, std::move(*block));
    merge_what_follows(growth, lock);
    --growth.in_flight;
  }

  /// One thread at a time merges; the others leave their blocks to it.
  static void merge_what_follows(Growth& growth, Lock& lock) {
    while (!growth.merging) {
      const auto follows = growth.waiting.find(growth.moments.growing().begun_block().first_replica);
      if (follows == growth.waiting.end()) return;
      auto block = growth.waiting.extract(follows);
      growth.merging = true;
      try {
        const Unlocked unlocked(lock);
        growth.moments.add(std::move(block.mapped()));
      } catch (...) {
        growth.fail(block.key(), std::current_exception());
      }
      growth.merging = false;
    }
  }

  void finish(Place entry, Lock& lock) {
    entry->called = true;
    bool ended = true;
    try {
      const Unlocked unlocked(lock);
      const Ending ending = give_back(entry->growths);
      const std::vector<Extension> more = entry->job.finish(ending);
      ended = more.empty() || !ending.complete;
      if (!ended) entry->growths = growths_of(more);
      if (!ending.complete && !ending.failure) stopped_ = true;
    } catch (...) {
      break_off(std::current_exception());
    }
    entry->called = false;
    if (!ended) return;
    std::list<Entry> freed;
    freed.splice(freed.end(), entries_, entry);
    const Unlocked unlocked(lock);
    freed.clear();
  }

  /// The ensembles get the replicas that they have grown by.
  static Ending give_back(std::vector<Growth>& growths) {
    Ending ending;
    for (Growth& growth : growths) {
      ending.complete = ending.complete && growth.complete();
      if (!ending.failure) ending.failure = growth.failure;
      growth.ensemble->resume_from(std::move(growth.moments));
    }
    return ending;
  }

  void break_off(std::exception_ptr thrown) {
    if (!broken_) broken_ = std::move(thrown);
    halt_.request_stop();
  }

  Execution execution_;
  std::stop_source halt_;
  std::stop_callback<std::function<void()>> pass_on_;
  std::mutex progress_mutex_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Entry> entries_;
  std::exception_ptr broken_;
  std::atomic<bool> stopped_ = false;
};

}  // namespace

bool WorkQueue::run(const Execution& execution) {
  require_in(Range::at_least(1.0), "work queue", "execution.threads", execution.threads);
  Run run(std::exchange(jobs_, {}), execution);
  run.work_on_all_threads();
  jobs_ = run.not_begun();
  if (run.broken()) std::rethrow_exception(run.broken());
  return !run.stopped();
}

}  // namespace sdelens
