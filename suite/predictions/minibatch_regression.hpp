#pragma once

#include "reference/theory/minibatch_regression.hpp"
#include "suite/predictions/prediction.hpp"

namespace sdelens {

/// Linear regression on mini-batches, for predictions about it and for what it is held against.

/// B and s of a problem on linear-regression or linear-regression-by-samples.
double regression_batch(const Problem& problem);
double regression_residual(const Problem& problem);

/// SGD on the problem's mini-batches.
theory::MinibatchSgd minibatch_sgd(const Problem& problem);
/// SignSGD on them in its first coordinate.
theory::MinibatchSign minibatch_sign(const Problem& problem);

/// The same optimizer on f with additive noise: normal with the covariance that the gradient of a batch has at the
/// minimum, s^2 H / B, which is how Paper A describes a batch.
Problem gaussian_twin(const Problem& problem);
/// In one coordinate: Student's t with B degrees of freedom and scale sqrt(H) s / sqrt B. SignSGD has the same law on it.
/// @throw InvalidParameter in more than one coordinate
Problem student_t_twin(const Problem& problem);

/// Why SGD has no stationary second moments there; nothing if it has.
Objection regression_instability(const Problem& problem);

}  // namespace sdelens
