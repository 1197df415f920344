// Registered predictions as experiments ask them: what they refuse, and what a number remembers.
#include "suite/predictions/asked.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suite/predictions/stationary_law.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

Problem adam_at(double sigma) {
  return adaptive_problem("adam", {0.9, 0.999, 0.0}, {1.0, 1.0}, sigma, 1e-2, Point::Zero(2));
}

TEST(Asked, RefusesWhereANeedIsNotMet) {
  EXPECT_NEAR(Asked("lemma-C.29", adam_at(0.1)).loss().value, 1e-2 * 0.1 * 2.0 / 4.0, 1e-18);
  EXPECT_THAT([] { Asked("lemma-C.29-of-sde", adam_at(0.1)).loss(); },
              ThrowsMessage<std::logic_error>(HasSubstr("needs the SDE adam")));
  EXPECT_THAT([] { Asked("lemma-C.29", adam_at(0.1)).loss_curve(); },
              ThrowsMessage<std::logic_error>(HasSubstr("has no curve")));
}

// eta lambda / sigma = 1 is beyond the range of a leading order, and a claim there fails for that reason.
TEST(Asked, BeyondItsRangeSaysWhatTheStatementSaysThere) {
  const PredictionEntry& entry = Registry<PredictionEntry>::all().at("lemma-C.29");
  const Question question{adam_at(0.01)};
  EXPECT_EQ(first_objection(question, entry.needs), std::nullopt);
  EXPECT_THAT(first_objection(question, entry.range).value_or(""),
              HasSubstr("leading order in eta lambda / sigma"));
  EXPECT_NEAR(Asked(entry.name, question).loss().value, 1e-2 * 0.01 * 2.0 / 4.0, 1e-19);
}

TEST(Asked, BesideAnSdeIsAboutTheSde) {
  const Prediction printed = Asked("lemma-C.29-of-sde", beside_sde(adam_at(0.1), "adam")).loss();
  EXPECT_EQ(printed.value, Asked("lemma-C.29", adam_at(0.1)).loss().value);
  ASSERT_TRUE(printed.origin);
  EXPECT_EQ(printed.origin->entry(), "lemma-C.29-of-sde");
}

TEST(Asked, WithAnErrorKeepsItsOrigin) {
  const Prediction prediction = with_error(Asked("mean-field", adam_at(0.1)).loss(), 0.25);
  EXPECT_EQ(prediction.error, 0.25);
  EXPECT_EQ(prediction.origin->entry(), "mean-field");
}

TEST(StationaryLaw, IsTheBestCalculationOfEachOptimizer) {
  const auto entry_of = [](const Choice& optimizer) {
    const Problem problem = quadratic_problem(optimizer, {1.0}, 0.5, 1e-2, Point::Zero(1));
    return stationary_law(problem).loss().origin->entry();
  };
  EXPECT_EQ(entry_of({.name = "sgd"}), "exact-stationary-recursion");
  EXPECT_EQ(entry_of({.name = "signsgd"}), "exact-stationary-chain");
  EXPECT_EQ(entry_of({.name = "adam"}), "mean-field");
  const Problem sgd = quadratic_problem({.name = "sgd"}, {1.0}, 0.5, 1e-2, Point::Zero(1));
  EXPECT_EQ(stationary_law_margin(sgd).bound.relative, 0.0);
  EXPECT_EQ(stationary_law_margin(adam_at(0.1)).bound.relative, 3e-3);
}

}  // namespace
}  // namespace sdelens
