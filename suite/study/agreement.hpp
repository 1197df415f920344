#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suite/study/ingredients.hpp"

namespace sdelens {

/// What a reader of a plot on a logarithmic axis calls agreement: the discrepancy up to which theory is said to
/// describe the optimizer in the maps of robustness.
inline constexpr double agreement = 0.1;

/// One point of a map: where it stands, and the loss of the optimizer over the loss in theory.
struct MapPoint {
  std::string id;     ///< of its claim: "signsgd/d=10/r=0.1"
  std::string where;  ///< in words: "d = 10, condition number 30, ηλ/σ = 0.1"
  Measurement ratio;
  /// pass: claimed to agree within `agreement`; fail: claimed not to. No claim in between.
  std::optional<Verdict> expected;
};

/// Adds a measurement at x to a curve, with a bar of one standard error on each side.
void append(Series& series, double x, const Measurement& measured);

/// Claims for each point of a map that theory agrees within `agreement`, or does not.
void expect_agreement(Findings& out, const std::string& statement, const Source& source,
                      const std::vector<MapPoint>& points);

/// Where first-order theory, which errs by 0.2 r to 0.3 r, is claimed to hold, where to fail, and where nothing is
/// claimed, by r = eta lambda / sigma: up to 0.05, from `fails_from`, and in between.
std::optional<Verdict> expected_by_ratio(double r, double fails_from = 1.0);

}  // namespace sdelens
