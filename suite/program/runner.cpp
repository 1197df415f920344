#include "suite/program/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
#include <set>
#include <utility>

#include "suite/program/simulated_record.hpp"

namespace sdelens {
namespace {

/// @throw std::logic_error if there are more claims of a family than the experiment announces
void require_announced(const Experiment& experiment, const std::deque<Expectation>& expectations) {
  for (const ErrorFamily family : error_families) {
    const auto claims = std::ranges::count(
        expectations, family, [](const Expectation& expectation) { return expectation.claim.family; });
    const std::size_t most = experiment.most_claims.of(family);
    if (std::cmp_less_equal(claims, most)) continue;
    throw std::logic_error(fmt::format("'{}' makes {} claims of family {}, but announces at most {}",
                                       experiment.name, claims, to_string(family), most));
  }
}

}  // namespace

void require_room(const ErrorBudget& budget, std::span<const Experiment* const> experiments) {
  for (const ErrorFamily family : error_families) {
    std::size_t claims = 0;
    for (const Experiment* experiment : experiments) claims += experiment->most_claims.of(family);
    if (const double most = budget.of(family).claims; static_cast<double>(claims) > most) {
      throw InvalidParameter(
          "run", "experiments",
          fmt::format("announce up to {} claims of family {}, but at most {} share its error rate: run fewer",
                      claims, to_string(family), most));
    }
  }
}

PlannedExperiment::PlannedExperiment(const Experiment& experiment, const RunSettings& settings)
    : experiment_(&experiment),
      run_(settings),
      settings_(experiment.name, experiment.settings, settings.changes),
      simulations_(experiment.name, settings.tier, settings.seed, settings.normal_bits),
      judgement_(experiment.design(settings_, simulations_)) {}

std::uint64_t PlannedExperiment::work() const {
  std::uint64_t result = 0;
  for (const Simulations::Order& order : simulations_.orders())
    result += order.replicas * order.ensemble->steps();
  return result;
}

Record PlannedExperiment::blank() const {
  Record record;
  record.experiment = experiment_->name;
  record.title = experiment_->title;
  record.summary = experiment_->summary;
  record.source = experiment_->source;
  record.tier = to_string(run_.tier);
  record.seed = run_.seed;
  record.command = run_.command;
  record.environment = run_.environment;
  record.settings = settings_.all();
  for (const Simulations::Order& order : simulations_.orders())
    record.simulations.push_back(simulation_of(*order.ensemble));
  return record;
}

Record PlannedExperiment::unfinished(const std::string& reason) const {
  Record record = blank();
  record.outcome = Outcome::partial;
  record.reason = reason;
  return record;
}

std::vector<Extension> PlannedExperiment::wanted() {
  std::vector<Extension> result;
  for (const Simulations::Order& order : simulations_.orders()) {
    result.push_back({.ensemble = order.ensemble.get(), .replicas = order.replicas});
  }
  return result;
}

std::vector<Check> PlannedExperiment::judge() {
  Findings findings;
  judgement_(findings);
  require_announced(*experiment_, findings.expectations());
  figures_.assign(findings.figures().begin(), findings.figures().end());
  std::vector<Check> checks;
  for (const Expectation& expectation : findings.expectations()) {
    for (const std::string& lemma : expectation.claim.lemmas) {
      if (std::ranges::find(experiment_->lemmas, lemma) != experiment_->lemmas.end()) continue;
      throw std::logic_error(fmt::format("claim '{}' decides {}, which '{}' does not announce",
                                         expectation.claim.id, lemma, experiment_->name));
    }
    const auto before =
        std::ranges::find(checks_, expectation.claim.id, [](const Check& c) { return c.claim.id; });
    // The first decision stands: its error rate was spent at that look. Only damage found later undoes it.
    const bool decided = before != checks_.end() && !run_.budget.allows_another_look(*before);
    Check result = decided ? *before : check(expectation.claim, expectation.comparisons, looks_, run_.budget);
    const std::vector<const SampleSource*> from = expectation.made_from();
    for (const Simulations::Order& order : simulations_.orders()) {
      if (std::ranges::find(from, order.ensemble.get()) == from.end()) continue;
      if (const std::string reason = damage_of(*order.ensemble, order.outside_limit); !reason.empty()) {
        result.verdict = Verdict::error;
        result.reason = reason;
      }
    }
    made_from_[expectation.claim.id] = from;
    checks.push_back(std::move(result));
  }
  return checks;
}

bool PlannedExperiment::grow() {
  std::set<const SampleSource*> behind;
  for (const Check& entry : checks_) {
    if (!run_.budget.allows_another_look(entry)) continue;
    const std::vector<const SampleSource*>& from = made_from_[entry.claim.id];
    behind.insert(from.begin(), from.end());
  }
  bool grown = false;
  for (Simulations::Order& order : simulations_.orders()) {
    if (!behind.contains(order.ensemble.get()) || order.replicas >= order.most_replicas) continue;
    order.replicas = std::min(2 * order.replicas, order.most_replicas);
    grown = true;
  }
  return grown;
}

std::vector<Extension> PlannedExperiment::look(const Ending& ending) {
  try {
    if (ending.failure) std::rethrow_exception(ending.failure);
    if (!ending.complete) {
      outcome_ = Outcome::partial;
      reason_ = "interrupted";
    }
    checks_ = judge();
    ++looks_;
    if (ending.complete && looks_ < run_.looks && grow()) return wanted();
  } catch (const std::exception& problem) {
    if (outcome_ == Outcome::completed) {
      outcome_ = Outcome::error;
      reason_ = problem.what();
    } else {
      reason_ += fmt::format("; too little was finished to be judged ({})", problem.what());
    }
  }
  return {};
}

Record PlannedExperiment::finished() const {
  Record record = blank();
  record.checks = checks_;
  record.figures = figures_;
  record.outcome = outcome_;
  record.reason = reason_;
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  return record;
}

Job PlannedExperiment::job(std::function<void()> began, std::function<void(Record)> ended) {
  return {.wanted = wanted(),
          .begin =
              [this, began = std::move(began)] {
                began_ = std::chrono::steady_clock::now();
                began();
              },
          .finish =
              [this, ended = std::move(ended)](const Ending& ending) {
                std::vector<Extension> more = look(ending);
                if (more.empty()) ended(finished());
                return more;
              }};
}

Record PlannedExperiment::run(const std::function<void(std::uint64_t)>& progress, std::stop_token stop) {
  Record result = unfinished("interrupted before it began");
  WorkQueue queue;
  queue.add(job([] {}, [&result](Record record) { result = std::move(record); }));
  queue.run({.threads = run_.threads, .stop = std::move(stop), .progress = progress});
  return result;
}

}  // namespace sdelens
