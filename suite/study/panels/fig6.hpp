#pragma once

#include <functional>
#include <string>
#include <vector>

#include "suite/study/ingredients.hpp"

namespace sdelens {

/// Figure 6 of paper A: the asymptotic loss of one optimizer on f = x'x/2 in two dimensions as the noise grows.
/// What the four panels share; each panel adds its optimizer, its predictions and their margins.
struct NoisePanel {
  std::string optimizer;
  std::string label;
  std::string item;
  std::string lemma;                   ///< number of the lemma that the limit decides where it applies
  Wording wording = Wording::printed;  ///< corrected where the lemma in print is about another process
  /// The optimizer's parameters from the settings.
  std::function<Parameters(const Settings&)> parameters;

  /// The best calculation of the stationary loss, and the claim it makes about the simulation.
  std::function<double(const Settings&, double sigma)> oracle;
  std::string oracle_name;
  Bound oracle_margin;
  std::string oracle_margin_reason;
  /// Relative resolution of the simulation; coarser where relaxation leaves few independent values in a run.
  std::function<double(double sigma)> resolution;

  /// The limit that the paper prints.
  std::function<double(const Settings&, double sigma)> limit;
  std::string limit_statement;
  std::function<double(const Settings&, double sigma)> limit_margin;  ///< relative
  std::string limit_margin_reason;
  /// Whether the limit is claimed to describe the loss at this sigma within its margin.
  /// Elsewhere it is claimed to be refuted where `limit_fails`, and nothing is claimed in between.
  std::function<bool(const Settings&, double sigma)> limit_applies;
  std::function<bool(const Settings&, double sigma)> limit_fails;
};

/// Beyond this eta lambda / sigma (and, for AdamW, eta gamma / (1 - beta_1)) first-order theory is not tested: the
/// largest value of the paper at which it holds. The tolerance is rounding.
inline constexpr double largest_linear_ratio = 0.1 * (1.0 + 1e-9);

/// The settings that all panels have.
std::vector<SettingSpecification> noise_settings();

/// Orders one ensemble for each sigma and judges: simulation against oracle, oracle against the printed limit.
/// `more` may add claims; it gets the oracle's stationary losses, one for each sigma.
Judgement design_noise_panel(const NoisePanel& panel, const Settings& settings, Simulations& simulations,
                             const std::function<void(Findings&, const std::vector<double>& losses)>& more);

/// The slope of log loss in log sigma between two entries of the list of sigmas.
double log_slope(const Settings& settings, const std::vector<double>& losses, std::size_t from,
                 std::size_t to);

}  // namespace sdelens
