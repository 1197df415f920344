#include "suite/study/ingredients.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "sdelens/statistics/jackknife.hpp"

namespace sdelens {
SettingSpecification printed(std::string name, std::vector<double> value, Range range, std::string note) {
  return {std::move(name), std::move(value), range, true, std::move(note)};
}

SettingSpecification chosen(std::string name, std::vector<double> value, Range range, std::string note) {
  return {std::move(name), std::move(value), range, false, std::move(note)};
}

Range replica_range() { return {.low = 64.0, .high = 1e7, .low_included = true, .high_included = true}; }

const std::vector<double>& require_distinct(const Settings& settings, const std::string& name) {
  std::vector<double> values = settings.list(name);
  std::ranges::sort(values);
  if (std::ranges::adjacent_find(values) != values.end()) {
    throw InvalidParameter("settings", name, "must not repeat a value");
  }
  return settings.list(name);
}

Observable state_column(std::string name, Index column) {
  return {.name = std::move(name),
          .evaluate = [column](In state, OutColumn value) { value = state.col(column); }};
}

Observable squared_column(std::string name, Index column) {
  return {.name = std::move(name),
          .evaluate = [column](In state, OutColumn value) { value = state.col(column).square(); }};
}

Observable difference(std::string name, std::function<double(double)> function, Index first, Index second) {
  return {.name = std::move(name),
          .evaluate = [function = std::move(function), first, second](In state, OutColumn value) {
            for (Index row = 0; row < state.rows(); ++row) {
              value(row) = function(state(row, first)) - function(state(row, second));
            }
          }};
}

Problem quadratic_problem(Choice optimizer, const std::vector<double>& curvatures, double sigma,
                          double learning_rate, Point start) {
  if (start.size() == 0) start = Point::Zero(static_cast<Index>(curvatures.size()));
  return make_problem({.optimizer = std::move(optimizer),
                       .landscape = {.name = "quadratic", .given = {{"curvatures", curvatures}}},
                       .noise = {.name = "gaussian", .given = {{"sigma", {sigma}}}},
                       .learning_rate = learning_rate,
                       .start = std::move(start)});
}

Problem quadratic_of(const Settings& settings, Choice optimizer) {
  return quadratic_of(settings, std::move(optimizer), settings.list("curvatures"));
}

Problem quadratic_of(const Settings& settings, Choice optimizer, const std::vector<double>& curvatures) {
  return quadratic_problem(std::move(optimizer), curvatures, settings.scalar("sigma"), settings.scalar("eta"),
                           settings.point("x0"));
}

Problem with_power(const Problem& problem, double power) {
  return with_schedule(problem, {.name = "polynomial", .given = {{"power", {power}}}});
}

Choice student_t_noise(double nu, double sigma) {
  return {.name = "student-t", .given = {{"nu", {nu}}, {"sigma", {sigma}}}};
}

double slope_in_learning_rate(const Problem& problem,
                              const std::function<double(const Problem&)>& departure) {
  const Problem slower = with_learning_rate(problem, 0.1 * problem.learning_rate);
  return std::log10(std::abs(departure(problem)) / std::abs(departure(slower)));
}

PredictedCurve second_moment_curve(const Asked& asked, Index i) {
  return [mean = asked.mean_curve(i), variance = asked.variance_curve(i)](double iteration) -> Prediction {
    const double m = mean(iteration).value;
    return {.value = variance(iteration).value + m * m};
  };
}

std::vector<double> evenly(double low, double high, int points) {
  std::vector<double> result;
  for (int i = 0; i <= points; ++i) result.push_back(low + (high - low) * i / points);
  return result;
}

std::vector<double> stepped(double low, double high, double step) {
  std::vector<double> result;
  for (double value = low; value <= high; value += step) result.push_back(value);
  return result;
}

std::vector<std::uint64_t> even_steps(std::uint64_t last, std::uint64_t points) {
  const std::uint64_t every = std::max<std::uint64_t>(1, last / points);
  std::vector<std::uint64_t> result;
  for (std::uint64_t step = 0; step < last; step += every) result.push_back(step);
  result.push_back(last);
  return result;
}

std::vector<std::uint64_t> logarithmic_steps(std::uint64_t last, std::uint64_t points) {
  std::vector<std::uint64_t> result;
  const double ratio = std::log(static_cast<double>(last)) / static_cast<double>(points - 1);
  for (std::uint64_t i = 0; i < points; ++i) {
    const auto step = static_cast<std::uint64_t>(std::llround(std::exp(ratio * static_cast<double>(i))));
    if (result.empty() || step > result.back()) result.push_back(std::min(step, last));
  }
  return result;
}

std::vector<std::uint64_t> scaled(std::vector<std::uint64_t> steps, std::uint64_t factor) {
  for (std::uint64_t& step : steps) step *= factor;
  return steps;
}

Recording averaged(std::string window, std::uint64_t first, std::uint64_t last, std::uint64_t every) {
  return {.windows = {{.name = std::move(window), .first = first, .last = last, .every = every}}};
}

std::vector<std::size_t> spread(std::size_t size, std::size_t count) {
  std::vector<std::size_t> result;
  if (size == 0) return result;
  for (std::size_t i = 1; i <= count; ++i) {
    const std::size_t place = i * (size - 1) / count;
    if (place > 0 && (result.empty() || place > result.back())) result.push_back(place);
  }
  return result;
}

Series mean_curve(const Ensemble& ensemble, const std::string& observable, std::string label, Role role,
                  int colour, bool band) {
  Series series{.label = std::move(label), .role = role, .colour = colour, .x = ensemble.iterations()};
  for (std::size_t i = 0; i < ensemble.recorded_steps().size(); ++i) {
    const Moments moments = ensemble.at(i, observable).total();
    series.y.push_back(moments.mean);
    if (!band) continue;
    series.low.push_back(moments.mean - moments.standard_deviation());
    series.high.push_back(moments.mean + moments.standard_deviation());
  }
  return series;
}

Series curve(std::string label, Role role, int colour, const std::vector<std::uint64_t>& iterations,
             const std::function<double(std::size_t place)>& value) {
  Series series{.label = std::move(label), .role = role, .colour = colour};
  for (std::size_t i = 0; i < iterations.size(); ++i) {
    series.x.push_back(static_cast<double>(iterations[i]));
    series.y.push_back(value(i));
  }
  return series;
}

Contours contours_of(const Landscape& landscape, Interval x, Interval y, std::size_t points) {
  if (landscape.dimension() != 2) {
    throw InvalidParameter("contours", "dimension",
                           fmt::format("of the landscape is {}, but must be 2", landscape.dimension()));
  }
  if (points < 2)
    throw InvalidParameter("contours", "points", fmt::format("is {}, but must be at least 2", points));
  for (const auto& [name, interval] : {std::pair("x", x), std::pair("y", y)}) {
    if (!std::isfinite(interval.high - interval.low) || !(interval.low < interval.high)) {
      throw InvalidParameter(
          "contours", name,
          fmt::format("runs from {} to {}, but must be finite and increase", interval.low, interval.high));
    }
  }
  const auto size = static_cast<Index>(points);
  const Column along_x = Eigen::ArrayXd::LinSpaced(size, x.low, x.high);
  const Column along_y = Eigen::ArrayXd::LinSpaced(size, y.low, y.high);
  Batch grid(size * size, 2);
  for (Index j = 0; j < size; ++j) {
    grid.col(0).segment(j * size, size) = along_x;
    grid.col(1).segment(j * size, size) = along_y[j];
  }
  Column value(size * size);
  landscape.value(grid, value);
  Contours contours{.label = "contours of f",
                    .x = {along_x.begin(), along_x.end()},
                    .y = {along_y.begin(), along_y.end()},
                    .value = {value.begin(), value.end()}};
  const double lowest = value.minCoeff();
  for (int k = 10; k >= 1; --k) {
    contours.levels.push_back(lowest + std::ldexp(value.maxCoeff() - lowest, -k));
  }
  return contours;
}

Measurement exactly(double value) { return {.value = value}; }

Measurement of_averages(const Ensemble& ensemble, const std::string& window,
                        const std::vector<std::string>& observables,
                        const std::function<double(const std::vector<double>&)>& function) {
  std::vector<Sample> samples;
  for (const std::string& observable : observables) samples.push_back(ensemble.average(window, observable));
  return jackknife(samples, [&](std::span<const Moments> moments) {
    std::vector<double> means;
    for (const Moments& entry : moments) means.push_back(entry.mean);
    return function(means);
  });
}

}  // namespace sdelens
