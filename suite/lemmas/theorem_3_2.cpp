#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "reference/theory/lemma_3_2.hpp"
#include "reference/theory/lemma_3_3.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/one_step.hpp"
#include "suite/study/weak_error.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Theorem 3.2 (C.5), Lemma C.6"};

/// The first two moments of sign(g + Z) in two dimensions.
struct SignMoments {
  double first, second;  ///< b
  double covariance;     ///< Sbar_12
  double product() const { return first * second + covariance; }
};

SignMoments moments_at(const theory::SignPair& pair) {
  return {.first = -theory::gaussian_drift(pair.first),
          .second = -theory::gaussian_drift(pair.second),
          .covariance = theory::gaussian_sign_covariance(pair)};
}

/// The weak error of E exp(i(x1 + x2)), cosine and sine at once, on f = g'x, where every step of SignSGD has the same law and its SDE has
/// constant coefficients: powers of characteristic functions on both sides.
WeakErrors linear_landscape(const SignMoments& moments, double kept_covariance,
                            const std::vector<double>& etas, double time) {
  WeakErrors result{.functions = {"exp i(x1 + x2)"}, .etas = etas, .errors = {{}}};
  for (const double eta : etas) {
    std::complex<double> step = 0.0;
    for (const double s : {-1.0, 1.0}) {
      for (const double t : {-1.0, 1.0}) {
        const double probability =
            0.25 * (1.0 + s * moments.first + t * moments.second + s * t * moments.product());
        step += probability * std::polar(1.0, -eta * (s + t));
      }
    }
    const double variance = 2.0 - moments.first * moments.first - moments.second * moments.second;
    const double drift = moments.first + moments.second;
    const std::complex<double> flow =
        std::exp(std::complex<double>(-0.5 * eta * eta * (variance + 2.0 * kept_covariance), -eta * drift));
    double error = 0.0;
    const auto count = std::llround(time / eta);
    for (std::int64_t k = 1; k <= count; ++k) {
      const auto power = static_cast<double>(k);
      error = std::max(error, std::abs(std::pow(step, power) - std::pow(flow, power)));
    }
    result.errors[0].push_back(error);
  }
  return result;
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const double rho = settings.scalar("correlation");
  const double sigma = settings.scalar("sigma");
  const std::vector<double> etas = halved(settings.scalar("eta"), settings.count("halvings"));
  const double eta = etas.front();
  // f = x'x/2, so that the start is the gradient.
  Model model = quadratic_with_gaussian_noise({1.0, 1.0}, sigma, eta);
  const double s = sigma * sigma;
  model.noise = make_noise("gaussian", 2, {{"covariance", {s, rho * s, rho * s, s}}});
  const auto add = [&](const std::string& name, const Point& start) {
    return simulations.add("SignSGD, first step " + name,
                           model.optimizer("signsgd", {}, start, simulations.stream(name)),
                           step_signs(start, eta), {.steps = {1}}, settings.count("runs"));
  };
  const Point gradient = settings.point("gradient");
  const auto away = add("from the gradient", gradient);
  const auto at_zero = add("from the minimum", Point::Zero(2));

  return [=](Findings& out) {
    const theory::SignPair pair{gradient(0) / sigma, gradient(1) / sigma, rho};
    const SignMoments moments = moments_at(pair);
    const SignMoments at_minimum = moments_at({0.0, 0.0, rho});
    const Bound resolution{.absolute = 0.01};
    const auto expect = [&](const std::string& id, const std::string& statement, double value,
                            const std::shared_ptr<const Ensemble>& from, const std::string& observable) {
      out.expect(
          {.id = id, .statement = statement, .source = source, .lemmas = {"3.2"}, .resolution = resolution},
          {.value = value}, mean_of(from->at(0, observable)), {from});
    };
    const std::string drift = "E Δ = −η(1 − 2P(∇f_γ < 0)) for one step of SignSGD, with correlated noise";
    expect("step/E-1", drift, moments.first, away, sign_name(0));
    expect("step/E-2", drift, moments.second, away, sign_name(1));
    const std::string second = "E ΔΔ′ = η²(bb′ + S̄), S̄ = Cov(sign(∇f_γ)), off the diagonal: {}";
    expect("step/second-moment", fmt::format(fmt::runtime(second), "away from the minimum"),
           moments.product(), away, sign_product);
    expect("step/second-moment-at-minimum", fmt::format(fmt::runtime(second), "where ∇f = 0"),
           at_minimum.product(), at_zero, sign_product);
    out.expect({.id = "step/diagonal",
                .statement = "E Δ₁Δ₂ = η² b₁b₂, as if S̄ were diagonal for correlated noise too",
                .source = source,
                .resolution = resolution,
                .expected = Verdict::fail},
               {.value = moments.first * moments.second}, mean_of(away->at(0, sign_product)), {away});
    out.expect({.id = "arcsine",
                .statement = "Where ∇f = 0, S̄₁₂ is (2/π) asin ρ",
                .source = source,
                .relation = Relation::identity,
                .margin = {.absolute = 1e-12},
                .margin_reason = "quadrature"},
               {.value = 2.0 * std::numbers::inv_pi * std::asin(rho)}, exactly(at_minimum.covariance));

    const auto order = [&](const std::string& id, const std::string& statement, const WeakErrors& errors,
                           double expected, bool decides) {
      Claim claim{.id = id,
                  .statement = statement,
                  .source = source,
                  .relation = Relation::order,
                  .margin = order_margin,
                  .margin_reason = order_margin_reason};
      if (decides) claim.lemmas = {"3.2"};
      out.expect(claim, orders(errors, expected));
    };
    const double time = settings.scalar("time");
    const double x0 = settings.scalar("x0");
    const double scale = settings.scalar("scale");
    const auto of = [&](const ProbabilityDown& down) {
      const WeakProblem problem{
          .down = down, .start = x0, .end = std::max(12.0 * scale, 2.0 * x0), .time = time, .core = scale};
      return weak_errors(problem, etas, test_functions(),
                         solved([down](double h) { return sign_sde(down, h); }));
    };
    const WeakErrors logistic = of([scale](double x) { return 1.0 / (1.0 + std::exp(-x / scale)); });
    const WeakErrors mixture = of([scale](double x) {
      const auto below = [](double y) { return 0.5 * std::erfc(-y / std::numbers::sqrt2); };
      return 0.5 * (below(x / scale - 1.5) + below(x / scale + 1.5));
    });
    const std::string statement =
        "The SDE (2) is a weak approximation of SignSGD of order 1 for g = x, x², cos x under {} noise";
    order("order/logistic", fmt::format(fmt::runtime(statement), "logistic"), logistic, 1.0, true);
    order("order/mixture", fmt::format(fmt::runtime(statement), "two-humped"), mixture, 1.0, true);
    const WeakErrors full = linear_landscape(moments, moments.covariance, etas, time);
    const WeakErrors diagonal = linear_landscape(moments, 0.0, etas, time);
    order("order/correlated",
          "On f = g′x with correlated noise the SDE with S̄ is of order 2 for E e^(i(x₁ + x₂))", full, 2.0,
          true);
    order("order/correlated-diagonal",
          "Without the entries of S̄ off the diagonal it is of order 1 only, as the ODE is", diagonal, 1.0,
          false);

    Series curve_away{.label = "∇f away from 0", .role = Role::theory, .colour = 0};
    Series curve_zero{.label = "∇f = 0, (2/π) asin ρ", .role = Role::theory, .colour = 1};
    for (double r = -0.98; r < 0.99; r += 0.04) {
      curve_away.x.push_back(r);
      curve_away.y.push_back(moments_at({pair.first, pair.second, r}).covariance);
      curve_zero.x.push_back(r);
      curve_zero.y.push_back(moments_at({0.0, 0.0, r}).covariance);
    }
    const auto measured = [&](const Ensemble& ensemble, const SignMoments& exact) {
      return mean_of(ensemble.at(0, sign_product)).value - exact.first * exact.second;
    };
    const std::vector<double> bar{rho - 0.04, rho + 0.04};
    out.show({.id = "covariance",
              .title = "Covariance of the signs under correlated noise",
              .caption = "S̄₁₂ = Cov(sign₁, sign₂) of one step of SignSGD against the correlation ρ of the "
                         "gradient's noise. "
                         "Bars: the first step of simulated SignSGD, at ∇f/σ = (0.6, −0.5) unless set "
                         "otherwise and at 0.",
              .x = {.label = "ρ"},
              .y = {.label = "S̄₁₂"},
              .series = {curve_away,
                         curve_zero,
                         {.label = "SignSGD, ∇f away from 0",
                          .role = Role::optimizer,
                          .colour = 0,
                          .x = bar,
                          .y = {measured(*away, moments), measured(*away, moments)}},
                         {.label = "SignSGD, ∇f = 0",
                          .role = Role::optimizer,
                          .colour = 1,
                          .x = bar,
                          .y = {measured(*at_zero, at_minimum), measured(*at_zero, at_minimum)}}}});
    out.show(
        {.id = "weak-error",
         .title = "Weak error under noises of other laws",
         .caption =
             "The largest distance over k of E g(x_k) of SignSGD from E g(X) of the SDE (2) at t = kη, "
             "calculated "
             "without sampling: E x on f = x²/2 under logistic noise and a mixture of two normal laws, and "
             "E e^(i(x₁ + x₂)) on f = g′x under correlated normal noise with S̄ and with its diagonal.",
         .x = {.label = "learning rate η", .logarithmic = true},
         .y = {.label = "weak error", .logarithmic = true},
         .series = {error_curve(logistic, 0, "logistic, E x", Role::theory, 0),
                    error_curve(mixture, 0, "two-humped, E x", Role::theory, 1),
                    error_curve(full, 0, "correlated, S̄", Role::theory, 2),
                    error_curve(diagonal, 0, "correlated, diagonal of S̄", Role::theory, 3)}});
  };
}

const Register<Experiment> theorem_3_2{{
    .name = "theorem-3.2",
    .title = "SignSGD's SDE for noise of any law",
    .summary = "Theorem 3.2 gives the SDE of SignSGD for any noise with a smooth density: dX = −(1 − 2P(∇f_γ "
               "< 0))dt + "
               "√η √S̄ dW, S̄ = Cov(sign(∇f_γ)). Its one-step moments are checked with correlated noise, where "
               "S̄ is not diagonal, "
               "and its weak order with other laws than the normal.",
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
