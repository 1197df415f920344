#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sdelens/exact/sde_mean_field.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {

/// Figures 3, 7 and 10 of paper A: optimizers beside the SDEs that are said to describe them, on a landscape in two
/// dimensions. What the figures share; each adds its landscape, its SDEs and what is expected of them.

/// An SDE with what is expected of it.
struct Approximation {
  std::string id;     ///< in the ids of claims
  std::string label;  ///< in legends and statements
  /// By Euler-Maruyama. One step in the time of an iteration is what the paper plots, and is driven by the normals of
  /// the optimizer; with more the equation is integrated finely, on normals of its own.
  SdeChoice sde;
  int colour = 1;
  AdaptiveSde form = AdaptiveSde::rmsprop;

  /// The verdict expected of "its loss stays within this much of the optimizer's at all times"; none: not claimed.
  std::optional<Verdict> tracks{};
  double tracks_within = 0.1;
  /// Whether it is claimed that its loss is at some time off by more than a factor 2.
  bool departs = false;
  std::string departs_of{};  ///< the statement that this decides; empty: none
  std::string early_of{};    ///< the statement that it tracks in the first part; empty: not claimed
  /// Whether its loss becomes stationary; then it is claimed to be what the mean-field approximation says.
  bool settles = true;
  /// The verdict expected of "its equation has the optimizer's asymptotic loss", by calculation; none: not claimed.
  std::optional<Verdict> same_floor{};
};

/// Euler-Maruyama, as the paper integrates.
SdeChoice euler_maruyama(Choice sde, std::uint64_t steps_per_iteration = 1);

/// An optimizer with SDEs that are said to describe it. Its name in the registry is in the ids of claims.
struct DescribedOptimizer {
  std::string label;
  Choice choice;
  std::vector<Approximation> approximations;  ///< those that do not settle come last
};

/// A described optimizer on a landscape, and what a problem does not say of it.
struct LandscapeComparison {
  std::string item;  ///< where the figure stands in the paper
  Problem problem;
  DescribedOptimizer optimizer;
  std::uint64_t iterations;
  std::uint64_t runs;
  double end;     ///< the share of the iterations, at the end, over which stationary losses are averaged
  Point minimum;  ///< near which all end
  double minimum_value;  ///< the lowest value of f: the loss is f - minimum_value

  Source source() const { return {.paper = "A", .item = item}; }
  const std::string& id() const { return problem.optimizer.name; }
};

/// The landscape of panels 1 and 2 from its setting "curvatures".
SettingSpecification quadratic_setting();
Choice quadratic_landscape(const Settings& settings);
/// The landscape of panels 3 and 4 from its settings "curvatures", "quartic" and "cubic"; all end near the lowest minimum.
std::vector<SettingSpecification> saddle_settings();
Choice saddle_landscape(const Settings& settings);

/// Where a figure's panels stand in the paper, on which landscape, and how long their end is.
struct LandscapePanel {
  std::string item;
  Choice landscape;
  double end;
};
/// The rest from the settings "eta", "sigma", "x0", "iterations" and "runs".
LandscapeComparison comparison_on(const LandscapePanel& panel, const DescribedOptimizer& optimizer,
                                  const Settings& settings);

/// The squares of the gradient's entries at the setting "x0": the start v_0 of RMSprop and of its SDEs.
std::vector<double> squared_gradient_at_start(const Choice& landscape, const Settings& settings);

/// The ensembles of an optimizer and of its approximations, on the same recorded iterations.
struct ComparedEnsembles {
  LandscapeComparison comparison;
  Simulated optimizer;
  std::vector<Simulated> sdes;
};

/// What is observed beside the coordinates: f - minimum_value.
inline constexpr const char* compared_loss = "loss";
/// The window over the end.
inline constexpr const char* compared_end = "end";

/// x1, x2, and "loss".
std::vector<Observable> comparison_observables(const LandscapeComparison& comparison);
/// The steps at which all are recorded, in iterations: more of them in the first tenth, where the loss falls, and at
/// its beginning; and the window "end".
Recording comparison_recording(const LandscapeComparison& comparison, std::uint64_t steps_per_iteration);

/// Orders the optimizer and its approximations.
ComparedEnsembles order(const LandscapeComparison& comparison, Simulations& simulations);

}  // namespace sdelens
