#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sdelens/exact/sde_mean_field.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

constexpr const char* c_15 = "remark-C.15";
constexpr const char* c_25 = "remark-C.25";
const Source equations{.paper = "A", .item = "Remark C.15, of the equations themselves"};

/// The stationary variances of an optimizer and its SDEs on a quadratic in one dimension, V held at its mean.
struct Ends {
  const Settings* settings;
  bool momentum;

  MeanFieldSettings at(double eta) const {
    return {.learning_rate = eta,
            .curvature = settings->scalar("curvature"),
            .sigma = settings->scalar("sigma"),
            .beta_1 = momentum ? settings->scalar("beta_1") : 0.0};
  }
  double ratio(double eta) const { return eta * at(eta).curvature / at(eta).sigma; }
  /// Var X of an SDE over Var x of the optimizer, less 1.
  /// @param steps  of Euler-Maruyama in the time of an iteration; 0: the equation itself
  double departure(AdaptiveSde sde, double eta, std::uint64_t steps) const {
    return mean_field(sde, at(eta), steps).variance / mean_field(at(eta)).variance - 1.0;
  }
  double malladi(double eta, std::uint64_t steps) const {
    return departure(momentum ? AdaptiveSde::adam_malladi : AdaptiveSde::rmsprop_malladi, eta, steps);
  }
};

Margin second_order(const Ends& ends, double eta) {
  return {relative(2.0 * ends.ratio(eta)),
          "the second order in η is to the first as ηλ/σ to 1, or twice that"};
}

/// Slope of the logarithm of a departure in that of eta, over a factor of ten.
double order_of(const std::function<double(double eta)>& departure, double eta) {
  return std::log10(std::abs(departure(eta) / departure(0.1 * eta)));
}

void claims_of_c_15(const Ends& ends, double eta, Findings& out) {
  const double r = ends.ratio(eta);
  out.claim("c.15/end/order")
      .of(c_15)
      .says("At the end Malladi's SDE departs from RMSprop only slightly: in the stationary variance by O(η)")
      .equals(order_of([&](double h) { return ends.malladi(h, 0); }, eta), {.value = 1.0})
      .margin(absolute(second_order(ends, eta).bound.relative), second_order(ends, eta).reason);
  const double drawn = ends.malladi(eta, 1), ours_drawn = ends.departure(AdaptiveSde::rmsprop, eta, 1);
  out.claim("c.15/end/drawn")
      .of(c_15)
      .says(
          "Integrated as the paper does, with dt = η, Malladi's SDE departs further at the end than the "
          "paper's")
      .at_least(std::abs(drawn), {.value = std::abs(ours_drawn)});
  out.claim("c.15/end/drawn-by")
      .of(c_15)
      .says("There it departs by +ηλ/(4σ), relative")
      .equals(drawn, {.value = 0.25 * r})
      .margin(second_order(ends, eta));
  const double malladi = ends.malladi(eta, 0), ours = ends.departure(AdaptiveSde::rmsprop, eta, 0);
  out.claim("c.15/end/equations")
      .at(equations)
      .says("The equation of Malladi departs further at the end than the paper's: not so but for dt = η")
      .at_least(std::abs(malladi), {.value = std::abs(ours)})
      .is_refuted();
  for (const auto& [id, found, predicted] :
       {std::tuple{"malladi", malladi, -0.25 * r}, std::tuple{"ours", ours, -0.5 * r}}) {
    out.claim(fmt::format("c.15/end/equations/{}", id))
        .at(equations)
        .says("Malladi's equation departs by −ηλ/(4σ) and the paper's by −ηλ/(2σ)")
        .equals(found, {.value = predicted})
        .margin(second_order(ends, eta));
  }
}

void claims_of_c_25(const Ends& ends, double eta, Findings& out) {
  const Margin margin{relative(0.3 * ends.ratio(eta)),
                      "Malladi's SDE has the leading order exactly, and Adam departs from it by ηλ/(4σ)"};
  out.claim("c.25/end/negligible")
      .of(c_25)
      .says(
          "Asymptotically, on a convex quadratic, the variance of Malladi's SDE is that of Adam to first "
          "order in η")
      .equals(ends.malladi(eta, 0), {.value = 0.0})
      .margin(absolute(margin.bound.relative), margin.reason);
  out.claim("c.25/end/order")
      .of(c_25)
      .says("What it departs by vanishes like η")
      .equals(order_of([&](double h) { return ends.malladi(h, 0); }, eta), {.value = 1.0})
      .margin(absolute(second_order(ends, eta).bound.relative), second_order(ends, eta).reason);
}

Figure figure(const Ends& rmsprop, const Ends& adam, double largest) {
  const auto series = [&](std::string label, int colour, const auto& departure) {
    Series result{.label = std::move(label), .role = Role::theory, .colour = colour};
    for (double eta = largest; eta > 1e-3 * largest; eta *= 0.5) {
      result.x.insert(result.x.begin(), rmsprop.ratio(eta));
      result.y.insert(result.y.begin(), std::abs(departure(eta)));
    }
    return result;
  };
  return {
      .id = "ends",
      .title = "How far the SDEs end from their optimizer",
      .caption =
          "|Var X/Var x − 1| in the stationary law, by mean-field fixed points, against r = ηλ/σ. With dt = "
          "η "
          "the SDE of the paper ends where RMSprop does, up to the fluctuation of V.",
      .x = {.label = "ηλ/σ", .logarithmic = true},
      .y = {.label = "|departure|", .logarithmic = true},
      .series = {
          series("Malladi, RMSprop", 0, [&](double eta) { return rmsprop.malladi(eta, 0); }),
          series("Malladi, RMSprop, dt = η", 1, [&](double eta) { return rmsprop.malladi(eta, 1); }),
          series("SDE (86)", 2, [&](double eta) { return rmsprop.departure(AdaptiveSde::rmsprop, eta, 0); }),
          series("Malladi, Adam", 3, [&](double eta) { return adam.malladi(eta, 0); }),
          series("SDE (124)", 4, [&](double eta) { return adam.departure(AdaptiveSde::adam, eta, 0); })}};
}

Judgement design(const Settings& settings, Simulations&) {
  return [settings](Findings& out) {
    const Ends rmsprop{.settings = &settings, .momentum = false},
        adam{.settings = &settings, .momentum = true};
    const double eta = settings.scalar("eta");
    claims_of_c_15(rmsprop, eta, out);
    claims_of_c_25(adam, eta, out);
    out.show(figure(rmsprop, adam, 10.0 * eta));
  };
}

const Register<Experiment> malladi_remarks{{
    .name = "malladi-remarks",
    .title = "Where Malladi's SDEs end",
    .summary = "Remarks C.15 and C.25 on the end of the dynamics, by mean-field fixed points on a quadratic: "
               "there the "
               "SDEs of Malladi et al. depart from RMSprop and Adam by O(η). As the paper integrates, with "
               "dt = η, that "
               "of RMSprop departs further than the paper's; the equation itself is nearer than the paper's.",
    .source = {.paper = "A", .item = "Remarks C.15 and C.25"},
    .lemmas = {c_15, c_25},
    .settings = {chosen("eta", {1e-3}, Range::positive(), "learning rate η, as in Figures 5 and 10"),
                 chosen("sigma", {0.1}, Range::positive(),
                        "standard deviation of the gradient noise, as in Figure 10"),
                 chosen("curvature", {2.0}, Range::positive(), "λ of f = λx²/2"),
                 printed("beta_1", {0.9}, {.low = 0.0, .high = 1.0}, "decay of Adam's first moment")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
