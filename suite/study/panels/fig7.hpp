#pragma once

#include <vector>

#include "suite/study/comparison/comparison.hpp"

namespace sdelens {

/// Figure 7 of paper A: RMSprop, its SDE (86) and that of Malladi et al. (183), on one landscape. What its panels
/// share.

/// The settings that both panels have.
std::vector<SettingSpecification> fig7_settings(double sigma, double iterations, std::vector<double> x0);

/// What RMSprop is compared with; `diverges`: Malladi's SDE with dt = eta does.
Judgement design_fig7(const LandscapePanel& panel, bool diverges, const Settings& settings,
                      Simulations& simulations);

}  // namespace sdelens
