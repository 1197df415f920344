#include "sdelens/statistics/jackknife.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sdelens/core/check.hpp"

namespace sdelens {
namespace {

constexpr Index fewest_groups = 16;

std::vector<Moments> moments_of(std::span<const GroupedMoments* const> samples, Index left_out) {
  std::vector<Moments> result;
  for (const GroupedMoments* sample : samples) result.push_back(sample->without(left_out));
  return result;
}

}  // namespace

Measurement jackknife(std::span<const GroupedMoments* const> samples,
                      const std::function<double(std::span<const Moments>)>& function) {
  std::vector<double> pseudo_values, ratios;
  const double value = function(moments_of(samples, -1));
  const double all = samples.front()->total().count;
  double estimate = 0.0;
  for (Index g = 0; g < GroupedMoments::groups; ++g) {
    const double count = samples.front()->group(g).count;
    for (const GroupedMoments* sample : samples) {
      if ((sample->group(g).count == 0.0) != (count == 0.0)) {
        throw InvalidParameter("jackknife", "samples", "must have observations in the same groups");
      }
    }
    if (count == 0.0) continue;
    const double left_out = function(moments_of(samples, g));
    const double ratio = all / count;
    ratios.push_back(ratio);
    pseudo_values.push_back(ratio * value - (ratio - 1.0) * left_out);
    estimate += value - (1.0 - 1.0 / ratio) * left_out;
  }
  const auto groups = static_cast<double>(pseudo_values.size());
  if (groups < fewest_groups) {
    throw InvalidParameter("jackknife", "replicas",
                           fmt::format("fill {} groups, but at least {} are needed", groups, fewest_groups));
  }
  // With h = n / n_g, the pseudo-value of group g has variance about (h - 1) times that of the estimate.
  double second = 0.0;
  double third = 0.0;
  for (std::size_t i = 0; i < pseudo_values.size(); ++i) {
    const double scaled = (pseudo_values[i] - estimate) / std::sqrt(ratios[i] - 1.0);
    second += scaled * scaled;
    third += scaled * scaled * scaled;
  }
  const double variance = second / groups;
  const double skewness = variance > 0.0 ? third / groups / std::pow(variance, 1.5) : 0.0;
  return {.value = value,
          .standard_error = std::sqrt(variance),
          .degrees_of_freedom = groups - 1.0,
          .skewness = skewness / std::sqrt(groups)};
}

Measurement mean_of(const GroupedMoments& sample) {
  const GroupedMoments* const samples[] = {&sample};
  return jackknife(samples, [](std::span<const Moments> m) { return m[0].mean; });
}

Measurement variance_of(const GroupedMoments& sample) {
  const GroupedMoments* const samples[] = {&sample};
  return jackknife(samples, [](std::span<const Moments> m) { return m[0].variance(); });
}

}  // namespace sdelens
