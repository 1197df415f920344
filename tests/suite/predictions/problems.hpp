#pragma once

#include <string>
#include <vector>

#include "suite/predictions/prediction.hpp"
#include "suite/program/simulate/simulate_plan.hpp"

namespace sdelens::test {

/// What a user types, without the command.
struct Asked {
  std::string optimizer, landscape, noise;
  Parameters set{};
  std::vector<double> x0{0.1};
  std::uint64_t steps = 1000;
  std::string schedule = "constant";
  std::string sde = "none";
  std::uint64_t runs = 64;
};

inline SimulatePlan planned(const Asked& asked) {
  SimulateOptions options{.optimizer = asked.optimizer,
                          .sde = asked.sde,
                          .landscape = parse_specification("--landscape", asked.landscape),
                          .noise = parse_specification("--noise", asked.noise),
                          .schedule = parse_specification("--schedule", asked.schedule),
                          .set = asked.set,
                          .x0 = asked.x0,
                          .runs = asked.runs,
                          .steps = asked.steps,
                          .threads = 2};
  return plan_simulation(options);
}

/// All forecasts at the end and in the window.
inline std::vector<Forecast> forecasts(const SimulatePlan& plan) {
  return forecast(plan.problem, plan.places, plan.recorded);
}

/// The forecast of one entry.
/// @throw UnknownName
inline Forecast forecast_of(const Asked& asked, const std::string& name) {
  const PredictionEntry& entry = Registry<PredictionEntry>::all().at(name);
  for (Forecast& found : forecasts(planned(asked))) {
    if (found.entry == &entry) return std::move(found);
  }
  throw std::logic_error("no forecast of " + name);
}

}  // namespace sdelens::test
