#pragma once

#include <limits>
#include <span>

#include "sdelens/claim/claim.hpp"

namespace sdelens {

/// Shares the error rate of a family of claims out to its claims and their looks. A claim gets total / claims; its
/// look l = 0, 1, ... (a look at each doubling of the replicas) gets 2^-(l+1) of that, and the last look that it may
/// have what is left, so that however many looks there are, the union bound over all claims and looks is at most the
/// total.
struct ErrorSpending {
  double total = 1e-4;   ///< for false fails, and again for false passes
  double claims = 4096;  ///< the most claims that a run may have
  double most_looks = std::numeric_limits<double>::infinity();
  double at_look(int look) const;
};

/// What a whole run may spend on each family of claims.
struct ErrorBudget {
  ErrorSpending replicas{};
  ErrorSpending few_runs{.total = 1e-2, .claims = 128, .most_looks = 1};

  const ErrorSpending& of(ErrorFamily family) const;
  /// Whether more replicas may still change a verdict: it is unresolved, and its family has a look left.
  bool allows_another_look(const Check& check) const;
};

/// A claim from fewer runs is not judged: draw its curve, and do not expect it.
inline constexpr double fewest_judged_runs = 10;

/// Half-width of the two-sided interval at the given error rate, in standard errors: Student's t quantile
/// plus the first Edgeworth term of a studentised mean, |skewness| (2 z^2 + 1) / 6 (Hall, The Bootstrap and
/// Edgeworth Expansion, 1992, section 2.6), which only ever widens.
double interval_factor(const Measurement& measurement, double error_rate);

/// Judges a claim at one look. With d = truth - prediction, m the margin plus the prediction's error, r the
/// resolution (at least m), and an interval for d that misses it with probability error_rate at most:
/// equal, order, identity: fail if the interval is outside [-m, m]; pass if it is inside [-r, r]; otherwise
///   unresolved. So with r = m a pass is a proof of equivalence within the margin.
/// at_most: fail if the interval is above m; pass if it is below r. at_least, ordering: mirrored.
/// A sample (finite degrees of freedom) whose values are equal to rounding: unresolved, since an event rarer than
///   one in its size leaves no trace in its standard error.
/// few_runs, from fewer than fewest_judged_runs (degrees of freedom + 1): unresolved, whatever the interval.
/// NaN or infinity anywhere, or a negative standard error: error. Pass is never the default.
///
/// Several comparisons (a curve): the error rate is shared equally between the points; any fail fails the
/// claim, all must pass for a pass. The numbers reported are those of the point that decided: the worst.
/// @param look    0 for the first, 1 after the first doubling of the replicas, ...
/// @param budget  of which the claim's family is spent
/// @throw InvalidParameter if there is no comparison; a bound is negative or not a number; look is negative or not
///        below the most looks of the claim's family, or its spending is not a rate below 1 of at least one claim;
///        for a two-sided relation, the resolution and the margin are zero and the measurement has an error; a claim
///        of few_runs has a measurement without degrees of freedom: a calculation
Check check(const Claim& claim, std::span<const Comparison> comparisons, int look,
            const ErrorBudget& budget = {});
Check check(const Claim& claim, const Prediction& prediction, const Measurement& measurement, int look,
            const ErrorBudget& budget = {});

}  // namespace sdelens
