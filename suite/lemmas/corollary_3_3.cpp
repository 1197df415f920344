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

Judgement design(const Settings& settings, Simulations&) {
  const double lambda = settings.scalar("curvature");
  const double sigma = settings.scalar("sigma");
  const double x0 = settings.scalar("x0");
  const std::vector<double> etas = halved(settings.scalar("eta"), settings.count("halvings"));
  const ProbabilityDown down = gaussian_probability_down({.curvature = lambda, .sigma = sigma});
  const double a = lambda / (sigma * std::numbers::sqrt2);
  // Erfc(3.7) = 2e-7: there the noise is gone.
  const double end = std::max(3.7 / a, 1.5 * std::abs(x0));
  const WeakProblem from_start{
      .down = down, .start = x0, .end = end, .time = settings.scalar("time"), .core = 1.0 / a};
  WeakProblem from_minimum = from_start;
  from_minimum.start = 0.0;

  return [=](Findings& out) {
    // The drift and diffusion of the closed form, not of the chain.
    const auto drift = [=](double x) { return theory::gaussian_drift(lambda * x / sigma); };
    const auto diffusion = [=](double eta) {
      return [=](double x) { return theory::gaussian_diffusion(lambda * x / sigma, eta); };
    };
    const auto full = [=](double eta) { return ScalarDiffusion{drift, diffusion(eta)}; };
    const auto ode = [=](double) { return ScalarDiffusion{drift, [](double) { return 0.0; }}; };
    const auto second = [=](double eta) {
      const auto corrected = [=](double x) {
        const double slope = 2.0 * std::numbers::inv_sqrtpi * a * std::exp(-a * a * x * x);
        return drift(x) * (1.0 + 0.5 * eta * slope);
      };
      return ScalarDiffusion{corrected, diffusion(eta)};
    };
    const theory::QuadraticCoordinate coordinate{
        .learning_rate = etas.front(), .curvature = lambda, .sigma = sigma, .start = x0};
    const double b = theory::gaussian_slope() * lambda / sigma;
    const auto linear = [=](double eta) {
      return ScalarDiffusion{[=](double x) { return -b * x; },
                             [=](double x) { return std::sqrt(eta * std::max(0.0, 1.0 - b * b * x * x)); }};
    };
    const auto mean_function = std::vector<TestFunction>{test_functions()[0]};

    const WeakErrors of_sde = weak_errors(from_start, etas, test_functions(), solved(full));
    const WeakErrors of_ode = weak_errors(from_start, etas, test_functions(), solved(ode));
    const WeakErrors of_second = weak_errors(from_start, etas, test_functions(), solved(second));
    const WeakErrors of_euler =
        weak_errors(from_start, etas, test_functions(), solved(full, Stepping::euler_maruyama));
    const WeakErrors of_linear =
        weak_errors(from_start, etas, mean_function,
                    known_mean([=](double t) { return theory::signsgd_mean(coordinate, t); }));
    const WeakErrors of_sign =
        weak_errors(from_start, etas, mean_function,
                    known_mean([=](double t) { return std::copysign(std::max(0.0, std::abs(x0) - t), x0); }));
    WeakProblem in_phase_3 = from_minimum;
    in_phase_3.end = 1.0 / b;
    in_phase_3.core = 0.0;
    const WeakErrors sde_at_minimum = weak_errors(from_minimum, etas, square_function(), solved(full));
    const WeakErrors ode_at_minimum = weak_errors(from_minimum, etas, square_function(), solved(ode));
    const WeakErrors linear_at_minimum = weak_errors(in_phase_3, etas, square_function(), solved(linear));

    const auto claim = [](std::string id, std::string statement) {
      return Claim{.id = std::move(id),
                   .statement = std::move(statement),
                   .source = {.paper = "A", .item = "Corollary 3.3 (C.7), Definition 3.1"},
                   .relation = Relation::order,
                   .margin = order_margin,
                   .margin_reason = order_margin_reason};
    };
    Claim decides = claim("order/sde",
                          "The SDE (3) is a weak approximation of SignSGD of order 1: max over k of "
                          "|E g(x_k) − E g(X_kη)| falls like η for g = x, x², cos x");
    decides.lemmas = {"3.3"};
    out.expect(decides, orders(of_sde, 1.0));
    out.expect(
        claim(
            "order/ode",
            "So is the ODE dX = −Erf(Y) dt without any noise: order 1 does not tell the SDE from its drift"),
        orders(of_ode, 1.0));
    out.expect(claim("order/second", "With the drift −Erf(Y)(1 + (η/2) d Erf(Y)/dx) the SDE is of order 2"),
               orders(of_second, 2.0));
    out.expect(
        claim("order/euler-maruyama",
              "Euler-Maruyama of the SDE (3) with dt = η is of order 2 against SignSGD, whose first two "
              "moments of a step it has: what is plotted with it says nothing about the SDE"),
        orders(of_euler, 2.0));
    out.expect(
        claim("order/phase-3", "Away from the minimum the linear SDE (5) of phase 3 is of order 0: E x"),
        orders(of_linear, 0.0));
    out.expect(claim("order/phase-1", "Away from phase 1 its ODE dX = −sign(X) dt is of order 0: E x"),
               orders(of_sign, 0.0));
    out.expect(
        claim("noise/sde", "From the minimum, where only noise moves it, E x² of the SDE (3) is of order 2"),
        orders(sde_at_minimum, 2.0));
    out.expect(claim("noise/phase-3", "From the minimum E x² of the linear SDE (5) is of order 2"),
               orders(linear_at_minimum, 2.0));
    out.expect(claim("noise/ode",
                     "From the minimum E x² of the ODE is of order 1: here the noise is told from none"),
               orders(ode_at_minimum, 1.0));

    const auto figure = [](const char* id, const char* title, const char* caption,
                           std::vector<Series> series) {
      return Figure{.id = id,
                    .title = title,
                    .caption = caption,
                    .x = {.label = "learning rate η", .logarithmic = true},
                    .y = {.label = "weak error", .logarithmic = true},
                    .series = std::move(series)};
    };
    for (const std::size_t f : {std::size_t{0}, std::size_t{1}}) {
      std::vector<Series> series{error_curve(of_sde, f, "SDE (3)", Role::theory, 0),
                                 error_curve(of_ode, f, "its drift alone", Role::theory, 1),
                                 error_curve(of_second, f, "SDE of second order", Role::theory, 2),
                                 error_curve(of_euler, f, "SDE (3), EM dt = η", Role::theory, 3)};
      if (f == 0) {
        series.push_back(error_curve(of_linear, 0, "phase-3 SDE (5)", Role::theory, 4));
        series.push_back(error_curve(of_sign, 0, "phase-1 ODE", Role::theory, 5));
      }
      out.show(figure(
          f == 0 ? "mean" : "second-moment", f == 0 ? "Weak error of E x" : "Weak error of E x²",
          "The largest distance over k of E g(x_k) of SignSGD, by its exact chain, from E g of each "
          "equation at t = kη, by collocation; no sampling. g = x or x², f = λx²/2. EM is Euler-Maruyama.",
          std::move(series)));
    }
    out.show(figure("noise", "Weak error of E x² from the minimum",
                    "As before, from x₀ = 0: the gradient vanishes there and the noise decides.",
                    {error_curve(sde_at_minimum, 0, "SDE (3)", Role::theory, 0),
                     error_curve(ode_at_minimum, 0, "its drift alone", Role::theory, 1),
                     error_curve(linear_at_minimum, 0, "phase-3 SDE (5)", Role::theory, 4)}));
  };
}

const Register<Experiment> corollary_3_3{{
    .name = "corollary-3.3",
    .title = "The weak order of SignSGD's SDE",
    .summary = "How fast the SDE (3) of SignSGD approaches SignSGD as η → 0, without sampling: the exact "
               "Markov chain "
               "against the backward equation of the SDE. Order 1 holds as stated, and holds for the ODE "
               "without noise "
               "too; from the minimum E x² tells them apart.",
    .source = {.paper = "A", .item = "Corollary 3.3 (C.7)"},
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
