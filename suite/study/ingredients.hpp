#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "suite/study/experiment.hpp"

namespace sdelens {

/// What the experiments are put together from: settings, models, recorded steps, comparisons, curves.

SettingSpecification printed(std::string name, std::vector<double> value, Range range, std::string note);
SettingSpecification chosen(std::string name, std::vector<double> value, Range range, std::string note);

/// From one replica a group to what a machine can hold in reach.
Range replica_range();
/// The list.
/// @throw InvalidParameter if an entry of the list repeats: the entries name ensembles and claims
const std::vector<double>& require_distinct(const Settings& settings, const std::string& name);
/// What a function makes of each entry of a list, in order.
template <class List, class Function>
auto each(const List& list, const Function& function) {
  std::vector<std::decay_t<decltype(function(*std::begin(list)))>> result;
  for (const auto& entry : list) result.push_back(function(entry));
  return result;
}

/// A column of the state of a process: the j-th momentum, a second moment.
Observable state_column(std::string name, Index column);
/// The square of a column of the state.
Observable squared_column(std::string name, Index column);
/// The difference of a function's values at two places of a state: g(state(first)) - g(state(second)).
Observable difference(std::string name, std::function<double(double)> function, Index first, Index second);

/// low, ..., high in equal steps, points + 1 numbers.
std::vector<double> evenly(double low, double high, int points);
/// low, low + step, ..., up to high.
std::vector<double> stepped(double low, double high, double step);

/// About `points` steps from 0 to `last`, evenly spaced, both ends included.
std::vector<std::uint64_t> even_steps(std::uint64_t last, std::uint64_t points);
/// About `points` different steps from 1 to `last`, evenly spaced in the logarithm, both ends included.
std::vector<std::uint64_t> logarithmic_steps(std::uint64_t last, std::uint64_t points);
/// Each step times a factor: the same times for a process with smaller steps.
std::vector<std::uint64_t> scaled(std::vector<std::uint64_t> steps, std::uint64_t factor);
/// No steps, but averages over a window of them.
Recording averaged(std::string window, std::uint64_t first, std::uint64_t last, std::uint64_t every);
/// Places of at most `count` entries spread over a list of the given size, the first left out.
std::vector<std::size_t> spread(std::size_t size, std::size_t count);

/// A curve of calculated values, value(i) at iterations[i].
Series curve(std::string label, Role role, int colour, const std::vector<std::uint64_t>& iterations,
             const std::function<double(std::size_t place)>& value);
/// The mean over replicas against the iteration, with a band of one standard deviation on
/// each side where asked.
Series mean_curve(const Ensemble& ensemble, const std::string& observable, std::string label, Role role,
                  int colour, bool band);

/// A part of an axis.
struct Interval {
  double low, high;
};

/// A landscape in two dimensions on an even grid of `points` by `points`, both ends included. Ten levels,
/// from the grid's smallest value of f: f_min + (f_max - f_min) / 2^k, k = 10, ..., 1; around a minimum the
/// lines of f are then evenly spaced in the logarithm of the distance.
/// @throw InvalidParameter unless the landscape has two dimensions, both intervals are finite with low <
///        high, and there are at least 2 points
Contours contours_of(const Landscape& landscape, Interval x, Interval y, std::size_t points);

/// An optimizer on f(x) = x' diag(curvatures) x / 2 with Z ~ N(0, sigma^2 I), from the minimum if nothing else is said.
Problem quadratic_problem(Choice optimizer, const std::vector<double>& curvatures, double sigma,
                          double learning_rate, Point start = {});
/// The same with the settings "sigma", "eta" and "x0", and "curvatures" unless others are given.
Problem quadratic_of(const Settings& settings, Choice optimizer);
Problem quadratic_of(const Settings& settings, Choice optimizer, const std::vector<double>& curvatures);

/// The problem with the learning rate eta (k + 1)^-power.
Problem with_power(const Problem& problem, double power);
/// Student-t noise, whose scale is sigma in each coordinate.
Choice student_t_noise(double nu, double sigma);

/// E x_i^2 of what predicts mean and variance.
PredictedCurve second_moment_curve(const Asked& asked, Index i);
/// The power of eta that a departure from leading order goes with: its slope in the logarithm, from eta / 10 to eta.
double slope_in_learning_rate(const Problem& problem, const std::function<double(const Problem&)>& departure);

/// A value without error: an exact calculation.
Measurement exactly(double value);

/// The mean of a window's averages for several observables, combined by a smooth function of the means.
Measurement of_averages(const Ensemble& ensemble, const std::string& window,
                        const std::vector<std::string>& observables,
                        const std::function<double(const std::vector<double>&)>& function);

}  // namespace sdelens
