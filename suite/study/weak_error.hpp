#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sdelens/exact/scalar_diffusion.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {

/// The weak error of an equation for one coordinate of SignSGD, calculated on both sides: max over k eta <= time of
/// |E g(x_k) - E g(X_{k eta})| (Paper A, Definition 3.1), the chain being exact and the equation solved by collocation.
struct WeakProblem {
  ProbabilityDown down;  ///< P(f'(x) + Z >= 0)
  double start;          ///< x_0
  double end;            ///< the equation is solved on [-end, end]
  double time;
  double core = 0.0;  ///< of the collocation
};

/// A g with its name, "x^2".
struct TestFunction {
  std::string name;
  std::function<double(double x)> value;
};

/// x, x^2 and cos x.
std::vector<TestFunction> test_functions();
/// x^2 alone: what the noise does to the first order.
std::vector<TestFunction> square_function();

/// E g(X) at t = 0, eta, ..., count eta for every g.
using Equation = std::function<std::vector<std::vector<CalculatedValue>>(
    const WeakProblem& problem, double eta, std::uint64_t count, const std::vector<TestFunction>& functions)>;

/// Solves the equation that is given for each eta.
Equation solved(std::function<ScalarDiffusion(double eta)> equation, Stepping stepping = Stepping::exact);
/// What is known of an equation is E x alone.
Equation known_mean(std::function<double(double time)> mean);
/// The registered SDE of that name on a problem in one coordinate.
ScalarDiffusion registered_sde(const std::string& name, const Problem& problem);
/// The SDE of Theorem 3.2 as it is registered, for noise of any law: drift -(2 P - 1), diffusion
/// sqrt(eta) sqrt(4 P (1 - P)), P = P(f'(x) + Z >= 0).
ScalarDiffusion sign_sde(const ProbabilityDown& down, double eta);
/// Its drift alone.
ScalarDiffusion sign_ode(const ProbabilityDown& down);
/// The same for f(x) = curvature x^2 / 2 in the closed forms of Corollary 3.3, for normal noise, and of Corollary 3.10,
/// for Student-t noise: not as it is registered, and not by the probability that makes the chain.
ScalarDiffusion gaussian_sign_sde(const LinearGradient& gradient, double eta);
ScalarDiffusion student_t_sign_sde(const LinearGradient& gradient, double nu, double eta);
/// The linear SDE near a minimum as it is registered, dX = -b X dt + sqrt(eta) sqrt(1 - b^2 X^2) dW, defined for |X| <= 1 / b.
ScalarDiffusion linear_sign_sde(double b, double eta);

/// Drift and diffusion of a registered equation beside those of a formula, at 13 places between -farthest and farthest.
std::vector<Comparison> coefficients(const ScalarDiffusion& registered, const ScalarDiffusion& formula,
                                     double farthest);

struct WeakErrors {
  std::vector<std::string> functions;
  std::vector<double> etas;
  std::vector<std::vector<double>> errors;  ///< [function][eta]
};

/// eta, eta/2, eta/4, ...
std::vector<double> halved(double eta, std::uint64_t times);

/// @throw std::runtime_error if the equation is not solved to a thousandth of its weak error
WeakErrors weak_errors(const WeakProblem& problem, const std::vector<double>& etas,
                       const std::vector<TestFunction>& functions, const Equation& equation);

/// The order of every function's errors: with e(eta) = C eta^p (1 + c eta + ...) the slope between eta and eta/2 is
/// p + c eta / (2 log 2) + ..., so that twice the last slope less the one before is p up to O(eta^2). The change of
/// that value from one halving to the next is the error of the comparison.
/// @param etas of the errors: at least four, each half of the one before
std::vector<Comparison> orders(const WeakErrors& errors, double order);
/// Says of a claim that the errors have that order.
void has_order(ClaimBuilder claim, const WeakErrors& errors, double order);

/// Begins a figure of weak errors against the learning rate.
FigureBuilder weak_error_figure(Findings& out, std::string id, std::string title, std::string caption);
/// Those of one function, for such a figure.
Series errors_of(const WeakErrors& errors, std::size_t function = 0);

/// Settings of an experiment with weak errors: "eta", the largest learning rate, and "halvings", how often it is halved.
SettingSpecification largest_rate_setting();
SettingSpecification halvings_setting();
/// What allows orders and stays affordable.
Range halvings_range();

}  // namespace sdelens
