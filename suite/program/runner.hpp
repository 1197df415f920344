#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <stop_token>
#include <string>

#include "sdelens/ensemble/work_queue.hpp"
#include "suite/study/experiment.hpp"

namespace sdelens {

/// How experiments are run; `command` is what reproduces the record.
struct RunSettings {
  Tier tier = Tier::standard;
  std::uint64_t seed = 0;
  NormalBits normal_bits = NormalBits::shared;
  int threads = 1;
  Parameters changes{};
  ErrorBudget budget{};
  /// The most looks at the data, each but the first after doubling the replicas of undecided claims. The budget
  /// of replicas (Simulations::add) usually ends them first.
  int looks = 12;
  Environment environment{};
  std::string command{};
};

/// @throw InvalidParameter if the experiments announce more claims of a family than share its error rate
void require_room(const ErrorBudget& budget, std::span<const Experiment* const> experiments);

/// An experiment whose settings were checked and whose ensembles are ordered, but not run.
class PlannedExperiment {
 public:
  /// @throw InvalidParameter, UnknownName if the settings cannot be used
  PlannedExperiment(const Experiment& experiment, const RunSettings& settings);

  const Experiment& experiment() const { return *experiment_; }
  /// Replica-steps of the first look.
  std::uint64_t work() const;
  /// A queue that runs it extends the ensembles, has them judged, doubles the replicas behind unresolved claims and has
  /// them judged again, until all are decided or the looks are used up. What is thrown on the way becomes a record with
  /// outcome `error`; a stop becomes one with outcome `partial` that judges the finished blocks. The record is the same
  /// whatever else is in the queue.
  /// @param began  called before its first replica
  /// @param ended  gets the record; then the experiment is not needed any more
  Job job(std::function<void()> began, std::function<void(Record)> ended);
  /// The same in a queue of its own.
  Record run(const std::function<void(std::uint64_t)>& progress, std::stop_token stop);
  /// A record that says why the experiment did not come to its end; the gate is not green with it.
  Record unfinished(const std::string& reason) const;

 private:
  Record blank() const;
  std::vector<Extension> wanted();
  /// Judges what is there; returns what is wanted for the next look, if there is one.
  std::vector<Extension> look(const Ending& ending);
  /// Doubles the replicas behind unresolved claims; false if none may grow.
  bool grow();
  Record finished() const;
  std::vector<Check> judge();

  const Experiment* experiment_;
  RunSettings run_;
  Settings settings_;
  Simulations simulations_;
  Judgement judgement_;
  std::map<std::string, std::vector<const SampleSource*>> made_from_;
  std::chrono::steady_clock::time_point began_{};
  int looks_ = 0;
  std::vector<Check> checks_;
  std::vector<Figure> figures_;
  Outcome outcome_ = Outcome::completed;
  std::string reason_;
};

}  // namespace sdelens
