#include "suite/study/claim_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace sdelens {
namespace {

std::string where(const Measurement& measured) {
  return measured.iteration ? fmt::format("k = {:.6g}", *measured.iteration) : "";
}

}  // namespace

std::vector<const SampleSource*> Expectation::made_from() const {
  std::vector<const SampleSource*> result;
  for (const Comparison& comparison : comparisons) {
    for (const SampleSource* source : comparison.measurement.made_from) {
      if (std::ranges::find(result, source) == result.end()) result.push_back(source);
    }
  }
  return result;
}

ClaimBuilder& ClaimBuilder::of(const std::string& number, Wording wording) { return of({number}, wording); }

ClaimBuilder& ClaimBuilder::of(std::initializer_list<std::string> numbers, Wording wording) {
  Claim& claim = expectation_->claim;
  claim.lemmas.assign(numbers.begin(), numbers.end());
  claim.wording = wording;
  for (const std::string& number : claim.lemmas) {
    const Source source = statement_source(number, wording);
    if (claim.source.item.empty()) claim.source = source;
  }
  return *this;
}

ClaimBuilder& ClaimBuilder::in_wording(Wording wording) {
  expectation_->claim.wording = wording;
  return *this;
}

ClaimBuilder& ClaimBuilder::at(Source source) {
  expectation_->claim.source = std::move(source);
  return *this;
}

ClaimBuilder& ClaimBuilder::says(std::string statement) {
  expectation_->claim.statement = std::move(statement);
  return *this;
}

ClaimBuilder& ClaimBuilder::compares(Relation relation, std::vector<Comparison> comparisons) {
  expectation_->claim.relation = relation;
  expectation_->comparisons = std::move(comparisons);
  return *this;
}

ClaimBuilder& ClaimBuilder::compares(Relation relation, const MeasuredCurve& measured,
                                     const PredictedCurve& predicted) {
  std::vector<Comparison> comparisons;
  for (const Measurement& point : measured) {
    if (!point.iteration) throw std::logic_error("a point of a curve has no iteration to compare at");
    comparisons.push_back(
        {.where = where(point), .prediction = predicted(*point.iteration), .measurement = point});
  }
  return compares(relation, std::move(comparisons));
}

ClaimBuilder& ClaimBuilder::compares(Relation relation, const Measurement& measured, Prediction predicted) {
  return compares(relation, {{.where = "", .prediction = std::move(predicted), .measurement = measured}});
}

ClaimBuilder& ClaimBuilder::equals(const Measurement& measured, Prediction predicted) {
  return compares(Relation::equal, measured, std::move(predicted));
}
ClaimBuilder& ClaimBuilder::equals(double calculated, Prediction predicted) {
  return equals(Measurement{.value = calculated}, std::move(predicted));
}
ClaimBuilder& ClaimBuilder::equals(const MeasuredCurve& measured, const PredictedCurve& predicted) {
  return compares(Relation::equal, measured, predicted);
}
ClaimBuilder& ClaimBuilder::at_most(const Measurement& measured, Prediction bound) {
  return compares(Relation::at_most, measured, std::move(bound));
}
ClaimBuilder& ClaimBuilder::at_most(double calculated, Prediction bound) {
  return at_most(Measurement{.value = calculated}, std::move(bound));
}
ClaimBuilder& ClaimBuilder::at_most(const MeasuredCurve& measured, const PredictedCurve& bound) {
  return compares(Relation::at_most, measured, bound);
}
ClaimBuilder& ClaimBuilder::at_least(const Measurement& measured, Prediction bound) {
  return compares(Relation::at_least, measured, std::move(bound));
}
ClaimBuilder& ClaimBuilder::at_least(double calculated, Prediction bound) {
  return at_least(Measurement{.value = calculated}, std::move(bound));
}
ClaimBuilder& ClaimBuilder::at_least(const MeasuredCurve& measured, const PredictedCurve& bound) {
  return compares(Relation::at_least, measured, bound);
}
ClaimBuilder& ClaimBuilder::is_identity(double calculated, Prediction predicted) {
  return compares(Relation::identity, Measurement{.value = calculated}, std::move(predicted));
}
ClaimBuilder& ClaimBuilder::is_identity(const MeasuredCurve& calculated, const PredictedCurve& predicted) {
  return compares(Relation::identity, calculated, predicted);
}
ClaimBuilder& ClaimBuilder::is_order(const Measurement& slope, double order) {
  return compares(Relation::order, slope, {.value = order});
}

ClaimBuilder& ClaimBuilder::margin(Bound bound, std::string reason) {
  expectation_->claim.margin = bound;
  expectation_->claim.margin_reason = std::move(reason);
  return *this;
}

ClaimBuilder& ClaimBuilder::resolves(Bound bound) {
  expectation_->claim.resolution = bound;
  return *this;
}

ClaimBuilder& ClaimBuilder::resolves_beyond_margin(Bound bound) {
  const Bound& margin = expectation_->claim.margin;
  return resolves(
      {.absolute = margin.absolute + bound.absolute, .relative = margin.relative + bound.relative});
}

ClaimBuilder& ClaimBuilder::is_refuted() { return is_expected_to(Verdict::fail); }

ClaimBuilder& ClaimBuilder::is_expected_to(Verdict verdict) {
  expectation_->claim.expected = verdict;
  return *this;
}

}  // namespace sdelens
