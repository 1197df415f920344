#pragma once

#include "suite/study/ingredients.hpp"

namespace sdelens {

/// Figure 5 of paper A, left and centre-left: the loss of an adaptive optimizer with weight decay and of the same
/// optimizer rescaled with (R) and without (NR) its weight decay. What the two panels share.
struct ScalingPanel {
  std::string optimizer;  ///< its name in the registry
  std::string label;
  Source source;
  std::string bound;      ///< number of the bound of the loss
  std::string law;        ///< number of the stationary law
  std::string law_entry;  ///< its registered prediction, of the optimizer
};

/// The settings of both panels, with `betas` of the optimizer.
std::vector<SettingSpecification> scaling_settings(std::vector<SettingSpecification> betas);

Judgement design_scaling_panel(const ScalingPanel& panel, const Settings& settings, Simulations& simulations);

}  // namespace sdelens
