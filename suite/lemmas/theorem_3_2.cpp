#include <algorithm>
#include <cmath>
#include <numbers>

#include "suite/study/correlated_signs.hpp"
#include "suite/study/one_step.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Theorem 3.2 (C.5), Lemma C.6"};

/// The first step of SignSGD on f = x'x/2, of which the start is the gradient, with correlated noise.
struct FirstStep {
  theory::SignPair pair;  ///< the gradient over sigma, and the correlation
  Simulated simulated;

  SignMoments moments() const { return sign_moments(pair); }
  Measurement mean_of(const std::string& signs) const { return simulated.mean_of_observable(signs).at_end(); }
};

struct FirstSteps {
  FirstStep away;
  FirstStep slower;  ///< with a learning rate 16 times as small
  FirstStep at_minimum;
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
  const Problem slower = with_learning_rate(away, away.learning_rate / 16.0);
  const theory::SignPair pair{gradient(0) / sigma, gradient(1) / sigma, rho};
  return {.away = {pair, order("from the gradient", away)},
          .slower = {pair, order("from the gradient, η/16", slower)},
          .at_minimum = {{0.0, 0.0, rho}, order("from the minimum", with_start(away, away.origin()))}};
}

void claim_of_steps(const FirstSteps& steps, Findings& out) {
  const auto& [away, slower, at_minimum] = steps;
  const SignMoments moments = away.moments(), centred = at_minimum.moments();
  const auto claim = [&](const char* id, const std::string& statement, const Measurement& mean,
                         double value) {
    out.claim(id).of("3.2").says(statement).equals(mean, {.value = value}).resolves(absolute(0.01));
  };
  const std::string drift = "E Δ = −η(1 − 2P(∇f_γ < 0)) for one step of SignSGD, with correlated noise";
  claim("step/E-1", drift, away.mean_of(sign_name(0)), moments.first);
  claim("step/E-2", drift, away.mean_of(sign_name(1)), moments.second);
  const std::string second = "E ΔΔ′ = η²(bb′ + S̄), S̄ = Cov(sign(∇f_γ)), off the diagonal: ";
  claim("step/second-moment", second + "away from the minimum", away.mean_of(sign_product),
        moments.product());
  claim("step/second-moment-at-minimum", second + "where ∇f = 0", at_minimum.mean_of(sign_product),
        centred.product());
  const std::string third =
      "Triple products of one step are O(η³): E Δ₁²Δ₂ = −η³b₂, b₂ = 1 − 2P(∂₂f_γ < 0), at ";
  claim("step/third-moment", third + "η", away.mean_of(sign_triple), moments.second);
  claim("step/third-moment-slower", third + "η/16", slower.mean_of(sign_triple), moments.second);
  out.claim("step/diagonal")
      .at(source)
      .says("E Δ₁Δ₂ = η² b₁b₂, as if S̄ were diagonal for correlated noise too")
      .equals(away.mean_of(sign_product), {.value = moments.first * moments.second})
      .resolves(absolute(0.01))
      .is_refuted();
  out.claim("arcsine")
      .at(source)
      .says("Where ∇f = 0, S̄₁₂ is (2/π) asin ρ")
      .is_identity(centred.covariance,
                   {.value = 2.0 * std::numbers::inv_pi * std::asin(at_minimum.pair.correlation)})
      .margin(absolute(1e-12), "quadrature");
}

/// Weak errors under noise of another law than the normal one, or correlated.
struct Order {
  std::string id, statement, label;
  double order;
  WeakErrors errors;
  bool of_theorem = true;
};

std::vector<Order> orders_of(const Settings& settings, const SignMoments& moments) {
  const std::vector<double> etas = halved(settings.scalar("eta"), settings.count("halvings"));
  const double time = settings.scalar("time"), x0 = settings.scalar("x0"), scale = settings.scalar("scale");
  const auto of = [&](const ProbabilityDown& down) {
    const WeakProblem problem{
        .down = down, .start = x0, .end = std::max(12.0 * scale, 2.0 * x0), .time = time, .core = scale};
    return weak_errors(problem, etas, test_functions(),
                       solved([down](double h) { return sign_sde(down, h); }));
  };
  const auto below = [](double y) { return 0.5 * std::erfc(-y / std::numbers::sqrt2); };
  const auto logistic = [=](double x) { return 1.0 / (1.0 + std::exp(-x / scale)); };
  const auto mixture = [=](double x) { return 0.5 * (below(x / scale - 1.5) + below(x / scale + 1.5)); };
  const std::string order_1 =
      "The SDE (2) is a weak approximation of SignSGD of order 1 for g = x, x², cos x ";
  return {{"logistic", order_1 + "under logistic noise", "logistic, E x", 1.0, of(logistic)},
          {"mixture", order_1 + "under two-humped noise", "two-humped, E x", 1.0, of(mixture)},
          {"correlated", "On f = g′x with correlated noise the SDE with S̄ is of order 2 for E e^(i(x₁ + x₂))",
           "correlated, S̄", 2.0, linear_landscape_errors(moments, moments.covariance, etas, time)},
          {"correlated-diagonal",
           "Without the entries of S̄ off the diagonal it is of order 1 only, as the ODE is",
           "correlated, diagonal of S̄", 1.0, linear_landscape_errors(moments, 0.0, etas, time), false}};
}

void judge(const std::vector<Order>& orders, Findings& out) {
  FigureBuilder figure = weak_error_figure(
      out, "weak-error", "Weak error under noises of other laws",
      "The largest distance over k of E g(x_k) of SignSGD from E g(X) of the SDE (2) at t = kη, calculated "
      "without sampling: E x on f = x²/2 under logistic noise and a mixture of two normal laws, and "
      "E e^(i(x₁ + x₂)) on f = g′x under correlated normal noise with S̄ and with its diagonal.");
  int colour = 0;
  for (const Order& at : orders) {
    ClaimBuilder claim = out.claim("order/{}", at.id).says(at.statement);
    has_order(at.of_theorem ? claim.of("3.2") : claim.at(source), at.errors, at.order);
    figure.theory(errors_of(at.errors), at.label, colour++);
  }
}

/// S-bar against the correlation; bars at that of the settings for what the simulated steps have.
void draw_covariance(const FirstSteps& steps, Findings& out) {
  const auto covariance = [](const FirstStep& step) {
    return [pair = step.pair](double correlation) {
      return sign_moments({pair.first, pair.second, correlation}).covariance;
    };
  };
  const auto measured = [](std::string label, const FirstStep& step, int colour) {
    const SignMoments exact = step.moments();
    const double rho = step.pair.correlation, product = step.mean_of(sign_product).value;
    return bar(std::move(label), colour, {rho - 0.04, rho + 0.04}, product - exact.first * exact.second);
  };
  out.figure("covariance", "Covariance of the signs under correlated noise")
      .caption(
          "S̄₁₂ = Cov(sign₁, sign₂) of one step of SignSGD against the correlation ρ of the gradient's noise. "
          "Bars: the first step of simulated SignSGD, at ∇f/σ = (0.6, −0.5) unless set otherwise and at 0.")
      .x({.label = "ρ"})
      .y({.label = "S̄₁₂"})
      .at(stepped(-0.98, 0.99, 0.04))
      .theory(covariance(steps.away), "∇f away from 0", 0)
      .theory(covariance(steps.at_minimum), "∇f = 0, (2/π) asin ρ", 1)
      .add(measured("SignSGD, ∇f away from 0", steps.away, 0))
      .add(measured("SignSGD, ∇f = 0", steps.at_minimum, 1));
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const FirstSteps steps = ordered(settings, simulations);
  return [=](Findings& out) {
    claim_of_steps(steps, out);
    draw_covariance(steps, out);
    judge(orders_of(settings, steps.away.moments()), out);
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
         largest_rate_setting(), halvings_setting(),
         chosen("scale", {0.5}, Range::positive(), "scale of the logistic noise, and of the mixture's humps"),
         chosen("x0", {1.0}, Range::positive(), "start where the weak order is taken"),
         chosen("time", {1.0}, Range::positive(), "t up to which the weak error is taken"),
         chosen("runs", {262144}, replica_range(), "replicas of the first step at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
