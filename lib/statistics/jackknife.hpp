#pragma once

#include <Eigen/Core>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "sdelens/core/measurement.hpp"
#include "sdelens/statistics/moments.hpp"

namespace sdelens {

/// A smooth function of the moments of several observables, with its error by the jackknife over the groups
/// (groups of unequal size: Busing, Meijer and van der Leeden, Statistics and Computing 9, 1999).
///
/// The observables are of one ensemble, or of independent or coupled ensembles with the same groups; the measurement
/// carries those, and the iteration if it is the same in all samples. The
/// value is the function of all observations; it is not corrected for bias.
/// @param function  takes the moments in the order of the samples
/// @throw InvalidParameter if there is no sample, fewer than 16 groups have observations, or the samples'
///        groups differ in emptiness
Measurement jackknife(std::span<const Sample> samples,
                      const std::function<double(std::span<const Moments>)>& function);

/// Several estimates with the covariance matrix of their errors.
struct JointMeasurement {
  Eigen::VectorXd values;
  Eigen::MatrixXd covariance;
  double degrees_of_freedom = std::numeric_limits<double>::infinity();
  std::vector<const SampleSource*> made_from{};  ///< as Measurement::made_from
};

/// As jackknife, of a function with several values; the covariance has rank at most the number of groups
/// less 1.
/// @throw InvalidParameter as jackknife, and if the function returns vectors of different lengths
JointMeasurement joint_jackknife(std::span<const Sample> samples,
                                 const std::function<Eigen::VectorXd(std::span<const Moments>)>& function);

/// The mean of one observable.
Measurement mean_of(const Sample& sample);
/// The variance of one observable, with divisor n - 1.
Measurement variance_of(const Sample& sample);

}  // namespace sdelens
