#pragma once

#include <vector>

#include "suite/study/panels/fig10.hpp"

namespace sdelens {

/// Figure 3 of paper A: AdamW and RMSpropW with their SDEs (174) and (113), on one landscape. What its panels share.

/// The settings that both panels have: Adam's for both optimizers, as the number of iterations has it.
std::vector<SettingSpecification> fig3_settings(double sigma, double iterations, std::vector<double> x0);

/// @param corrected_fine  as in AdamExpectations
/// @param rmspropw_fine   the verdict expected of "the SDE (113), integrated finely, tracks RMSpropW"
Judgement design_fig3(const LandscapePanel& panel, Verdict corrected_fine, Verdict rmspropw_fine,
                      const Settings& settings, Simulations& simulations);

}  // namespace sdelens
