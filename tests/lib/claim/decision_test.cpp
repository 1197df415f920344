#include "sdelens/claim/decision.hpp"

#include <gmock/gmock.h>

#include <limits>
#include <vector>

#include "sdelens/claim/check.hpp"

namespace sdelens {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Check judged(Relation relation, double truth) {
  return check(
      {.id = "c", .relation = relation, .margin = {.absolute = 1.0}, .resolution = {.absolute = 2.0}},
      {.value = 0.5}, {.value = 0.5 + truth, .standard_error = 0.01}, 0);
}

const std::vector<Relation> relations{Relation::equal,    Relation::at_most,  Relation::at_least,
                                      Relation::ordering, Relation::identity, Relation::order};

TEST(Contradiction, IsInNothingThatWasJudged) {
  for (const Relation relation : relations) {
    for (const double truth : {-3.0, -1.5, -1.0, 0.0, 1.0, 1.5, 1.99, 2.0, 3.0})
      EXPECT_THAT(contradiction(judged(relation, truth)), IsEmpty()) << to_string(relation) << truth;
  }
}

TEST(Contradiction, IsInEveryOtherVerdict) {
  for (const Relation relation : relations) {
    for (const double truth : {-3.0, -1.5, 0.0, 1.5, 3.0}) {
      const Check honest = judged(relation, truth);
      for (const Verdict verdict : {Verdict::pass, Verdict::fail, Verdict::unresolved}) {
        Check changed = honest;
        changed.verdict = verdict;
        EXPECT_EQ(contradiction(changed).empty(), verdict == honest.verdict)
            << to_string(relation) << truth << to_string(verdict);
      }
    }
  }
  Check changed = judged(Relation::equal, 3.0);
  changed.verdict = Verdict::pass;
  EXPECT_THAT(contradiction(changed), HasSubstr("margin 1 and resolution 2 say fail"));
}

TEST(Contradiction, IsInNumbersThatDoNotFitTogether) {
  Check changed = judged(Relation::equal, 0.0);
  changed.estimate = 7.0;
  EXPECT_THAT(contradiction(changed), HasSubstr("does not hold estimate - prediction = 6.5"));
  for (double Check::*const member : {&Check::prediction, &Check::estimate, &Check::standard_error,
                                      &Check::lower, &Check::upper, &Check::margin, &Check::resolution}) {
    changed = judged(Relation::equal, 0.0);
    changed.*member = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THAT(contradiction(changed), HasSubstr("is pass, but has no numbers to be judged by"));
  }
}

// Damage that is found after a decision, and obstacles, leave the numbers as they are.
TEST(Contradiction, IsNotInWhatWasNotJudged) {
  Check changed = judged(Relation::equal, 0.0);
  changed.verdict = Verdict::error;
  EXPECT_THAT(contradiction(changed), IsEmpty());
  changed.verdict = Verdict::unresolved;
  EXPECT_THAT(contradiction(changed), HasSubstr("is unresolved"));
  changed.reason = "made from 3 runs";
  EXPECT_THAT(contradiction(changed), IsEmpty());
}

}  // namespace
}  // namespace sdelens
