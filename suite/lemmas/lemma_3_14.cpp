#include "reference/theory/lemma_3_14.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sdelens/exact/mean_field.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/adaptive_methods.hpp"

namespace sdelens {
namespace {

constexpr std::uint64_t fine = 2;
const char* const window = "stationary";

/// One weight decay: the optimizer alone in long runs, and beside each SDE on the same Brownian path.
struct Run {
  theory::AdaptiveCoordinate coordinate;
  MeanField oracle;
  std::shared_ptr<const Ensemble> optimizer{}, printed{}, repaired{};
  std::string lemma() const { return coordinate.weight_decay > 0.0 ? "3.14" : "C.30"; }
  std::string item() const { return coordinate.weight_decay > 0.0 ? "Lemma 3.14 (C.34)" : "C.30"; }
  double speed() const { return coordinate.curvature / coordinate.sigma + coordinate.weight_decay; }
};

MeanFieldSettings oracle_settings(const theory::AdaptiveCoordinate& coordinate, double beta_1) {
  return {.learning_rate = coordinate.learning_rate,
          .curvature = coordinate.curvature,
          .sigma = coordinate.sigma,
          .beta_1 = beta_1,
          .weight_decay = coordinate.weight_decay};
}

Recording stationary(std::uint64_t iterations) {
  return {.windows = {{.name = window, .first = iterations / 10, .last = iterations, .every = 8}}};
}

Run order(const Settings& settings, Simulations& simulations, double gamma) {
  Run run{.coordinate = {.learning_rate = settings.scalar("eta"),
                         .curvature = settings.scalar("curvature"),
                         .sigma = settings.scalar("sigma"),
                         .weight_decay = gamma},
          .oracle = {}};
  run.oracle = mean_field(oracle_settings(run.coordinate, settings.scalar("beta_1")));
  const Model model = quadratic_with_gaussian_noise({run.coordinate.curvature}, run.coordinate.sigma,
                                                    run.coordinate.learning_rate);
  const bool decays = gamma > 0.0;
  const std::string method = decays ? "adamw" : "adam";
  Parameters parameters{{"beta_1", settings.list("beta_1")},
                        {"beta_2", settings.list("beta_2")},
                        {"bias_correction", {0.0}},
                        {"initial_v", {run.oracle.squared_gradient}}};
  if (decays) parameters["gamma"] = {gamma};
  // From the root of the variance E x² is stationary at once.
  const Point start = Point::Constant(1, std::sqrt(run.oracle.variance));
  const std::string tag = decays ? fmt::format("AdamW, γ = {}", gamma) : "Adam";
  // Weight decay shortens the relaxation time.
  const double scale = run.coordinate.curvature / run.coordinate.sigma / run.speed();
  const auto iterations =
      static_cast<std::uint64_t>(std::max(500.0, scale * static_cast<double>(settings.count("iterations"))));
  run.optimizer = simulations.add(tag, model.optimizer(method, parameters, start, simulations.stream(tag)),
                                  {squared_column("x^2", 0)}, stationary(iterations), settings.count("runs"));
  const auto beside = [&](const std::string& sde) {
    const std::string name = fmt::format("{} and SDE {}", tag, sde);
    return simulations.add(name,
                           model.coupled(method, parameters, sde, parameters, "weak-order-2", fine, start,
                                         simulations.stream(tag + " beside its SDEs")),
                           {squared_column("x^2", 0), squared_column("X^2", 3)},
                           stationary(std::max<std::uint64_t>(500, iterations * 2 / 5)),
                           settings.count("coupled_runs"));
  };
  run.printed = beside(method);
  run.repaired = beside(method + "-corrected");
  return run;
}

void judge(const Settings& settings, const Run& run, Findings& out) {
  const double eta = run.coordinate.learning_rate;
  const double gamma = run.coordinate.weight_decay;
  const double beta_1 = settings.scalar("beta_1");
  const double r = adaptive_ratio(eta, run.coordinate.curvature, run.coordinate.sigma);
  const double lemma = theory::adamw_stationary_variance(run.coordinate);
  const double allowed = first_order(r, eta, gamma, beta_1);
  const std::string tag = fmt::format("gamma={}", gamma);
  const std::string method = gamma > 0.0 ? "AdamW" : "Adam";
  const std::string equation = gamma > 0.0 ? "(174)" : "(124)";
  const auto variance = [](const Ensemble& ensemble, const char* observable) {
    return mean_of(ensemble.average(window, observable));
  };
  const Measurement optimizer = variance(*run.optimizer, "x^2");

  out.expect(
      {.id = "optimizer/mean-field/" + tag,
       .statement = "Simulated " + method + " has the stationary variance of the mean-field fixed point",
       .source = {.paper = "A", .item = run.item()},
       .margin = mean_field_margin,
       .margin_reason = mean_field_margin_reason,
       .resolution = {.relative = 0.02}},
      {.value = run.oracle.variance}, optimizer, {run.optimizer});
  out.expect({.id = "optimizer/lemma/" + tag,
              .statement = "The stationary variance of " + method +
                           " itself is, at leading order, (η/2)(λ/σ + γ)⁻¹; its mean is 0",
              .source = {.paper = "A", .item = run.item() + ", of the optimizer"},
              .lemmas = {run.lemma()},
              .wording = Wording::corrected,
              .margin = {.relative = allowed},
              .margin_reason = first_order_reason,
              .resolution = {.relative = allowed + 0.02}},
             {.value = lemma}, optimizer, {run.optimizer});
  const auto departure = [&](double at) {
    theory::AdaptiveCoordinate coordinate = run.coordinate;
    coordinate.learning_rate = at;
    return std::abs(mean_field(oracle_settings(coordinate, beta_1)).variance /
                        theory::adamw_stationary_variance(coordinate) -
                    1.0);
  };
  out.expect(
      {.id = "optimizer/leading-order/" + tag,
       .statement = "What " + method + " departs from it by is proportional to η: slope 1 from η/10 to η",
       .source = {.paper = "A", .item = run.item() + ", of the optimizer"},
       .lemmas = {run.lemma()},
       .wording = Wording::corrected,
       .margin = {.absolute = r + allowed},
       .margin_reason = "the second order in η is to the first as the first to 1"},
      {.value = 1.0}, exactly(std::log10(departure(eta) / departure(0.1 * eta))));
  // On one path the slow noise of optimizer and SDE cancels in the ratio, and the mean field leads back to a variance.
  const double from_oracle = mean_field_margin.relative;
  const double lyapunov = theory::printed_adamw_sde_variance(run.coordinate, beta_1) / run.oracle.variance;
  const Measurement printed_ratio = ratio_of_averages(*run.printed, window, "X^2", "x^2");
  const Measurement printed_variance = of_averages(
      *run.printed, window, {"X^2", "x^2"},
      [&](const std::vector<double>& means) { return means[0] / means[1] * run.oracle.variance; });
  out.expect(
      {.id = "sde/as-printed/" + tag,
       .statement = "The stationary variance of SDE " + equation +
                    " is (η/2)(λ/σ + γ)⁻¹, as printed; compared through " + method +
                    " on the same Brownian path",
       .source = {.paper = "A", .item = run.item() + ", as printed"},
       .lemmas = {run.lemma()},
       .margin = {.relative = allowed + r},
       .margin_reason = "leading order in η: 0.35 ηλ/σ and 1.2 ηγ/(1−β₁) as for the optimizer, and ηλ/σ",
       .resolution = {.relative = allowed + r + 0.02},
       .expected = Verdict::fail},
      {.value = lemma, .error = from_oracle * lemma}, printed_variance, {run.printed});
  out.expect({.id = "sde/corrected/" + tag,
              .statement = "The stationary variance of SDE " + equation +
                           " is β₁²ρ₁/(ρ₁ + (1−β₁)λ/σ + γ) times (η/2)(λ/σ + γ)⁻¹, ρ₁ = (1−β₁)/η; "
                           "compared with " +
                           method + " on the same Brownian path",
              .source = {.paper = "A", .item = run.item() + ", corrected"},
              .lemmas = {run.lemma()},
              .wording = Wording::corrected,
              .margin = {.relative = r},
              .margin_reason = "V held at σ²: first order in ηλ/σ",
              .resolution = {.relative = r + 0.01}},
             {.value = lyapunov, .error = from_oracle * lyapunov}, printed_ratio, {run.printed});
  const Measurement repaired_ratio = ratio_of_averages(*run.repaired, window, "X^2", "x^2");
  out.expect(
      {.id = "sde/repaired/" + tag,
       .statement = "With the noise of the fresh gradient, √η ηρ₁Σ^(1/2)dW in the bracket of dX, SDE " +
                    equation + " has the stationary variance of " + method,
       .source = {.paper = "A", .item = run.item() + ", corrected"},
       .lemmas = {run.lemma()},
       .wording = Wording::corrected,
       .margin = {.relative = eta * run.speed()},
       .margin_reason = "both depart from the leading order in η alike, up to η(λ/σ + γ)",
       .resolution = {.relative = eta * run.speed() + 0.005}},
      {.value = 1.0}, repaired_ratio, {run.repaired});
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "gammas");
  std::vector<Run> runs;
  for (const double gamma : settings.list("gammas")) runs.push_back(order(settings, simulations, gamma));

  return [=](Findings& out) {
    const double beta_1 = settings.scalar("beta_1");
    Series optimizer = points("Adam(W)", Role::optimizer, 0);
    Series printed = points("SDE (174), (124)", Role::sde, 1);
    Series repaired = points("SDE with the fresh gradient's noise", Role::sde, 2);
    std::string numbers;
    for (const Run& run : runs) {
      judge(settings, run, out);
      const double lemma = theory::adamw_stationary_variance(run.coordinate);
      const double gamma = run.coordinate.weight_decay;
      const Measurement alone = mean_of(run.optimizer->average(window, "x^2"));
      const Measurement first = ratio_of_averages(*run.printed, window, "X^2", "x^2");
      const Measurement second = ratio_of_averages(*run.repaired, window, "X^2", "x^2");
      optimizer.x.push_back(gamma);
      optimizer.y.push_back(alone.value / lemma);
      printed.x.push_back(gamma);
      printed.y.push_back(first.value * run.oracle.variance / lemma);
      repaired.x.push_back(gamma);
      repaired.y.push_back(second.value * run.oracle.variance / lemma);
      numbers += fmt::format(
          " γ = {}: λ Var x/2 of the optimizer {:.4g} ± {:.1g}, of the lemma {:.4g}; the SDE has "
          "{:.4f} ± {:.1g} of the optimizer's, repaired {:.4f} ± {:.1g}.",
          gamma, 0.5 * run.coordinate.curvature * alone.value,
          0.5 * run.coordinate.curvature * alone.standard_error, 0.5 * run.coordinate.curvature * lemma,
          first.value, first.standard_error, second.value, second.standard_error);
    }
    const double most = std::max(1.0, *std::ranges::max_element(settings.list("gammas")));
    const auto over_gamma = [&](std::string label, Role role, int colour, const auto& ratio) {
      Series series = points(std::move(label), role, colour);
      for (int i = 0; i <= 40; ++i) {
        theory::AdaptiveCoordinate coordinate = runs.front().coordinate;
        coordinate.weight_decay = most * i / 40.0;
        series.x.push_back(coordinate.weight_decay);
        series.y.push_back(ratio(coordinate) / theory::adamw_stationary_variance(coordinate));
      }
      return series;
    };
    out.show(
        {.id = "variance",
         .title = "Stationary variance over that of Lemma 3.14",
         .caption = "Measured (points joined by lines) and calculated, against the weight decay γ; γ = 0 is "
                    "Adam. The SDE's variance is measured beside the optimizer's on the same path." +
                    numbers,
         .x = {.label = "weight decay γ"},
         .y = {.label = "Var x / Lemma 3.14"},
         .series = {optimizer, printed, repaired,
                    over_gamma("Lemma 3.14, C.30", Role::bound, 3, theory::adamw_stationary_variance),
                    over_gamma("mean-field fixed point", Role::theory, 0,
                               [&](const theory::AdaptiveCoordinate& c) {
                                 return mean_field(oracle_settings(c, beta_1)).variance;
                               }),
                    over_gamma("Lyapunov equation of the SDE", Role::theory, 1,
                               [&](const theory::AdaptiveCoordinate& c) {
                                 return theory::printed_adamw_sde_variance(c, beta_1);
                               }),
                    over_gamma("Lyapunov equation, repaired", Role::theory, 2,
                               [&](const theory::AdaptiveCoordinate& c) {
                                 return theory::corrected_adamw_sde_variance(c, beta_1);
                               })}});
  };
}

const Register<Experiment> lemma_3_14{{
    .name = "lemma-3.14",
    .title = "Stationary variance of Adam(W) and of its SDE",
    .summary =
        "Lemma 3.14, and C.30 at γ = 0, give the stationary law of the SDE of AdamW. At leading order in η "
        "it "
        "is the law of AdamW itself; the SDE as printed has about 0.81 of the variance at β₁ = 0.9, because "
        "dX lacks the noise of the fresh gradient. With that noise the SDE has AdamW's variance. V starts at "
        "its stationary mean, without bias correction, and x at the root of the stationary variance.",
    .source = {.paper = "A", .item = "Lemma 3.14 (C.34), C.30"},
    .lemmas = {"3.14", "C.30"},
    .settings = {printed("eta", {1e-3}, Range::positive(), "learning rate η, as in Figure 5"),
                 printed("sigma", {1.0}, Range::positive(),
                         "standard deviation of the gradient noise, as in Figure 5, left"),
                 chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
                 printed("beta_1", {0.9}, {.low = 0.0, .high = 1.0, .low_included = false},
                         "decay of the first moment"),
                 printed("beta_2", {0.999}, Range::unit(), "decay of the second moment"),
                 chosen("gammas", {0.0, 1.0, 4.0}, Range::non_negative(),
                        "weight decays γ; 0 is Adam, 1 and 4 are those of Figure 5"),
                 chosen("iterations", {60000}, Range::at_least(1000),
                        "iterations without weight decay, 60 relaxation times of x; with it, as many "
                        "relaxation times. Beside an SDE two fifths of them"),
                 chosen("runs", {8192}, replica_range(), "replicas of the optimizer at the standard tier"),
                 chosen(
                     "coupled_runs", {256}, replica_range(),
                     "replicas of the optimizer beside an SDE, integrated with weak order 2 and dt = η/2")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
