#pragma once

#include <optional>

#include "suite/study/comparison/comparison.hpp"

namespace sdelens {

/// The largest |log10(E loss of an SDE / E loss of the optimizer)| over time.
struct LargestDeviation {
  Measurement measurement;
  /// Bound on the bias of a maximum of n estimates with errors s_i, max_i s_i sqrt(2 log(2n)).
  double bias;
};
/// Over the recorded iterations at which either loss is above three times the optimizer's last one, and the end as a
/// whole: there single iterations would tell noise.
LargestDeviation largest_deviation(const ComparedEnsembles& ensembles, std::size_t sde);
/// The same over the first part alone, where one of the losses is above so many times the optimizer's at the end; nothing
/// of a run so short that there is none.
std::optional<LargestDeviation> early_deviation(const ComparedEnsembles& ensembles, std::size_t sde,
                                                double floors);
/// The largest deviation of one SDE less that of another.
LargestDeviation deviation_step(const ComparedEnsembles& ensembles, std::size_t from, std::size_t to);
/// The same for a claim that deviations increase.
Comparison deviation_increases(const ComparedEnsembles& ensembles, std::size_t from, std::size_t to);

}  // namespace sdelens
