#include "suite/study/agreement.hpp"

namespace sdelens {

void expect_agreement(Findings& out, const std::string& statement, const Source& source,
                      const std::vector<MapPoint>& points) {
  for (const MapPoint& point : points) {
    if (!point.expected) continue;
    out.expect({.id = point.id,
                .statement = statement + ": " + point.where,
                .source = source,
                .margin = {.relative = agreement},
                .margin_reason = "a tenth: what agreement means on a logarithmic axis",
                .resolution = {.relative = 1.5 * agreement},
                .expected = *point.expected},
               {.value = 1.0}, point.ratio, point.from);
  }
}

std::optional<Verdict> expected_by_ratio(double r, double fails_from) {
  constexpr double rounding = 1.0 + 1e-9;
  if (r <= 0.05 * rounding) return Verdict::pass;
  if (r * rounding >= fails_from) return Verdict::fail;
  return std::nullopt;
}

}  // namespace sdelens
