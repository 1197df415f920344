#pragma once

#include <string>

#include "sdelens/ensemble/ensemble.hpp"
#include "sdelens/record/record.hpp"

namespace sdelens {

/// What `run` and `simulate` say alike of a simulation and of where it is made.

/// What an ensemble did, for a record.
Simulation simulation_of(const Ensemble& ensemble);

/// "3 of 1000 replicas of 'sgd' are not finite", or that more than the allowed fraction left the domain of their equation;
/// empty if the ensemble can be believed.
std::string damage_of(const Ensemble& ensemble, double outside_limit);

/// Here and now.
Environment environment_now(int threads);

}  // namespace sdelens
