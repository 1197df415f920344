// What of the findings a terminal has, and what a record.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "suite/program/simulate/simulate_findings.hpp"

namespace sdelens {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Measured variances and a prediction of each, off by as many errors as its coordinate's entry says.
SimulateFindings findings(const std::vector<double>& off, const std::vector<std::size_t>& outside = {}) {
  ComparisonTable table{.place = "end", .title = "End of the run", .rows = {}};
  for (std::size_t i = 1; i <= off.size(); ++i) {
    const std::string name = "Var x" + std::to_string(i);
    table.rows.push_back(
        {.quantity = name, .coordinate = i, .what = "sgd, measured", .value = 1, .error = 1});
    const bool is_outside = std::ranges::find(outside, i) != outside.end();
    table.rows.push_back(
        {.quantity = name,
         .coordinate = i,
         .what = "Lemma",
         .value = 1.0,
         .optimizer = Discrepancy{.in_errors = off[i - 1],
                                  .agreement = is_outside ? Agreement::outside : Agreement::consistent}});
  }
  table.rows.push_back({.quantity = "E f", .what = "sgd, measured", .value = 2.0, .error = 0.1});
  SimulateFindings result;
  result.tables = {table};
  return result;
}

std::string line_of(const std::string& text, const std::string& quantity) {
  const std::size_t begin = text.find("\n" + quantity + " ");
  return begin == std::string::npos ? "" : text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1);
}

std::string flowing(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

TEST(SimulateText, HasAllCoordinatesOfAFew) {
  const std::string text = text_of(findings({0, 0, 0, 0, 0, 9}), false, 100);
  for (int i = 1; i <= 6; ++i) EXPECT_NE(line_of(text, "Var x" + std::to_string(i)), "") << i;
  EXPECT_THAT(text, Not(HasSubstr("Shown are")));
}

TEST(SimulateText, OfManyCoordinatesHasTheFirstAndThoseFurthestOff) {
  std::vector<double> off(100, 0.5);
  off[6] = -4.0;
  off[49] = 3.0;
  off[99] = std::numeric_limits<double>::infinity();
  for (const std::size_t width : {60U, 100U}) {
    const std::string text = text_of(findings(off, {50, 70, 80}), false, width);
    std::vector<std::size_t> shown;
    for (std::size_t i = 1; i <= 100; ++i) {
      if (text.find("\nVar x" + std::to_string(i) + (width < 100 ? "\n" : " ")) != std::string::npos)
        shown.push_back(i);
    }
    EXPECT_THAT(shown, testing::ElementsAre(1, 2, 3, 7, 50, 100)) << width;
    EXPECT_THAT(text, HasSubstr("\nE f"));
    EXPECT_THAT(
        flowing(text),
        HasSubstr("Shown are the first 3 coordinates and the 3 furthest off in standard errors, which are "
                  "not typical. 94 more are in the record and its report, 2 of them with a number "
                  "OUTSIDE or exceeded."));
  }
}

TEST(SimulateText, ABoundThatHoldsIsNotOff) {
  SimulateFindings found = findings(std::vector<double>(10, 1.0));
  ComparisonRow& bound = found.tables[0].rows[2 * 7 + 1];
  bound.bound = true;
  bound.optimizer->in_errors = -50.0;
  const std::string text = text_of(found, false, 100);
  EXPECT_EQ(line_of(text, "Var x8"), "");
  EXPECT_THAT(flowing(text), HasSubstr("4 more are in the record and its report, none of them"));
}

TEST(SimulateText, KeepsItsColumnsApart) {
  const std::string text = text_of(findings(std::vector<double>(100, 0.0)), false, 100);
  EXPECT_THAT(text, Not(HasSubstr("x100sgd")));
  std::vector<double> off(100, 0.0);
  off[99] = 1.0;
  EXPECT_THAT(text_of(findings(off), false, 100), HasSubstr("\nVar x100 sgd, measured "));
  EXPECT_THAT(text_of(findings(off), true, 100), HasSubstr("\nVar x100 sgd, measured "));
}

TEST(SimulateText, LeavesNothingOutOfTheRecord) {
  const std::vector<DataTable> tables = data_tables(findings(std::vector<double>(100, 0.0)), false);
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].columns[0].words.size(), 201U);
  EXPECT_EQ(tables[0].columns[0].words[199], "Var x100");
}

}  // namespace
}  // namespace sdelens
