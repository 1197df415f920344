#include "suite/study/panels/fig6.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sdelens/statistics/jackknife.hpp"

namespace sdelens {

std::vector<SettingSpecification> noise_settings() {
  return {printed("eta", {1e-2}, Range::positive(), "learning rate η"),
          printed("sigmas", {0.01, 0.1, 1.0, 10.0, 100.0}, Range::positive(),
                  "standard deviations of the gradient noise; F.7 prints 100 for the last, the legend 10³, "
                  "the axes fit 100"),
          printed("curvatures", {1.0, 1.0}, Range::positive(), "H = diag(curvatures)"),
          chosen("x0", {0.1, 0.1}, Range::finite(),
                 "start, on the lattice η ℤ of SignSGD: even and odd iterations are averaged"),
          printed("iterations", {1e5}, Range::at_least(1000), "iterations"),
          chosen("runs", {1024}, replica_range(), "replicas at the standard tier; the paper names none")};
}

double log_slope(const Settings& settings, const std::vector<double>& losses, std::size_t from,
                 std::size_t to) {
  const std::vector<double>& sigmas = settings.list("sigmas");
  return std::log(losses[to] / losses[from]) / std::log(sigmas[to] / sigmas[from]);
}

Judgement design_noise_panel(const NoisePanel& panel, const Settings& settings, Simulations& simulations,
                             const std::function<void(Findings&, const std::vector<double>& losses)>& more) {
  require_distinct(settings, "sigmas");
  const double eta = settings.scalar("eta");
  const std::uint64_t iterations = settings.count("iterations");
  const std::vector<std::uint64_t> steps = logarithmic_steps(iterations, 90);
  std::vector<std::shared_ptr<const Ensemble>> ensembles;
  for (const double sigma : settings.list("sigmas")) {
    const Model model = quadratic_with_gaussian_noise(settings.list("curvatures"), sigma, eta);
    const std::string name = fmt::format("{}, σ = {}", panel.label, sigma);
    // An odd stride sees even and odd iterations alike.
    ensembles.push_back(simulations.add(
        name,
        model.optimizer(panel.optimizer, panel.parameters(settings), settings.point("x0"),
                        simulations.stream(name)),
        model.observables(),
        {.steps = steps,
         .windows = {{.name = "second half", .first = iterations / 2, .last = iterations, .every = 11}}},
        settings.count("runs")));
  }

  return [=](Findings& out) {
    const std::vector<double>& sigmas = settings.list("sigmas");
    Figure run{.id = "loss",
               .title = fmt::format("{}: loss as the noise grows", panel.label),
               .caption = "Mean over the runs; dotted: the limit that the paper prints.",
               .x = {.label = "iteration k", .logarithmic = true},
               .y = {.label = "f(x)", .logarithmic = true}};
    Series measured{.label = "measured, last half", .role = Role::optimizer, .colour = 0};
    Series limits{.label = "limit in print", .role = Role::bound, .colour = 1};
    Series oracles{.label = panel.oracle_name, .role = Role::theory, .colour = 2};
    std::vector<double> losses;
    for (std::size_t i = 0; i < sigmas.size(); ++i) {
      const double sigma = sigmas[i];
      const std::string tag = fmt::format("sigma={}", sigma);
      const Measurement loss = mean_of(ensembles[i]->average("second half", "f"));
      const double oracle = panel.oracle(settings, sigma);
      const double limit = panel.limit(settings, sigma);
      losses.push_back(oracle);
      out.expect({.id = "simulation/" + tag,
                  .statement = fmt::format("The stationary loss of simulated {} is that of the {}",
                                           panel.label, panel.oracle_name),
                  .source = {.paper = "A", .item = panel.item},
                  .margin = panel.oracle_margin,
                  .margin_reason = panel.oracle_margin_reason,
                  .resolution = {.relative = panel.resolution(sigma)}},
                 {.value = oracle}, loss, {ensembles[i]});
      const bool applies = panel.limit_applies(settings, sigma);
      if (applies || panel.limit_fails(settings, sigma)) {
        out.expect(
            {.id = "limit/" + tag,
             .statement = panel.limit_statement,
             .source = {.paper = "A", .item = panel.item},
             .lemmas = applies ? std::vector<std::string>{panel.lemma} : std::vector<std::string>{},
             .wording = panel.wording,
             .margin = {.relative = panel.limit_margin(settings, sigma)},
             .margin_reason =
                 applies ? panel.limit_margin_reason
                         : "a tenth, the most that \"perfectly verified\" can mean; ηλ/σ is not small here",
             .expected = applies ? Verdict::pass : Verdict::fail},
            {.value = limit, .error = panel.oracle_margin.at(oracle)}, exactly(oracle));
      }
      const int colour = static_cast<int>(i);
      run.series.push_back(
          mean_curve(*ensembles[i], "f", eta, fmt::format("σ = {}", sigma), Role::optimizer, colour, false));
      run.series.push_back({.label = fmt::format("limit, σ = {}", sigma),
                            .role = Role::bound,
                            .colour = colour,
                            .x = {1.0, static_cast<double>(iterations)},
                            .y = {limit, limit}});
      measured.x.push_back(sigma);
      measured.y.push_back(loss.value);
      limits.x.push_back(sigma);
      limits.y.push_back(limit);
      oracles.x.push_back(sigma);
      oracles.y.push_back(oracle);
    }
    more(out, losses);
    out.show(std::move(run));
    out.show({.id = "asymptotic",
              .title = fmt::format("{}: asymptotic loss against the noise", panel.label),
              .caption = "The average loss of the last half of the iterations, the limit in print and the "
                         "best calculation.",
              .x = {.label = "σ", .logarithmic = true},
              .y = {.label = "E f", .logarithmic = true},
              .series = {std::move(measured), std::move(oracles), std::move(limits)}});
  };
}

}  // namespace sdelens
