#include <fmt/format.h>

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "reference/theory/lemma_3_4.hpp"
#include "suite/predictions/sign_lemmas.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

constexpr const char* slows = "sentence-noise-slows-phase-2";
constexpr const char* ends = "sentence-zero-before-t-star";

/// SignSGD on the way from |Y| = 3/2 to 1 in one dimension, by its exact chain.
struct Crossing {
  Problem problem;
  double time;       ///< t at which |Y| of the mean is 1, between two iterations
  double loss_rate;  ///< of E f on the way

  double sigma() const { return problem.sigmas()(0); }
  /// x at |Y| = 1, and per unit of Y.
  double unit() const { return sigma() * std::numbers::sqrt2 / problem.curvatures()(0); }
};

Crossing crossing_at(const Settings& settings, const char* optimizer, double sigma) {
  const double lambda = settings.scalar("curvature");
  Crossing result{.problem = quadratic_problem(
                      {.name = optimizer}, {lambda}, sigma, settings.scalar("eta"),
                      Point::Constant(1, theory::kSignalBoundary * sigma * std::numbers::sqrt2 / lambda)),
                  .time = 0.0,
                  .loss_rate = 0.0};
  const Asked law(result.problem.optimizer.name == "sgd" ? "exact-recursion" : "exact-chain", result.problem);
  const PredictedCurve mean = law.mean_curve(0), loss = law.loss_curve();
  double k = 0.0, before = mean(0.0).value;
  for (double here = before; here > result.unit(); here = mean(k).value) {
    before = here;
    ++k;
  }
  const double after = mean(k).value;
  result.time = result.problem.time(k - (result.unit() - after) / (before - after));
  result.loss_rate = std::log(result.problem.start_loss() / loss(k).value) / result.problem.time(k);
  return result;
}

/// Int dY / Erf(Y) from 1 to 3/2: the time of the crossing in units of sigma sqrt(2) / lambda.
double crossing_integral() {
  using boost::math::quadrature::gauss_kronrod;
  return gauss_kronrod<double, 15>::integrate([](double y) { return 1.0 / std::erf(y); },
                                              theory::kNoiseBoundary, theory::kSignalBoundary);
}

double slope(const std::vector<Crossing>& crossings, double Crossing::*value) {
  return std::log(crossings.back().*value / crossings.front().*value) /
         std::log(crossings.back().sigma() / crossings.front().sigma());
}

void claims_of_phase_2(const std::vector<Crossing>& sign, const std::vector<Crossing>& sgd, Findings& out) {
  for (const Crossing& crossing : sign) {
    const std::string tag = fmt::format("sigma={}", crossing.sigma());
    out.claim("phase-2/time/" + tag)
        .of(slows)
        .says(
            "SignSGD crosses phase 2, from |Y| = 3/2 to 1, in the time (σ√2/λ)∫dY/Erf(Y), proportional to σ")
        .equals(crossing.time, {.value = crossing.unit() * crossing_integral()})
        .margin(sign_sde_margin(crossing.problem));
    const double bound = theory::mixed_phase_bound(sign_loss(crossing.problem), Wording::printed).rate;
    out.claim("phase-2/rate/" + tag)
        .of(slows)
        .says("On the way the loss falls at least at the rate 2μΔ of Lemma 3.5, which falls like 1/σ")
        .at_least(crossing.loss_rate, {.value = bound})
        .margin(rounding_margin());
  }
  const double span = std::log(sign.back().sigma() / sign.front().sigma());
  const Margin margin = sign_sde_margin(sign.front().problem);
  out.claim("phase-2/slope/time")
      .of(slows)
      .says("Noise slows phase 2: slope 1 of the log of its duration in log σ")
      .equals(slope(sign, &Crossing::time), {.value = 1.0})
      .margin(absolute(margin.bound.relative / span), margin.reason);
  out.claim("phase-2/slope/sgd")
      .at({.paper = "A", .item = "Section 3.1, after Lemma 3.5"})
      .says("SGD falls from 3/2 to 1 of the same distance in a time that does not depend on σ")
      .equals(slope(sgd, &Crossing::time), {.value = 0.0})
      .margin(absolute(1e-9), "rounding: the mean of SGD is (1 − ηλ)^k x₀ exactly");
}

/// SignSGD without noise: t when the last x_i is at 0, within whose step the rest of the way is at speed 1.
double time_to_zero(const Point& start, double eta) {
  Point x = start;
  std::uint64_t k = 0;
  for (; x.cwiseAbs().maxCoeff() > eta; ++k) {
    for (double& entry : x) entry -= entry >= 0.0 ? eta : -eta;
  }
  return static_cast<double>(k) * eta + x.cwiseAbs().maxCoeff();
}

void claims_of_phase_1(const Settings& settings, Findings& out) {
  const double eta = settings.scalar("eta");
  const Margin rounding{absolute(1e-10), "rounding of some thousand steps"};
  const auto t_star = [&](const std::vector<double>& curvatures, const Point& start) {
    const Problem problem = quadratic_problem({.name = "signsgd"}, curvatures, 1.0, eta, start);
    return theory::signal_phase_end(sign_loss(problem), Wording::printed);
  };
  const Point& start = settings.point("x0");
  for (const double stretch : {0.3, 1.0, 3.0}) {
    const Point from = stretch * start;
    out.claim(fmt::format("phase-1/before-t-star/stretch={}", stretch))
        .of(ends)
        .says("Without noise SignSGD reaches f = 0 before t* = 2√(S₀/μ)")
        .at_most(time_to_zero(from, eta), {.value = t_star(settings.list("curvatures"), from)})
        .margin(rounding);
  }
  const double lambda = settings.scalar("curvature"), x0 = start(0);
  out.claim("phase-1/one-dimension")
      .of(ends)
      .says("In one dimension it does at t*/√2, so t* is late by √2 at least")
      .equals(time_to_zero(Point::Constant(1, x0), eta),
              {.value = t_star({lambda}, Point::Constant(1, x0)) / std::numbers::sqrt2})
      .margin(rounding);
}

Figure figure(const std::vector<Crossing>& sign, const std::vector<Crossing>& sgd) {
  const auto series = [](std::string label, Role role, int colour, const std::vector<Crossing>& of,
                         const auto& value) {
    Series result{.label = std::move(label), .role = role, .colour = colour};
    for (const Crossing& crossing : of) {
      result.x.push_back(crossing.sigma());
      result.y.push_back(value(crossing));
    }
    return result;
  };
  return {
      .id = "crossing",
      .title = "Time in which phase 2 is crossed",
      .caption =
          "From |Y| = 3/2 to |Y| = 1, exact, and the integral of dt = dx/Erf; SGD over the same distance.",
      .x = {.label = "σ", .logarithmic = true},
      .y = {.label = "t", .logarithmic = true},
      .series = {series("SignSGD", Role::optimizer, 0, sign, [](const Crossing& c) { return c.time; }),
                 series("(σ√2/λ)∫dY/Erf(Y)", Role::theory, 0, sign,
                        [](const Crossing& c) { return c.unit() * crossing_integral(); }),
                 series("SGD", Role::optimizer, 1, sgd, [](const Crossing& c) { return c.time; })}};
}

Judgement design(const Settings& settings, Simulations&) {
  require_distinct(settings, "sigmas");
  std::vector<double> sigmas = settings.list("sigmas");
  std::ranges::sort(sigmas);
  return [=](Findings& out) {
    std::vector<Crossing> sign, sgd;
    for (const double sigma : sigmas) {
      sign.push_back(crossing_at(settings, "signsgd", sigma));
      sgd.push_back(crossing_at(settings, "sgd", sigma));
    }
    claims_of_phase_2(sign, sgd, out);
    claims_of_phase_1(settings, out);
    out.show(figure(sign, sgd));
  };
}

const Register<Experiment> noise_slows_phase_2{{
    .name = "noise-slows-phase-2",
    .title = "Noise slows phase 2, and phase 1 ends before t*",
    .summary = "What the paper says after Lemma 3.5. By the exact chain: the time in which SignSGD crosses "
               "phase 2 is "
               "proportional to σ, and its loss falls there at least at the rate of the lemma. Without noise "
               "the loss "
               "reaches 0 before t* = 2√(S₀/μ), in one dimension at t*/√2.",
    .source = {.paper = "A", .item = "Section 3.1, after Lemma 3.5"},
    .lemmas = {slows, ends},
    .settings = {chosen("eta", {1e-3}, Range::positive(), "learning rate η, as in Figure 2"),
                 chosen("sigmas", {0.1, 0.2, 0.4, 0.8}, Range::positive(),
                        "standard deviations of the gradient noise, from Figure 2's on"),
                 chosen("curvature", {1.0}, Range::positive(), "λ in one dimension"),
                 chosen("curvatures", {1.0, 2.0}, Range::positive(),
                        "H = diag(curvatures) of phase 1, as in Figure 2"),
                 chosen("x0", {1.0, -0.7}, Range::finite(),
                        "start of phase 1, as in fig2-loss, and its multiples")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
