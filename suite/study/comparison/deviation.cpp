#include "suite/study/comparison/deviation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sdelens/statistics/jackknife.hpp"

namespace sdelens {
namespace {

/// The samples of which deviations of one or several SDEs are functions: the optimizer's, then those of each SDE, at
/// the same places and in the window at the end.
struct DeviationSamples {
  std::vector<Sample> samples;
  std::size_t places = 0;

  double log_ratio(std::span<const Moments> moments, std::size_t sde, std::size_t place) const {
    return std::log10(moments[(sde + 1) * places + place].mean / moments[place].mean);
  }
  double largest(std::span<const Moments> moments, std::size_t sde) const {
    double result = 0.0;
    for (std::size_t place = 0; place < places; ++place) {
      result = std::max(result, std::abs(log_ratio(moments, sde, place)));
    }
    return result;
  }
};

/// @param floors  places are left out where every loss is below so many times the optimizer's at the end
/// @param at_end  whether the window there is one of the places
DeviationSamples deviation_samples(const ComparedEnsembles& ensembles, const std::vector<std::size_t>& sdes,
                                   double floors = 3.0, bool at_end = true) {
  std::vector<const Ensemble*> all{&*ensembles.optimizer};
  for (const std::size_t sde : sdes) all.push_back(&*ensembles.sdes.at(sde));
  const double level = floors * ensembles.optimizer->average(compared_end, compared_loss).total().mean;
  const std::size_t recorded = ensembles.optimizer->recorded_steps().size();
  std::vector<std::size_t> above;
  for (std::size_t place = 1; place < recorded; ++place) {
    const bool any = std::ranges::any_of(all, [&](const Ensemble* ensemble) {
      return ensemble->at(place, compared_loss).total().mean > level;
    });
    if (any) above.push_back(place);
  }
  // More would cost time and change nothing: successive ones are near one another.
  constexpr std::size_t most = 80;
  const std::size_t every = above.size() / most + 1;
  DeviationSamples result;
  for (const Ensemble* ensemble : all) {
    for (std::size_t i = 0; i < above.size(); i += every) {
      result.samples.push_back(ensemble->at(above[i], compared_loss));
    }
    if (at_end) result.samples.push_back(ensemble->average(compared_end, compared_loss));
  }
  result.places = result.samples.size() / all.size();
  return result;
}

/// Of the maximum over the places of each of the SDEs that the samples are of.
double maximum_bias(const DeviationSamples& samples, std::size_t sde) {
  const JointMeasurement joint = joint_jackknife(samples.samples, [&](std::span<const Moments> moments) {
    Eigen::VectorXd ratios(static_cast<Index>(samples.places));
    for (std::size_t place = 0; place < samples.places; ++place) {
      ratios(static_cast<Index>(place)) = samples.log_ratio(moments, sde, place);
    }
    return ratios;
  });
  const double largest_error = std::sqrt(joint.covariance.diagonal().maxCoeff());
  return largest_error * std::sqrt(2.0 * std::log(2.0 * static_cast<double>(samples.places)));
}

LargestDeviation largest_of(const DeviationSamples& samples) {
  return {.measurement =
              jackknife(samples.samples, [&](std::span<const Moments> m) { return samples.largest(m, 0); }),
          .bias = maximum_bias(samples, 0)};
}

}  // namespace

LargestDeviation largest_deviation(const ComparedEnsembles& ensembles, std::size_t sde) {
  return largest_of(deviation_samples(ensembles, {sde}));
}

std::optional<LargestDeviation> early_deviation(const ComparedEnsembles& ensembles, std::size_t sde,
                                                double floors) {
  const DeviationSamples samples = deviation_samples(ensembles, {sde}, floors, false);
  if (samples.places == 0) return std::nullopt;
  return largest_of(samples);
}

LargestDeviation deviation_step(const ComparedEnsembles& ensembles, std::size_t from, std::size_t to) {
  const DeviationSamples samples = deviation_samples(ensembles, {from, to});
  return {.measurement = jackknife(
              samples.samples,
              [&](std::span<const Moments> m) { return samples.largest(m, 1) - samples.largest(m, 0); }),
          .bias = maximum_bias(samples, 1)};
}

Comparison deviation_increases(const ComparedEnsembles& ensembles, std::size_t from, std::size_t to) {
  const std::vector<Approximation>& sdes = ensembles.comparison.optimizer.approximations;
  const LargestDeviation difference = deviation_step(ensembles, from, to);
  return {.where = fmt::format("{}, then {}", sdes[from].label, sdes[to].label),
          .prediction = {.value = difference.bias},
          .measurement = difference.measurement};
}

}  // namespace sdelens
