#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace sdelens {

/// What estimates are made from: replicas, of which there can be more.
class SampleSource {
 public:
  virtual ~SampleSource() = default;
  virtual const std::string& name() const = 0;
};

/// An estimate with what is known of its error. The standardised error is taken to follow Student's t with
/// the given degrees of freedom, corrected for the skewness of the studentised estimate. A value without
/// error (an exact calculation) has standard_error 0.
struct Measurement {
  double value = 0.0;
  double standard_error = 0.0;
  double degrees_of_freedom = std::numeric_limits<double>::infinity();
  /// Skewness of one independent group divided by the root of the number of groups.
  double skewness = 0.0;
  /// The optimizer's iteration that it was made at, or the time of which was meant; nothing for a window of them.
  std::optional<double> iteration{};
  /// Each once; empty for a calculation. They outlive the measurement.
  std::vector<const SampleSource*> made_from{};
};

}  // namespace sdelens
