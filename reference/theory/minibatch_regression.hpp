#pragma once

#include <vector>

namespace sdelens::theory {

/// Mini-batches of linear regression: samples a ~ N(0, H), residual a.w + e, e ~ N(0, s^2), w the error of the weights,
/// g = (1/B) sum_b a_b (a_b.w + e_b), f(w) = w'Hw/2, T^2 = w'Hw + s^2, rho_i = (Hw)_i / (sqrt(H_ii) T).
/// Source: derived here, beyond Papers A and B. Given the residuals r_b, a_b = H w r_b / T^2 + C^{1/2} z_b,
/// C = H - Hww'H/T^2, so that sign g = sign(sqrt(B) Hw/T + t), t multivariate Student with B degrees of freedom and scale
/// matrix C.

/// E sign g_i = 2 Xi_B(sqrt(B) rho / sqrt(1 - rho^2)), Xi of Lemma C.8, in any dimension; (2/pi) asin rho for B = 1.
/// @throw InvalidParameter unless batch >= 1 and |rho| < 1
double minibatch_mean_sign(double batch, double rho);

/// Two coordinates: rho_i, rho_j, and R = H_ij / sqrt(H_ii H_jj).
struct MinibatchPair {
  double batch, rho_i, rho_j, correlation;
};

/// E sign g_i sign g_j = 4 P - 2 F_B(h) - 2 F_B(k) + 1 with h = sqrt(B) rho_i / sqrt(1 - rho_i^2), k likewise,
/// rho_c = (R - rho_i rho_j) / sqrt((1 - rho_i^2)(1 - rho_j^2)) and
///   P = max(F_B(h) + F_B(k) - 1, 0) + (1/2 pi) int_{-pi/2}^{asin rho_c} (1 + (h^2 - 2hk sin u + k^2)/(B cos^2 u))^{-B/2} du,
/// F_B the distribution function of Student's t; by quadrature, error below 1e-12.
/// @throw InvalidParameter unless batch >= 1, |rho_i|, |rho_j| < 1 and |rho_c| <= 1
double minibatch_sign_product(const MinibatchPair& pair);

/// SignSGD in one coordinate near its minimum.
struct MinibatchSign {
  double learning_rate, curvature, residual, batch;
};

/// Stationary E x^2 = eta / (2 s_B K) [1 + eta K (B + 1)/(4 B s_B)], K = sqrt(B H)/s, s_B = 2 f_{t_B}(0); of second order
/// in eta K.
double minibatch_stationary_variance(const MinibatchSign& sign);
/// The bracket less 1: what is left out at leading order, relative.
double minibatch_first_order(const MinibatchSign& sign);

/// Stationary E f of SignSGD at leading order in any dimension, eta s sum_i sqrt(H_ii) / (4 s_B sqrt B): free of the
/// off-diagonals of H.
/// @param diagonal  H_ii
double minibatch_sign_loss(double learning_rate, double residual, double batch,
                           const std::vector<double>& diagonal);

/// Which second moments SGD on mini-batches has, or is said to have.
enum class RegressionDynamics {
  minibatch,       ///< SGD itself
  sde,             ///< dX = -HX dt + sqrt(eta) Sigma(X)^{1/2} dW, Sigma(w) = (Hww'H + T^2 H)/B
  order_2_sde,     ///< dX = -(H + (eta/2) H^2) X dt + sqrt(eta) Sigma(X)^{1/2} dW
  additive_noise,  ///< the full gradient with normal noise of covariance s^2 H / B
};

/// SGD on mini-batches; `spectrum` has the eigenvalues h_i > 0 of H.
struct MinibatchSgd {
  double learning_rate, residual, batch;
  std::vector<double> spectrum;
};

/// q = (eta/B) sum_i h_i / D_i; infinite where a D_i <= 0. D_i = 2 - eta h_i (1 + 1/B) for SGD, 2 - eta h_i / B for the SDE,
/// 2 + eta h_i (1 - 1/B) for the order-2 SDE. Second moments have a limit where q < 1.
/// @throw InvalidParameter unless all numbers are positive and batch >= 1; std::logic_error for additive noise, which has
///        no q
double regression_feedback(const MinibatchSgd& sgd, RegressionDynamics dynamics);

/// Whether second moments have a limit: q < 1, and for additive noise eta h_i < 2.
bool regression_is_stable(const MinibatchSgd& sgd, RegressionDynamics dynamics);

/// Stationary E f = (s^2/2) q / (1 - q); (eta s^2/2B) sum h_i / (2 - eta h_i) for additive noise. Infinite where it is not
/// stable.
double regression_stationary_loss(const MinibatchSgd& sgd, RegressionDynamics dynamics);

/// Stationary second moments E (v_i.w)^2 = eta (2 E f + s^2) / (B D_i) along the eigenvectors v_i of H.
std::vector<double> regression_stationary_moments(const MinibatchSgd& sgd, RegressionDynamics dynamics);

/// The learning rate up to which second moments have a limit; infinite if they always do. In one dimension
/// 2B/(H(B + 2)), B/H, 2/H for B = 1 and infinite for B >= 2, and 2/H.
double regression_stability_limit(const MinibatchSgd& sgd, RegressionDynamics dynamics);

}  // namespace sdelens::theory
