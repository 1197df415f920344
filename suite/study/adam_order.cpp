#include "suite/study/adam_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "suite/study/weak_order.hpp"

namespace sdelens {
namespace {

constexpr const char* owner = "momentum";

double rate_of(double eta, double zeta) { return std::pow(eta, -zeta); }
double fresh_share(double eta, double zeta) { return eta * rate_of(eta, zeta); }

/// Learning rates at which the order in m is calculated: with c = eta^(1 - zeta) = 2^-8 ... 2^-14 for every zeta.
/// There the next term of the error, c / 2 relative, is small and the difference keeps 9 digits.
std::vector<double> small_rates(double zeta) {
  std::vector<double> result;
  for (const double exponent : {8.0, 10.0, 12.0, 14.0}) result.push_back(std::exp2(-exponent / (1.0 - zeta)));
  return result;
}

/// The weak error of m^2 at T.
double momentum_error(double eta, double zeta, double time) {
  const double c = fresh_share(eta, zeta);
  return momentum_mean_square(c, time / eta) - sde_momentum_mean_square(c, time / eta);
}

struct Panel {
  double zeta;
  CoupledErrors printed, corrected;
  Expansion expansion;
};

/// From x_0 = 0, where only noise moves x. With Y = X - (1 - c) M / (sigma rho_1) the SDE as printed is to
/// leading order
///   dY = -(lambda / sigma + gamma) X dt - (1 - c) sqrt(eta) dW, c = 1 - beta_1 = eta^(1 - zeta),
/// so that its E X^2 is (1 - c)^2 of the optimizer's eta A(T), off by 2 eta c A(T) = 2 A(T) eta^(2 - zeta). The fresh
/// gradient's noise of the corrected SDE makes the factor 1, and leaves O(eta^2).
struct FromMinimum {
  double zeta;
  CoupledErrors printed, corrected;
  Expansion expansion;
};

Parameters parameters_at(double eta, double zeta, double rho_2, double gamma) {
  Parameters result{{"beta_1", {1.0 - fresh_share(eta, zeta)}},
                    {"beta_2", {1.0 - eta * rho_2}},
                    {"bias_correction", {0.0}}};
  if (gamma > 0.0) result["gamma"] = {gamma};
  return result;
}

void claims_in_momentum(Findings& out, const std::string& theorem, double zeta, double time) {
  const std::vector<double> rates = small_rates(zeta);
  const std::size_t last = rates.size() - 2;
  const double slope =
      std::log(momentum_error(rates[last], zeta, time) / momentum_error(rates[last + 1], zeta, time)) /
      std::log(rates[last] / rates[last + 1]);
  // d log(c^2 / (2 - c)) / d log eta = (1 - zeta)(2 + c / (2 - c)).
  const Margin margin{
      .bound = absolute((1.0 - zeta) * fresh_share(rates[last], zeta)),
      .reason = "next term of the expansion, (1 − ζ)c/(2 − c) with c = 1 − β₁, and the transient"};
  out.claim(fmt::format("m2/printed/zeta={}", zeta))
      .of(theorem)
      .says(fmt::format("E m² on a flat landscape is that of the SDE to order 1 in η at least, ζ = {}", zeta))
      .at_least(slope, {.value = 1.0})
      .margin(margin)
      .is_expected_to(zeta > 0.5 ? Verdict::fail : Verdict::pass);
  out.claim(fmt::format("m2/corrected/zeta={}", zeta))
      .of(theorem, Wording::corrected)
      .says(fmt::format("E m² on a flat landscape is that of the SDE to order 2 − 2ζ, ζ = {}", zeta))
      .is_order({.value = slope}, 2.0 - 2.0 * zeta)
      .margin(margin);
}

void claims_in_position(Findings& out, const std::string& theorem, const Panel& panel) {
  const auto claim = [&](const char* id, const char* what, Wording wording) {
    const bool is_printed = wording == Wording::printed;
    return out.claim(fmt::format("{}/{}/zeta={}", id, is_printed ? "printed" : "corrected", panel.zeta))
        .of(theorem, wording)
        .says(fmt::format("{} of the {}SDE at T is that of the optimizer to order 1 in η at least, ζ = {}",
                          what, is_printed ? "" : "corrected ", panel.zeta));
  };
  const ExpectedOrder one{.order = 1.0, .relation = Relation::at_least};
  expect_order(claim("x", "E x", Wording::printed), one, panel.printed, "x", panel.expansion);
  expect_order(claim("x", "E x", Wording::corrected), one, panel.corrected, "x", panel.expansion);
  expect_order(claim("x2", "E x²", Wording::corrected), one, panel.corrected, "x^2", panel.expansion);
}

void claims_from_minimum(Findings& out, const std::string& theorem, const FromMinimum& errors) {
  const Source source{.paper = "A", .item = fmt::format("Theorem {}, Definition 3.1", theorem)};
  // The two orders are zeta apart.
  const double resolution = 0.8 * errors.zeta;
  expect_order(
      out.claim(fmt::format("noise/corrected/zeta={}", errors.zeta))
          .at(source)
          .says(fmt::format("From the minimum, where only noise moves it, E x² of the corrected SDE at T is "
                            "of order 2, ζ = {}",
                            errors.zeta)),
      {.order = 2.0, .resolution = resolution}, errors.corrected, "x^2", errors.expansion);
  expect_order(
      out.claim(fmt::format("noise/printed/zeta={}", errors.zeta))
          .at(source)
          .says(fmt::format("From the minimum E x² of the SDE as printed is of order 2 − ζ only, ζ = {}: "
                            "without the fresh gradient's noise its E x² has the factor β₁²",
                            errors.zeta)),
      {.order = 2.0 - errors.zeta, .resolution = resolution}, errors.printed, "x^2", errors.expansion);
}

Figure noise_figure(const std::vector<FromMinimum>& studies) {
  std::vector<Series> series;
  int colour = 0;
  for (const FromMinimum& errors : studies) {
    const std::string at = fmt::format(", ζ = {}", errors.zeta);
    series.push_back(errors.printed.curve("x^2", "as printed" + at, Role::sde, colour++));
    series.push_back(
        errors.printed.guide("x^2", 2.0 - errors.zeta, fmt::format("∝ η^{}", 2.0 - errors.zeta), colour++));
    series.push_back(errors.corrected.curve("x^2", "corrected" + at, Role::sde, colour++));
    series.push_back(errors.corrected.guide("x^2", 2.0, "∝ η²" + at, colour++));
  }
  return noise_error_figure(
      "Optimizer minus SDE from x₀ = 0 at t = T on the same Brownian paths, for ρ₁ = η^(−ζ); bands are one "
      "standard error. Corrected: with the noise of the fresh gradient in dX.",
      std::move(series));
}

Figure momentum_figure(const Settings& settings) {
  Figure figure{.id = "momentum",
                .title = "Weak error of m² on a flat landscape",
                .caption =
                    "|E m² − E M²| at t = T by calculation, over σ², for ρ₁ = η^(−ζ); m is the optimizer's "
                    "momentum and M that of the SDE. The slopes tend to 2 − 2ζ. The line ∝ η is order 1.",
                .x = {.label = "learning rate η", .logarithmic = true},
                .y = {.label = "|E m² − E M²|/σ²", .logarithmic = true},
                .series = {}};
  int colour = 0;
  Series guide{.label = "∝ η", .role = Role::bound, .colour = 5};
  for (const double zeta : settings.list("zetas")) {
    Series series{.label = fmt::format("ζ = {}", zeta), .role = Role::theory, .colour = colour++};
    for (double exponent = 4.0; exponent <= 24.0; exponent += 1.0) {
      const double eta = std::exp2(-exponent);
      series.x.push_back(eta);
      series.y.push_back(std::abs(momentum_error(eta, zeta, settings.scalar("time"))));
    }
    guide.x = series.x;
    figure.series.push_back(std::move(series));
  }
  for (const double eta : guide.x) guide.y.push_back(eta);
  figure.series.push_back(std::move(guide));
  return figure;
}

Figure position_figure(const std::vector<Panel>& panels) {
  Figure figure{
      .id = "position",
      .title = "Weak error of x and x²",
      .caption =
          "Optimizer minus SDE at t = T on the same Brownian paths, by the scheme of weak order 2 with dt = "
          "η/2, for ρ₁ = η^(−ζ); bands are one standard error. Corrected: with the noise of the fresh "
          "gradient in dX.",
      .x = {.label = "learning rate η", .logarithmic = true},
      .y = {.label = "|E g(x) − E g(X)| at T", .logarithmic = true},
      .series = {}};
  int colour = 0;
  for (const Panel& panel : panels) {
    figure.series.push_back(
        panel.printed.curve("x", fmt::format("printed, g = x, ζ = {}", panel.zeta), Role::sde, colour++));
    figure.series.push_back(
        panel.corrected.curve("x", fmt::format("corrected, g = x, ζ = {}", panel.zeta), Role::sde, colour++));
    figure.series.push_back(panel.corrected.curve("x^2", fmt::format("corrected, g = x², ζ = {}", panel.zeta),
                                                  Role::sde, colour++));
  }
  figure.series.push_back(panels.front().corrected.guide("x", 1.0, "∝ η", 7));
  return figure;
}

/// Adam(W) and its SDE as printed, from the setting "x0".
WeakOrderStudy study_at(double zeta, double gamma, const Settings& settings) {
  const std::string optimizer = gamma > 0.0 ? "adamw" : "adam";
  const auto problem = [=](double eta) {
    return quadratic_problem(
        {.name = optimizer, .given = parameters_at(eta, zeta, settings.scalar("rho_2"), gamma)},
        settings.list("curvature"), settings.scalar("sigma"), eta, settings.point("x0"));
  };
  return {.name = fmt::format("SDE as printed, ζ = {}", zeta),
          .problem = problem,
          .sde = optimizer,
          .time = settings.scalar("time"),
          .learning_rates = settings.list("etas"),
          .steps_per_iteration = 2,
          .runs = settings.count("runs")};
}

/// The rate at which x relaxes.
double slowest_rate(double gamma, const Settings& settings) {
  return settings.scalar("curvature") / settings.scalar("sigma") + gamma;
}

Panel order_panel(double zeta, double gamma, const Settings& settings, Simulations& simulations) {
  const WeakOrderStudy printed = study_at(zeta, gamma, settings);
  WeakOrderStudy corrected = printed;
  corrected.name = fmt::format("SDE, corrected, ζ = {}", zeta);
  corrected.sde += "-corrected";
  const double slowest = slowest_rate(gamma, settings);
  // x follows the gradient with the delay 1 / rho_1 = eta^zeta of the momentum.
  const Expansion expansion{.exponent = zeta, .rate = 0.8, .fastest = [=](double eta) {
                              return std::max(slowest, rate_of(eta, zeta));
                            }};
  CoupledErrors printed_errors = order_weak_errors(printed, simulations);
  return {.zeta = zeta,
          .printed = std::move(printed_errors),
          .corrected = order_weak_errors(corrected, simulations),
          .expansion = expansion};
}

FromMinimum order_from_minimum(const Panel& panel, double gamma, const Settings& settings,
                               Simulations& simulations) {
  const auto from_minimum = [](const CoupledErrors& errors) {
    WeakOrderStudy study = started_at(errors.study, [](double) { return 0.0; });
    study.name += ", from the minimum";
    // The bias of the scheme is of order 2, as the error of the corrected SDE is.
    study.steps_per_iteration = 4;
    // Of relative size (lambda / sigma + gamma) eta^zeta, the next term is to leave the order to be seen.
    for (double& eta : study.learning_rates) eta /= 4.0;
    return study;
  };
  const double slowest = slowest_rate(gamma, settings);
  Expansion expansion = panel.expansion;
  // The momentum delays the decay of x^2, at 2 (lambda / sigma + gamma), by eta^zeta.
  expansion.rate = slowest;
  expansion.integrator_bias =
      noise_integrator_bias(panel.expansion.fastest, slowest, settings.scalar("time"));
  CoupledErrors corrected = order_weak_errors(from_minimum(panel.corrected), simulations);
  return {.zeta = panel.zeta,
          .printed = order_weak_errors(from_minimum(panel.printed), simulations),
          .corrected = std::move(corrected),
          .expansion = std::move(expansion)};
}

Judgement design(const std::string& theorem, double gamma, const Settings& settings,
                 Simulations& simulations) {
  require_distinct(settings, "zetas");
  require_distinct(settings, "coupled_zetas");
  std::vector<Panel> panels;
  std::vector<FromMinimum> at_minimum;
  for (const double zeta : settings.list("coupled_zetas")) {
    panels.push_back(order_panel(zeta, gamma, settings, simulations));
    // The next terms are eta^zeta and c = eta^(1 - zeta): at these eta both are small only near zeta = 1/2.
    if (std::abs(zeta - 0.5) > 0.1) continue;
    at_minimum.push_back(order_from_minimum(panels.back(), gamma, settings, simulations));
  }
  return [=](Findings& out) {
    for (const double zeta : settings.list("zetas"))
      claims_in_momentum(out, theorem, zeta, settings.scalar("time"));
    for (const Panel& panel : panels) claims_in_position(out, theorem, panel);
    for (const FromMinimum& errors : at_minimum) claims_from_minimum(out, theorem, errors);
    out.show(momentum_figure(settings));
    out.show(position_figure(panels));
    if (!at_minimum.empty()) out.show(noise_figure(at_minimum));
  };
}

/// "theorem-c.26"
std::string name_of(const std::string& theorem) {
  std::string result = "theorem-" + theorem;
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

std::vector<SettingSpecification> adam_order_settings(double weight_decay) {
  std::vector<SettingSpecification> settings{
      chosen("zetas", {0.0, 0.25, 0.5, 0.8}, {.low = 0.0, .high = 0.9, .low_included = true},
             "ζ in ρ₁ = η^(−ζ), of the orders in m; the theorem says ζ in (0, 1)"),
      chosen("coupled_zetas", {0.5, 0.8}, {.low = 0.0, .high = 0.9}, "ζ of the simulations"),
      chosen("x0", {1.0}, Range::finite(), "start; v₀ is the mean square of the first gradient, m₀ = 0"),
      chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
      chosen("sigma", {0.5}, Range::positive(), "standard deviation of the gradient noise"),
      chosen("rho_2", {1.0}, {.low = 0.0, .high = 8.0}, "ρ₂ in β₂ = 1 − ηρ₂, held fixed as η falls"),
      chosen("time", {1.0}, Range::positive(), "T, a multiple of every η"),
      chosen("etas", {0.03125, 0.015625, 0.0078125, 0.00390625, 0.001953125},
             {.low = 0.0, .high = 0.0625, .high_included = true},
             "learning rates η: so small that η^ζ, the momentum's delay, is small"),
      chosen("runs", {16384}, replica_range(), "replicas at each η and ζ")};
  if (weight_decay > 0.0)
    settings.push_back(chosen("gamma", {weight_decay}, Range::positive(), "decoupled weight decay γ"));
  return settings;
}

}  // namespace

double momentum_mean_square(double c, double iterations) {
  require_in({.low = 0.0, .high = 1.0, .high_included = true}, owner, "c", c);
  return c / (2.0 - c) * -std::expm1(2.0 * iterations * std::log1p(-c));
}

double sde_momentum_mean_square(double c, double iterations) {
  require_in({.low = 0.0, .high = 1.0, .high_included = true}, owner, "c", c);
  return 0.5 * c * -std::expm1(-2.0 * c * iterations);
}

Experiment adam_order(std::string theorem, double weight_decay) {
  const bool decays = weight_decay > 0.0;
  const std::string name = decays ? "AdamW" : "Adam";
  return {
      .name = name_of(theorem),
      .title = "Weak order of " + name + "'s SDE",
      .summary = fmt::format(
          "Theorem {}: the SDE of {} is an order-1 weak approximation for ρ₁ = O(η^(−ζ)), ζ in (0, 1). In "
          "functions of x it is, as printed and corrected; in m² the order is 2 − 2ζ, which is below 1 for "
          "ζ > 1/2: Var m is c/(2 − c) σ² for the optimizer and c/2 σ² for the SDE, c = 1 − β₁ = η^(1 − ζ). "
          "From the minimum, where only noise moves x, E x² tells the corrected SDE from the printed one, "
          "which is claimed near ζ = 1/2 and at a quarter of these η, where the next terms are small. Bias "
          "is not corrected here, so that the coefficients do not depend on time.",
          theorem, name),
      .source = statement_source(theorem),
      .lemmas = {theorem},
      .settings = adam_order_settings(weight_decay),
      .design = [theorem, decays](const Settings& chosen_settings, Simulations& simulations) {
        return design(theorem, decays ? chosen_settings.scalar("gamma") : 0.0, chosen_settings, simulations);
      }};
}

}  // namespace sdelens
