#pragma once

#include <string>
#include <utility>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/program/runner.hpp"
#include "suite/study/ingredients.hpp"
#include "tests/lib/ensemble/processes.hpp"

namespace sdelens::test {

/// An experiment that is not registered.
inline Experiment trial(std::function<Judgement(const Settings&, Simulations&)> design) {
  return {.name = "trial",
          .title = "A trial",
          .summary = "Of the runner.",
          .source = {.paper = "A", .item = "Lemma 0"},
          .settings = {chosen("eta", {0.5}, Range::positive(), "learning rate")},
          .design = std::move(design)};
}

/// Independent N(0, 1) in "x1": one step of SGD with learning rate 1 on a flat landscape.
inline std::shared_ptr<const Ensemble> normals(Simulations& simulations, const std::string& name,
                                               std::uint64_t runs) {
  const Problem flat = quadratic_problem({.name = "sgd"}, {0.0}, 1.0, 1.0, Point::Zero(1));
  return simulations.add(
      name,
      iterates(with_start(with_optimizer(flat, {.name = "sgd"}), Point::Zero(1)), simulations.stream(name)),
      {coordinate(0)}, {.steps = {1}}, runs);
}

inline Measurement mean_of_normals(const Ensemble& ensemble) { return mean_of(ensemble.at(0, "x1")); }

inline Claim claim(std::string id, double resolution, Verdict expected = Verdict::pass) {
  return {
      .id = std::move(id), .statement = "s", .resolution = {.absolute = resolution}, .expected = expected};
}

inline void expect(Findings& out, Claim claim, Prediction prediction, Measurement measurement) {
  out.expect({.claim = std::move(claim),
              .comparisons = {{.prediction = std::move(prediction), .measurement = std::move(measurement)}}});
}

inline Record run(const Experiment& experiment, const RunSettings& settings = {},
                  const std::stop_token& stop = {}) {
  return PlannedExperiment(experiment, settings).run([](std::uint64_t) {}, stop);
}

inline const Check& check_of(const Record& record, const std::string& id) {
  for (const Check& entry : record.checks) {
    if (entry.claim.id == id) return entry;
  }
  throw std::logic_error("the record has no claim " + id);
}

inline const Simulation& simulation_of(const Record& record, const std::string& name) {
  for (const Simulation& entry : record.simulations) {
    if (entry.name == name) return entry;
  }
  throw std::logic_error("the record has no simulation " + name);
}

}  // namespace sdelens::test
