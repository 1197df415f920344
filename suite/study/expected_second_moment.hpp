#pragma once

#include <memory>

#include "sdelens/ensemble/process.hpp"

namespace sdelens {

/// u <- decay u + (1 - decay)(curvature^2 x^2 + variance) from u = start: v of RMSprop or Adam on f = curvature x^2 / 2
/// with the mean of g^2 given x for g^2.
struct ExpectedSecondMoment {
  double decay, curvature, variance, start;
};

/// Adds the column u to the state of a process whose first column is x.
std::shared_ptr<const Process> with_expected_second_moment(std::shared_ptr<const Process> process,
                                                           const ExpectedSecondMoment& moment);

}  // namespace sdelens
