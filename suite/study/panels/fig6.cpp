#include "suite/study/panels/fig6.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "suite/predictions/stationary_law.hpp"

namespace sdelens {
namespace {

const char* const window = "second half";

NoiseLevel level_at(const NoisePanel& panel, const Settings& settings, double sigma) {
  const Problem problem = quadratic_problem(panel.optimizer(settings), settings.list("curvatures"), sigma,
                                            settings.scalar("eta"), settings.point("x0"));
  return {.sigma = sigma,
          .problem = problem,
          .loss = stationary_law(problem).loss().value,
          .limit = Asked(panel.limit, problem).loss()};
}

Simulated order(const NoisePanel& panel, const Settings& settings, Simulations& simulations,
                const NoiseLevel& level) {
  const std::uint64_t iterations = settings.count("iterations");
  // An odd stride sees even and odd iterations alike.
  return simulations.optimizer(
      fmt::format("{}, σ = {}", panel.label, level.sigma), level.problem,
      {.recording = {.steps = logarithmic_steps(iterations, 90),
                     .windows = {{.name = window, .first = iterations / 2, .last = iterations, .every = 11}}},
       .runs = settings.count("runs")});
}

void claim_of_level(const NoisePanel& panel, const NoiseLevel& level, const Simulated& simulated,
                    Findings& out) {
  const std::string tag = fmt::format("sigma={}", level.sigma);
  const Margin of_law = stationary_law_margin(level.problem);
  out.claim("simulation/" + tag)
      .at(panel.source)
      .says(fmt::format("The stationary loss of simulated {} is that of the {}", panel.label,
                        panel.oracle_name))
      .equals(simulated.loss().over(window), stationary_law(level.problem).loss())
      .margin(of_law)
      .resolves(relative(panel.resolution(level.sigma)));
  const bool applies = panel.limit_applies(level.problem);
  if (!applies && !panel.limit_fails(level.problem)) return;
  auto claim = out.claim("limit/" + tag);
  if (applies) claim.of(panel.lemma, panel.wording);
  claim.in_wording(panel.wording)
      .at(panel.source)
      .says(panel.limit_statement)
      .equals(level.loss, with_error(level.limit, of_law.bound.at(level.loss)));
  if (applies) {
    claim.margin(panel.limit_margin(level.problem));
  } else {
    claim
        .margin(relative(0.1),
                "a tenth, the most that \"perfectly verified\" can mean; ηλ/σ is not small here")
        .is_refuted();
  }
}

Figure run_figure(const NoisePanel& panel, const std::vector<NoiseLevel>& levels,
                  const std::vector<Simulated>& simulated) {
  Figure figure{.id = "loss",
                .title = fmt::format("{}: loss as the noise grows", panel.label),
                .caption = "Mean over the runs; dotted: the limit that the paper prints.",
                .x = {.label = "iteration k", .logarithmic = true},
                .y = {.label = "f(x)", .logarithmic = true}};
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const NoiseLevel& level = levels[i];
    const int colour = static_cast<int>(i);
    figure.series.push_back(
        simulated[i].loss().curve(fmt::format("σ = {}", level.sigma), Role::optimizer, colour));
    figure.series.push_back({.label = fmt::format("limit, σ = {}", level.sigma),
                             .role = Role::bound,
                             .colour = colour,
                             .x = {1.0, simulated[i]->iterations().back()},
                             .y = {level.limit.value, level.limit.value}});
  }
  return figure;
}

Figure asymptotic_figure(const NoisePanel& panel, const std::vector<NoiseLevel>& levels,
                         const std::vector<Simulated>& simulated) {
  Series measured{.label = "measured, last half", .role = Role::optimizer, .colour = 0};
  Series limits{.label = "limit in print", .role = Role::bound, .colour = 1};
  Series calculated{.label = panel.oracle_name, .role = Role::theory, .colour = 2};
  for (std::size_t i = 0; i < levels.size(); ++i) {
    for (Series* series : {&measured, &limits, &calculated}) series->x.push_back(levels[i].sigma);
    measured.y.push_back(simulated[i].loss().over(window).value);
    limits.y.push_back(levels[i].limit.value);
    calculated.y.push_back(levels[i].loss);
  }
  return {.id = "asymptotic",
          .title = fmt::format("{}: asymptotic loss against the noise", panel.label),
          .caption =
              "The average loss of the last half of the iterations, the limit in print and the best "
              "calculation.",
          .x = {.label = "σ", .logarithmic = true},
          .y = {.label = "E f", .logarithmic = true},
          .series = {std::move(measured), std::move(calculated), std::move(limits)}};
}

}  // namespace

bool has_linear_ratio(const Problem& problem) { return problem.largest_ratio() <= largest_linear_ratio; }

bool has_large_ratio(const Problem& problem) { return problem.largest_ratio() >= 1.0 - 1e-9; }

std::vector<SettingSpecification> noise_settings(std::vector<SettingSpecification> own) {
  std::vector<SettingSpecification> settings{
      printed("eta", {1e-2}, Range::positive(), "learning rate η"),
      printed(
          "sigmas", {0.01, 0.1, 1.0, 10.0, 100.0}, Range::positive(),
          "standard deviations of the gradient noise; F.7 prints 100 for the last, the legend 10³, the axes "
          "fit 100"),
      printed("curvatures", {1.0, 1.0}, Range::positive(), "H = diag(curvatures)"),
      chosen("x0", {0.1, 0.1}, Range::finite(),
             "start, on the lattice η ℤ of SignSGD: even and odd iterations are averaged"),
      printed("iterations", {1e5}, Range::at_least(1000), "iterations"),
      chosen("runs", {1024}, replica_range(), "replicas at the standard tier; the paper names none")};
  std::ranges::move(own, std::back_inserter(settings));
  return settings;
}

std::vector<SettingSpecification> beta_settings() {
  return {
      chosen("beta_1", {0.9}, Range::unit(), "decay of the first moment; not printed for this figure"),
      chosen("beta_2", {0.999}, Range::unit(), "decay of the second moment; not printed for this figure")};
}

double log_slope(const NoiseLevel& from, const NoiseLevel& to) {
  return std::log(to.loss / from.loss) / std::log(to.sigma / from.sigma);
}

Judgement design_noise_panel(const NoisePanel& panel, const Settings& settings, Simulations& simulations,
                             const std::function<void(Findings&, const std::vector<NoiseLevel>&)>& more) {
  require_distinct(settings, "sigmas");
  std::vector<NoiseLevel> levels;
  std::vector<Simulated> simulated;
  for (const double sigma : settings.list("sigmas")) {
    levels.push_back(level_at(panel, settings, sigma));
    simulated.push_back(order(panel, settings, simulations, levels.back()));
  }
  return [=](Findings& out) {
    for (std::size_t i = 0; i < levels.size(); ++i) claim_of_level(panel, levels[i], simulated[i], out);
    more(out, levels);
    out.show(run_figure(panel, levels, simulated));
    out.show(asymptotic_figure(panel, levels, simulated));
  };
}

}  // namespace sdelens
