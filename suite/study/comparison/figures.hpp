#pragma once

#include <string>
#include <vector>

#include "suite/study/comparison/comparison.hpp"

namespace sdelens {

/// Mean paths over contours; loss with the optimizer's band; log10 of the ratios of losses, as far as those reach that
/// are claimed to track or not to.
void show(const ComparedEnsembles& ensembles, Findings& out);
/// E x2 against E x1 over contours. Points that are not finite are left out, and counted in the caption.
/// @param framed  the axes reach as far as the first of that many paths
Figure trajectory_figure(const Problem& problem, std::string id, std::string title,
                         const std::vector<Series>& paths, std::size_t framed);
/// E x2 against E x1 of an ensemble.
Series mean_path(const Simulated& simulated, std::string label, Role role, int colour);
/// Removes the points that are not finite, and returns how many there were.
std::size_t remove_non_finite(Series& series);

}  // namespace sdelens
