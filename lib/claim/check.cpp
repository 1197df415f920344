#include "sdelens/claim/check.hpp"

#include <fmt/format.h>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "sdelens/claim/decision.hpp"
#include "sdelens/core/check.hpp"

namespace sdelens {
namespace {

enum class Side { both, above, below };

Side side_of(Relation relation) {
  switch (relation) {
    case Relation::at_most:
      return Side::above;
    case Relation::at_least:
    case Relation::ordering:
      return Side::below;
    default:
      return Side::both;
  }
}

double quantile_at(double error_rate_of_one_side, double degrees_of_freedom) {
  using boost::math::complement;
  if (std::isinf(degrees_of_freedom)) {
    return boost::math::quantile(complement(boost::math::normal(), error_rate_of_one_side));
  }
  return boost::math::quantile(
      complement(boost::math::students_t(degrees_of_freedom), error_rate_of_one_side));
}

void require_bound(const Claim& claim, const char* name, const Bound& bound) {
  require_in(Range::non_negative(), "claim " + claim.id, std::string(name) + ".absolute", bound.absolute);
  require_in(Range::non_negative(), "claim " + claim.id, std::string(name) + ".relative", bound.relative);
}

/// Whether a sample's values are equal to rounding: then its standard error says nothing of its true error.
bool without_spread(const Measurement& measurement) {
  constexpr double rounding = 4.0 * std::numeric_limits<double>::epsilon();
  return std::isfinite(measurement.degrees_of_freedom) &&
         measurement.standard_error <= rounding * std::abs(measurement.value);
}

/// Why a measurement that is a number cannot be judged; empty if it can.
std::string obstacle(const Claim& claim, const Measurement& measurement) {
  const double runs = measurement.degrees_of_freedom + 1.0;
  if (claim.family == ErrorFamily::few_runs && runs < fewest_judged_runs) {
    return fmt::format("made from {} runs, but at least {} are needed to judge", runs, fewest_judged_runs);
  }
  if (without_spread(measurement))
    return "the replicas show no spread, so what is rarer than one of them is unknown";
  return {};
}

Check check_point(const Claim& claim, const Comparison& comparison, double error_rate) {
  const auto& [where, prediction, measurement] = comparison;
  Check result;
  result.claim = claim;
  result.where = where;
  result.prediction = prediction.value;
  result.estimate = measurement.value;
  result.standard_error = measurement.standard_error;
  result.margin = claim.margin.at(prediction.value) + prediction.error;
  result.resolution = std::max(result.margin, claim.resolution.at(prediction.value));
  result.error_rate = error_rate;

  const double d = measurement.value - prediction.value;
  const bool usable = std::isfinite(d) && std::isfinite(result.resolution) && prediction.error >= 0.0 &&
                      std::isfinite(measurement.standard_error) && measurement.standard_error >= 0.0 &&
                      std::isfinite(measurement.skewness) && measurement.degrees_of_freedom >= 1.0;
  if (!usable) {
    result.verdict = Verdict::error;
    result.reason = "a prediction or measurement is not a finite number";
    return result;
  }
  if (claim.family == ErrorFamily::few_runs) {
    require_in(Range::at_least(1.0), "claim " + claim.id, "degrees_of_freedom",
               measurement.degrees_of_freedom);
  }
  const Side side = side_of(claim.relation);
  if (side == Side::both && measurement.standard_error > 0.0 && result.resolution == 0.0) {
    throw InvalidParameter(
        "claim " + claim.id, "resolution",
        "must be positive: a measurement with an error can never show an equality to be exact");
  }
  const double half = measurement.standard_error == 0.0
                          ? 0.0
                          : interval_factor(measurement, error_rate) * measurement.standard_error;
  result.lower = d - half;
  result.upper = d + half;
  result.reason = obstacle(claim, measurement);
  if (!result.reason.empty()) {
    result.verdict = Verdict::unresolved;
    return result;
  }
  result.verdict = decided(claim.relation, result.lower, result.upper, result.margin, result.resolution);
  return result;
}

int severity(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return 0;
    case Verdict::unresolved:
      return 1;
    case Verdict::fail:
      return 2;
    default:
      return 3;
  }
}

/// How far the interval reaches beyond what is allowed, in units of the resolution; of the prediction where the
/// resolution is only rounding.
double reach(const Check& check) {
  const Side side = side_of(check.claim.relation);
  const double high = side == Side::below ? -std::numeric_limits<double>::infinity() : check.upper;
  const double low = side == Side::above ? -std::numeric_limits<double>::infinity() : -check.lower;
  const double extent = std::max(high, low);
  const double size = std::abs(check.prediction);
  const double scale = check.resolution > 1e-6 * size ? check.resolution : size;
  return scale > 0.0 ? extent / scale : extent;
}

bool worse(const Check& a, const Check& b) {
  if (severity(a.verdict) != severity(b.verdict)) return severity(a.verdict) > severity(b.verdict);
  return reach(a) > reach(b);
}

}  // namespace

double ErrorSpending::at_look(int look) const {
  const bool last = look + 1.0 == most_looks;
  return std::ldexp(total / claims, last ? -look : -(look + 1));
}

const ErrorSpending& ErrorBudget::of(ErrorFamily family) const {
  return family == ErrorFamily::few_runs ? few_runs : replicas;
}

bool ErrorBudget::allows_another_look(const Check& check) const {
  return check.verdict == Verdict::unresolved && check.looks < of(check.claim.family).most_looks;
}

double interval_factor(const Measurement& measurement, double error_rate) {
  const double one_side = 0.5 * error_rate;
  const double z = quantile_at(one_side, std::numeric_limits<double>::infinity());
  return quantile_at(one_side, measurement.degrees_of_freedom) +
         std::abs(measurement.skewness) * (2.0 * z * z + 1.0) / 6.0;
}

Check check(const Claim& claim, std::span<const Comparison> comparisons, int look,
            const ErrorBudget& budget) {
  if (comparisons.empty()) throw InvalidParameter("claim " + claim.id, "comparisons", "must not be empty");
  require_bound(claim, "margin", claim.margin);
  require_bound(claim, "resolution", claim.resolution);
  const ErrorSpending& spending = budget.of(claim.family);
  require_in({.low = 0.0, .high = spending.most_looks, .low_included = true}, "check", "look", look);
  require_in({.low = 0.0, .high = 1.0}, "check", "spending.total", spending.total);
  require_in(Range::at_least(1.0), "check", "spending.claims", spending.claims);
  const double error_rate = spending.at_look(look);
  const double share = error_rate / static_cast<double>(comparisons.size());
  Check result = check_point(claim, comparisons.front(), share);
  for (const Comparison& comparison : comparisons.subspan(1)) {
    Check other = check_point(claim, comparison, share);
    if (worse(other, result)) result = std::move(other);
  }
  result.points = comparisons.size();
  result.error_rate = error_rate;
  result.looks = look + 1;
  result.spent = 0.0;
  for (int l = 0; l <= look; ++l) result.spent += spending.at_look(l);
  return result;
}

Check check(const Claim& claim, const Prediction& prediction, const Measurement& measurement, int look,
            const ErrorBudget& budget) {
  const Comparison comparison{.where = "", .prediction = prediction, .measurement = measurement};
  return check(claim, std::span(&comparison, 1), look, budget);
}

}  // namespace sdelens
