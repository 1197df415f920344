#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "suite/predictions/sign_lemmas.hpp"
#include "suite/predictions/stationary_law.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

constexpr const char* sentence = "sentence-after-3.9";
/// Of what they relax from, E x and the distances of Var x and E f from their limits fall to this fraction.
constexpr double fraction = 0.2;

/// SignSGD and SGD at one sigma, by their exact laws.
struct Level {
  double sigma;
  Problem sign, sgd;

  /// lambda x_0 / sigma, the same at every level.
  double signal() const { return sign.curvatures()(0) * sign.start(0) / sigma; }
};

/// A quantity that relaxes, as E x or E f - E f_infinity, e-folding at `folds` times the rate of E x.
struct Relaxing {
  const char* id;
  const char* text;
  double folds;
};
constexpr Relaxing relaxing[] = {
    {"iterates", "E x", 1.0}, {"covariance", "Var x − Var x_∞", 2.0}, {"loss", "E f − E f_∞", 2.0}};

const char* exact(const Problem& problem) {
  return problem.optimizer.name == "sgd" ? "exact-recursion" : "exact-chain";
}

PredictedCurve remainder(const Problem& problem, const Relaxing& what) {
  if (what.folds == 1.0) return Asked(exact(problem), problem).mean_curve(0);
  const bool loss = std::string_view(what.id) == "loss";
  // From the minimum the mean is 0 all along, and the variance alone relaxes.
  const Problem started = loss ? problem : with_start(problem, problem.origin());
  const Asked law(exact(started), started);
  const double limit =
      loss ? stationary_law(problem).loss().value : stationary_law(problem).variance(0).value;
  return [curve = loss ? law.loss_curve() : law.variance_curve(0), limit](double k) {
    return Prediction{.value = std::abs(curve(k).value - limit)};
  };
}

/// At which E x would fall if it e-folds as the quantity does, from the iterations in which that falls to the fraction.
double rate(const Problem& problem, const Relaxing& what, double expected) {
  const PredictedCurve left = remainder(problem, what);
  const double start = left(0.0).value;
  const double most =
      std::ceil(-3.0 * std::log(fraction) / (what.folds * expected * problem.learning_rate)) + 2.0;
  double k = 1.0;
  while (k < most && left(k).value > fraction * start) ++k;
  return std::log(start / left(k).value) / (what.folds * problem.time(k));
}

Margin first_order(const Level& level) {
  const double y = level.signal();
  return sign_sde_margin(level.sign) +
         Margin{relative(0.5 * y * y), "the curvature of Erf where the path begins, (λx₀/σ)²/2"};
}

void claims_of_rates(const std::vector<Level>& levels, Findings& out) {
  const double span = std::log(levels.back().sigma / levels.front().sigma);
  for (const Relaxing& what : relaxing) {
    std::vector<double> sign, sgd;
    for (const Level& level : levels) {
      const double predicted = slowest_phase_3_rate(level.sign);
      sign.push_back(rate(level.sign, what, predicted));
      sgd.push_back(rate(level.sgd, what, level.sgd.curvatures()(0)));
      out.claim(fmt::format("rate/{}/sigma={}", what.id, level.sigma))
          .of(sentence)
          .says(fmt::format("{} of SignSGD falls at {} √(2/π)λ/σ near the minimum", what.text, what.folds))
          .equals(sign.back(), {.value = predicted})
          .margin(first_order(level));
    }
    const Margin margin = first_order(levels.front());
    out.claim(fmt::format("slope/{}/signsgd", what.id))
        .of(sentence)
        .says(
            fmt::format("The noise sets the rate of {} of SignSGD: slope −1 of log rate in log σ", what.text))
        .equals(std::log(sign.back() / sign.front()) / span, {.value = -1.0})
        .margin(absolute(2.0 * margin.bound.relative / span), margin.reason + ", at both ends");
    out.claim(fmt::format("slope/{}/sgd", what.id))
        .of(sentence)
        .says(fmt::format("It does not set that of SGD: slope 0 for {}", what.text))
        .equals(std::log(sgd.back() / sgd.front()) / span, {.value = 0.0})
        .margin(absolute(1e-9), "rounding: all moments of SGD relax as (1 − ηλ)^k exactly");
  }
}

/// How many times as fast SignSGD is near the minimum, and as high it ends.
struct Contest {
  double speed, floor;
};

Contest contest(const Level& level) {
  const double sign = rate(level.sign, relaxing[0], slowest_phase_3_rate(level.sign));
  const double sgd = rate(level.sgd, relaxing[0], level.sgd.curvatures()(0));
  return {.speed = sign / sgd,
          .floor = stationary_law(level.sign).loss().value / stationary_law(level.sgd).loss().value};
}

void claims_of_contest(const Level& low, const Level& high, Findings& out) {
  const Contest at_low = contest(low), at_high = contest(high);
  const auto claim = [&](const char* id, const Level& level, const char* text) {
    return out.claim(id)
        .of(sentence)
        .margin(rounding_margin())
        .says(fmt::format("At σ = {} {}", level.sigma, text));
  };
  claim("low/faster", low, "SignSGD is faster near the minimum than SGD")
      .at_least(at_low.speed, {.value = 1.0});
  claim("low/ends-higher", low, "SGD ends lower than SignSGD").at_least(at_low.floor, {.value = 1.0});
  claim("high/slower", high, "conversely SignSGD is slower than SGD").at_most(at_high.speed, {.value = 1.0});
  claim("high/ends-lower", high, "and ends lower").at_most(at_high.floor, {.value = 1.0});
}

Level level_at(const Settings& settings, double sigma) {
  const double lambda = settings.scalar("curvature"), eta = settings.scalar("eta");
  const Point start = Point::Constant(1, settings.scalar("signal") * sigma / lambda);
  const Problem sign = quadratic_problem({.name = "signsgd"}, {lambda}, sigma, eta, start);
  return {.sigma = sigma, .sign = sign, .sgd = with_optimizer(sign, {.name = "sgd"})};
}

/// Where the two are equally fast, and where they end equally high: not at the same noise.
void claims_of_crossing(const Settings& settings, Findings& out) {
  const Level fast = level_at(settings, std::sqrt(2.0 * std::numbers::inv_pi));
  const Level high = level_at(settings, std::sqrt(0.5 * std::numbers::pi));
  const auto both = [](const Level& level) { return first_order(level) + linear_margin(level.sgd); };
  out.claim("crossing/speed")
      .of(sentence)
      .says("They are equally fast at σ = √(2/π) = 0.80, whatever λ")
      .equals(contest(fast).speed, {.value = 1.0})
      .margin(both(fast));
  out.claim("crossing/floor")
      .of(sentence)
      .says("They end equally high at σ = √(π/2) = 1.25, whatever λ: in between SGD wins both")
      .equals(contest(high).floor, {.value = 1.0})
      .margin(both(high));
}

Figure figure(const std::vector<Level>& levels) {
  Series speed{.label = "speed", .role = Role::optimizer, .colour = 0};
  Series floor{.label = "asymptotic loss", .role = Role::optimizer, .colour = 1};
  Series first{.label = "√(2/π)/σ", .role = Role::theory, .colour = 0};
  Series second{.label = "√(π/2)/σ", .role = Role::theory, .colour = 1};
  for (const Level& level : levels) {
    const Contest found = contest(level);
    for (Series* series : {&speed, &floor, &first, &second}) series->x.push_back(level.sigma);
    speed.y.push_back(found.speed);
    floor.y.push_back(found.floor);
    first.y.push_back(std::sqrt(2.0 * std::numbers::inv_pi) / level.sigma);
    second.y.push_back(std::sqrt(0.5 * std::numbers::pi) / level.sigma);
  }
  return {.id = "contest",
          .title = "SignSGD over SGD: speed near the minimum and asymptotic loss",
          .caption = "Exact, as ratios of SignSGD to SGD, against the noise; dotted at leading order in η.",
          .x = {.label = "σ", .logarithmic = true},
          .y = {.label = "SignSGD / SGD", .logarithmic = true},
          .series = {speed, first, floor, second}};
}

Judgement design(const Settings& settings, Simulations&) {
  require_distinct(settings, "sigmas");
  std::vector<double> sigmas = settings.list("sigmas");
  std::ranges::sort(sigmas);
  std::vector<Level> levels;
  for (const double sigma : sigmas) levels.push_back(level_at(settings, sigma));
  return [=](Findings& out) {
    claims_of_rates(levels, out);
    claims_of_contest(levels.front(), levels.back(), out);
    claims_of_crossing(settings, out);
    out.show(figure(levels));
  };
}

const Register<Experiment> signsgd_beside_sgd{{
    .name = "signsgd-beside-sgd",
    .title = "What noise does to SignSGD and to SGD near a minimum",
    .summary =
        "The conclusion after Lemma 3.9, by exact laws: the noise sets the rates at which iterates, "
        "covariance "
        "and loss of SignSGD relax, √(2/π)λ/σ, and not those of SGD. At low noise SignSGD is faster and SGD "
        "ends lower, at high noise conversely; between σ = 0.80 and 1.25 SGD is faster and ends lower.",
    .source = {.paper = "A", .item = "Section 3.1, after Lemma 3.9"},
    .lemmas = {sentence},
    .settings =
        {chosen("eta", {1e-3}, Range::positive(), "learning rate η, as in Figure 2"),
         chosen("sigmas", {0.1, 0.4, 1.6, 6.4}, Range::positive(),
                "standard deviations of the gradient noise, from Figure 2's on: below 0.8 and above 1.25"),
         chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
         chosen("signal", {0.1}, {.low = 0.0, .high = 0.3}, "λx₀/σ at the start, in phase 3")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
