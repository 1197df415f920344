#include "suite/program/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <set>
#include <utility>

namespace sdelens {
namespace {

/// Why an ensemble cannot be believed; empty if it can.
std::string damage(const Simulations::Order& order) {
  const Ensemble& ensemble = *order.ensemble;
  if (ensemble.non_finite() > 0) {
    return fmt::format("{} of {} replicas of '{}' are not finite", ensemble.non_finite(), ensemble.replicas(),
                       ensemble.name());
  }
  const double outside = static_cast<double>(ensemble.outside()) / static_cast<double>(ensemble.replicas());
  if (outside > order.outside_limit) {
    return fmt::format("{} of {} replicas of '{}' left the domain of their equation; the limit is {}",
                       ensemble.outside(), ensemble.replicas(), ensemble.name(), order.outside_limit);
  }
  return {};
}

/// @throw std::logic_error if there are more claims of a family than the experiment announces
void require_announced(const Experiment& experiment, const std::vector<Findings::Expectation>& expectations) {
  for (const ErrorFamily family : error_families) {
    const auto claims =
        std::ranges::count(expectations, family,
                           [](const Findings::Expectation& expectation) { return expectation.claim.family; });
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
      simulations_(experiment.name, settings.tier, settings.seed),
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
  for (const Simulations::Order& order : simulations_.orders()) {
    const Ensemble& ensemble = *order.ensemble;
    record.simulations.push_back({.name = ensemble.name(),
                                  .replicas = ensemble.replicas(),
                                  .steps = ensemble.steps(),
                                  .non_finite = ensemble.non_finite(),
                                  .outside = ensemble.outside()});
  }
  return record;
}

Record PlannedExperiment::unfinished(const std::string& reason) const {
  Record record = blank();
  record.outcome = Outcome::partial;
  record.reason = reason;
  return record;
}

bool PlannedExperiment::simulate(const Execution& execution) {
  return std::ranges::all_of(simulations_.orders(), [&](Simulations::Order& order) {
    return order.ensemble->extend_to(order.replicas, execution);
  });
}

std::vector<Check> PlannedExperiment::judge(int look, const std::vector<Check>& earlier,
                                            std::vector<Figure>& figures) {
  Findings findings;
  judgement_(findings);
  require_announced(*experiment_, findings.expectations());
  figures = findings.figures();
  std::vector<Check> checks;
  for (const Expectation& expectation : findings.expectations()) {
    for (const std::string& lemma : expectation.claim.lemmas) {
      if (std::ranges::find(experiment_->lemmas, lemma) != experiment_->lemmas.end()) continue;
      throw std::logic_error(fmt::format("claim '{}' decides {}, which '{}' does not announce",
                                         expectation.claim.id, lemma, experiment_->name));
    }
    const auto before =
        std::ranges::find(earlier, expectation.claim.id, [](const Check& c) { return c.claim.id; });
    // The first decision stands: its error rate was spent at that look. Only damage found later undoes it.
    const bool decided = before != earlier.end() && !run_.budget.allows_another_look(*before);
    Check result = decided ? *before : check(expectation.claim, expectation.comparisons, look, run_.budget);
    const std::vector<const SampleSource*> from = expectation.made_from();
    for (const Simulations::Order& order : simulations_.orders()) {
      if (std::ranges::find(from, order.ensemble.get()) == from.end()) continue;
      if (const std::string reason = damage(order); !reason.empty()) {
        result.verdict = Verdict::error;
        result.reason = reason;
      }
    }
    made_from_[expectation.claim.id] = from;
    checks.push_back(std::move(result));
  }
  return checks;
}

Record PlannedExperiment::run(const std::function<void(std::uint64_t)>& progress, std::stop_token stop) {
  const auto began = std::chrono::steady_clock::now();
  std::vector<Check> checks;
  std::vector<Figure> figures;
  Outcome outcome = Outcome::completed;
  std::string reason;
  try {
    const Execution execution{.threads = run_.threads, .stop = stop, .progress = progress};
    for (int look = 0; look < run_.looks; ++look) {
      const bool finished = simulate(execution);
      if (!finished) {
        outcome = Outcome::partial;
        reason = "interrupted";
      }
      checks = judge(look, checks, figures);
      std::set<const SampleSource*> wanted;
      for (const Check& entry : checks) {
        if (!run_.budget.allows_another_look(entry)) continue;
        const std::vector<const SampleSource*>& from = made_from_[entry.claim.id];
        wanted.insert(from.begin(), from.end());
      }
      bool grown = false;
      for (Simulations::Order& order : simulations_.orders()) {
        if (!wanted.contains(order.ensemble.get()) || order.replicas >= order.most_replicas) continue;
        order.replicas = std::min(2 * order.replicas, order.most_replicas);
        grown = true;
      }
      if (!finished || !grown) break;
    }
  } catch (const std::exception& problem) {
    if (outcome == Outcome::completed) {
      outcome = Outcome::error;
      reason = problem.what();
    } else {
      reason += fmt::format("; too little was finished to be judged ({})", problem.what());
    }
  }
  Record record = blank();
  record.checks = std::move(checks);
  record.figures = std::move(figures);
  record.outcome = outcome;
  record.reason = std::move(reason);
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return record;
}

}  // namespace sdelens
