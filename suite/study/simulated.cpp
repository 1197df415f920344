#include "suite/study/simulated.hpp"

#include <fmt/format.h>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {

MeasuredCurve Observed::along(std::size_t count) const {
  return along(spread(ensemble_->recorded_steps().size(), count));
}

MeasuredCurve Observed::along(const std::vector<std::size_t>& places) const {
  MeasuredCurve result;
  for (const std::size_t place : places) result.push_back(at(place));
  return result;
}

MeasuredCurve Observed::after_start() const { return along(ensemble_->recorded_steps().size()); }

Measurement Observed::at(std::size_t place) const { return measure_(ensemble_->at(place, observable_)); }

Measurement Observed::at_end() const { return at(ensemble_->recorded_steps().size() - 1); }

Measurement Observed::over(const std::string& window) const {
  return measure_(ensemble_->average(window, observable_));
}

Series Observed::curve(std::string label, Role role, int colour) const {
  Series series{.label = std::move(label), .role = role, .colour = colour, .x = ensemble_->iterations()};
  for (std::size_t place = 0; place < series.x.size(); ++place) series.y.push_back(at(place).value);
  return series;
}

Observed Simulated::mean(Index i) const { return mean_of_observable(fmt::format("x{}", i + 1)); }

Observed Simulated::variance(Index i) const { return {ensemble_, fmt::format("x{}", i + 1), variance_of}; }

Observed Simulated::mean_of_observable(std::string observable) const {
  return {ensemble_, std::move(observable), mean_of};
}

Measurement Simulated::of_averages(const std::string& window, const std::vector<std::string>& observables,
                                   const std::function<double(const std::vector<double>&)>& function) const {
  return sdelens::of_averages(*ensemble_, window, observables, function);
}

Measurement Simulated::ratio_of_averages(const std::string& window, const std::string& above,
                                         const std::string& below) const {
  return of_averages(window, {above, below},
                     [](const std::vector<double>& means) { return means[0] / means[1]; });
}

Series Simulated::banded(const std::string& observable, std::string label, Role role, int colour) const {
  return mean_curve(*ensemble_, observable, std::move(label), role, colour, true);
}

Measurement of_losses(const std::vector<Simulated>& simulated, const std::string& window,
                      const std::function<double(const std::vector<double>&)>& function) {
  const auto losses =
      each(simulated, [&](const Simulated& one) -> Sample { return one->average(window, "f"); });
  return jackknife(losses, [&](std::span<const Moments> moments) {
    return function(each(moments, [](const Moments& of) { return of.mean; }));
  });
}

std::vector<double> Simulated::iterations_along(std::size_t count) const {
  const std::vector<double> all = ensemble_->iterations();
  std::vector<double> result;
  for (const std::size_t place : spread(all.size(), count)) result.push_back(all[place]);
  return result;
}

std::vector<double> Simulated::iterations_after_start() const {
  return iterations_along(ensemble_->recorded_steps().size());
}

MeasuredCurve along(const std::vector<double>& iterations, const PredictedCurve& exact) {
  return calculated_along(iterations, [&exact](double iteration) { return exact(iteration).value; });
}

Series drawn(const PredictedCurve& predicted, const std::vector<double>& iterations, std::string label,
             Role role, int colour) {
  Series series{.label = std::move(label), .role = role, .colour = colour, .x = iterations};
  for (const double iteration : iterations) series.y.push_back(predicted(iteration).value);
  return series;
}

MeasuredCurve calculated_along(const std::vector<double>& iterations,
                               const std::function<double(double)>& value) {
  MeasuredCurve result;
  for (const double iteration : iterations)
    result.push_back({.value = value(iteration), .iteration = iteration});
  return result;
}

}  // namespace sdelens
