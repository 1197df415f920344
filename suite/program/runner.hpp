#pragma once

#include <functional>
#include <span>
#include <stop_token>
#include <string>

#include "suite/study/experiment.hpp"

namespace sdelens {

/// How experiments are run; `command` is what reproduces the record.
struct RunSettings {
  Tier tier = Tier::standard;
  std::uint64_t seed = 0;
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
  /// Runs the ensembles, judges, doubles the replicas behind unresolved claims and judges again, until all
  /// are decided or the looks are used up. What is thrown on the way becomes a record with outcome `error`; a
  /// stop becomes one with outcome `partial` that judges the finished blocks.
  Record run(const std::function<void(std::uint64_t)>& progress, std::stop_token stop);
  /// A record that says why the experiment did not come to its end; the gate is not green with it.
  Record unfinished(const std::string& reason) const;

 private:
  Record blank() const;
  bool simulate(const Execution& execution);
  std::vector<Check> judge(int look, const std::vector<Check>& earlier, std::vector<Figure>& figures);

  const Experiment* experiment_;
  RunSettings run_;
  Settings settings_;
  Simulations simulations_;
  Judgement judgement_;
  std::map<std::string, std::vector<const SampleSource*>> made_from_;
};

}  // namespace sdelens
