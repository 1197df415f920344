#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "suite/predictions/asked.hpp"
#include "suite/predictions/margin.hpp"
#include "suite/predictions/statement.hpp"

namespace sdelens {

/// A claim with what it compares.
struct Expectation {
  Claim claim;
  std::vector<Comparison> comparisons;
  /// What the measurements were made from, each once: gets more replicas while the claim is unresolved, and makes it an
  /// error where it cannot be believed.
  std::vector<const SampleSource*> made_from() const;
};

/// Measurements along the iterations.
using MeasuredCurve = std::vector<Measurement>;

/// Says one claim, part by part. Source, wording and label follow from of(); the ensembles and the iterations from the
/// measurements.
///
///     out.claim("sde/Var-x1").of("3.8").says("Var x of the SDE of SGD is ...")
///         .equals(sde.variance(0).along(8), lemma.variance_curve(0))
///         .margin(relative(small * small), "bias of the weak order-2 integrator").resolves(relative(0.05));
class ClaimBuilder {
 public:
  explicit ClaimBuilder(Expectation& expectation) : expectation_(&expectation) {}

  /// It decides a numbered statement of the paper, as printed or as it should stand there; several may be named.
  /// @throw UnknownName for a number that the paper does not have
  ClaimBuilder& of(const std::string& number, Wording wording = Wording::printed);
  ClaimBuilder& of(std::initializer_list<std::string> numbers, Wording wording = Wording::printed);
  /// Whose words it repeats, where it decides no numbered statement.
  ClaimBuilder& in_wording(Wording wording);
  /// Where it stands, for a check of our own or of a figure.
  ClaimBuilder& at(Source source);
  /// A sentence with its formula, in plain text with Unicode mathematics; with arguments it is a format of them.
  ClaimBuilder& says(std::string statement);
  template <class First, class... Rest>
  ClaimBuilder& says(fmt::format_string<First, Rest...> statement, First&& first, Rest&&... rest) {
    return says(fmt::format(statement, std::forward<First>(first), std::forward<Rest>(rest)...));
  }

  ClaimBuilder& equals(const Measurement& measured, Prediction predicted);
  ClaimBuilder& equals(double calculated, Prediction predicted);
  ClaimBuilder& equals(const MeasuredCurve& measured, const PredictedCurve& predicted);
  ClaimBuilder& at_most(const Measurement& measured, Prediction bound);
  ClaimBuilder& at_most(double calculated, Prediction bound);
  ClaimBuilder& at_most(const MeasuredCurve& measured, const PredictedCurve& bound);
  ClaimBuilder& at_least(const Measurement& measured, Prediction bound);
  ClaimBuilder& at_least(double calculated, Prediction bound);
  ClaimBuilder& at_least(const MeasuredCurve& measured, const PredictedCurve& bound);
  /// Two calculations without sampling agree.
  ClaimBuilder& is_identity(double calculated, Prediction predicted);
  ClaimBuilder& is_identity(const MeasuredCurve& calculated, const PredictedCurve& predicted);
  /// A slope is the weak order of convergence.
  ClaimBuilder& is_order(const Measurement& slope, double order);
  /// Any relation between lists of which each point has a label of its own.
  ClaimBuilder& compares(Relation relation, std::vector<Comparison> comparisons);

  ClaimBuilder& margin(Bound bound, std::string reason);
  ClaimBuilder& margin(Margin margin) { return this->margin(margin.bound, std::move(margin.reason)); }
  ClaimBuilder& resolves(Bound bound);
  /// A discrepancy that is so much more than the margin, which has been said before.
  ClaimBuilder& resolves_beyond_margin(Bound bound);
  /// The statement is printed wrongly: the gate is green only if the claim fails.
  ClaimBuilder& is_refuted();
  ClaimBuilder& is_expected_to(Verdict verdict);

 private:
  ClaimBuilder& compares(Relation relation, const MeasuredCurve& measured, const PredictedCurve& predicted);
  ClaimBuilder& compares(Relation relation, const Measurement& measured, Prediction predicted);

  Expectation* expectation_;
};

}  // namespace sdelens
