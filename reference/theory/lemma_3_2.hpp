#pragma once

namespace sdelens::theory {

/// Theorem 3.2 (C.5, C.6) of Paper A for noise Z ~ N(0, Sigma) that may be correlated. With b = E sign(g + Z) and
/// Sbar = Cov(sign(g + Z)), one step Delta of SignSGD has
///   E Delta = -eta b,   E Delta Delta' = eta^2 (b b' + Sbar),
/// and its SDE is dX = -b dt + sqrt(eta) Sbar^{1/2} dW.
struct SignPair {
  double first, second;  ///< y_i = g_i / sigma_i, dimensionless
  double correlation;    ///< rho of Z_1 and Z_2, in (-1, 1)
};

/// Sbar_12 = 4 int_0^rho phi_2(y_1, y_2; r) dr, phi_2 the density of two standard normals with correlation r
/// (Plackett, Biometrika 41, 1954); (2 / pi) asin(rho) at y = 0. Error below 1e-12.
/// @throw InvalidParameter if y_i is not finite or correlation not in (-1, 1)
double gaussian_sign_covariance(const SignPair& pair);

}  // namespace sdelens::theory
