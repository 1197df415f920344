#include <algorithm>
#include <cmath>
#include <numbers>

#include "reference/theory/lemma_3_3.hpp"
#include "reference/theory/lemma_3_7.hpp"
#include "suite/study/weak_error.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Corollary 3.3 (C.7), Definition 3.1"};

/// The SDE (3) with its drift corrected to second order; a x = Y is the argument of Erf.
ScalarDiffusion second_order(const LinearGradient& gradient, double a, double eta) {
  const ScalarDiffusion sde = gaussian_sign_sde(gradient, eta);
  const auto drift = [=](double x) {
    const double slope = 2.0 * std::numbers::inv_sqrtpi * a * std::exp(-a * a * x * x);
    return sde.drift(x) * (1.0 + 0.5 * eta * slope);
  };
  return {drift, sde.diffusion};
}

LinearGradient gradient_of(const Settings& settings) {
  return {.curvature = settings.scalar("curvature"), .sigma = settings.scalar("sigma")};
}

/// The registered SDE (3) at a learning rate.
ScalarDiffusion registered(const LinearGradient& gradient, double eta) {
  return registered_sde("signsgd", quadratic_problem({.name = "signsgd"}, {gradient.curvature},
                                                     gradient.sigma, eta, Point::Zero(1)));
}

/// From the start, away from the minimum: E x, E x^2, E cos x, and E x of what is linear or a sign. From the minimum,
/// where only noise moves x: E x^2.
struct Errors {
  WeakErrors sde, ode, second, euler, linear, sign;
  WeakErrors noise_of_sde, noise_of_ode, noise_of_linear;
};

Errors calculated(const Settings& settings, const std::vector<double>& etas) {
  const LinearGradient gradient = gradient_of(settings);
  const double a = gradient.curvature / (gradient.sigma * std::numbers::sqrt2);
  const double b = theory::gaussian_slope() * gradient.curvature / gradient.sigma;
  const double x0 = settings.scalar("x0");
  // Erfc(3.7) = 2e-7: there the noise is gone.
  const WeakProblem from_start{.down = gaussian_probability_down(gradient),
                               .start = x0,
                               .end = std::max(3.7 / a, 1.5 * std::abs(x0)),
                               .time = settings.scalar("time"),
                               .core = 1.0 / a};
  WeakProblem from_minimum = from_start, in_phase_3 = from_start;
  from_minimum.start = in_phase_3.start = 0.0;
  in_phase_3.end = 1.0 / b;
  in_phase_3.core = 0.0;
  const theory::QuadraticCoordinate coordinate{
      .learning_rate = etas.front(), .curvature = gradient.curvature, .sigma = gradient.sigma, .start = x0};
  const auto sde = [=](double eta) { return registered(gradient, eta); };
  const auto ode = [=](double eta) -> ScalarDiffusion {
    return {sde(eta).drift, [](double) { return 0.0; }};
  };
  const auto away = [&](const Equation& of) { return weak_errors(from_start, etas, test_functions(), of); };
  const auto mean = [&](const std::function<double(double)>& of) {
    return weak_errors(from_start, etas, {test_functions()[0]}, known_mean(of));
  };
  const auto noise = [&](const WeakProblem& problem, const Equation& of) {
    return weak_errors(problem, etas, square_function(), of);
  };
  return {.sde = away(solved(sde)),
          .ode = away(solved(ode)),
          .second = away(solved([=](double eta) { return second_order(gradient, a, eta); })),
          .euler = away(solved(sde, Stepping::euler_maruyama)),
          .linear = mean([=](double t) { return theory::signsgd_mean(coordinate, t); }),
          .sign = mean([=](double t) { return std::copysign(std::max(0.0, std::abs(x0) - t), x0); }),
          .noise_of_sde = noise(from_minimum, solved(sde)),
          .noise_of_ode = noise(from_minimum, solved(ode)),
          .noise_of_linear = noise(in_phase_3, solved([=](double eta) { return linear_sign_sde(b, eta); }))};
}

/// That what is simulated everywhere is what is printed.
void claim_of_coefficients(const LinearGradient& gradient, double eta, Findings& out) {
  out.claim("coefficients")
      .of("3.3")
      .says("The registered SDE of SignSGD has drift −Erf(Σ^(−1/2)∇f/√2) and diffusion √η √(1 − Erf²)")
      .compares(Relation::identity, coefficients(registered(gradient, eta), gaussian_sign_sde(gradient, eta),
                                                 2.8 * gradient.sigma / gradient.curvature))
      .margin(relative(1e-9), "1 − Erf² keeps seven digits of its own where Erf is 0.995");
}

void claims(const Errors& errors, Findings& out) {
  has_order(out.claim("order/sde")
                .of("3.3")
                .says("The SDE (3) is a weak approximation of SignSGD of order 1: max over k of "
                      "|E g(x_k) − E g(X_kη)| falls like η for g = x, x², cos x"),
            errors.sde, 1.0);
  const auto claim = [&](const char* id, const WeakErrors& of, double order, const char* statement) {
    has_order(out.claim(id).at(source).says(statement), of, order);
  };
  claim("order/ode", errors.ode, 1.0,
        "So is the ODE dX = −Erf(Y) dt without any noise: order 1 does not tell the SDE from its drift");
  claim("order/second", errors.second, 2.0,
        "With the drift −Erf(Y)(1 + (η/2) d Erf(Y)/dx) the SDE is of order 2");
  claim(
      "order/euler-maruyama", errors.euler, 2.0,
      "Euler-Maruyama of the SDE (3) with dt = η is of order 2 against SignSGD, whose first two moments of a "
      "step it has: what is plotted with it says nothing about the SDE");
  claim("order/phase-3", errors.linear, 0.0,
        "Away from the minimum the linear SDE (5) of phase 3 is of order 0: E x");
  claim("order/phase-1", errors.sign, 0.0, "Away from phase 1 its ODE dX = −sign(X) dt is of order 0: E x");
  claim("noise/sde", errors.noise_of_sde, 2.0,
        "From the minimum, where only noise moves it, E x² of the SDE (3) is of order 2");
  claim("noise/phase-3", errors.noise_of_linear, 2.0,
        "From the minimum E x² of the linear SDE (5) is of order 2");
  claim("noise/ode", errors.noise_of_ode, 1.0,
        "From the minimum E x² of the ODE is of order 1: here the noise is told from none");
}

/// What the equations err by in the mean of one function, away from the minimum.
FigureBuilder draw(const Errors& errors, std::size_t function, const char* id, const char* title,
                   Findings& out) {
  return weak_error_figure(
             out, id, title,
             "The largest distance over k of E g(x_k) of SignSGD, by its exact chain, from E g of each "
             "equation at t = kη, by collocation; no sampling. g = x or x², f = λx²/2. EM is Euler-Maruyama.")
      .theory(errors_of(errors.sde, function), "SDE (3)", 0)
      .theory(errors_of(errors.ode, function), "its drift alone", 1)
      .theory(errors_of(errors.second, function), "SDE of second order", 2)
      .theory(errors_of(errors.euler, function), "SDE (3), EM dt = η", 3);
}

Judgement design(const Settings& settings, Simulations&) {
  const std::vector<double> etas = halved(settings.scalar("eta"), settings.count("halvings"));
  return [=](Findings& out) {
    const Errors errors = calculated(settings, etas);
    claim_of_coefficients(gradient_of(settings), etas.front(), out);
    claims(errors, out);
    draw(errors, 0, "mean", "Weak error of E x", out)
        .theory(errors_of(errors.linear), "phase-3 SDE (5)", 4)
        .theory(errors_of(errors.sign), "phase-1 ODE", 5);
    draw(errors, 1, "second-moment", "Weak error of E x²", out);
    weak_error_figure(out, "noise", "Weak error of E x² from the minimum",
                      "As before, from x₀ = 0: the gradient vanishes there and the noise decides.")
        .theory(errors_of(errors.noise_of_sde), "SDE (3)", 0)
        .theory(errors_of(errors.noise_of_ode), "its drift alone", 1)
        .theory(errors_of(errors.noise_of_linear), "phase-3 SDE (5)", 4);
  };
}

const Register<Experiment> corollary_3_3{{
    .name = "corollary-3.3",
    .title = "The weak order of SignSGD's SDE",
    .summary =
        "How fast the SDE (3) of SignSGD approaches SignSGD as η → 0, without sampling: the exact Markov "
        "chain against the backward equation of the SDE. Order 1 holds as stated, and holds for the ODE "
        "without noise too; from the minimum E x² tells them apart.",
    .source = statement_source("3.3"),
    .lemmas = {"3.3"},
    .settings = {largest_rate_setting(), halvings_setting(),
                 chosen("sigma", {0.5}, Range::positive(), "standard deviation of the gradient noise"),
                 chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
                 chosen("x0", {1.0}, Range::positive(), "start, |Y| = 1.41: between the phases"),
                 chosen("time", {1.0}, Range::positive(), "t up to which the error is taken")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
