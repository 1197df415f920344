#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/adaptive_run.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Figure 5, centre-right"};

constexpr const char* kWindow = "last fifth";

double value_at(const Landscape& landscape, const Point& x) {
  Column f(1);
  landscape.value(x.transpose().array(), f);
  return f(0);
}

Point gradient_at(const Landscape& landscape, const Point& x) {
  Batch g(1, x.size());
  landscape.gradient(x.transpose().array(), g);
  return g.row(0).matrix().transpose();
}

/// A minimum of the landscape and what AdamW makes of it at first order in the learning rate.
struct Basin {
  std::string name;
  Point minimum;
  Point
      balance;  ///< where the mean force of AdamW and its weight decay cancel: f' / sqrt(f'^2 + sigma^2) = -gamma x
  double floor;  ///< f at the minimum
  double noise;  ///< sum over the coordinates of (eta / 4) f'' / (f'' / sigma + gamma)
  double shift;  ///< f at the shifted minimum above the floor: sum of f'' (sigma gamma x / f'')^2 / 2
  double ratio;  ///< eta f'' / sigma of the largest f''

  double excess() const { return noise + shift; }
};

/// @param near  a point from which Newton's method finds the minimum
Basin basin_at(std::string name, const Landscape& landscape, const AdaptiveRun& run, Point near) {
  constexpr int rounds = 100;
  for (int round = 0; round < rounds; ++round) {
    near -= landscape.hessian(near).diagonal().cwiseInverse().cwiseProduct(gradient_at(landscape, near));
  }
  const Point curvature = landscape.hessian(near).diagonal();
  Basin basin{.name = std::move(name),
              .minimum = near,
              .balance = near,
              .floor = value_at(landscape, near),
              .noise = 0.0,
              .shift = 0.0,
              .ratio = run.learning_rate * curvature.maxCoeff() / run.sigma};
  for (int round = 0; round < rounds; ++round) {
    const Point g = gradient_at(landscape, basin.balance);
    for (Index i = 0; i < near.size(); ++i) {
      basin.balance(i) -=
          (g(i) + run.weight_decay * basin.balance(i) * std::hypot(run.sigma, g(i))) / curvature(i);
    }
  }
  for (Index i = 0; i < near.size(); ++i) {
    const double pull = run.sigma * run.weight_decay * near(i);
    basin.noise += 0.25 * run.learning_rate * curvature(i) / (curvature(i) / run.sigma + run.weight_decay);
    basin.shift += 0.5 * pull * pull / curvature(i);
  }
  return basin;
}

/// Where AdamW goes with the gradient's mean for the gradient and its mean square for its square.
Point noise_free_end(const Landscape& landscape, const AdaptiveRun& run, Point x, std::uint64_t iterations) {
  Point m = Point::Zero(x.size());
  Point v = m;
  double left_1 = 1.0;
  double left_2 = 1.0;
  for (std::uint64_t k = 0; k < iterations; ++k) {
    const Point g = gradient_at(landscape, x);
    left_1 *= run.beta_1;
    left_2 *= run.beta_2;
    m = run.beta_1 * m + (1.0 - run.beta_1) * g;
    v = run.beta_2 * v + (1.0 - run.beta_2) * (g.array().square() + run.sigma * run.sigma).matrix();
    const Point step = (m / (1.0 - left_1)).cwiseQuotient((v / (1.0 - left_2)).cwiseSqrt());
    x -= run.learning_rate * (step + run.weight_decay * x);
  }
  return x;
}

/// AdamW with one choice of the betas.
struct Choice {
  std::string id;
  std::string label;
  AdaptiveRun run;
  std::shared_ptr<const Ensemble> ensemble{};
  Basin basin;  ///< where it goes without noise

  double margin() const { return 0.35 * basin.ratio + run.weight_decay_bias(); }
};

Series path_of(const Choice& choice, int colour) {
  Series series{.label = choice.label, .role = Role::optimizer, .colour = colour};
  for (std::size_t place = 0; place < choice.ensemble->recorded_steps().size(); ++place) {
    series.x.push_back(choice.ensemble->at(place, "x1").total().mean);
    series.y.push_back(choice.ensemble->at(place, "x2").total().mean);
  }
  return series;
}

/// What the paths of a coordinate, counted from 1, span, with a tenth of it on each side.
Interval frame(const std::vector<Choice>& choices, int coordinate) {
  Interval span{.low = -1.0, .high = 1.0};
  for (const Choice& choice : choices) {
    for (std::size_t place = 0; place < choice.ensemble->recorded_steps().size(); ++place) {
      const double mean = choice.ensemble->at(place, fmt::format("x{}", coordinate)).total().mean;
      span.low = std::min(span.low, mean);
      span.high = std::max(span.high, mean);
    }
  }
  const double margin = 0.1 * (span.high - span.low);
  return {.low = span.low - margin, .high = span.high + margin};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "beta_1");
  require_distinct(settings, "beta_2");
  const double eta = settings.scalar("eta");
  const double sigma = settings.scalar("sigma");
  const std::uint64_t iterations = settings.count("iterations");
  const Point start = settings.point("x0");
  const auto landscape = make_landscape("embedded-saddle", {});
  const Model model{.landscape = landscape,
                    .noise = make_noise("gaussian", landscape->dimension(), {{"sigma", {sigma}}}),
                    .learning_rate = eta};
  std::vector<Observable> observables = model.observables();
  observables.push_back({.name = "right", .evaluate = [](In state, OutColumn value) {
                           value = (state.col(0) > 0.0).cast<double>();
                         }});
  AdaptiveRun run{.optimizer = "adamw",
                  .curvatures = {},
                  .learning_rate = eta,
                  .sigma = sigma,
                  .beta_1 = 0.0,
                  .beta_2 = 0.0,
                  .weight_decay = settings.scalar("gamma")};
  const Basin left = basin_at("left", *landscape, run, Eigen::Vector2d(-1.0, 0.0));
  const Basin right = basin_at("right", *landscape, run, Eigen::Vector2d(1.0, 0.0));
  std::vector<Choice> choices;
  for (const double beta_1 : settings.list("beta_1")) {
    for (const double beta_2 : settings.list("beta_2")) {
      run.beta_1 = beta_1;
      run.beta_2 = beta_2;
      const std::string name = fmt::format("β₁ = {}, β₂ = {}", beta_1, beta_2);
      choices.push_back(
          {.id = fmt::format("b1={}/b2={}", beta_1, beta_2),
           .label = name,
           .run = run,
           .ensemble = simulations.add(
               name, model.optimizer(run.optimizer, run.parameters(), start, simulations.stream(name)),
               observables,
               {.steps = logarithmic_steps(iterations, 160),
                .windows = {{.name = kWindow,
                             .first = iterations - iterations / 5,
                             .last = iterations,
                             .every = 5}}},
               settings.count("runs")),
           .basin = noise_free_end(*landscape, run, start, iterations)(0) > 0.0 ? right : left});
    }
  }

  return [=](Findings& out) {
    for (const Choice& choice : choices) {
      const Basin& basin = choice.basin;
      out.expect(
          {.id = "basin/" + choice.id,
           .statement = fmt::format("AdamW from x₀ reaches the {} minimum, where it goes without noise: "
                                    "E x₁ there is where the gradient and the weight decay balance",
                                    basin.name),
           .source = source,
           .margin = {.absolute = 1e-3},
           .margin_reason = "the noise shifts the mean by f''' Var x/(2f''), 4·10⁻⁵; with one run in a "
                            "hundred in the other basin E x₁ is off by 0.02",
           .resolution = {.absolute = 0.01}},
          {.value = basin.balance(0)}, mean_of(choice.ensemble->average(kWindow, "x1")), {choice.ensemble});
      out.expect({.id = "level/" + choice.id,
                  .statement = "The asymptotic loss is f_min of the basin + Σ (η/4)f''/(f''/σ + γ) + "
                               "Σ ½f''(σγx*/f'')²: Lemma 3.14 and the shift of the minimum by weight decay",
                  .source = source,
                  .lemmas = {"sentence-betas-basin"},
                  .margin = {.absolute = choice.margin() * basin.excess()},
                  .margin_reason = "first order, of the excess over f_min: 0.35 ηf''/σ and 1.2 ηγ/(1 − β₁)",
                  .resolution = {.absolute = (choice.margin() + 0.05) * basin.excess()}},
                 {.value = basin.floor + basin.excess()}, mean_of(choice.ensemble->average(kWindow, "f")),
                 {choice.ensemble});
      out.expect(
          {.id = "level-without-shift/" + choice.id,
           .statement = "The asymptotic loss is f_min of the basin + Σ (η/4)f''/(f''/σ + γ), Lemma 3.14 "
                        "alone, which needs the minimum at x = 0",
           .source = source,
           .margin = {.absolute = choice.margin() * basin.excess()},
           .margin_reason = "first order, of the excess over f_min: 0.35 ηf''/σ and 1.2 ηγ/(1 − β₁)",
           .resolution = {.absolute = (choice.margin() + 0.05) * basin.excess()},
           .expected = Verdict::fail},
          {.value = basin.floor + basin.noise}, mean_of(choice.ensemble->average(kWindow, "f")),
          {choice.ensemble});
    }
    const auto last =
        std::ranges::max_element(choices, {}, [](const Choice& c) { return c.basin.minimum(0); });
    const Choice& other =
        *std::ranges::min_element(choices, {}, [](const Choice& c) { return c.basin.minimum(0); });
    out.expect(
        {.id = "betas-choose",
         .statement = fmt::format("The betas decide the basin: E x₁ with {} is to the right of E x₁ with {} "
                                  "by the distance of the minima",
                                  last->label, other.label),
         .source = source,
         .lemmas = {"sentence-betas-basin"},
         .relation = Relation::at_least,
         .margin = {.relative = 0.01},
         .margin_reason = "weight decay moves both minima by 1/2 % of their distance towards 0"},
        {.value = right.minimum(0) - left.minimum(0)},
        jackknife(
            std::vector<Sample>{last->ensemble->average(kWindow, "x1"), other.ensemble->average(kWindow, "x1")},
            [](std::span<const Moments> m) { return m[0].mean - m[1].mean; }),
        {last->ensemble, other.ensemble});
    for (const Basin& basin : {left, right}) {
      const auto inside = [&](const Choice& choice) { return choice.basin.name == basin.name; };
      const auto reference = std::ranges::find_if(choices, inside);
      if (reference == choices.end()) continue;
      for (auto choice = std::next(reference); choice != choices.end(); ++choice) {
        if (!inside(*choice)) continue;
        const double margin = std::max(choice->margin(), reference->margin());
        out.expect(
            {.id = "same-level/" + choice->id,
             .statement = fmt::format("In the {} basin the asymptotic loss does not depend on the betas: "
                                      "with {} it is that with {}",
                                      basin.name, choice->label, reference->label),
             .source = source,
             .lemmas = {"sentence-betas-basin"},
             .margin = {.absolute = margin * basin.excess()},
             .margin_reason = "first order, of the excess over f_min: 0.35 ηf''/σ and 1.2 ηγ/(1 − β₁)",
             .resolution = {.absolute = (margin + 0.05) * basin.excess()}},
            {.value = 0.0},
            jackknife(std::vector<Sample>{choice->ensemble->average(kWindow, "f"),
                                  reference->ensemble->average(kWindow, "f")},
                      [](std::span<const Moments> m) { return m[0].mean - m[1].mean; }),
            {choice->ensemble, reference->ensemble});
      }
    }

    Figure paths{.id = "paths",
                 .title = "AdamW on the saddle: mean paths",
                 .caption = fmt::format("Mean over the runs of (x₁, x₂), from x₀ = ({}, {}); one colour for "
                                        "each β₁. The minima are at x₁ = {:.5f} "
                                        "(f = {:.6f}) and x₁ = {:.5f} (f = {:.6f}), the saddle is at 0.",
                                        start(0), start(1), right.minimum(0), right.floor, left.minimum(0),
                                        left.floor),
                 .x = {.label = "x₁"},
                 .y = {.label = "x₂"},
                 .contours = contours_of(*landscape, frame(choices, 1), frame(choices, 2), 121)};
    Figure loss{
        .id = "loss",
        .title = "AdamW on the saddle: loss above the lower minimum",
        .caption =
            "Mean over the runs of f − f_min, f_min the lower of the two minima (right); one colour for "
            "each β₁. Dotted: "
            "the predicted levels of the two basins, with the noise of Lemma 3.14 and the shift "
            "of the minimum by weight decay.",
        .x = {.label = "iteration k", .logarithmic = true},
        .y = {.label = "f(x) − f_min", .logarithmic = true}};
    Figure side{.id = "side",
                .title = "AdamW on the saddle: runs to the right of it",
                .caption = "Share of the runs with x₁ > 0; one colour for each β₁.",
                .x = {.label = "iteration k", .logarithmic = true},
                .y = {.label = "share of runs with x₁ > 0", .low = -0.05, .high = 1.05}};
    Figure level{.id = "level",
                 .title = "AdamW on the saddle: asymptotic loss above the basin's own minimum",
                 .caption =
                     "Average of f − f_min over the last fifth of the iterations, f_min the minimum of the "
                     "basin that the run is in; band: two standard errors. Dotted: first order, "
                     "Σ (η/4)f''/(f''/σ + γ) + Σ ½f''(σγx*/f'')².",
                 .x = {.label = "β₂"},
                 .y = {.label = "E f − f_min of the basin"}};
    const std::vector<double>& beta_1 = settings.list("beta_1");
    for (std::size_t group = 0; group < beta_1.size(); ++group) {
      const int colour = static_cast<int>(group);
      Series measured{
          .label = fmt::format("β₁ = {}", beta_1[group]), .role = Role::optimizer, .colour = colour};
      Series predicted{.label = fmt::format("first order, β₁ = {}", beta_1[group]),
                       .role = Role::theory,
                       .colour = colour};
      for (const Choice& choice : choices) {
        if (choice.run.beta_1 != beta_1[group]) continue;
        paths.series.push_back(path_of(choice, colour));
        Series above = mean_curve(*choice.ensemble, "f", eta, choice.label, Role::optimizer, colour, false);
        for (double& y : above.y) y -= right.floor;
        loss.series.push_back(std::move(above));
        side.series.push_back(
            mean_curve(*choice.ensemble, "right", eta, choice.label, Role::optimizer, colour, false));
        const Measurement average = mean_of(choice.ensemble->average(kWindow, "f"));
        const double excess = average.value - choice.basin.floor;
        measured.x.push_back(choice.run.beta_2);
        measured.y.push_back(excess);
        measured.low.push_back(excess - 2.0 * average.standard_error);
        measured.high.push_back(excess + 2.0 * average.standard_error);
        predicted.x.push_back(choice.run.beta_2);
        predicted.y.push_back(choice.basin.excess());
      }
      level.series.push_back(std::move(measured));
      level.series.push_back(std::move(predicted));
    }
    int colour = static_cast<int>(beta_1.size());
    for (const Basin& basin : {left, right}) {
      loss.series.push_back(curve("level, " + basin.name + " basin", Role::theory, colour,
                                  choices.front().ensemble->recorded_steps(),
                                  [&](std::size_t) { return basin.floor + basin.excess() - right.floor; }));
      ++colour;
    }
    out.show(std::move(paths));
    out.show(std::move(loss));
    out.show(std::move(side));
    out.show(std::move(level));
  };
}

const Register<Experiment> fig5_betas{{
    .name = "fig5-betas",
    .title = "The betas of AdamW choose the basin, not the level",
    .summary = "AdamW on the embedded saddle for nine choices of the betas. From afar β₁ = 0.999 carries the "
               "run past "
               "the saddle to the right minimum, smaller β₁ do not; inside a basin the asymptotic loss is "
               "the same for "
               "all betas to first order: the noise of Lemma 3.14 and, because the minima are not at 0, as "
               "much again "
               "from weight decay.",
    .source = source,
    .lemmas = {"sentence-betas-basin"},
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
