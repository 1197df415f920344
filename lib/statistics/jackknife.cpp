#include "sdelens/statistics/jackknife.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sdelens/core/check.hpp"

namespace sdelens {
namespace {

constexpr Index fewest_groups = 16;
using VectorFunction = std::function<Eigen::VectorXd(std::span<const Moments>)>;

std::vector<Moments> moments_of(std::span<const Sample> samples, Index left_out) {
  std::vector<Moments> result;
  for (const Sample& sample : samples) result.push_back(sample.without(left_out));
  return result;
}

/// Throws unless the samples fill the same groups, and enough of them.
std::vector<Index> filled_groups(std::span<const Sample> samples) {
  if (samples.empty()) throw InvalidParameter("jackknife", "samples", "must not be empty");
  std::vector<Index> filled;
  for (Index g = 0; g < GroupedMoments::groups; ++g) {
    const bool empty = samples.front().group(g).count == 0.0;
    for (const Sample& sample : samples) {
      if ((sample.group(g).count == 0.0) != empty) {
        throw InvalidParameter("jackknife", "samples", "must have observations in the same groups");
      }
    }
    if (!empty) filled.push_back(g);
  }
  if (static_cast<Index>(filled.size()) < fewest_groups) {
    throw InvalidParameter(
        "jackknife", "replicas",
        fmt::format("fill {} groups, but at least {} are needed", filled.size(), fewest_groups));
  }
  return filled;
}

/// The value of all observations, and for each group a row of deviations from the jackknife estimate, scaled
/// so that every row has the covariance of the estimate.
struct Deviations {
  Eigen::VectorXd value;
  Eigen::MatrixXd rows;
};

Deviations deviations_of(std::span<const Sample> samples, const VectorFunction& function) {
  const std::vector<Index> filled = filled_groups(samples);
  const auto groups = static_cast<Index>(filled.size());
  const double all = samples.front().total().count;
  const Eigen::VectorXd value = function(moments_of(samples, -1));
  Eigen::MatrixXd pseudo_values(groups, value.size());
  Eigen::VectorXd ratios(groups);
  Eigen::VectorXd estimate = Eigen::VectorXd::Zero(value.size());
  for (Index i = 0; i < groups; ++i) {
    const Index group = filled[static_cast<std::size_t>(i)];
    const Eigen::VectorXd left_out = function(moments_of(samples, group));
    if (left_out.size() != value.size()) {
      throw InvalidParameter("jackknife", "function", "must return vectors of one length");
    }
    const double ratio = all / samples.front().group(group).count;
    ratios(i) = ratio;
    pseudo_values.row(i) = ratio * value - (ratio - 1.0) * left_out;
    estimate += value - (1.0 - 1.0 / ratio) * left_out;
  }
  pseudo_values.rowwise() -= estimate.transpose();
  // With h = n / n_g, the pseudo-value of group g has variance about (h - 1) times that of the estimate.
  pseudo_values.array().colwise() /= (ratios.array() - 1.0).sqrt();
  return {.value = value, .rows = std::move(pseudo_values)};
}

std::optional<double> common_iteration(std::span<const Sample> samples) {
  const auto same = [&](const Sample& sample) { return sample.iteration == samples.front().iteration; };
  return std::ranges::all_of(samples, same) ? samples.front().iteration : std::nullopt;
}

std::vector<const SampleSource*> sources_of(std::span<const Sample> samples) {
  std::vector<const SampleSource*> result;
  for (const Sample& sample : samples) {
    if (sample.source != nullptr && std::ranges::find(result, sample.source) == result.end())
      result.push_back(sample.source);
  }
  return result;
}

}  // namespace

Measurement jackknife(std::span<const Sample> samples,
                      const std::function<double(std::span<const Moments>)>& function) {
  const auto [value, rows] = deviations_of(samples, [&function](std::span<const Moments> moments) {
    return Eigen::VectorXd::Constant(1, function(moments)).eval();
  });
  const auto groups = static_cast<double>(rows.rows());
  const double standard_error = std::sqrt(rows.squaredNorm() / groups);
  const double skewness = standard_error == 0.0 ? 0.0 : (rows.array() / standard_error).cube().sum() / groups;
  return {.value = value(0),
          .standard_error = standard_error,
          .degrees_of_freedom = groups - 1.0,
          .skewness = skewness / std::sqrt(groups),
          .iteration = common_iteration(samples),
          .made_from = sources_of(samples)};
}

JointMeasurement joint_jackknife(std::span<const Sample> samples, const VectorFunction& function) {
  auto [value, rows] = deviations_of(samples, function);
  const auto groups = static_cast<double>(rows.rows());
  return {.values = std::move(value),
          .covariance = rows.transpose() * rows / groups,
          .degrees_of_freedom = groups - 1.0,
          .made_from = sources_of(samples)};
}

Measurement mean_of(const Sample& sample) {
  return jackknife({&sample, 1}, [](std::span<const Moments> m) { return m[0].mean; });
}

Measurement variance_of(const Sample& sample) {
  return jackknife({&sample, 1}, [](std::span<const Moments> m) { return m[0].variance(); });
}

}  // namespace sdelens
