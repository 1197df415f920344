#include "suite/study/rmsprop_order.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace sdelens {

std::vector<SettingSpecification> rmsprop_order_settings() {
  return {chosen("x0", {1.0}, Range::finite(), "start; v₀ is the mean square of the first gradient"),
          chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
          chosen("sigma", {0.5}, Range::positive(), "standard deviation of the gradient noise"),
          chosen("rho", {1.0}, {.low = 0.0, .high = 8.0}, "ρ in β = 1 − ηρ, held fixed as η falls"),
          chosen("time", {1.0}, Range::positive(), "T, a multiple of every η"),
          chosen("etas", {0.125, 0.0625, 0.03125, 0.015625, 0.0078125},
                 {.low = 0.0, .high = 0.125, .high_included = true},
                 "learning rates η, from the largest; steps halved so that the order is seen over a decade"),
          chosen("runs", {65536}, replica_range(), "replicas at each η")};
}

WeakOrderStudy rmsprop_study(const Settings& settings, std::string name, const std::string& optimizer,
                             std::string sde, double gamma) {
  const auto problem = [settings, optimizer, gamma](double eta) {
    Parameters parameters{{"beta", {1.0 - eta * settings.scalar("rho")}}};
    if (gamma > 0.0) parameters["gamma"] = {gamma};
    return quadratic_problem({.name = optimizer, .given = parameters}, settings.list("curvature"),
                             settings.scalar("sigma"), eta, settings.point("x0"));
  };
  return {.name = std::move(name),
          .problem = problem,
          .sde = std::move(sde),
          .time = settings.scalar("time"),
          .learning_rates = settings.list("etas"),
          .steps_per_iteration = 2,
          .runs = settings.count("runs")};
}

NoiseOrder order_from_minimum(const WeakOrderStudy& study, Simulations& simulations) {
  WeakOrderStudy at_minimum = started_at(study, [](double) { return 0.0; });
  // The bias of the scheme is of order 2, as the error is.
  at_minimum.steps_per_iteration = 8;
  at_minimum.name = study.name + " from the minimum";
  WeakOrderStudy without_noise = at_minimum;
  without_noise.name = "ODE from the minimum";
  without_noise.without_noise = true;
  return {.sde = order_weak_errors(at_minimum, simulations),
          .ode = order_weak_errors(without_noise, simulations)};
}

Expansion rmsprop_expansion(const Settings& settings, double gamma) {
  const double rate = settings.scalar("curvature") / settings.scalar("sigma") + gamma;
  return {.exponent = 1.0, .rate = 0.5 * rate, .fastest = [rate](double) { return rate; }};
}

void expect_order_one(Findings& out, const std::string& theorem, const CoupledErrors& errors,
                      const Expansion& expansion) {
  for (const auto& [id, observable] : {std::pair{"x", "x"}, {"x2", "x^2"}, {"cos", "cos x"}, {"v", "v"}}) {
    expect_order(
        out.claim(fmt::format("order/{}", id))
            .of(theorem)
            .says(fmt::format("E {} of the SDE at T is that of the optimizer to order 1 in η", observable)),
        {.order = 1.0}, errors, observable, expansion);
  }
}

void expect_noise(Findings& out, const std::string& theorem, const NoiseOrder& errors,
                  const Expansion& expansion) {
  Expansion noise = expansion;
  noise.integrator_bias = noise_integrator_bias(
      expansion.fastest, expansion.fastest(errors.sde.study.learning_rates.front()), errors.sde.study.time);
  const Source source{.paper = "A", .item = fmt::format("Theorem {}, Definition 3.1", theorem)};
  // Half of what tells the SDE from the ODE.
  constexpr double resolution = 0.5;
  expect_order(out.claim("noise/sde")
                   .at(source)
                   .says("From the minimum, where only noise moves it, E x² of the SDE at T is of order 2"),
               {.order = 2.0, .resolution = resolution}, errors.sde, "x^2", noise);
  expect_order(out.claim("noise/ode")
                   .at(source)
                   .says("From the minimum E x² of the ODE is of order 1: here the noise is told from none"),
               {.order = 1.0, .resolution = resolution}, errors.ode, "x^2", expansion);
  out.show(noise_error_figure(
      "Optimizer minus SDE, and minus the ordinary differential equation left without dW, from x₀ = 0 at t "
      "= T; bands are one standard error. E x² is of size η: the SDE gives it up to η², the ODE not at all.",
      {errors.sde.curve("x^2", "SDE", Role::sde, 0), errors.ode.curve("x^2", "ODE", Role::theory, 4),
       errors.sde.guide("x^2", 2.0, "∝ η²", 1), errors.ode.guide("x^2", 1.0, "∝ η", 5)}));
}

Figure order_figure(const std::string& title, const std::string& caption, const CoupledErrors& errors) {
  return {.id = "weak-error",
          .title = title,
          .caption = caption,
          .x = {.label = "learning rate η", .logarithmic = true},
          .y = {.label = "|E g(x) − E g(X)| at T", .logarithmic = true},
          .series = {errors.curve("x", "g = x", Role::sde, 0), errors.curve("x^2", "g = x²", Role::sde, 1),
                     errors.curve("cos x", "g = cos x", Role::sde, 2),
                     errors.curve("v", "g = v", Role::sde, 3), errors.guide("x", 1.0, "∝ η", 5)}};
}

}  // namespace sdelens
