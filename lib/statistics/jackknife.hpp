#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <vector>

#include "sdelens/core/measurement.hpp"
#include "sdelens/statistics/moments.hpp"

namespace sdelens {

/// A smooth function of the moments of several observables, with its error by the jackknife over the groups
/// (groups of unequal size: Busing, Meijer and van der Leeden, Statistics and Computing 9, 1999).
///
/// The observables are of one ensemble, or of independent or coupled ensembles with the same groups. The value
/// is the function of all observations; it is not corrected for bias.
/// @param function  takes the moments in the order of the samples
/// @throw InvalidParameter if fewer than 16 groups have observations, or the samples' groups differ in emptiness
Measurement jackknife(std::span<const GroupedMoments* const> samples,
                      const std::function<double(std::span<const Moments>)>& function);

/// The mean of one observable.
Measurement mean_of(const GroupedMoments& sample);
/// The variance of one observable, with divisor n - 1.
Measurement variance_of(const GroupedMoments& sample);

}  // namespace sdelens
