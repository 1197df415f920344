#pragma once

namespace sdelens::theory {

/// Xi_nu(x) = F_nu(x) - 1/2, F_nu the distribution function of Student's t, by the hypergeometric function.
///
/// With c = Gamma((nu + 1)/2) / (sqrt(pi nu) Gamma(nu/2)) and q = x^2 / nu,
///   printed    Xi_nu(x) = c x 2F1(1/2, (nu + 1)/2; 3/2; -q), whose series converges for q < 1 only;
///   evaluated  Xi_nu(x) = c x (1 + q)^{-1/2} 2F1(1/2, 1 - nu/2; 3/2; q/(1 + q)) (Pfaff)
/// for nu <= 25; for larger nu, where its terms cancel, by the forms whose terms are positive,
///   Xi_nu(x) = c x (1 + q)^{-(nu + 1)/2} 2F1(1, (nu + 1)/2; 3/2; q/(1 + q))  for q < 1 and |x| < 10,
///   Xi_nu(x) = 1/2 - c sqrt(q nu) / nu (1 + q)^{-(nu + 1)/2} 2F1((nu + 1)/2, 1; nu/2 + 1; 1/(1 + q))  for x beyond.
/// Relative error below 1e-14. The number of terms grows like q for nu <= 25 and like nu beyond.
/// @param x   f'(X) / sigma, dimensionless
/// @param nu  degrees of freedom, > 0
/// @throw InvalidParameter unless 0 < nu <= 1e5 and |x| <= 100 sqrt nu
/// Source: Paper A, C.8 and Lemma 3.10. The sign of the argument in (38) is ambiguous: there x must
/// be -Sigma^{-1/2} grad f.
double student_t_xi(double x, double nu);

/// Xi_nu(x) = sign(x) I_{q/(1 + q)}(1/2, nu/2) / 2 by the regularised incomplete beta function: a second
/// route, for every finite x.
/// @throw InvalidParameter unless x is finite and nu positive
double student_t_xi_by_beta(double x, double nu);

/// Drift -2 Xi_nu(y) of the SDE of SignSGD with Z = sigma U, U ~ t(nu), in one coordinate:
///   dX = -2 Xi_nu(y) dt + sqrt(eta) sqrt(1 - 4 Xi_nu(y)^2) dW,   y = f'(X) / sigma.
/// sigma is the scale of Z; its variance is nu / (nu - 2) sigma^2, infinite for nu <= 2. Lemma 3.10 omits
/// the factor sigma of U that its equation needs.
/// @throw InvalidParameter unless y is finite and nu positive
double student_t_drift(double y, double nu);

/// sqrt(eta) sqrt(1 - 4 Xi_nu(y)^2), without cancellation for large |y|; it multiplies dW.
/// @throw InvalidParameter unless y is finite, nu and learning_rate positive
double student_t_diffusion(double y, double nu, double learning_rate);

/// s_nu = 2 Xi_nu'(0) = 2 Gamma((nu + 1)/2) / (sqrt(pi nu) Gamma(nu/2)), the speed of the linear equation
/// near a minimum: 1/sqrt 2 for nu = 2 (Corollary 3.11 = C.14), tending to sqrt(2/pi) for nu -> inf.
/// @throw InvalidParameter unless nu is positive
double student_t_slope(double nu);

}  // namespace sdelens::theory
