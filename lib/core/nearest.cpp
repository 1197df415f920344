#include "sdelens/core/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace sdelens {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      cost[i][j] =
          std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

std::size_t shared_beginning(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

std::string message(std::string_view kind, std::string_view name, std::span<const std::string> candidates) {
  if (candidates.empty()) return fmt::format("unknown {} '{}': none is known", kind, name);
  return fmt::format("unknown {} '{}'; the nearest: {}", kind, name,
                     fmt::join(nearest_names(name, candidates), ", "));
}

}  // namespace

std::vector<std::string> nearest_names(std::string_view name, std::span<const std::string> candidates,
                                       std::size_t most) {
  const auto rank = [&](const std::string& candidate) {
    const auto distance = static_cast<double>(edit_distance(name, candidate));
    return distance - 0.5 * static_cast<double>(shared_beginning(name, candidate));
  };
  std::vector<std::string> sorted(candidates.begin(), candidates.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const std::string& a, const std::string& b) { return rank(a) < rank(b); });
  sorted.resize(std::min(most, sorted.size()));
  return sorted;
}

UnknownName::UnknownName(std::string_view kind, std::string_view name,
                         std::span<const std::string> candidates)
    : std::invalid_argument(message(kind, name, candidates)) {}

}  // namespace sdelens
