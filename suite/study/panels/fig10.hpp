#pragma once

#include <vector>

#include "suite/study/comparison/comparison.hpp"

namespace sdelens {

/// Figures 10 and 3 of paper A: Adam(W) with its SDE as printed, (124) or (174), and corrected. What their panels share.

/// What is expected of Adam's SDEs on a landscape.
struct AdamExpectations {
  Verdict corrected_fine;  ///< "the corrected equation tracks, and has the asymptotic loss"
};

/// The settings that all panels have.
std::vector<SettingSpecification> adam_settings(double sigma, double iterations, std::vector<double> x0);

/// Adam, or with gamma > 0 AdamW, with the SDE as printed and corrected, as drawn (dt = eta) and integrated finely.
DescribedOptimizer adam_with_sdes(const Settings& settings, double gamma, const AdamExpectations& expected);
/// Adds the SDE of Malladi et al., (188), integrated finely and as drawn.
/// @param settles  whether its scheme with dt = eta does
void add_malladi(DescribedOptimizer& adam, bool settles);

}  // namespace sdelens
