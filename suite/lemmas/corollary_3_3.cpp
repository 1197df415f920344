#include <algorithm>
#include <cmath>
#include <numbers>

#include "reference/theory/lemma_3_3.hpp"
#include "reference/theory/lemma_3_7.hpp"
#include "suite/study/weak_error.hpp"

namespace sdelens {
namespace {

/// E g by a formula for E x alone, of an equation whose mean is known whatever its diffusion.
Equation known_mean(std::function<double(double time)> mean) {
  return [mean = std::move(mean)](const WeakProblem&, double eta, std::uint64_t count,
                                  const std::vector<TestFunction>&) {
    std::vector<CalculatedValue> values;
    for (std::uint64_t k = 0; k <= count; ++k)
      values.push_back({.value = mean(static_cast<double>(k) * eta)});
    return std::vector<std::vector<CalculatedValue>>{values};
  };
}

const Source source{.paper = "A", .item = "Corollary 3.3 (C.7), Definition 3.1"};

/// One coordinate of SignSGD with normal noise, and its equations in the closed form, not in that of the chain.
struct Equations {
  double lambda, sigma;

  /// a x = Y, the argument of Erf.
  double a() const { return lambda / (sigma * std::numbers::sqrt2); }
  /// The rate of the linear SDE of phase 3.
  double b() const { return theory::gaussian_slope() * lambda / sigma; }
  ProbabilityDown down() const { return gaussian_probability_down({.curvature = lambda, .sigma = sigma}); }
  double drift(double x) const { return theory::gaussian_drift(lambda * x / sigma); }

  ScalarDiffusion printed(double eta) const {
    return {[*this](double x) { return drift(x); },
            [*this, eta](double x) { return theory::gaussian_diffusion(lambda * x / sigma, eta); }};
  }
  ScalarDiffusion full(double eta) const {
    return registered_sde("signsgd",
                          quadratic_problem({.name = "signsgd"}, {lambda}, sigma, eta, Point::Zero(1)));
  }
  ScalarDiffusion ode() const {
    return {[*this](double x) { return drift(x); }, [](double) { return 0.0; }};
  }
  /// With the drift corrected to second order.
  ScalarDiffusion second(double eta) const {
    const auto corrected = [*this, eta](double x) {
      const double slope = 2.0 * std::numbers::inv_sqrtpi * a() * std::exp(-a() * a() * x * x);
      return drift(x) * (1.0 + 0.5 * eta * slope);
    };
    return {corrected, full(eta).diffusion};
  }
};

/// From the start, away from the minimum: E x, E x^2, E cos x, and E x of what is linear or a sign.
struct AwayErrors {
  WeakErrors sde, ode, second, euler, linear, sign;
};

AwayErrors away_errors(const Equations& equations, const WeakProblem& from_start,
                       const std::vector<double>& etas) {
  const auto errors = [&](const Equation& equation) {
    return weak_errors(from_start, etas, test_functions(), equation);
  };
  const auto mean_errors = [&](const std::function<double(double)>& mean) {
    return weak_errors(from_start, etas, {test_functions()[0]}, known_mean(mean));
  };
  const double x0 = from_start.start;
  const theory::QuadraticCoordinate coordinate{
      .learning_rate = etas.front(), .curvature = equations.lambda, .sigma = equations.sigma, .start = x0};
  const auto full = [=](double eta) { return equations.full(eta); };
  return {.sde = errors(solved(full)),
          .ode = errors(solved([=](double) { return equations.ode(); })),
          .second = errors(solved([=](double eta) { return equations.second(eta); })),
          .euler = errors(solved(full, Stepping::euler_maruyama)),
          .linear = mean_errors([=](double t) { return theory::signsgd_mean(coordinate, t); }),
          .sign = mean_errors([=](double t) { return std::copysign(std::max(0.0, std::abs(x0) - t), x0); })};
}

/// E x^2 from the minimum, where only noise moves x.
struct NoiseErrors {
  WeakErrors sde, ode, linear;
};

NoiseErrors noise_errors(const Equations& equations, WeakProblem from_minimum,
                         const std::vector<double>& etas) {
  from_minimum.start = 0.0;
  WeakProblem in_phase_3 = from_minimum;
  in_phase_3.end = 1.0 / equations.b();
  in_phase_3.core = 0.0;
  const auto errors = [&](const WeakProblem& problem, std::function<ScalarDiffusion(double)> equation) {
    return weak_errors(problem, etas, square_function(), solved(std::move(equation)));
  };
  return {.sde = errors(from_minimum, [=](double eta) { return equations.full(eta); }),
          .ode = errors(from_minimum, [=](double) { return equations.ode(); }),
          .linear = errors(in_phase_3, [=](double eta) { return linear_sign_sde(equations.b(), eta); })};
}

/// That what is simulated everywhere is what is printed.
void claim_of_coefficients(const Equations& equations, double eta, Findings& out) {
  out.claim("coefficients")
      .of("3.3")
      .says("The registered SDE of SignSGD has drift −Erf(Σ^(−1/2)∇f/√2) and diffusion √η √(1 − Erf²)")
      .compares(Relation::identity,
                coefficients(equations.full(eta), equations.printed(eta), 2.0 / equations.a()))
      .margin(relative(1e-9), "1 − Erf² keeps seven digits of its own where Erf is 0.995");
}

void claim_away(const AwayErrors& errors, Findings& out) {
  const auto own = [&](const char* id, const char* statement, const WeakErrors& of, double order) {
    has_order(out.claim(id).at(source).says(statement), of, order);
  };
  has_order(out.claim("order/sde")
                .of("3.3")
                .says("The SDE (3) is a weak approximation of SignSGD of order 1: max over k of "
                      "|E g(x_k) − E g(X_kη)| falls like η for g = x, x², cos x"),
            errors.sde, 1.0);
  own("order/ode",
      "So is the ODE dX = −Erf(Y) dt without any noise: order 1 does not tell the SDE from its drift",
      errors.ode, 1.0);
  own("order/second", "With the drift −Erf(Y)(1 + (η/2) d Erf(Y)/dx) the SDE is of order 2", errors.second,
      2.0);
  own("order/euler-maruyama",
      "Euler-Maruyama of the SDE (3) with dt = η is of order 2 against SignSGD, whose first two moments of a "
      "step it has: what is plotted with it says nothing about the SDE",
      errors.euler, 2.0);
  own("order/phase-3", "Away from the minimum the linear SDE (5) of phase 3 is of order 0: E x",
      errors.linear, 0.0);
  own("order/phase-1", "Away from phase 1 its ODE dX = −sign(X) dt is of order 0: E x", errors.sign, 0.0);
}

void claim_of_noise(const NoiseErrors& errors, Findings& out) {
  const auto own = [&](const char* id, const char* statement, const WeakErrors& of, double order) {
    has_order(out.claim(id).at(source).says(statement), of, order);
  };
  own("noise/sde", "From the minimum, where only noise moves it, E x² of the SDE (3) is of order 2",
      errors.sde, 2.0);
  own("noise/phase-3", "From the minimum E x² of the linear SDE (5) is of order 2", errors.linear, 2.0);
  own("noise/ode", "From the minimum E x² of the ODE is of order 1: here the noise is told from none",
      errors.ode, 1.0);
}

constexpr const char* caption_away =
    "The largest distance over k of E g(x_k) of SignSGD, by its exact chain, from E g of each equation at t "
    "= kη, "
    "by collocation; no sampling. g = x or x², f = λx²/2. EM is Euler-Maruyama.";

std::vector<Series> curves(const AwayErrors& errors, std::size_t function) {
  return {error_curve(errors.sde, function, "SDE (3)", Role::theory, 0),
          error_curve(errors.ode, function, "its drift alone", Role::theory, 1),
          error_curve(errors.second, function, "SDE of second order", Role::theory, 2),
          error_curve(errors.euler, function, "SDE (3), EM dt = η", Role::theory, 3)};
}

void show(const AwayErrors& away, const NoiseErrors& noise, Findings& out) {
  std::vector<Series> means = curves(away, 0);
  means.push_back(error_curve(away.linear, 0, "phase-3 SDE (5)", Role::theory, 4));
  means.push_back(error_curve(away.sign, 0, "phase-1 ODE", Role::theory, 5));
  out.show(weak_error_figure("mean", "Weak error of E x", caption_away, std::move(means)));
  out.show(weak_error_figure("second-moment", "Weak error of E x²", caption_away, curves(away, 1)));
  out.show(weak_error_figure("noise", "Weak error of E x² from the minimum",
                             "As before, from x₀ = 0: the gradient vanishes there and the noise decides.",
                             {error_curve(noise.sde, 0, "SDE (3)", Role::theory, 0),
                              error_curve(noise.ode, 0, "its drift alone", Role::theory, 1),
                              error_curve(noise.linear, 0, "phase-3 SDE (5)", Role::theory, 4)}));
}

Judgement design(const Settings& settings, Simulations&) {
  const Equations equations{.lambda = settings.scalar("curvature"), .sigma = settings.scalar("sigma")};
  const double x0 = settings.scalar("x0");
  const std::vector<double> etas = halved(settings.scalar("eta"), settings.count("halvings"));
  // Erfc(3.7) = 2e-7: there the noise is gone.
  const WeakProblem from_start{.down = equations.down(),
                               .start = x0,
                               .end = std::max(3.7 / equations.a(), 1.5 * std::abs(x0)),
                               .time = settings.scalar("time"),
                               .core = 1.0 / equations.a()};
  return [=](Findings& out) {
    const AwayErrors away = away_errors(equations, from_start, etas);
    const NoiseErrors noise = noise_errors(equations, from_start, etas);
    claim_of_coefficients(equations, etas.front(), out);
    claim_away(away, out);
    claim_of_noise(noise, out);
    show(away, noise, out);
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
    .settings = {chosen("eta", {0.125}, {.low = 0.0, .high = 0.25, .high_included = true},
                        "the largest learning rate η"),
                 chosen("halvings", {6},
                        {.low = 4.0, .high = 8.0, .low_included = true, .high_included = true},
                        "how often η is halved: down to 2⁻⁹"),
                 chosen("sigma", {0.5}, Range::positive(), "standard deviation of the gradient noise"),
                 chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
                 chosen("x0", {1.0}, Range::positive(), "start, |Y| = 1.41: between the phases"),
                 chosen("time", {1.0}, Range::positive(), "t up to which the error is taken")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
