#include "sdelens/statistics/few_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <vector>

#include "sdelens/core/check.hpp"
#include "sdelens/statistics/moments.hpp"

namespace sdelens {
namespace {

Measurement student(std::string_view owner, std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  require_in(Range::at_least(2.0), owner, "number of runs", count);
  Moments moments;
  for (const double value : values) moments.merge({.count = 1.0, .mean = value});
  return {.value = moments.mean,
          .standard_error = moments.standard_deviation() / std::sqrt(count),
          .degrees_of_freedom = count - 1.0};
}

}  // namespace

Measurement mean_of_runs(std::span<const double> runs) { return student("mean_of_runs", runs); }

Measurement paired_difference_of_runs(std::span<const double> first, std::span<const double> second) {
  constexpr std::string_view owner = "paired_difference_of_runs";
  if (first.size() != second.size()) {
    throw InvalidParameter(
        owner, "second",
        fmt::format("has {} runs, but must have as many as first: {}", second.size(), first.size()));
  }
  std::vector<double> differences(first.size());
  std::ranges::transform(first, second, differences.begin(), std::minus());
  return student(owner, differences);
}

}  // namespace sdelens
