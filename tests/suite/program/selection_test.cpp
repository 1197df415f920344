#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "suite/program/select.hpp"

namespace sdelens {
namespace {

using testing::AllOf;
using testing::HasSubstr;

template <class Action>
std::string refused(const Action& action) {
  try {
    action();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

std::string refused_change(const std::vector<std::string>& texts) {
  return refused([&] { parse_changes(texts); });
}

TEST(ParseChanges, ReadsNumbersAndLists) {
  const Parameters changes = parse_changes({"eta=1e-3", "x0=0.25,-0.125", "n=4"});
  const Parameters expected{{"eta", {1e-3}}, {"x0", {0.25, -0.125}}, {"n", {4.0}}};
  EXPECT_EQ(changes, expected);
  EXPECT_TRUE(parse_changes({}).empty());
}

TEST(ParseChanges, LeavesNanAndInfinityToTheRangeOfTheSetting) {
  EXPECT_TRUE(std::isnan(parse_changes({"x=nan"}).at("x").at(0)));
  EXPECT_TRUE(std::isinf(parse_changes({"x=-inf"}).at("x").at(0)));
}

TEST(ParseChanges, QuotesWhatItCannotRead) {
  for (const std::string text : {"eta", "=1", "", "="}) {
    EXPECT_THAT(refused_change({text}),
                AllOf(HasSubstr("--set '" + text + "' has no key or no value"), HasSubstr("key=value")));
  }
  EXPECT_THAT(refused_change({"eta="}), HasSubstr("--set 'eta=' has an empty value"));
  EXPECT_THAT(refused_change({"eta=1,"}), HasSubstr("--set 'eta=1,' has an empty value"));
  for (const std::string word : {"", "x", "1x", "1e", "0.1.2", " 1", "1 ", "--1", "1e999"}) {
    EXPECT_THAT(refused_change({"eta=2," + word + ",3"}),
                HasSubstr("has '" + word + "', which is no number"));
  }
  EXPECT_THAT(refused_change({"eta=1=2"}), HasSubstr("has '1=2', which is no number"));
  EXPECT_THAT(refused_change({"eta=1", "eta=2"}), HasSubstr("sets 'eta' a second time"));
}

std::vector<std::string> names(const std::vector<const Experiment*>& selected) {
  std::vector<std::string> result;
  for (const Experiment* experiment : selected) result.push_back(experiment->name);
  return result;
}

TEST(Select, TakesAllWithoutArguments) {
  EXPECT_EQ(names(select({}, "")), Registry<Experiment>::all().names());
  EXPECT_FALSE(select({}, "").empty());
}

TEST(Select, TakesIdsInTheirOrderAndEachOnce) {
  const std::vector<std::string> all = Registry<Experiment>::all().names();
  ASSERT_GE(all.size(), 3U);
  EXPECT_EQ(names(select({all[2], all[0], all[2]}, "")), (std::vector<std::string>{all[2], all[0]}));
}

TEST(Select, AddsWhatTheExpressionIsFoundIn) {
  for (const std::string& name : names(select({}, "^fig"))) EXPECT_EQ(name.rfind("fig", 0), 0U);
  EXPECT_EQ(select({}, "^fig").size() + select({}, "^([^f]|f[^i]|fi[^g])").size(), select({}, "").size());
  EXPECT_EQ(names(select({"lemma-3.8"}, "^lemma-3\\.[68]$")),
            (std::vector<std::string>{"lemma-3.8", "lemma-3.6"}));
}

TEST(Select, QuotesTheNearestNamesOfAnUnknownId) {
  EXPECT_THAT(refused([] { select({"lemma-3.88"}, ""); }),
              HasSubstr("unknown experiment 'lemma-3.88'; the nearest: lemma-3.8, "));
  EXPECT_THAT(refused([] { select({"lemma-3.8", "fig6-adm"}, ""); }), HasSubstr("the nearest: fig6-adam, "));
  EXPECT_THAT(refused([] { select({"Lemma-3.8"}, ""); }), HasSubstr("unknown experiment 'Lemma-3.8'"));
}

TEST(Select, RefusesAFilterThatSelectsNothing) {
  EXPECT_THAT(refused([] { select({}, "fig66"); }),
              AllOf(HasSubstr("unknown experiment for --filter 'fig66'"), HasSubstr("nearest: fig6-")));
  EXPECT_THAT(refused([] { select({"lemma-3.8"}, "nothing"); }), HasSubstr("'nothing'"))
      << "also where an id selects something";
}

TEST(Select, RefusesAFilterThatIsNoExpression) {
  EXPECT_THAT(refused([] { select({}, "fig["); }), HasSubstr("--filter 'fig[' is not a regular expression"));
  EXPECT_THAT(refused([] { select({}, "^(?!fig)"); }), HasSubstr("(?!"));
}

// std::regex would take longer than the universe has lasted.
TEST(Select, DoesNotHangWhateverTheFilter) {
  EXPECT_THAT(refused([] { select({}, "^((([a-z.0-9-]+)+)+)+$x"); }), HasSubstr("unknown experiment"));
}

}  // namespace
}  // namespace sdelens
