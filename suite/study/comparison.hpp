#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sdelens/exact/sde_mean_field.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {

/// Figures 3, 7 and 10 of paper A: optimizers beside the SDEs that are said to describe them, on a landscape in two
/// dimensions. What the figures share; each adds its landscape, its SDEs and what is expected of them.

/// An SDE with the step it is integrated with.
struct Approximation {
  std::string id;     ///< in the ids of claims
  std::string label;  ///< in legends and statements
  std::string sde;
  Parameters parameters;
  /// Euler-Maruyama steps in the time of one iteration. 1 is what the paper plots, and is driven by the normals of
  /// the optimizer; with more the equation is integrated finely, on normals of its own.
  std::uint64_t steps_per_iteration = 1;
  int colour = 1;
  AdaptiveSde form = AdaptiveSde::rmsprop;

  /// The verdict expected of "its loss stays within this much of the optimizer's at all times"; none: not claimed.
  std::optional<Verdict> tracks{};
  double tracks_within = 0.1;
  /// Whether it is claimed that its loss is at some time off by more than a factor 2.
  bool departs = false;
  /// Whether its loss becomes stationary; then it is claimed to be what the mean-field approximation says.
  bool settles = true;
  /// The verdict expected of "its equation has the optimizer's asymptotic loss", by calculation; none: not claimed.
  std::optional<Verdict> same_floor{};
};

/// An optimizer with SDEs that are said to describe it.
struct DescribedOptimizer {
  std::string id;  ///< in the ids of claims
  std::string label;
  std::string optimizer;
  Parameters parameters;
  double beta_1 = 0.0;  ///< of the momentum; 0: none
  double beta_2 = 0.0;  ///< of the mean squared gradient
  double gamma = 0.0;
  std::vector<Approximation> approximations;  ///< those that do not settle come last
};

struct LandscapeComparison {
  std::string item;  ///< where the figure stands in the paper
  Model model;
  double sigma;
  Point start;
  std::uint64_t iterations;
  std::uint64_t runs;
  double end;     ///< the share of the iterations, at the end, over which stationary losses are averaged
  Point minimum;  ///< near which all end
  double minimum_value;  ///< the lowest value of f: the loss is f - minimum_value
};

/// The landscape of panels 1 and 2, its setting "curvatures", and the problem from it and the settings "eta", "sigma",
/// "x0", "iterations" and "runs".
SettingSpecification quadratic_setting();
LandscapeComparison quadratic_comparison(std::string item, double end, const Settings& settings);
/// The landscape of panels 3 and 4 with its settings "curvatures", "quartic" and "cubic"; all end near the lowest minimum.
std::vector<SettingSpecification> saddle_settings();
LandscapeComparison saddle_comparison(std::string item, double end, const Settings& settings);

/// The ensembles of an optimizer and of its approximations, on the same recorded iterations.
struct ComparedEnsembles {
  DescribedOptimizer what;
  std::shared_ptr<const Ensemble> optimizer;
  std::vector<std::shared_ptr<const Ensemble>> sdes;
};

/// The minimum of f to which Newton's method leads.
/// @throw InvalidParameter if it leads to no point where the gradient vanishes and the Hessian is positive definite
Point minimum_near(const Landscape& landscape, const Point& start);
/// The lowest minimum on the square |x_i| <= reach: Newton's method from the lowest point of a grid.
/// @throw InvalidParameter unless the landscape has two dimensions; as minimum_near
Point lowest_minimum(const Landscape& landscape, double reach);
double value_at(const Landscape& landscape, const Point& x);
/// The squares of the gradient's entries: the start v_0 of RMSprop and of its SDEs.
std::vector<double> squared_gradient_at(const Landscape& landscape, const Point& x);

/// The stationary loss near the minimum for small noise: sum_i lambda_i (Var x_i + s_i^2)/2 with lambda_i the curvature
/// there, Var x_i by the mean-field approximation, and s_i the shift of the mean by weight decay,
/// s_i = -gamma x*_i/(lambda_i/sqrt(v_i) + gamma).
double optimizer_floor(const LandscapeComparison& problem, const DescribedOptimizer& optimizer);
/// @param steps_per_iteration  of Euler-Maruyama; 0: the equation itself
double sde_floor(const LandscapeComparison& problem, const DescribedOptimizer& optimizer, AdaptiveSde form,
                 std::uint64_t steps_per_iteration);

/// x1, x2, and "loss" = f - minimum_value.
std::vector<Observable> comparison_observables(const LandscapeComparison& problem);
/// The steps at which all are recorded, in iterations: more of them in the first tenth, where the loss falls, and at
/// its beginning; and the window "end".
Recording comparison_recording(const LandscapeComparison& problem, std::uint64_t steps_per_iteration);
std::shared_ptr<const Process> process_of(const LandscapeComparison& problem,
                                          const DescribedOptimizer& optimizer, const Stream& stream);
std::shared_ptr<const Process> process_of(const LandscapeComparison& problem,
                                          const Approximation& approximation, const Stream& stream);

/// Orders the optimizer and its approximations.
ComparedEnsembles order(const LandscapeComparison& problem, const DescribedOptimizer& optimizer,
                        Simulations& simulations);

/// The largest |log10(E loss of an SDE / E loss of the optimizer)| over time.
struct LargestDeviation {
  Measurement measurement;
  /// Bound on the bias of a maximum of n estimates with errors s_i, max_i s_i sqrt(2 log(2n)).
  double bias;
};
/// Over the recorded iterations at which either loss is above three times the optimizer's last one, and the end as a
/// whole: there single iterations would tell noise.
LargestDeviation largest_deviation(const ComparedEnsembles& ensembles, std::size_t sde);
/// The largest deviation of one SDE less that of another.
LargestDeviation deviation_step(const ComparedEnsembles& ensembles, std::size_t from, std::size_t to);

/// What is claimed of every optimizer and SDE, as their fields say.
void judge(const LandscapeComparison& problem, const ComparedEnsembles& ensembles, Findings& out);

/// Mean paths over contours; loss with the optimizer's band; log10 of the ratios of losses, as far as those reach that
/// are claimed to track or not to.
void show(const LandscapeComparison& problem, const ComparedEnsembles& ensembles, Findings& out);
/// E x2 against E x1 over contours. Points that are not finite are left out, and counted in the caption.
/// @param framed  the axes reach as far as the first of that many paths
Figure trajectory_figure(const LandscapeComparison& problem, std::string id, std::string title,
                         const std::vector<Series>& paths, std::size_t framed);
/// E x2 against E x1 of an ensemble.
Series mean_path(const Ensemble& ensemble, std::string label, Role role, int colour);
/// Removes the points that are not finite, and returns how many there were.
std::size_t remove_non_finite(Series& series);

}  // namespace sdelens
