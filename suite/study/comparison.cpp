#include "suite/study/comparison.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <utility>

#include "sdelens/statistics/jackknife.hpp"

namespace sdelens {
namespace {

constexpr const char* kLoss = "loss";
constexpr const char* kEnd = "end";

Point gradient_at(const Landscape& landscape, const Point& x) {
  Batch gradient(1, x.size());
  landscape.gradient(x.transpose().array(), gradient);
  return gradient.row(0).transpose().matrix();
}

MeanFieldSettings mean_field_settings(const LandscapeComparison& problem, const DescribedOptimizer& optimizer,
                                      double curvature) {
  return {.learning_rate = problem.model.learning_rate,
          .curvature = curvature,
          .sigma = problem.sigma,
          .beta_1 = optimizer.beta_1,
          .weight_decay = optimizer.gamma};
}

double floor_of(const LandscapeComparison& problem, const DescribedOptimizer& optimizer,
                const std::function<MeanField(const MeanFieldSettings&)>& stationary) {
  const Eigen::MatrixXd hessian = problem.model.landscape->hessian(problem.minimum);
  double loss = 0.0;
  for (Index i = 0; i < problem.minimum.size(); ++i) {
    const double curvature = hessian(i, i);
    const MeanField law = stationary(mean_field_settings(problem, optimizer, curvature));
    const double pull = curvature / std::sqrt(law.squared_gradient) + optimizer.gamma;
    const double shift = optimizer.gamma * problem.minimum(i) / pull;
    loss += 0.5 * curvature * (law.variance + shift * shift);
  }
  return loss;
}

/// eta lambda / sigma of the steepest direction at the minimum.
double noise_ratio(const LandscapeComparison& problem) {
  const Eigen::MatrixXd hessian = problem.model.landscape->hessian(problem.minimum);
  return problem.model.learning_rate * hessian.diagonal().maxCoeff() / problem.sigma;
}

/// The relative error of the mean-field approximation.
double closure_error(const DescribedOptimizer& optimizer) { return 3e-3 + (1.0 - optimizer.beta_2); }

/// The samples of which deviations of one or several SDEs are functions: the optimizer's, then those of each SDE, at
/// the same places and in the window at the end.
struct DeviationSamples {
  std::vector<Sample> samples;
  std::size_t places = 0;

  double log_ratio(std::span<const Moments> moments, std::size_t sde, std::size_t place) const {
    return std::log10(moments[(sde + 1) * places + place].mean / moments[place].mean);
  }
  double largest(std::span<const Moments> moments, std::size_t sde) const {
    double result = 0.0;
    for (std::size_t place = 0; place < places; ++place) {
      result = std::max(result, std::abs(log_ratio(moments, sde, place)));
    }
    return result;
  }
};

DeviationSamples deviation_samples(const ComparedEnsembles& ensembles, const std::vector<std::size_t>& sdes) {
  std::vector<const Ensemble*> all{ensembles.optimizer.get()};
  for (const std::size_t sde : sdes) all.push_back(ensembles.sdes.at(sde).get());
  const double level = 3.0 * ensembles.optimizer->average(kEnd, kLoss).total().mean;
  const std::size_t recorded = ensembles.optimizer->recorded_steps().size();
  std::vector<std::size_t> above;
  for (std::size_t place = 1; place < recorded; ++place) {
    const bool any = std::ranges::any_of(
        all, [&](const Ensemble* ensemble) { return ensemble->at(place, kLoss).total().mean > level; });
    if (any) above.push_back(place);
  }
  // More would cost time and change nothing: successive ones are near one another.
  constexpr std::size_t most = 80;
  const std::size_t every = above.size() / most + 1;
  DeviationSamples result;
  for (const Ensemble* ensemble : all) {
    for (std::size_t i = 0; i < above.size(); i += every) {
      result.samples.push_back(ensemble->at(above[i], kLoss));
    }
    result.samples.push_back(ensemble->average(kEnd, kLoss));
  }
  result.places = result.samples.size() / all.size();
  return result;
}

/// Of the maximum over the places of each of the SDEs that the samples are of.
double maximum_bias(const DeviationSamples& samples, std::size_t sde) {
  const JointMeasurement joint = joint_jackknife(samples.samples, [&](std::span<const Moments> moments) {
    Eigen::VectorXd ratios(static_cast<Index>(samples.places));
    for (std::size_t place = 0; place < samples.places; ++place) {
      ratios(static_cast<Index>(place)) = samples.log_ratio(moments, sde, place);
    }
    return ratios;
  });
  const double largest_error = std::sqrt(joint.covariance.diagonal().maxCoeff());
  return largest_error * std::sqrt(2.0 * std::log(2.0 * static_cast<double>(samples.places)));
}

Measurement floor_ratio(const Ensemble& sde, const Ensemble& optimizer) {
  const Sample samples[] = {sde.average(kEnd, kLoss), optimizer.average(kEnd, kLoss)};
  return jackknife(samples, [](std::span<const Moments> m) { return m[0].mean / m[1].mean; });
}

/// The part of an axis that the paths cross, and some more.
Interval extent_of(std::span<const Series> paths, std::vector<double> Series::*column) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const Series& path : paths) {
    for (const double value : path.*column) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  const double rim = 0.1 * std::max(high - low, 1e-3);
  return {.low = low - rim, .high = high + rim};
}

LandscapeComparison comparison_on(std::string item, double end, std::shared_ptr<const Landscape> landscape,
                                  const Settings& settings) {
  constexpr double reach = 3.0;
  const Point minimum = lowest_minimum(*landscape, reach);
  const double minimum_value = value_at(*landscape, minimum);
  auto noise = make_noise("gaussian", landscape->dimension(), {{"sigma", settings.list("sigma")}});
  return {.item = std::move(item),
          .model = {.landscape = std::move(landscape),
                    .noise = std::move(noise),
                    .learning_rate = settings.scalar("eta")},
          .sigma = settings.scalar("sigma"),
          .start = settings.point("x0"),
          .iterations = settings.count("iterations"),
          .runs = settings.count("runs"),
          .end = end,
          .minimum = minimum,
          .minimum_value = minimum_value};
}

std::string remark_on(std::size_t left_out) {
  if (left_out == 0) return {};
  return fmt::format(
      " {} of the points are left out: there the mean is not finite, since a replica has diverged.",
      left_out);
}

}  // namespace

Point minimum_near(const Landscape& landscape, const Point& start) {
  Point x = start;
  constexpr int most_steps = 100;
  for (int step = 0; step < most_steps; ++step) {
    const Point gradient = gradient_at(landscape, x);
    const Eigen::LLT<Eigen::MatrixXd> factors(landscape.hessian(x));
    if (factors.info() != Eigen::Success) break;
    const Point change = factors.solve(gradient);
    x -= change;
    if (change.norm() <= 1e-14 * (1.0 + x.norm())) return x;
  }
  throw InvalidParameter("minimum_near", "start",
                         "must lead Newton's method to a minimum through convex points");
}

Point lowest_minimum(const Landscape& landscape, double reach) {
  if (landscape.dimension() != 2) {
    throw InvalidParameter("lowest_minimum", "dimension",
                           fmt::format("of the landscape is {}, but must be 2", landscape.dimension()));
  }
  constexpr Index points = 121;
  const Column along = Column::LinSpaced(points, -reach, reach);
  Batch grid(points * points, 2);
  for (Index j = 0; j < points; ++j) {
    grid.col(0).segment(j * points, points) = along;
    grid.col(1).segment(j * points, points).setConstant(along(j));
  }
  Column value(points * points);
  landscape.value(grid, value);
  Index lowest = 0;
  value.minCoeff(&lowest);
  return minimum_near(landscape, grid.row(lowest).transpose().matrix());
}

double value_at(const Landscape& landscape, const Point& x) {
  Column value(1);
  landscape.value(x.transpose().array(), value);
  return value(0);
}

std::vector<double> squared_gradient_at(const Landscape& landscape, const Point& x) {
  const Point squares = gradient_at(landscape, x).array().square();
  return {squares.begin(), squares.end()};
}

double optimizer_floor(const LandscapeComparison& problem, const DescribedOptimizer& optimizer) {
  return floor_of(problem, optimizer, [](const MeanFieldSettings& settings) { return mean_field(settings); });
}

double sde_floor(const LandscapeComparison& problem, const DescribedOptimizer& optimizer, AdaptiveSde form,
                 std::uint64_t steps_per_iteration) {
  return floor_of(problem, optimizer, [&](const MeanFieldSettings& settings) {
    return mean_field(form, settings, steps_per_iteration);
  });
}

SettingSpecification quadratic_setting() {
  return printed("curvatures", {10.0, 2.0}, Range::positive(), "H = diag(curvatures)");
}

LandscapeComparison quadratic_comparison(std::string item, double end, const Settings& settings) {
  return comparison_on(std::move(item), end,
                       make_landscape("quadratic", {{"curvatures", settings.list("curvatures")}}), settings);
}

std::vector<SettingSpecification> saddle_settings() {
  return {printed("curvatures", {-1.0, 2.0}, Range::finite(), "H = diag(curvatures)"),
          printed("quartic", {1.0}, Range::positive(), "λ of the landscape's (λ/4) Σ xᵢ⁴"),
          printed("cubic", {0.1}, Range::finite(), "ξ of the landscape's −(ξ/3) Σ xᵢ³")};
}

LandscapeComparison saddle_comparison(std::string item, double end, const Settings& settings) {
  return comparison_on(std::move(item), end,
                       make_landscape("embedded-saddle", {{"curvatures", settings.list("curvatures")},
                                                          {"lambda", settings.list("quartic")},
                                                          {"xi", settings.list("cubic")}}),
                       settings);
}

std::vector<Observable> comparison_observables(const LandscapeComparison& problem) {
  std::vector<Observable> observables = problem.model.observables();
  const auto f = std::ranges::find(observables, "f", &Observable::name);
  f->name = kLoss;
  f->evaluate = [f = f->evaluate, lowest = problem.minimum_value](In state, OutColumn value) {
    f(state, value);
    value -= lowest;
  };
  return observables;
}

Recording comparison_recording(const LandscapeComparison& problem, std::uint64_t steps_per_iteration) {
  const std::uint64_t iterations = problem.iterations;
  const auto averaged = static_cast<std::uint64_t>(problem.end * static_cast<double>(iterations));
  std::vector<std::uint64_t> steps = even_steps(iterations, 200);
  for (const std::uint64_t step : even_steps(iterations / 10, 100)) steps.push_back(step);
  for (const std::uint64_t step : logarithmic_steps(iterations / 10, 40)) steps.push_back(step);
  std::ranges::sort(steps);
  const auto repeated = std::ranges::unique(steps);
  steps.erase(repeated.begin(), repeated.end());
  return {.steps = scaled(std::move(steps), steps_per_iteration),
          .windows = {{.name = kEnd,
                       .first = (iterations - averaged) * steps_per_iteration,
                       .last = iterations * steps_per_iteration,
                       .every = 5 * steps_per_iteration}}};
}

std::shared_ptr<const Process> process_of(const LandscapeComparison& problem,
                                          const DescribedOptimizer& optimizer, const Stream& stream) {
  return problem.model.optimizer(optimizer.optimizer, optimizer.parameters, problem.start, stream);
}

std::shared_ptr<const Process> process_of(const LandscapeComparison& problem,
                                          const Approximation& approximation, const Stream& stream) {
  return problem.model.sde(approximation.sde, approximation.parameters, "euler-maruyama",
                           approximation.steps_per_iteration, problem.start, stream);
}

ComparedEnsembles order(const LandscapeComparison& problem, const DescribedOptimizer& optimizer,
                        Simulations& simulations) {
  const std::vector<Observable> observables = comparison_observables(problem);
  const Stream normals = simulations.stream(optimizer.label);
  ComparedEnsembles result{
      .what = optimizer,
      .optimizer = simulations.add(optimizer.label, process_of(problem, optimizer, normals), observables,
                                   comparison_recording(problem, 1), problem.runs),
      .sdes = {}};
  for (const Approximation& approximation : optimizer.approximations) {
    const bool common = approximation.steps_per_iteration == 1;
    result.sdes.push_back(simulations.add(
        approximation.label,
        process_of(problem, approximation, common ? normals : simulations.stream(approximation.label)),
        observables, comparison_recording(problem, approximation.steps_per_iteration), problem.runs));
  }
  return result;
}

LargestDeviation largest_deviation(const ComparedEnsembles& ensembles, std::size_t sde) {
  const DeviationSamples samples = deviation_samples(ensembles, {sde});
  return {.measurement =
              jackknife(samples.samples, [&](std::span<const Moments> m) { return samples.largest(m, 0); }),
          .bias = maximum_bias(samples, 0)};
}

LargestDeviation deviation_step(const ComparedEnsembles& ensembles, std::size_t from, std::size_t to) {
  const DeviationSamples samples = deviation_samples(ensembles, {from, to});
  return {.measurement = jackknife(
              samples.samples,
              [&](std::span<const Moments> m) { return samples.largest(m, 1) - samples.largest(m, 0); }),
          .bias = maximum_bias(samples, 1)};
}

void judge(const LandscapeComparison& problem, const ComparedEnsembles& ensembles, Findings& out) {
  const DescribedOptimizer& optimizer = ensembles.what;
  const Source source{.paper = "A", .item = problem.item};
  const double floor = optimizer_floor(problem, optimizer);
  const double closure = closure_error(optimizer);
  const std::string closure_reason =
      "a closure: 0.3 %, and 1 − β₂ for the fluctuation of V, which it leaves out";
  const double r = noise_ratio(problem);
  out.expect(
      {.id = "simulation/" + optimizer.id,
       .statement = fmt::format("The loss of simulated {} at the end is that of the mean-field fixed point",
                                optimizer.label),
       .source = source,
       .margin = {.relative = closure},
       .margin_reason = closure_reason,
       .resolution = {.relative = 0.05}},
      {.value = floor}, mean_of(ensembles.optimizer->average(kEnd, kLoss)), {ensembles.optimizer});

  for (std::size_t i = 0; i < ensembles.sdes.size(); ++i) {
    const Approximation& approximation = optimizer.approximations[i];
    const std::shared_ptr<const Ensemble>& sde = ensembles.sdes[i];
    if (approximation.settles) {
      out.expect(
          {.id = "floor/" + approximation.id,
           .statement = fmt::format("The loss of {} at the end, divided by that of {}, is what the "
                                    "mean-field fixed points of the scheme and of the optimizer say",
                                    approximation.label, optimizer.label),
           .source = source,
           .margin = {.relative = 2.0 * closure},
           .margin_reason = closure_reason + ", for both",
           .resolution = {.relative = 0.05}},
          {.value =
               sde_floor(problem, optimizer, approximation.form, approximation.steps_per_iteration) / floor},
          floor_ratio(*sde, *ensembles.optimizer), {sde, ensembles.optimizer});
    }
    if (approximation.same_floor) {
      const bool first_order = r <= 0.3;
      out.expect(
          {.id = "same-floor/" + approximation.id,
           .statement = fmt::format("The equation of {} has the asymptotic loss of {} (calculation for both)",
                                    approximation.label, optimizer.label),
           .source = source,
           .margin = {.relative = first_order ? r : 0.1},
           .margin_reason = first_order
                                ? "first order in ηλ/σ: at most 0.93 of it for the corrected SDE of Adam, "
                                  "1/2 for that of RMSprop"
                                : "a tenth, two standard errors of the mean of the paper's 500 runs: "
                                  "ηλ/σ is not small here",
           .expected = *approximation.same_floor},
          {.value = floor, .error = closure * floor},
          exactly(sde_floor(problem, optimizer, approximation.form, 0)));
    }
    if (!approximation.tracks && !approximation.departs) continue;
    const LargestDeviation deviation = largest_deviation(ensembles, i);
    if (approximation.tracks) {
      out.expect(
          {.id = "tracks/" + approximation.id,
           .statement = fmt::format("{} tracks {}: at no time is |log₁₀| of the ratio of their losses "
                                    "more than log₁₀ {}",
                                    approximation.label, optimizer.label, 1.0 + approximation.tracks_within),
           .source = source,
           .relation = Relation::at_most,
           .margin = {.absolute = std::log10(1.0 + approximation.tracks_within)},
           .margin_reason = approximation.tracks_within < 0.1
                                ? "what the order in which V is updated may change"
                                : "a tenth, two standard errors of the mean of the paper's 500 runs at "
                                  "the end: what its plot can show",
           .resolution = {.absolute = std::log10(1.0 + 2.0 * approximation.tracks_within)},
           .expected = *approximation.tracks},
          {.value = 0.0, .error = deviation.bias}, deviation.measurement, {sde, ensembles.optimizer});
    }
    if (approximation.departs) {
      out.expect({.id = "departs/" + approximation.id,
                  .statement = fmt::format(
                      "{} does not track {}: at some time the ratio of their losses is beyond a factor 2",
                      approximation.label, optimizer.label),
                  .source = source,
                  .relation = Relation::at_least},
                 {.value = std::log10(2.0) + deviation.bias}, deviation.measurement,
                 {sde, ensembles.optimizer});
    }
  }
}

std::size_t remove_non_finite(Series& series) {
  const std::size_t size = series.x.size();
  Series kept{.label = series.label, .role = series.role, .colour = series.colour};
  for (std::size_t i = 0; i < size; ++i) {
    const bool finite =
        std::isfinite(series.x[i]) && std::isfinite(series.y[i]) &&
        (series.low.empty() || (std::isfinite(series.low[i]) && std::isfinite(series.high[i])));
    if (!finite) continue;
    kept.x.push_back(series.x[i]);
    kept.y.push_back(series.y[i]);
    if (series.low.empty()) continue;
    kept.low.push_back(series.low[i]);
    kept.high.push_back(series.high[i]);
  }
  series = std::move(kept);
  return size - series.x.size();
}

Series mean_path(const Ensemble& ensemble, std::string label, Role role, int colour) {
  Series series{.label = std::move(label), .role = role, .colour = colour};
  for (std::size_t i = 0; i < ensemble.recorded_steps().size(); ++i) {
    series.x.push_back(ensemble.at(i, "x1").total().mean);
    series.y.push_back(ensemble.at(i, "x2").total().mean);
  }
  return series;
}

Figure trajectory_figure(const LandscapeComparison& problem, std::string id, std::string title,
                         const std::vector<Series>& paths, std::size_t framed) {
  std::vector<Series> drawn = paths;
  std::size_t left_out = 0;
  for (Series& path : drawn) left_out += remove_non_finite(path);
  const std::span<const Series> frame(drawn.data(), std::min(framed, drawn.size()));
  const Interval x = extent_of(frame, &Series::x);
  const Interval y = extent_of(frame, &Series::y);
  return {.id = std::move(id),
          .title = std::move(title),
          .caption =
              fmt::format("Mean paths E x₂ against E x₁ from ({:.4g}, {:.4g}); thin: level lines of f, whose "
                          "distances from the lowest value double.{}",
                          problem.start(0), problem.start(1), remark_on(left_out)),
          .x = {.label = "x₁", .low = x.low, .high = x.high},
          .y = {.label = "x₂", .low = y.low, .high = y.high},
          .series = std::move(drawn),
          .contours = contours_of(*problem.model.landscape, x, y, 101)};
}

void show(const LandscapeComparison& problem, const ComparedEnsembles& ensembles, Findings& out) {
  const DescribedOptimizer& optimizer = ensembles.what;
  const double eta = problem.model.learning_rate;
  std::vector<Series> paths{mean_path(*ensembles.optimizer, optimizer.label, Role::optimizer, 0)};
  Figure loss{
      .id = "loss-" + optimizer.id,
      .title = fmt::format("Loss of {} and of its SDEs", optimizer.label),
      .caption = {},
      .x = {.label = "iteration k"},
      .y = {.label = std::abs(problem.minimum_value) < 1e-12 ? "f(x)" : "f(x) − min f", .logarithmic = true},
      .series = {mean_curve(*ensembles.optimizer, kLoss, eta, optimizer.label, Role::optimizer, 0, true)}};
  Figure ratio{.id = "ratio-" + optimizer.id,
               .title = fmt::format("Loss of the SDEs relative to that of {}", optimizer.label),
               .caption = {},
               .x = {.label = "iteration k"},
               .y = {.label = "log₁₀ of the ratio of mean losses"}};
  std::string largest;
  std::size_t left_out = 0;
  std::size_t settled = 1;
  Interval tracked{.low = -0.05, .high = 0.05};
  double highest = 0.0;
  for (std::size_t i = 0; i < ensembles.sdes.size(); ++i) {
    const Approximation& approximation = optimizer.approximations[i];
    const Ensemble& sde = *ensembles.sdes[i];
    const int colour = approximation.colour;
    paths.push_back(mean_path(sde, approximation.label, Role::sde, colour));
    Series mean = mean_curve(sde, kLoss, eta, approximation.label, Role::sde, colour, false);
    Series relative = mean;
    for (std::size_t place = 0; place < relative.y.size(); ++place) {
      relative.y[place] = std::log10(relative.y[place] / ensembles.optimizer->at(place, kLoss).total().mean);
    }
    left_out += remove_non_finite(mean);
    remove_non_finite(relative);
    if (approximation.tracks) {
      tracked.low = std::min(tracked.low, *std::ranges::min_element(relative.y));
      tracked.high = std::max(tracked.high, *std::ranges::max_element(relative.y));
    }
    if (approximation.settles) highest = std::max(highest, *std::ranges::max_element(mean.y));
    loss.series.push_back(std::move(mean));
    ratio.series.push_back(std::move(relative));
    if (!approximation.settles) continue;
    ++settled;
    largest += fmt::format("{} {}: {:.3g}", largest.empty() ? "" : ";", approximation.label,
                           largest_deviation(ensembles, i).measurement.value);
  }
  const double floor = optimizer_floor(problem, optimizer);
  loss.y.low = 0.03 * floor;
  loss.y.high = (settled > ensembles.sdes.size() ? 3.0 : 100.0) * highest;
  const double rim = 0.25 * (tracked.high - tracked.low);
  ratio.y.low = tracked.low - rim;
  ratio.y.high = tracked.high + rim;
  const std::string explanation =
      "dt = η: Euler-Maruyama on the normals of the optimizer, as in the paper; fine: the equation "
      "integrated with "
      "smaller steps.";
  loss.caption =
      fmt::format("Means over the runs from ({:.4g}, {:.4g}), with one standard deviation for {}. {}{}",
                  problem.start(0), problem.start(1), optimizer.label, explanation, remark_on(left_out));
  ratio.caption = fmt::format(
      "Largest |log₁₀ ratio| while either loss is above three times the last one of {}, or over the end of "
      "the run:{}. Curves that leave the panel can be read off the panel of losses. {}{}",
      optimizer.label, largest, explanation, remark_on(left_out));
  out.show(trajectory_figure(problem, "trajectory-" + optimizer.id,
                             fmt::format("Mean paths of {} and of its SDEs", optimizer.label), paths,
                             settled));
  out.show(std::move(loss));
  out.show(std::move(ratio));
}

}  // namespace sdelens
