#pragma once

namespace sdelens::theory {

/// Drift of the SDE of SignSGD in one coordinate, noise Z ~ N(0, sigma^2):
///   dX = -Erf(f'(X) / (sigma sqrt 2)) dt + sqrt(eta) sqrt(1 - Erf(.)^2) dW.
/// @param y  f'(X) / sigma, dimensionless; infinities are allowed
/// @return -Erf(y / sqrt 2), which is -E sign(y + U), U ~ N(0, 1)
/// @throw InvalidParameter if y is NaN
/// Source: Paper A, Lemma 3.3 (C.7), eq. (3).
double gaussian_drift(double y);

/// sqrt(eta) sqrt(1 - Erf(y / sqrt 2)^2), without cancellation for large |y|; it multiplies dW.
/// @throw InvalidParameter if y is NaN or learning_rate is not positive
double gaussian_diffusion(double y, double learning_rate);

/// s = -d(drift)/dy at 0, sqrt(2 / pi): the speed of the linear equation near a minimum.
double gaussian_slope();

}  // namespace sdelens::theory
