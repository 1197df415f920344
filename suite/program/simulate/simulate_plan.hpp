#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sdelens/ensemble/ensemble.hpp"
#include "sdelens/record/record.hpp"
#include "suite/predictions/question.hpp"
#include "suite/program/simulate/simulate_options.hpp"

namespace sdelens {

/// A simulation of a user's own that was checked and not run.
struct SimulatePlan {
  Question problem;
  std::vector<Place> places;                 ///< the end of the run, then the window
  std::vector<std::uint64_t> recorded;       ///< iterations with curves; the last is the end
  std::shared_ptr<Ensemble> optimizer, sde;  ///< sde is empty if none was asked for
  std::uint64_t replicas;
  std::uint64_t seed;
  NormalBits normal_bits;
  int threads;
  std::filesystem::path out;
  std::vector<Setting> settings;
  std::string command;  ///< reproduces it
};

/// Names of observables: x_i and x_i^2, i from 0.
std::string coordinate_name(Index i);
std::string square_name(Index i);
/// The name of the window in the ensembles.
inline constexpr const char* simulate_window = "window";

/// @throw std::invalid_argument naming what is missing, unknown or out of range
SimulatePlan plan_simulation(const SimulateOptions& options);

}  // namespace sdelens
