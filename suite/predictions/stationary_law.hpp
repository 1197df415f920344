#pragma once

#include "suite/predictions/asked.hpp"
#include "suite/predictions/margin.hpp"

namespace sdelens {

/// The best calculation of the long run of an optimizer on a quadratic: the exact recursion of SGD(W), the exact chain
/// of SignSGD, the mean field of RMSprop(W) and Adam(W).
Asked stationary_law(const Problem& problem);
double stationary_loss(const Problem& problem);
/// What it allows: nothing where it is exact.
Margin stationary_law_margin(const Problem& problem);

}  // namespace sdelens
