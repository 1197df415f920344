#include "suite/study/agreement.hpp"

namespace sdelens {

void append(Series& series, double x, const Measurement& measured) {
  series.x.push_back(x);
  series.y.push_back(measured.value);
  series.low.push_back(measured.value - measured.standard_error);
  series.high.push_back(measured.value + measured.standard_error);
}

void expect_agreement(Findings& out, const std::string& statement, const Source& source,
                      const std::vector<MapPoint>& points) {
  for (const MapPoint& point : points) {
    if (!point.expected) continue;
    out.claim(point.id)
        .at(source)
        .says(statement + ": " + point.where)
        .equals(point.ratio, {.value = 1.0})
        .margin(relative(agreement), "a tenth: what agreement means on a logarithmic axis")
        .resolves(relative(1.5 * agreement))
        .is_expected_to(*point.expected);
  }
}

std::optional<Verdict> expected_by_ratio(double r, double fails_from) {
  constexpr double rounding = 1.0 + 1e-9;
  if (r <= 0.05 * rounding) return Verdict::pass;
  if (r * rounding >= fails_from) return Verdict::fail;
  return std::nullopt;
}

}  // namespace sdelens
