#include "sdelens/claim/decision.hpp"

#include <fmt/format.h>

#include <cmath>

namespace sdelens {

Verdict decided(Relation relation, double lower, double upper, double margin, double resolution) {
  const bool only_above = relation == Relation::at_most;
  const bool only_below = relation == Relation::at_least || relation == Relation::ordering;
  const bool too_high = !only_below && lower > margin;
  const bool too_low = !only_above && upper < -margin;
  if (too_high || too_low) return Verdict::fail;
  const bool not_high = only_below || upper <= resolution;
  const bool not_low = only_above || lower >= -resolution;
  return not_high && not_low ? Verdict::pass : Verdict::unresolved;
}

std::string contradiction(const Check& check) {
  if (check.verdict == Verdict::error || (check.verdict == Verdict::unresolved && !check.reason.empty()))
    return {};
  const double difference = check.estimate - check.prediction;
  const bool numbers = std::isfinite(difference) && std::isfinite(check.lower) &&
                       std::isfinite(check.upper) && check.standard_error >= 0.0 && check.margin >= 0.0 &&
                       check.resolution >= check.margin;
  if (!numbers) return fmt::format("is {}, but has no numbers to be judged by", to_string(check.verdict));
  if (difference < check.lower || difference > check.upper) {
    return fmt::format(
        "is {}, but the interval [{:.6g}, {:.6g}] does not hold estimate - prediction = {:.6g}",
        to_string(check.verdict), check.lower, check.upper, difference);
  }
  const Verdict verdict =
      decided(check.claim.relation, check.lower, check.upper, check.margin, check.resolution);
  if (verdict == check.verdict) return {};
  return fmt::format("is {}, but the interval [{:.6g}, {:.6g}], margin {:.6g} and resolution {:.6g} say {}",
                     to_string(check.verdict), check.lower, check.upper, check.margin, check.resolution,
                     to_string(verdict));
}

}  // namespace sdelens
