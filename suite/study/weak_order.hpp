#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sdelens/statistics/order_fit.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {

/// The weak error of an SDE, E g(x_{T/eta}) - E g(X_T), at several learning rates eta, by simulation: optimizer and
/// SDE on the same Brownian path, the SDE by the scheme of weak order 2. The problem is f(x) = lambda x^2 / 2 in one
/// dimension with gradient noise N(0, sigma^2).
///
/// The state of one replica is the optimizer's (x, memory), the SDE's of the same shape, both with the second moment
/// v last, and then u, which stands for v of the optimizer: u <- beta u + (1 - beta)(lambda^2 x^2 + sigma^2), with the
/// mean of g^2 given x for g^2. It has the mean of v at every iteration and little of its noise.
struct WeakOrderStudy {
  std::string name{};  ///< of the ensembles
  /// The optimizer at a learning rate; its v starts at the mean square of the first gradient, whatever it says of it.
  std::function<Problem(double learning_rate)> problem{};
  std::string sde{};  ///< with the parameters of the optimizer
  /// Compare with the ordinary differential equation that the SDE is without its dW, by Runge-Kutta.
  bool without_noise = false;
  double time = 0.0;  ///< T, a multiple of every learning rate
  std::vector<double> learning_rates{};
  std::uint64_t steps_per_iteration = 1;  ///< of the SDE, n
  std::uint64_t runs = 0;
};

/// The study from another start.
WeakOrderStudy started_at(WeakOrderStudy study, std::function<double(double learning_rate)> start);

/// The ensembles of a study, one for each learning rate, each with observables "x", "x^2", "cos x" and "v": g of the
/// optimizer minus g of the SDE, at T.
struct CoupledErrors {
  WeakOrderStudy study;
  std::vector<Simulated> ensembles;

  Measurement at_end(std::size_t rate, const std::string& observable) const;
  /// |error| at T against the learning rate, with a band of one standard error on each side.
  Series curve(const std::string& observable, std::string label, Role role, int colour) const;
  /// The line |error| proportional to eta^order through the error at the smallest learning rate.
  Series guide(const std::string& observable, double order, std::string label, int colour) const;
};

/// @throw InvalidParameter if fewer than 4 learning rates are given, one repeats, or T is not a multiple of one
CoupledErrors order_weak_errors(const WeakOrderStudy& study, Simulations& simulations);

/// What is known beforehand of an error C eta^p (1 + b eta^q + c eta^2q + ...).
struct Expansion {
  /// q: 1 for an equation with coefficients that do not depend on eta.
  double exponent = 1.0;
  /// The size of b to reckon with, and that of c is rate^2 / 2: both are fitted, too.
  double rate = 1.0;
  /// The fastest rate of the equation at a learning rate, in units of 1/t.
  std::function<double(double learning_rate)> fastest;
  /// The bias of E g by the integrator with steps of this length; empty: that of E x, see fit_weak_order.
  std::function<double(double learning_rate, double step)> integrator_bias{};
};

/// From x0 = 0: of dX = -a X dt + sqrt(eta) dW, E X^2 = eta (1 - e^(-2 a T)) / (2a), the scheme of weak order 2 with
/// steps h has (a h)^2 / 4 more. That of the fastest rate is taken.
std::function<double(double learning_rate, double step)> noise_integrator_bias(
    std::function<double(double learning_rate)> fastest, double slowest, double time);

/// The order p at T by generalised least squares over the learning rates. The terms of b and c are nuisances with
/// those standard deviations: their share of the errors is added to the covariance. The bias bounds of the errors
/// are (2 rate eta^q)^3 / 6 for the terms after them and, for E x, fastest(eta) eta / (3 n^2) for the integrator, relative
/// to the error: of x' = -a x Euler's method with steps eta has the error x(T) a^2 eta T / 2, which is the optimizer's,
/// and the scheme of weak order 2 with steps eta / n has x(T) a^3 eta^2 T / (6 n^2).
OrderFit fit_weak_order(const CoupledErrors& errors, const std::string& observable,
                        const Expansion& expansion);

/// The order of a fit. One that is not resolved knows nothing: its standard error is then so large that no verdict but
/// `unresolved` is possible. One that the data refuse at a rate of 1e-6 is no number, which is an error of the claim:
/// more replicas would not mend it.
Measurement order_of(const OrderFit& fit);

/// What is claimed of an order.
struct ExpectedOrder {
  double order;
  Relation relation = Relation::order;  ///< or at_least
  double resolution = 0.25;
};
/// Adds to a claim that the order of the errors is as expected. The margin is the bias bound of the fit.
ClaimBuilder expect_order(ClaimBuilder claim, const ExpectedOrder& expected, const CoupledErrors& errors,
                          const std::string& observable, const Expansion& expansion);

/// The errors of E x^2 from x0 = 0, where only noise moves x.
Figure noise_error_figure(std::string caption, std::vector<Series> series);

}  // namespace sdelens
