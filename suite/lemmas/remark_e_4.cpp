#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reference/theory/adaptive_descent.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

constexpr const char* remark = "remark-E.4";

/// RMSprop from v_0 = c sigma^2, and the run rescaled by kappa = sqrt(delta), which has the SDE of the first in
/// u = delta v at kappa^2 times the speed. v_0 divided by delta is the same u_0; v_0 as it was is another.
struct Path {
  std::string id, label;
  Problem problem;
  double speed;   ///< base iterations in one of its own
  double excess;  ///< u_0 / sigma^2 - 1
  Simulated simulated{};
};

double mean_at(const Problem& base, double excess, double time) {
  return theory::rmsprop_mean({.start = base.start(0),
                               .rate = base.curvatures()(0) / base.sigmas()(0),
                               .rho = (1.0 - base.beta_2()) / base.learning_rate,
                               .excess = excess},
                              time);
}

struct Paths {
  Problem base;
  std::vector<Path> all;
};

Paths order(const Settings& settings, Simulations& simulations) {
  const double sigma = settings.scalar("sigma"), kappa = settings.scalar("kappa"),
               c = settings.scalar("initial_v");
  const auto from = [](const Problem& problem, double v) {
    Choice optimizer{.name = problem.optimizer.name, .given = problem.optimizer.given};
    optimizer.given["initial_v"] = {v};
    return with_optimizer(problem, std::move(optimizer));
  };
  const Problem base =
      from(adaptive_problem("rmsprop", {0.0, settings.scalar("beta"), 0.0}, settings.list("curvature"), sigma,
                            settings.scalar("eta"), settings.point("x0")),
           c * sigma * sigma);
  const Problem divided = rescaled(base, {.learning_rate_scale = kappa, .batch_size_scale = kappa * kappa});
  const double speed = kappa * kappa;
  Paths paths{base,
              {{"base", "base run", base, 1.0, c - 1.0},
               {"divided", "rescaled, v₀/δ", divided, speed, c - 1.0},
               {"same", "rescaled, same v₀", from(divided, c * sigma * sigma), speed, speed * c - 1.0}}};
  for (Path& path : paths.all) {
    const auto last = static_cast<std::uint64_t>(settings.scalar("iterations") / path.speed);
    path.simulated =
        simulations.optimizer("RMSprop, " + path.label, path.problem,
                              {.recording = {.steps = even_steps(last, 40)}, .runs = settings.count("runs")});
  }
  return paths;
}

double base_time(const Paths& paths, const Path& path, double k) { return paths.base.time(k * path.speed); }

/// Relative to the start: the discrete steps, and V of the SDE for that of RMSprop.
Margin first_order(const Paths& paths) {
  double step = 0.0;
  for (const Path& path : paths.all) {
    const double rho = 1.0 - path.problem.beta_2();
    step = std::max({step, path.problem.largest_ratio(), rho});
  }
  const double y = paths.base.curvatures()(0) * paths.base.start(0) / paths.base.sigmas()(0);
  return {absolute((step + 0.5 * y * y) * std::abs(paths.base.start(0))),
          "first order of x₀: ηλ/σ and 1 − β of the rescaled run, and (∇f)² in V, (λx₀/σ)²/2"};
}

void claims_of(const Paths& paths, Findings& out) {
  const Margin margin = first_order(paths);
  const double start = std::abs(paths.base.start(0));
  for (const Path& path : paths.all) {
    out.claim("path/" + path.id)
        .of(remark)
        .says(fmt::format("E x of RMSprop, {}, follows the SDE that both runs share from u₀ = {:.3g} σ²",
                          path.label, path.excess + 1.0))
        .equals(path.simulated.mean(0).along(8),
                [paths, path](double k) {
                  return Prediction{.value = mean_at(paths.base, path.excess, base_time(paths, path, k))};
                })
        .margin(margin)
        .resolves(absolute(margin.bound.absolute + 0.02 * start));
  }
  const auto of_base = [&](double k) {
    return Prediction{.value = mean_at(paths.base, paths.all[0].excess, base_time(paths, paths.all[2], k))};
  };
  out.claim("path-changes")
      .of(remark)
      .says(
          "A rule that leaves the SDE's equation unchanged, but the optimizer's v₀ as it was, need not keep "
          "E x: it is "
          "above that of the base run by a tenth of the start, at half of the way")
      .at_least(paths.all[2].simulated.mean(0).at(20),
                {.value = of_base(*paths.all[2].simulated.mean(0).at(20).iteration).value + 0.1 * start})
      .margin(margin);
}

Figure figure(const Paths& paths) {
  std::vector<Series> series;
  int colour = 0;
  for (const Path& path : paths.all) {
    Series measured = path.simulated.mean(0).curve(path.label, Role::optimizer, colour);
    Series theory{.label = path.label + ", SDE", .role = Role::theory, .colour = colour++, .x = {}, .y = {}};
    for (double& k : measured.x) {
      const double time = base_time(paths, path, k);
      theory.y.push_back(mean_at(paths.base, path.excess, time));
      k = time;
    }
    theory.x = measured.x;
    series.push_back(std::move(measured));
    series.push_back(std::move(theory));
  }
  return {.id = "paths",
          .title = "A scaling rule and the start of V",
          .caption =
              "E x against the time of the base run. κ = √δ and β̃ = 1 − κ²(1 − β) leave the equation of "
              "RMSprop's "
              "SDE as it is in x and u = δV; with the optimizer's v₀ as it was u starts elsewhere.",
          .x = {.label = "t of the base run"},
          .y = {.label = "E x"},
          .series = std::move(series)};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const Paths paths = order(settings, simulations);
  return [=](Findings& out) {
    claims_of(paths, out);
    out.show(figure(paths));
  };
}

const Register<Experiment> remark_e_4{{
    .name = "remark-e.4",
    .title = "A scaling rule changes the initial condition of the SDE",
    .summary = "Remark E.4: a scaling rule leaves the equation of the SDE as it is, but not its initial "
               "condition, so that "
               "the path of the optimizer need not be kept. RMSprop with κ = √δ and β̃ = 1 − κ²(1 − β): with "
               "v₀/δ for "
               "v₀ its mean is that of the base run, with v₀ as it was it is not.",
    .source = {.paper = "A", .item = "Remark E.4"},
    .lemmas = {remark},
    .settings = {chosen("eta", {1e-3}, Range::positive(), "learning rate η of the base run"),
                 chosen("sigma", {0.1}, Range::positive(), "standard deviation of its gradient noise"),
                 chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
                 chosen("beta", {0.995}, Range::unit(), "decay of its second moment: V settles while x does"),
                 chosen("initial_v", {4.0}, Range::positive(), "v₀ of the base run over σ²"),
                 chosen("kappa", {2.0}, Range::positive(), "scale κ of the learning rate"),
                 chosen("x0", {0.02}, Range::positive(), "start: λx₀ = 0.2 σ"),
                 chosen("iterations", {400}, Range::at_least(100), "iterations of the base run"),
                 chosen("runs", {16384}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
