#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sdelens/ensemble/ensemble.hpp"
#include "sdelens/record/record.hpp"
#include "suite/study/claim_builder.hpp"

namespace sdelens {

/// One moment of one observable of an ensemble, wherever it was recorded.
class Observed {
 public:
  using Measure = std::function<Measurement(const Sample&)>;
  Observed(std::shared_ptr<const Ensemble> ensemble, std::string observable, Measure measure)
      : ensemble_(std::move(ensemble)), observable_(std::move(observable)), measure_(std::move(measure)) {}

  /// At about `count` recorded steps spread over the run, the first left out.
  MeasuredCurve along(std::size_t count) const;
  /// At recorded steps by their places.
  MeasuredCurve along(const std::vector<std::size_t>& places) const;
  /// At all recorded steps but the first.
  MeasuredCurve after_start() const;
  /// At one recorded step, and at the last.
  Measurement at(std::size_t place) const;
  Measurement at_end() const;
  /// Of the averages over a window.
  Measurement over(const std::string& window) const;
  /// Against the iteration, at all recorded steps.
  Series curve(std::string label, Role role, int colour) const;

 private:
  std::shared_ptr<const Ensemble> ensemble_;
  std::string observable_;
  Measure measure_;
};

/// The mean of an observable over replicas, with a band of one standard deviation on each side.
struct Band {
  std::shared_ptr<const Ensemble> ensemble;
  std::string observable;
};

/// A simulation that an experiment has ordered: what its claims and curves are made from.
class Simulated {
 public:
  Simulated() = default;
  explicit Simulated(std::shared_ptr<const Ensemble> ensemble) : ensemble_(std::move(ensemble)) {}

  const Ensemble& operator*() const { return *ensemble_; }
  const Ensemble* operator->() const { return ensemble_.get(); }
  const std::shared_ptr<const Ensemble>& ensemble() const { return ensemble_; }

  /// The iterations of `count` recorded steps, as Observed::along takes them.
  std::vector<double> iterations_along(std::size_t count) const;
  std::vector<double> iterations_after_start() const;

  /// E x_i, Var x_i, E f, i from 0, of the observables "x1", "x2", ..., "f"; and the mean of any other.
  Observed mean(Index i) const;
  Observed variance(Index i) const;
  Observed loss() const { return mean_of_observable("f"); }
  Observed mean_of_observable(std::string observable) const;
  /// A smooth function of the averages over a window of several observables.
  Measurement of_averages(const std::string& window, const std::vector<std::string>& observables,
                          const std::function<double(const std::vector<double>&)>& function) const;
  Measurement ratio_of_averages(const std::string& window, const std::string& above,
                                const std::string& below) const;
  /// For a figure: its mean against the iteration, with a band of one standard deviation on each side.
  Band band(std::string observable) const { return {ensemble_, std::move(observable)}; }
  Series banded(const std::string& observable, std::string label, Role role, int colour) const;

 private:
  std::shared_ptr<const Ensemble> ensemble_;
};

/// A smooth function of the averages of f over a window of several simulations.
Measurement of_losses(const std::vector<Simulated>& simulated, const std::string& window,
                      const std::function<double(const std::vector<double>&)>& function);

/// A calculation at some iterations, for a claim about it: value(iteration), or a prediction that is exact.
MeasuredCurve calculated_along(const std::vector<double>& iterations,
                               const std::function<double(double)>& value);
MeasuredCurve along(const std::vector<double>& iterations, const PredictedCurve& exact);

/// A prediction at some iterations, as a curve.
Series drawn(const PredictedCurve& predicted, const std::vector<double>& iterations, std::string label,
             Role role, int colour);

}  // namespace sdelens
