#pragma once

#include <functional>
#include <string>
#include <vector>

#include "suite/predictions/margins.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {

/// Figure 6 of paper A: the asymptotic loss of one optimizer on f = x'x/2 in two dimensions as the noise grows.
/// What the four panels share; each panel adds its optimizer, the limit in print and its margins.
struct NoisePanel {
  std::string label;
  Source source;
  std::string lemma;                   ///< number of the lemma that the limit decides where it applies
  Wording wording = Wording::printed;  ///< corrected where the lemma in print is about another process
  /// The optimizer with its parameters from the settings.
  std::function<Choice(const Settings&)> optimizer;
  std::string oracle_name;  ///< of stationary_law
  /// Relative resolution of the simulation; coarser where relaxation leaves few independent values in a run.
  std::function<double(double sigma)> resolution;

  std::string limit;  ///< the registered prediction of the limit
  std::string limit_statement;
  std::function<Margin(const Problem&)> limit_margin;  ///< where the limit applies
  /// Whether the limit is claimed to describe the loss within its margin. Elsewhere it is claimed to be refuted where
  /// `limit_fails`, and nothing is claimed in between.
  std::function<bool(const Problem&)> limit_applies;
  std::function<bool(const Problem&)> limit_fails;
};

/// Beyond this eta lambda / sigma (and, for AdamW, eta gamma / (1 - beta_1)) first-order theory is not tested: the
/// largest value of the paper at which it holds. The tolerance is rounding.
inline constexpr double largest_linear_ratio = 0.1 * (1.0 + 1e-9);
bool has_linear_ratio(const Problem& problem);
/// eta lambda / sigma is 1 at least.
bool has_large_ratio(const Problem& problem);

/// The settings that all panels have, and those of one of them.
std::vector<SettingSpecification> noise_settings(std::vector<SettingSpecification> own = {});
/// beta_1 and beta_2 of Adam(W).
std::vector<SettingSpecification> beta_settings();

/// The problem at one sigma with its stationary loss and the limit in print.
struct NoiseLevel {
  double sigma;
  Problem problem;
  double loss;
  Prediction limit;
};

/// Orders one ensemble for each sigma and judges: simulation against the stationary law, that against the limit in
/// print. `more` may add claims; it gets the levels in the order of the settings.
Judgement design_noise_panel(const NoisePanel& panel, const Settings& settings, Simulations& simulations,
                             const std::function<void(Findings&, const std::vector<NoiseLevel>&)>& more);

/// The slope of log loss in log sigma between two levels.
double log_slope(const NoiseLevel& from, const NoiseLevel& to);

}  // namespace sdelens
