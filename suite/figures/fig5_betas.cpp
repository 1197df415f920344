#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/study/comparison/figures.hpp"
#include "suite/study/ingredients.hpp"
#include "suite/study/minima.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Figure 5, centre-right"};
constexpr const char* statement = "sentence-betas-basin";

constexpr const char* last_fifth = "last fifth";

Choice adamw(double beta_1, double beta_2, const Settings& settings) {
  return {.name = "adamw",
          .given = {{"beta_1", {beta_1}}, {"beta_2", {beta_2}}, {"gamma", settings.list("gamma")}}};
}

Problem problem_of(const Choice& optimizer, const Settings& settings) {
  return make_problem({.optimizer = optimizer,
                       .landscape = {.name = "embedded-saddle"},
                       .noise = {.name = "gaussian", .given = {{"sigma", settings.list("sigma")}}},
                       .learning_rate = settings.scalar("eta"),
                       .start = settings.point("x0")});
}

/// The quadratic that the landscape is at a minimum, around 0.
Problem quadratic_at(const Point& minimum, const Problem& problem) {
  const Point curvatures = problem.loss->hessian(minimum).diagonal();
  return quadratic_problem(problem.optimizer, {curvatures.begin(), curvatures.end()}, problem.sigmas()(0),
                           problem.learning_rate, problem.origin());
}

/// Where the mean force of AdamW and its weight decay cancel: f' / sqrt(f'^2 + sigma^2) = -gamma x.
Point balance_near(const Point& minimum, const Problem& problem) {
  const Point curvatures = problem.loss->hessian(minimum).diagonal();
  const Eigen::VectorXd sigmas = problem.sigmas();
  Point result = minimum;
  constexpr int rounds = 100;
  for (int round = 0; round < rounds; ++round) {
    const Point g = gradient_at(*problem.loss, result);
    for (const Index i : problem.coordinates()) {
      result(i) -= (g(i) + problem.weight_decay() * result(i) * std::hypot(sigmas(i), g(i))) / curvatures(i);
    }
  }
  return result;
}

/// f at the shifted minimum above the minimum: sum of f'' (sigma gamma x / f'')^2 / 2.
double loss_of_shift(const Point& minimum, const Problem& local) {
  double result = 0.0;
  for (const Index i : local.coordinates()) {
    const double pull = local.sigmas()(i) * local.weight_decay() * minimum(i);
    result += 0.5 * pull * pull / local.curvatures()(i);
  }
  return result;
}

/// A minimum of the landscape and what AdamW makes of it at first order in the learning rate, whatever the betas.
struct Basin {
  std::string name;
  Point minimum, balance;
  double floor;   ///< f at the minimum
  Problem local;  ///< the quadratic there
  double noise;   ///< Lemma 3.14 about it: sum of (eta / 4) f'' / (f'' / sigma + gamma)
  double shift;   ///< see loss_of_shift

  double excess() const { return noise + shift; }
};

/// @param near  a point from which Newton's method finds the minimum
Basin basin_at(std::string name, const Problem& problem, const Point& near) {
  const Point minimum = minimum_near(*problem.loss, near);
  const Problem local = quadratic_at(minimum, problem);
  return {.name = std::move(name),
          .minimum = minimum,
          .balance = balance_near(minimum, problem),
          .floor = value_at(*problem.loss, minimum),
          .local = local,
          .noise = Asked("lemma-3.14", local).loss().value,
          .shift = loss_of_shift(minimum, local)};
}

/// AdamW with one choice of the betas.
struct Run {
  std::string id;
  std::string label;
  Problem problem;
  Basin basin;  ///< where it goes without noise
  Simulated simulated;

  /// Of the excess over the minimum, to first order.
  double relative_margin() const {
    return adaptive_margin(with_optimizer(basin.local, problem.optimizer)).bound.relative;
  }
};

constexpr const char* margin_reason =
    "first order, of the excess over f_min: 0.35 ηf''/σ and 1.2 ηγ/(1 − β₁)";

struct Runs {
  Basin left, right;
  std::vector<Run> all;
};

Simulated order(const std::string& name, const Problem& problem, const Settings& settings,
                Simulations& simulations) {
  const std::uint64_t iterations = settings.count("iterations");
  std::vector<Observable> observables = coordinates_and_loss(problem.loss);
  observables.push_back({.name = "right", .evaluate = [](In state, OutColumn value) {
                           value = (state.col(0) > 0.0).cast<double>();
                         }});
  return simulations.optimizer(name, problem,
                               {.recording = {.steps = logarithmic_steps(iterations, 160),
                                              .windows = {{.name = last_fifth,
                                                           .first = iterations - iterations / 5,
                                                           .last = iterations,
                                                           .every = 5}}},
                                .runs = settings.count("runs"),
                                .observables = std::move(observables)});
}

Runs order_runs(const Settings& settings, Simulations& simulations) {
  const std::vector<double>& beta_1 = settings.list("beta_1");
  const std::vector<double>& beta_2 = settings.list("beta_2");
  const Problem first = problem_of(adamw(beta_1.front(), beta_2.front(), settings), settings);
  Runs runs{.left = basin_at("left", first, Eigen::Vector2d(-1.0, 0.0)),
            .right = basin_at("right", first, Eigen::Vector2d(1.0, 0.0)),
            .all = {}};
  for (const double one : beta_1) {
    for (const double two : beta_2) {
      const Problem problem = with_optimizer(first, adamw(one, two, settings));
      const std::string name = fmt::format("β₁ = {}, β₂ = {}", one, two);
      const bool goes_right = noise_free_end(problem, settings.count("iterations"))(0) > 0.0;
      runs.all.push_back({.id = fmt::format("b1={}/b2={}", one, two),
                          .label = name,
                          .problem = problem,
                          .basin = goes_right ? runs.right : runs.left,
                          .simulated = order(name, problem, settings, simulations)});
    }
  }
  return runs;
}

void claim_basin(const Run& run, Findings& out) {
  out.claim("basin/" + run.id)
      .at(source)
      .says(fmt::format("AdamW from x₀ reaches the {} minimum, where it goes without noise: E x₁ there is "
                        "where the gradient and the weight decay balance",
                        run.basin.name))
      .equals(run.simulated.mean(0).over(last_fifth), {.value = run.basin.balance(0)})
      .margin(absolute(1e-3),
              "the noise shifts the mean by f''' Var x/(2f''), 4·10⁻⁵; with one run in a hundred in the "
              "other basin E x₁ is off by 0.02")
      .resolves(absolute(0.01));
}

void claims_of_level(const Run& run, Findings& out) {
  const Basin& basin = run.basin;
  const double margin = run.relative_margin();
  const Measurement level = run.simulated.loss().over(last_fifth);
  out.claim("level/" + run.id)
      .at(source)
      .of(statement)
      .says(
          "The asymptotic loss is f_min of the basin + Σ (η/4)f''/(f''/σ + γ) + Σ ½f''(σγx*/f'')²: Lemma "
          "3.14 and the shift of the minimum by weight decay")
      .equals(level, {.value = basin.floor + basin.excess()})
      .margin(absolute(margin * basin.excess()), margin_reason)
      .resolves(absolute((margin + 0.05) * basin.excess()));
  out.claim("level-without-shift/" + run.id)
      .at(source)
      .says(
          "The asymptotic loss is f_min of the basin + Σ (η/4)f''/(f''/σ + γ), Lemma 3.14 alone, which "
          "needs the minimum at x = 0")
      .equals(level, {.value = basin.floor + basin.noise})
      .margin(absolute(margin * basin.excess()), margin_reason)
      .resolves(absolute((margin + 0.05) * basin.excess()))
      .is_refuted();
}

void claim_of_printed_bound(const Run& run, Findings& out) {
  out.claim("minimum-not-at-0/" + run.id)
      .at(source)
      .of("3.13")
      .says("The asymptotic loss is at most f_min of the basin + S∞, without X* = 0, which is not printed")
      .at_most(run.simulated.loss().over(last_fifth),
               {.value = run.basin.floor + Asked("lemma-3.13", run.basin.local).loss().value})
      .margin(absolute(run.relative_margin() * run.basin.excess()), margin_reason)
      .is_refuted();
}

Measurement difference_of_averages(const Run& one, const Run& other, const char* observable) {
  return jackknife(std::vector<Sample>{one.simulated->average(last_fifth, observable),
                                       other.simulated->average(last_fifth, observable)},
                   [](std::span<const Moments> m) { return m[0].mean - m[1].mean; });
}

void claim_betas_choose(const Runs& runs, Findings& out) {
  const auto place = [](const Run& run) { return run.basin.minimum(0); };
  const Run& one = *std::ranges::max_element(runs.all, {}, place);
  const Run& other = *std::ranges::min_element(runs.all, {}, place);
  out.claim("betas-choose")
      .at(source)
      .of(statement)
      .says(fmt::format("The betas decide the basin: E x₁ with {} is to the right of E x₁ with {} by the "
                        "distance of the minima",
                        one.label, other.label))
      .at_least(difference_of_averages(one, other, "x1"),
                {.value = runs.right.minimum(0) - runs.left.minimum(0)})
      .margin(relative(0.01), "weight decay moves both minima by 1/2 % of their distance towards 0");
}

/// Of every run in a basin and the first one there.
void claims_of_same_level(const Runs& runs, const Basin& basin, Findings& out) {
  const auto inside = [&](const Run& run) { return run.basin.name == basin.name; };
  const auto reference = std::ranges::find_if(runs.all, inside);
  if (reference == runs.all.end()) return;
  for (auto run = std::next(reference); run != runs.all.end(); ++run) {
    if (!inside(*run)) continue;
    const double margin = std::max(run->relative_margin(), reference->relative_margin());
    out.claim("same-level/" + run->id)
        .at(source)
        .of(statement)
        .says(fmt::format("In the {} basin the asymptotic loss does not depend on the betas: with {} it is "
                          "that with {}",
                          basin.name, run->label, reference->label))
        .equals(difference_of_averages(*run, *reference, "f"), {.value = 0.0})
        .margin(absolute(margin * basin.excess()), margin_reason)
        .resolves(absolute((margin + 0.05) * basin.excess()));
  }
}

/// What the paths of a coordinate span, with a tenth of it on each side.
Interval frame(const Runs& runs, Index coordinate) {
  Interval span{.low = -1.0, .high = 1.0};
  for (const Run& run : runs.all) {
    for (const double mean : run.simulated.mean(coordinate).curve("", Role::optimizer, 0).y) {
      span.low = std::min(span.low, mean);
      span.high = std::max(span.high, mean);
    }
  }
  const double margin = 0.1 * (span.high - span.low);
  return {.low = span.low - margin, .high = span.high + margin};
}

/// One colour for each beta_1.
int colour_of(const Run& run, const Settings& settings) {
  const std::vector<double>& beta_1 = settings.list("beta_1");
  return static_cast<int>(std::ranges::find(beta_1, run.problem.beta_1()) - beta_1.begin());
}

Figure path_figure(const Runs& runs, const Settings& settings) {
  const Problem& problem = runs.all.front().problem;
  std::vector<Series> series;
  for (const Run& run : runs.all) {
    series.push_back(mean_path(run.simulated, run.label, Role::optimizer, colour_of(run, settings)));
  }
  return {.id = "paths",
          .title = "AdamW on the saddle: mean paths",
          .caption = fmt::format("Mean over the runs of (x₁, x₂), from x₀ = ({}, {}); one colour for each "
                                 "β₁. The minima are at x₁ = {:.5f} (f = {:.6f}) and x₁ = {:.5f} (f = "
                                 "{:.6f}), the saddle is at 0.",
                                 problem.start(0), problem.start(1), runs.right.minimum(0), runs.right.floor,
                                 runs.left.minimum(0), runs.left.floor),
          .x = {.label = "x₁"},
          .y = {.label = "x₂"},
          .series = std::move(series),
          .contours = contours_of(*problem.loss, frame(runs, 0), frame(runs, 1), 121)};
}

Figure loss_figure(const Runs& runs, const Settings& settings) {
  std::vector<Series> series;
  for (const Run& run : runs.all) {
    series.push_back(run.simulated.loss().curve(run.label, Role::optimizer, colour_of(run, settings)));
    for (double& y : series.back().y) y -= runs.right.floor;
  }
  auto colour = static_cast<int>(settings.list("beta_1").size());
  for (const Basin& basin : {runs.left, runs.right}) {
    const double level = basin.floor + basin.excess() - runs.right.floor;
    const auto constant = [level](double) { return Prediction{.value = level}; };
    series.push_back(drawn(constant, runs.all.front().simulated->iterations(),
                           "level, " + basin.name + " basin", Role::theory, colour++));
  }
  return {.id = "loss",
          .title = "AdamW on the saddle: loss above the lower minimum",
          .caption =
              "Mean over the runs of f − f_min, f_min the lower of the two minima (right); one colour for "
              "each β₁. Dotted: the predicted levels of the two basins, with the noise of Lemma 3.14 and "
              "the shift of the minimum by weight decay.",
          .x = {.label = "iteration k", .logarithmic = true},
          .y = {.label = "f(x) − f_min", .logarithmic = true},
          .series = std::move(series)};
}

Figure side_figure(const Runs& runs, const Settings& settings) {
  std::vector<Series> series;
  for (const Run& run : runs.all) {
    series.push_back(run.simulated.mean_of_observable("right").curve(run.label, Role::optimizer,
                                                                     colour_of(run, settings)));
  }
  return {.id = "side",
          .title = "AdamW on the saddle: runs to the right of it",
          .caption = "Share of the runs with x₁ > 0; one colour for each β₁.",
          .x = {.label = "iteration k", .logarithmic = true},
          .y = {.label = "share of runs with x₁ > 0", .low = -0.05, .high = 1.05},
          .series = std::move(series)};
}

Figure level_figure(const Runs& runs, const Settings& settings) {
  std::vector<Series> series;
  for (const double beta_1 : settings.list("beta_1")) {
    Series measured{.label = fmt::format("β₁ = {}", beta_1), .role = Role::optimizer};
    Series predicted{.label = fmt::format("first order, β₁ = {}", beta_1), .role = Role::theory};
    for (const Run& run : runs.all) {
      if (run.problem.beta_1() != beta_1) continue;
      measured.colour = predicted.colour = colour_of(run, settings);
      const Measurement average = run.simulated.loss().over(last_fifth);
      const double excess = average.value - run.basin.floor;
      measured.x.push_back(run.problem.beta_2());
      measured.y.push_back(excess);
      measured.low.push_back(excess - 2.0 * average.standard_error);
      measured.high.push_back(excess + 2.0 * average.standard_error);
      predicted.x.push_back(run.problem.beta_2());
      predicted.y.push_back(run.basin.excess());
    }
    series.push_back(std::move(measured));
    series.push_back(std::move(predicted));
  }
  return {.id = "level",
          .title = "AdamW on the saddle: asymptotic loss above the basin's own minimum",
          .caption =
              "Average of f − f_min over the last fifth of the iterations, f_min the minimum of the basin "
              "that the run is in; band: two standard errors. Dotted: first order, Σ (η/4)f''/(f''/σ + γ) + "
              "Σ ½f''(σγx*/f'')².",
          .x = {.label = "β₂"},
          .y = {.label = "E f − f_min of the basin"},
          .series = std::move(series)};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "beta_1");
  require_distinct(settings, "beta_2");
  const Runs runs = order_runs(settings, simulations);
  return [=](Findings& out) {
    for (const Run& run : runs.all) {
      claim_basin(run, out);
      claims_of_level(run, out);
    }
    claim_of_printed_bound(runs.all.front(), out);
    claim_betas_choose(runs, out);
    for (const Basin& basin : {runs.left, runs.right}) claims_of_same_level(runs, basin, out);
    out.show(path_figure(runs, settings));
    out.show(loss_figure(runs, settings));
    out.show(side_figure(runs, settings));
    out.show(level_figure(runs, settings));
  };
}

const Register<Experiment> fig5_betas{{
    .name = "fig5-betas",
    .title = "The betas of AdamW choose the basin, not the level",
    .summary = "AdamW on the embedded saddle for nine choices of the betas. From afar β₁ = 0.999 carries "
               "the run past the saddle to the right minimum, smaller β₁ do not; inside a basin the "
               "asymptotic loss is the same for all betas to first order: the noise of Lemma 3.14 and, "
               "because the minima are not at 0, as much again from weight decay.",
    .source = source,
    .lemmas = {statement, "3.13"},
    .most_claims = {.replicas = 48},
    .settings =
        {printed("eta", {1e-3}, Range::positive(), "learning rate η"),
         printed("sigma", {0.1}, Range::positive(), "standard deviation of the gradient noise"),
         printed("gamma", {0.1}, Range::non_negative(), "weight decay γ"),
         printed("beta_1", {0.9, 0.99, 0.999}, Range::unit(),
                 "decays of the first moment: the legend has 0.9 and 0.999, the text (F.6) 0.99 and 0.999"),
         printed("beta_2", {0.992, 0.996, 0.998}, Range::unit(), "decays of the second moment"),
         chosen("x0", {-2.2, 1.0}, Range::finite(),
                "start; the paper names none. Near the saddle all betas go the same way: the momentum "
                "chooses only from afar, for x₁ from −2.32 to −2.08 at all three β₂"),
         printed("iterations", {50000}, Range::at_least(1000), "iterations"),
         chosen("runs", {64}, replica_range(), "replicas at the standard tier; the paper names none")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
