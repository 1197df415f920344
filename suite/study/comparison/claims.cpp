#include "suite/study/comparison/claims.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/study/comparison/deviation.hpp"
#include "suite/study/comparison/floors.hpp"

namespace sdelens {
namespace {

/// An SDE beside its optimizer.
struct Pair {
  const LandscapeComparison& comparison;
  const Approximation& approximation;
  const Simulated& sde;
  const Simulated& optimizer;
};

Measurement floor_ratio(const Pair& pair) {
  const Sample samples[] = {pair.sde->average(compared_end, compared_loss),
                            pair.optimizer->average(compared_end, compared_loss)};
  return jackknife(samples, [](std::span<const Moments> m) { return m[0].mean / m[1].mean; });
}

void claim_simulation(const ComparedEnsembles& ensembles, double floor, Findings& out) {
  const LandscapeComparison& comparison = ensembles.comparison;
  out.claim("simulation/" + comparison.id())
      .at(comparison.source())
      .says(fmt::format("The loss of simulated {} at the end is that of the mean-field fixed point",
                        comparison.optimizer.label))
      .equals(ensembles.optimizer.mean_of_observable(compared_loss).over(compared_end), {.value = floor})
      .margin(mean_field_margin_with_fluctuation(comparison.problem))
      .resolves(relative(0.05));
}

void claim_floor(const Pair& pair, double floor, Findings& out) {
  const LandscapeComparison& comparison = pair.comparison;
  const Margin closure = mean_field_margin_with_fluctuation(comparison.problem);
  out.claim("floor/" + pair.approximation.id)
      .at(comparison.source())
      .says(fmt::format("The loss of {} at the end, divided by that of {}, is what the mean-field fixed "
                        "points of the scheme and of the optimizer say",
                        pair.approximation.label, comparison.optimizer.label))
      .equals(floor_ratio(pair), {.value = sde_floor(comparison, pair.approximation.form,
                                                     pair.approximation.sde.steps_per_iteration) /
                                           floor})
      .margin(relative(2.0 * closure.bound.relative), closure.reason + ", for both")
      .resolves(relative(0.05));
}

Margin same_floor_margin(double ratio) {
  if (ratio <= 0.3) {
    return {.bound = relative(ratio),
            .reason =
                "first order in ηλ/σ: at most 0.93 of it for the corrected SDE of Adam, 1/2 for that of "
                "RMSprop"};
  }
  return {
      .bound = relative(0.1),
      .reason = "a tenth, two standard errors of the mean of the paper's 500 runs: ηλ/σ is not small here"};
}

void claim_same_floor(const Pair& pair, double floor, Findings& out) {
  const LandscapeComparison& comparison = pair.comparison;
  const double closure = mean_field_margin_with_fluctuation(comparison.problem).bound.relative;
  out.claim("same-floor/" + pair.approximation.id)
      .at(comparison.source())
      .says(fmt::format("The equation of {} has the asymptotic loss of {} (calculation for both)",
                        pair.approximation.label, comparison.optimizer.label))
      .equals(sde_floor(comparison, pair.approximation.form, 0), {.value = floor, .error = closure * floor})
      .margin(same_floor_margin(noise_ratio(comparison)))
      .is_expected_to(*pair.approximation.same_floor);
}

void claim_tracks(const Pair& pair, const LargestDeviation& deviation, Findings& out) {
  const double within = pair.approximation.tracks_within;
  out.claim("tracks/" + pair.approximation.id)
      .at(pair.comparison.source())
      .says(fmt::format("{} tracks {}: at no time is |log₁₀| of the ratio of their losses more than log₁₀ {}",
                        pair.approximation.label, pair.comparison.optimizer.label, 1.0 + within))
      .at_most(deviation.measurement, {.value = 0.0, .error = deviation.bias})
      .margin(absolute(std::log10(1.0 + within)),
              within < 0.1 ? "what the order in which V is updated may change"
                           : "a tenth, two standard errors of the mean of the paper's 500 runs at the end: "
                             "what its plot can show")
      .resolves(absolute(std::log10(1.0 + 2.0 * within)))
      .is_expected_to(*pair.approximation.tracks);
}

void claim_departs(const Pair& pair, const LargestDeviation& deviation, Findings& out) {
  ClaimBuilder claim = out.claim("departs/" + pair.approximation.id);
  if (!pair.approximation.departs_of.empty()) claim.of(pair.approximation.departs_of);
  claim.at(pair.comparison.source())
      .says(fmt::format("{} does not track {}: at some time the ratio of their losses is beyond a factor 2",
                        pair.approximation.label, pair.comparison.optimizer.label))
      .at_least(deviation.measurement, {.value = std::log10(2.0) + deviation.bias});
}

/// While the loss is so high, what an SDE lacks at the end moves it by less than a hundredth.
constexpr double early_floors = 30.0;

void claim_early(const Pair& pair, const LargestDeviation& deviation, Findings& out) {
  out.claim("early/" + pair.approximation.id)
      .of(pair.approximation.early_of)
      .at(pair.comparison.source())
      .says(fmt::format(
          "{} represents the first part of the dynamics of {}: while a loss is above {} times the "
          "asymptotic one, |log₁₀| of the ratio of their losses is not more than log₁₀ 1.1",
          pair.approximation.label, pair.comparison.optimizer.label, early_floors))
      .at_most(deviation.measurement, {.value = 0.0, .error = deviation.bias})
      .margin(absolute(std::log10(1.1)),
              "a tenth, two standard errors of the mean of the paper's 500 runs: what its plot can show")
      .resolves(absolute(std::log10(1.2)));
}

}  // namespace

void judge(const ComparedEnsembles& ensembles, Findings& out) {
  const LandscapeComparison& comparison = ensembles.comparison;
  const double floor = optimizer_floor(comparison);
  claim_simulation(ensembles, floor, out);
  for (std::size_t i = 0; i < ensembles.sdes.size(); ++i) {
    const Approximation& approximation = comparison.optimizer.approximations[i];
    const Pair pair{comparison, approximation, ensembles.sdes[i], ensembles.optimizer};
    if (approximation.settles) claim_floor(pair, floor, out);
    if (approximation.same_floor) claim_same_floor(pair, floor, out);
    if (!approximation.early_of.empty()) {
      if (const auto early = early_deviation(ensembles, i, early_floors)) claim_early(pair, *early, out);
    }
    if (!approximation.tracks && !approximation.departs) continue;
    const LargestDeviation deviation = largest_deviation(ensembles, i);
    if (approximation.tracks) claim_tracks(pair, deviation, out);
    if (approximation.departs) claim_departs(pair, deviation, out);
  }
}

}  // namespace sdelens
