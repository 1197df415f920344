#pragma once

#include <cmath>
#include <concepts>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "sdelens/model/sde.hpp"

namespace sdelens {

/// 1 - e^{-x}.
template <class P>
P one_minus_exp(const P& x) {
  if constexpr (std::floating_point<P>) {
    return -std::expm1(-x);
  } else {
    return 1.0 - exp(-x);
  }
}

/// Starts the last column of a coordinate, its second moment V, at what is given as initial_v, or else at f_i^2 + Sigma_ii,
/// the mean square of the first gradient; the columns before it at 0.
/// @throw InvalidParameter, when it starts, unless there is one for all coordinates or one for each, and all are positive:
///        the equation divides by their roots
std::function<void(const Local<double>&, Index, std::span<double>)> started_at_mean_squares(
    std::string owner, const SdeContext& context, std::vector<double> given);

}  // namespace sdelens
