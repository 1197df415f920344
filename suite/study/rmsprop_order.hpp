#pragma once

#include <string>
#include <vector>

#include "suite/study/weak_order.hpp"

namespace sdelens {

/// What the experiments on the weak order of RMSprop(W)'s SDEs share: beta = 1 - eta rho, n = 2 steps an iteration.

/// x0, curvature, sigma, rho, time, etas and runs.
std::vector<SettingSpecification> rmsprop_order_settings();
/// The study of an SDE from x0, with weight decay gamma in both.
WeakOrderStudy rmsprop_study(const Settings& settings, std::string name, const std::string& optimizer,
                             std::string sde, double gamma);
/// Studies from x0 = 0, where only noise moves x: of the SDE, and of the ODE that it is without dW.
struct NoiseOrder {
  CoupledErrors sde, ode;
};
NoiseOrder order_from_minimum(const WeakOrderStudy& study, Simulations& simulations);
/// Coefficients independent of eta; V is at least sigma^2 in the mean, so x relaxes at lambda / sigma + gamma at most.
Expansion rmsprop_expansion(const Settings& settings, double gamma);

/// Claims of order 1 for E x, E x^2, E cos x and E v: what C.16 and C.21 state.
void expect_order_one(Findings& out, const std::string& theorem, const CoupledErrors& errors,
                      const Expansion& expansion);
/// From x0 = 0 E x^2 is eta A(T) + O(eta^2) for the optimizer and for its SDE, with the same
///   A = (1 - e^(-2aT)) / (2a), a = lambda / sigma + gamma,
/// and 0 for the ODE: claims of order 2 for the SDE and of order 1 for the ODE.
void expect_noise(Findings& out, const std::string& theorem, const NoiseOrder& errors,
                  const Expansion& expansion);
/// The errors of E x, E x^2, E cos x and E v against eta.
Figure order_figure(const std::string& title, const std::string& caption, const CoupledErrors& errors);

}  // namespace sdelens
