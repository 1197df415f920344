#include "sdelens/model/sdes/adaptive.hpp"

#include <algorithm>
#include <utility>

namespace sdelens {

std::function<void(const Local<double>&, Index, std::span<double>)> started_at_mean_squares(
    std::string owner, const SdeContext& context, std::vector<double> given) {
  return [owner = std::move(owner), dimension = context.source->dimension(), given = std::move(given)](
             const Local<double>& here, Index i, std::span<double> columns) {
    std::ranges::fill(columns, 0.0);
    double& v = columns.back();
    v = here.gradient * here.gradient + here.deviation * here.deviation;
    if (!given.empty()) v = entry(owner, "initial_v", given, dimension, i);
    if (!(v > 0.0)) throw InvalidParameter(owner, "initial_v", v, Range::positive());
  };
}

}  // namespace sdelens
