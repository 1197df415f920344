#include "suite/study/comparison/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "suite/study/comparison/deviation.hpp"
#include "suite/study/comparison/floors.hpp"

namespace sdelens {
namespace {

constexpr const char* explanation =
    "dt = η: Euler-Maruyama on the normals of the optimizer, as in the paper; fine: the equation integrated "
    "with smaller steps.";

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

std::string remark_on(std::size_t left_out) {
  if (left_out == 0) return {};
  return fmt::format(
      " {} of the points are left out: there the mean is not finite, since a replica has diverged.",
      left_out);
}

/// The curves of the losses and of their ratios to the optimizer's.
struct Curves {
  std::vector<Series> losses, ratios;
  std::size_t left_out = 0;
  Interval tracked{.low = -0.05, .high = 0.05};  ///< of the ratios of what is claimed to track or not to
  double highest = 0.0;                          ///< loss of what settles
};

Series logarithm_of_ratio(Series loss, const Simulated& optimizer) {
  for (std::size_t place = 0; place < loss.y.size(); ++place) {
    loss.y[place] = std::log10(loss.y[place] / optimizer->at(place, compared_loss).total().mean);
  }
  return loss;
}

Curves curves_of(const ComparedEnsembles& ensembles) {
  Curves result;
  for (std::size_t i = 0; i < ensembles.sdes.size(); ++i) {
    const Approximation& approximation = ensembles.comparison.optimizer.approximations[i];
    Series loss = ensembles.sdes[i]
                      .mean_of_observable(compared_loss)
                      .curve(approximation.label, Role::sde, approximation.colour);
    Series ratio = logarithm_of_ratio(loss, ensembles.optimizer);
    result.left_out += remove_non_finite(loss);
    remove_non_finite(ratio);
    if (approximation.tracks) {
      result.tracked.low = std::min(result.tracked.low, *std::ranges::min_element(ratio.y));
      result.tracked.high = std::max(result.tracked.high, *std::ranges::max_element(ratio.y));
    }
    if (approximation.settles) result.highest = std::max(result.highest, *std::ranges::max_element(loss.y));
    result.losses.push_back(std::move(loss));
    result.ratios.push_back(std::move(ratio));
  }
  return result;
}

std::size_t settled(const std::vector<Approximation>& approximations) {
  return static_cast<std::size_t>(std::ranges::count(approximations, true, &Approximation::settles));
}

Figure loss_figure(const ComparedEnsembles& ensembles, const Curves& curves) {
  const LandscapeComparison& comparison = ensembles.comparison;
  const std::string& label = comparison.optimizer.label;
  const Point& start = comparison.problem.start;
  const bool zero = std::abs(comparison.minimum_value) < 1e-12;
  const bool all_settle = settled(comparison.optimizer.approximations) == ensembles.sdes.size();
  std::vector<Series> series{ensembles.optimizer.banded(compared_loss, label, Role::optimizer, 0)};
  series.insert(series.end(), curves.losses.begin(), curves.losses.end());
  return {.id = "loss-" + comparison.id(),
          .title = fmt::format("Loss of {} and of its SDEs", label),
          .caption = fmt::format(
              "Means over the runs from ({:.4g}, {:.4g}), with one standard deviation for {}. {}{}", start(0),
              start(1), label, explanation, remark_on(curves.left_out)),
          .x = {.label = "iteration k"},
          .y = {.label = zero ? "f(x)" : "f(x) − min f",
                .logarithmic = true,
                .low = 0.03 * optimizer_floor(comparison),
                .high = (all_settle ? 3.0 : 100.0) * curves.highest},
          .series = std::move(series)};
}

std::string largest_deviations(const ComparedEnsembles& ensembles) {
  std::string result;
  for (std::size_t i = 0; i < ensembles.sdes.size(); ++i) {
    const Approximation& approximation = ensembles.comparison.optimizer.approximations[i];
    if (!approximation.settles) continue;
    result += fmt::format("{} {}: {:.3g}", result.empty() ? "" : ";", approximation.label,
                          largest_deviation(ensembles, i).measurement.value);
  }
  return result;
}

Figure ratio_figure(const ComparedEnsembles& ensembles, const Curves& curves) {
  const LandscapeComparison& comparison = ensembles.comparison;
  const std::string& label = comparison.optimizer.label;
  const double rim = 0.25 * (curves.tracked.high - curves.tracked.low);
  return {.id = "ratio-" + comparison.id(),
          .title = fmt::format("Loss of the SDEs relative to that of {}", label),
          .caption = fmt::format(
              "Largest |log₁₀ ratio| while either loss is above three times the last one of {}, or over the "
              "end of the run:{}. Curves that leave the panel can be read off the panel of losses. {}{}",
              label, largest_deviations(ensembles), explanation, remark_on(curves.left_out)),
          .x = {.label = "iteration k"},
          .y = {.label = "log₁₀ of the ratio of mean losses",
                .low = curves.tracked.low - rim,
                .high = curves.tracked.high + rim},
          .series = curves.ratios};
}

}  // namespace

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

Series mean_path(const Simulated& simulated, std::string label, Role role, int colour) {
  return {.label = std::move(label),
          .role = role,
          .colour = colour,
          .x = simulated.mean(0).curve("", role, colour).y,
          .y = simulated.mean(1).curve("", role, colour).y};
}

Figure trajectory_figure(const Problem& problem, std::string id, std::string title,
                         const std::vector<Series>& paths, std::size_t framed) {
  std::vector<Series> drawn = paths;
  std::size_t left_out = 0;
  for (Series& path : drawn) left_out += remove_non_finite(path);
  const std::span<const Series> frame(drawn.data(), std::min(framed, drawn.size()));
  const Interval x = extent_of(frame, &Series::x);
  const Interval y = extent_of(frame, &Series::y);
  return {
      .id = std::move(id),
      .title = std::move(title),
      .caption = fmt::format("Mean paths E x₂ against E x₁ from ({:.4g}, {:.4g}); thin: level lines of f, "
                             "whose distances from the lowest value double.{}",
                             problem.start(0), problem.start(1), remark_on(left_out)),
      .x = {.label = "x₁", .low = x.low, .high = x.high},
      .y = {.label = "x₂", .low = y.low, .high = y.high},
      .series = std::move(drawn),
      .contours = contours_of(*problem.loss, x, y, 101)};
}

void show(const ComparedEnsembles& ensembles, Findings& out) {
  const DescribedOptimizer& optimizer = ensembles.comparison.optimizer;
  std::vector<Series> paths{mean_path(ensembles.optimizer, optimizer.label, Role::optimizer, 0)};
  for (std::size_t i = 0; i < ensembles.sdes.size(); ++i) {
    const Approximation& approximation = optimizer.approximations[i];
    paths.push_back(mean_path(ensembles.sdes[i], approximation.label, Role::sde, approximation.colour));
  }
  const Curves curves = curves_of(ensembles);
  out.show(trajectory_figure(ensembles.comparison.problem, "trajectory-" + ensembles.comparison.id(),
                             fmt::format("Mean paths of {} and of its SDEs", optimizer.label), paths,
                             1 + settled(optimizer.approximations)));
  out.show(loss_figure(ensembles, curves));
  out.show(ratio_figure(ensembles, curves));
}

}  // namespace sdelens
