#pragma once

#include "sdelens/ensemble/process.hpp"
#include "sdelens/model/problem.hpp"

namespace sdelens {

/// An SDE with its parameters and how it is integrated.
struct SdeChoice {
  Choice sde;
  std::string integrator = "weak-order-2";
  std::uint64_t steps_per_iteration = 1;
};

/// The iterates of the problem's optimizer.
/// @param normals_per_iteration  as OptimizerRun::normals_per_iteration
std::shared_ptr<const Process> iterates(const Problem& problem, const Stream& stream,
                                        std::uint64_t normals_per_iteration = 1);

/// Paths of an SDE on the problem's landscape with its noise, learning rate, schedule and start.
/// @throw UnknownName, InvalidParameter
std::shared_ptr<const Process> paths(const Problem& problem, const SdeChoice& sde, const Stream& stream);

/// The optimizer beside an SDE on the same Brownian path: the columns of the optimizer's state, then those of the SDE's.
/// One step of the pair is one iteration.
std::shared_ptr<const Process> coupled(const Problem& problem, const SdeChoice& sde, const Stream& stream);

}  // namespace sdelens
