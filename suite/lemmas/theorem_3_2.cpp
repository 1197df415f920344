#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "suite/study/correlated_signs.hpp"
#include "suite/study/one_step.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Theorem 3.2 (C.5), Lemma C.6"};

/// The first step of SignSGD from a gradient and from the minimum of f = x'x/2, of which the start is the gradient; the
/// two entries of the noise are correlated.
struct FirstSteps {
  theory::SignPair pair;  ///< of the gradient
  Simulated away, at_zero;
  Simulated away_slower;  ///< with a learning rate 16 times as small

  SignMoments moments() const { return sign_moments(pair); }
  SignMoments moments_at_minimum() const { return sign_moments({0.0, 0.0, pair.correlation}); }
};

FirstSteps ordered(const Settings& settings, Simulations& simulations) {
  const double rho = settings.scalar("correlation"), sigma = settings.scalar("sigma");
  const double s = sigma * sigma;
  const Point gradient = settings.point("gradient");
  const Problem away =
      with_noise(quadratic_problem({.name = "signsgd"}, {1.0, 1.0}, sigma, settings.scalar("eta"), gradient),
                 {.name = "gaussian", .given = {{"covariance", {s, rho * s, rho * s, s}}}});
  const auto order = [&](const std::string& name, const Problem& problem) {
    return first_step("SignSGD, first step " + name, name, problem, settings.count("runs"), simulations);
  };
  return {
      .pair = {gradient(0) / sigma, gradient(1) / sigma, rho},
      .away = order("from the gradient", away),
      .at_zero = order("from the minimum", with_start(away, Point::Zero(2))),
      .away_slower = order("from the gradient, η/16", with_learning_rate(away, away.learning_rate / 16.0))};
}

void claim_of_steps(const FirstSteps& steps, Findings& out) {
  const SignMoments moments = steps.moments();
  const auto claim = [&](const char* id, const std::string& statement, double value, const Simulated& from,
                         const std::string& observable) {
    out.claim(id)
        .of("3.2")
        .says(statement)
        .equals(from.mean_of_observable(observable).at_end(), {.value = value})
        .resolves(absolute(0.01));
  };
  const std::string drift = "E Δ = −η(1 − 2P(∇f_γ < 0)) for one step of SignSGD, with correlated noise";
  claim("step/E-1", drift, moments.first, steps.away, sign_name(0));
  claim("step/E-2", drift, moments.second, steps.away, sign_name(1));
  const std::string second = "E ΔΔ′ = η²(bb′ + S̄), S̄ = Cov(sign(∇f_γ)), off the diagonal: ";
  claim("step/second-moment", second + "away from the minimum", moments.product(), steps.away, sign_product);
  claim("step/second-moment-at-minimum", second + "where ∇f = 0", steps.moments_at_minimum().product(),
        steps.at_zero, sign_product);
  const std::string third =
      "Triple products of one step are O(η³): E Δ₁²Δ₂ = −η³b₂, b₂ = 1 − 2P(∂₂f_γ < 0), at ";
  claim("step/third-moment", third + "η", moments.second, steps.away, sign_triple);
  claim("step/third-moment-slower", third + "η/16", moments.second, steps.away_slower, sign_triple);
  out.claim("step/diagonal")
      .at(source)
      .says("E Δ₁Δ₂ = η² b₁b₂, as if S̄ were diagonal for correlated noise too")
      .equals(steps.away.mean_of_observable(sign_product).at_end(), {.value = moments.first * moments.second})
      .resolves(absolute(0.01))
      .is_refuted();
  out.claim("arcsine")
      .at(source)
      .says("Where ∇f = 0, S̄₁₂ is (2/π) asin ρ")
      .is_identity(steps.moments_at_minimum().covariance,
                   {.value = 2.0 * std::numbers::inv_pi * std::asin(steps.pair.correlation)})
      .margin(absolute(1e-12), "quadrature");
}

/// Weak errors under noises of other laws.
struct Orders {
  WeakErrors logistic, mixture;  ///< in one dimension
  WeakErrors full, diagonal;     ///< correlated noise with S-bar and with its diagonal
};

Orders orders_of(const Settings& settings, const SignMoments& moments) {
  const std::vector<double> etas = halved(settings.scalar("eta"), settings.count("halvings"));
  const double time = settings.scalar("time"), x0 = settings.scalar("x0"), scale = settings.scalar("scale");
  const auto of = [&](const ProbabilityDown& down) {
    const WeakProblem problem{
        .down = down, .start = x0, .end = std::max(12.0 * scale, 2.0 * x0), .time = time, .core = scale};
    return weak_errors(problem, etas, test_functions(),
                       solved([down](double h) { return sign_sde(down, h); }));
  };
  const auto below = [](double y) { return 0.5 * std::erfc(-y / std::numbers::sqrt2); };
  return {.logistic = of([scale](double x) { return 1.0 / (1.0 + std::exp(-x / scale)); }),
          .mixture = of(
              [scale, below](double x) { return 0.5 * (below(x / scale - 1.5) + below(x / scale + 1.5)); }),
          .full = linear_landscape_errors(moments, moments.covariance, etas, time),
          .diagonal = linear_landscape_errors(moments, 0.0, etas, time)};
}

void claim_of_orders(const Orders& orders, Findings& out) {
  const std::string statement =
      "The SDE (2) is a weak approximation of SignSGD of order 1 for g = x, x², cos x ";
  has_order(out.claim("order/logistic").of("3.2").says(statement + "under logistic noise"), orders.logistic,
            1.0);
  has_order(out.claim("order/mixture").of("3.2").says(statement + "under two-humped noise"), orders.mixture,
            1.0);
  has_order(out.claim("order/correlated")
                .of("3.2")
                .says("On f = g′x with correlated noise the SDE with S̄ is of order 2 for E e^(i(x₁ + x₂))"),
            orders.full, 2.0);
  has_order(out.claim("order/correlated-diagonal")
                .at(source)
                .says("Without the entries of S̄ off the diagonal it is of order 1 only, as the ODE is"),
            orders.diagonal, 1.0);
}

/// S-bar against the correlation, at a gradient.
Series covariance_curve(double first, double second, std::string label, int colour) {
  Series series{.label = std::move(label), .role = Role::theory, .colour = colour};
  for (double r = -0.98; r < 0.99; r += 0.04) {
    series.x.push_back(r);
    series.y.push_back(sign_moments({first, second, r}).covariance);
  }
  return series;
}

/// What the simulated step has, as a bar around the correlation.
Series measured(const Simulated& simulated, const SignMoments& exact, double rho, std::string label,
                int colour) {
  const double product = simulated.mean_of_observable(sign_product).at_end().value;
  return bar(std::move(label), colour, {rho - 0.04, rho + 0.04}, product - exact.first * exact.second);
}

Figure figure_of_covariance(const FirstSteps& steps) {
  const double rho = steps.pair.correlation;
  return {.id = "covariance",
          .title = "Covariance of the signs under correlated noise",
          .caption =
              "S̄₁₂ = Cov(sign₁, sign₂) of one step of SignSGD against the correlation ρ of the gradient's "
              "noise. Bars: the first step of simulated SignSGD, at ∇f/σ = (0.6, −0.5) unless set "
              "otherwise and at 0.",
          .x = {.label = "ρ"},
          .y = {.label = "S̄₁₂"},
          .series = {covariance_curve(steps.pair.first, steps.pair.second, "∇f away from 0", 0),
                     covariance_curve(0.0, 0.0, "∇f = 0, (2/π) asin ρ", 1),
                     measured(steps.away, steps.moments(), rho, "SignSGD, ∇f away from 0", 0),
                     measured(steps.at_zero, steps.moments_at_minimum(), rho, "SignSGD, ∇f = 0", 1)}};
}

Figure figure_of_errors(const Orders& orders) {
  return weak_error_figure(
      "weak-error", "Weak error under noises of other laws",
      "The largest distance over k of E g(x_k) of SignSGD from E g(X) of the SDE (2) at t = kη, calculated "
      "without sampling: E x on f = x²/2 under logistic noise and a mixture of two normal laws, and "
      "E e^(i(x₁ + x₂)) on f = g′x under correlated normal noise with S̄ and with its diagonal.",
      {error_curve(orders.logistic, 0, "logistic, E x", Role::theory, 0),
       error_curve(orders.mixture, 0, "two-humped, E x", Role::theory, 1),
       error_curve(orders.full, 0, "correlated, S̄", Role::theory, 2),
       error_curve(orders.diagonal, 0, "correlated, diagonal of S̄", Role::theory, 3)});
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const FirstSteps steps = ordered(settings, simulations);
  return [=](Findings& out) {
    claim_of_steps(steps, out);
    const Orders orders = orders_of(settings, steps.moments());
    claim_of_orders(orders, out);
    out.show(figure_of_covariance(steps));
    out.show(figure_of_errors(orders));
  };
}

const Register<Experiment> theorem_3_2{{
    .name = "theorem-3.2",
    .title = "SignSGD's SDE for noise of any law",
    .summary = "Theorem 3.2 gives the SDE of SignSGD for any noise with a smooth density: "
               "dX = −(1 − 2P(∇f_γ < 0))dt + √η √S̄ dW, S̄ = Cov(sign(∇f_γ)). Its one-step moments are checked "
               "with correlated noise, where S̄ is not diagonal, and its weak order with other laws than the "
               "normal.",
    .source = source,
    .lemmas = {"3.2"},
    .settings =
        {chosen("gradient", {0.6, -0.5}, Range::finite(), "∇f at the start of the step"),
         chosen("sigma", {1.0}, Range::positive(), "standard deviation of the noise of either entry"),
         chosen("correlation", {0.8}, {.low = -1.0, .high = 1.0}, "ρ of the two entries of the noise"),
         chosen("eta", {0.125}, {.low = 0.0, .high = 0.25, .high_included = true},
                "the largest learning rate η"),
         chosen("halvings", {6}, {.low = 4.0, .high = 8.0, .low_included = true, .high_included = true},
                "how often η is halved: down to 2⁻⁹"),
         chosen("scale", {0.5}, Range::positive(), "scale of the logistic noise, and of the mixture's humps"),
         chosen("x0", {1.0}, Range::positive(), "start where the weak order is taken"),
         chosen("time", {1.0}, Range::positive(), "t up to which the weak error is taken"),
         chosen("runs", {262144}, replica_range(), "replicas of the first step at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
