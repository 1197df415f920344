#pragma once

#include <limits>

namespace sdelens {

/// An estimate with what is known of its error. The standardised error is taken to follow Student's t with
/// the given degrees of freedom, corrected for the skewness of the studentised estimate. A value without
/// error (an exact calculation) has standard_error 0.
struct Measurement {
  double value = 0.0;
  double standard_error = 0.0;
  double degrees_of_freedom = std::numeric_limits<double>::infinity();
  /// Skewness of one independent group divided by the root of the number of groups.
  double skewness = 0.0;
};

}  // namespace sdelens
