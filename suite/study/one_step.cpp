#include "suite/study/one_step.hpp"

#include <fmt/format.h>

namespace sdelens {

std::string sign_name(Index coordinate) { return fmt::format("sign{}", coordinate + 1); }

std::vector<Observable> step_signs(const Problem& problem) {
  const double eta = problem.learning_rate;
  const Point& start = problem.start;
  std::vector<Observable> result;
  for (const Index i : problem.coordinates()) {
    result.push_back({.name = sign_name(i), .evaluate = [=, x0 = start(i)](In x, OutColumn value) {
                        value = (x0 - x.col(i)) / eta;
                      }});
  }
  if (problem.dimension() > 1) {
    result.push_back(
        {.name = sign_product, .evaluate = [=, a = start(0), b = start(1)](In x, OutColumn value) {
           value = (a - x.col(0)) * (b - x.col(1)) / (eta * eta);
         }});
    result.push_back(
        {.name = sign_triple, .evaluate = [=, a = start(0), b = start(1)](In x, OutColumn value) {
           value = (a - x.col(0)).square() * (b - x.col(1)) / (eta * eta * eta);
         }});
  }
  return result;
}

Series bar(std::string label, int colour, Interval over, double value) {
  return {.label = std::move(label),
          .role = Role::optimizer,
          .colour = colour,
          .x = {over.low, over.high},
          .y = {value, value}};
}

Simulated first_step(std::string name, std::string stream, const Problem& problem, std::uint64_t runs,
                     Simulations& simulations) {
  return simulations.optimizer(std::move(name), problem,
                               {.recording = {.steps = {1}},
                                .runs = runs,
                                .observables = step_signs(problem),
                                .stream = std::move(stream)});
}

}  // namespace sdelens
