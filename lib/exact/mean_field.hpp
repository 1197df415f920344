#pragma once

namespace sdelens {

/// One coordinate of AdamW on f(x) = curvature x^2 / 2 with gradient noise N(0, sigma^2):
///   m <- beta_1 m + (1 - beta_1) g,   x <- x - eta m / sqrt(v) - eta gamma x,
/// Adam at weight_decay = 0, RMSpropW at beta_1 = 0, RMSprop at both 0.
struct MeanFieldSettings {
  double learning_rate;       ///< eta > 0
  double curvature;           ///< lambda > 0
  double sigma;               ///< > 0, eta lambda / sigma <= 1000
  double beta_1 = 0.0;        ///< in [0, 1)
  double weight_decay = 0.0;  ///< gamma >= 0, eta gamma < 1
};

/// What the law of x and of the mean squared gradient tends to in the mean-field approximation.
struct MeanField {
  double variance;          ///< Var x
  double squared_gradient;  ///< v = sigma^2 + lambda^2 Var x
};

/// The stationary variance of x with v held constant, exact for that linear recursion: with
/// h = eta / sqrt(v), g = eta gamma, b = beta_1,
///   Var x = h^2 sigma^2 (1 + b (1 - g)) (1 - b)
///           / [(1 - b + b g) (g + h lambda) ((1 + b)(2 - g) - (1 - b) h lambda)].
/// @throw InvalidParameter if a setting is outside its range, or unless squared_gradient is so large that the
/// recursion contracts, (1 - b) h lambda < (1 + b)(2 - g)
double frozen_variance(const MeanFieldSettings& settings, double squared_gradient);

/// The stationary variance of Adam, AdamW, RMSprop or RMSpropW for beta_2 -> 1, where v is its own mean: the
/// solution of v = sigma^2 + lambda^2 frozen_variance(v). It is unique: the right-hand side falls in v.
///
/// A closure, not a theorem: the fluctuation of v is left out. Compared with long simulations at
/// beta_2 = 0.999 it is right within about 0.3% up to r = eta lambda / sigma = 1.
/// @throw InvalidParameter if a setting is outside its range
/// @throw std::runtime_error if the solution is not found in 200 evaluations
/// Source: re-derived; oracle for Paper A, Lemmas 3.13, 3.14, C.24, C.29 and Figures 5 and 6.
MeanField mean_field(const MeanFieldSettings& settings);

/// The same for the SDE of RMSprop(W),
///   dX = -(lambda X dt + sqrt(eta) sigma dW) / sqrt(V) - gamma X dt,  dV = rho ((lambda X)^2 + sigma^2 - V) dt:
///   Var X = (eta / 2) (sigma^2 / v) / (lambda / sqrt(v) + gamma),  v = sigma^2 + lambda^2 Var X.
/// At gamma = 0 the variance is about 1 - r / 4 of the leading order, where that of RMSprop is about 1 + r / 4.
/// beta_2 -> 1, and a closure as mean_field is.
/// @throw InvalidParameter if a setting is outside its range, or unless beta_1 = 0
/// @throw std::runtime_error as mean_field
/// Source: re-derived from Paper A, eqs. (86), (113).
MeanField mean_field_of_sde(const MeanFieldSettings& settings);

}  // namespace sdelens
