#include "reports/plots/panel.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <limits>

#include "reports/plots/script.hpp"
#include "tests/reports/approval.hpp"
#include "tests/reports/synthetic_records.hpp"

namespace sdelens::reports {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Figure figure_of(std::vector<double> x, std::vector<double> y, bool logarithmic = false) {
  Figure figure;
  figure.id = "f";
  figure.y.logarithmic = logarithmic;
  figure.series = {{.label = "curve", .x = std::move(x), .y = std::move(y), .low = {}, .high = {}}};
  return figure;
}

std::string reason_of(const Figure& figure) {
  try {
    make_panel(figure);
  } catch (const NotDrawable& error) {
    return error.what();
  }
  ADD_FAILURE() << "drawable";
  return "";
}

TEST(Panel, WhatCannotBeDrawnLeavesAGapAndIsCounted) {
  const Panel panel = make_panel(figure_of({1, 2, 3, 4, 5, 6}, {1, nan, 3, 4, infinity, 6}));
  ASSERT_EQ(panel.series[0].line.size(), 3U);
  EXPECT_EQ(panel.series[0].line[1].size(), 2U);
  EXPECT_EQ(panel.series[0].points(), 4U);
  EXPECT_THAT(panel.notes, ElementsAre("Not drawn: 2 of 6 points of “curve”, not finite or not positive on a "
                                       "logarithmic axis."));
}

TEST(Panel, ZeroAndBelowCannotBeDrawnOnALogarithmicAxis) {
  const Panel linear = make_panel(figure_of({1, 2, 3}, {0, -1, 1}));
  EXPECT_EQ(linear.series[0].points(), 3U);
  EXPECT_TRUE(linear.notes.empty());
  const Panel logarithmic = make_panel(figure_of({1, 2, 3}, {0, -1, 1}, true));
  EXPECT_EQ(logarithmic.series[0].points(), 1U);
  EXPECT_THAT(logarithmic.notes, ElementsAre(HasSubstr("2 of 3 points")));
}

TEST(Panel, ABandThatComesNearZeroIsDrawnToTheEdge) {
  Figure figure = figure_of({1, 2, 3, 4, 5}, {1, 1, 1, 1, 1}, true);
  figure.series[0].low = {0.5, 0.0, -1.0, nan, 0.2};
  figure.series[0].high = {2, 2, 2, 2, 2};
  const Panel panel = make_panel(figure);
  ASSERT_EQ(panel.series[0].band.size(), 2U);
  EXPECT_EQ(panel.series[0].band[0].size(), 3U);
  EXPECT_DOUBLE_EQ(panel.series[0].band[1][0].low, 0.0);
  EXPECT_THAT(panel.notes,
              ElementsAre("The band of “curve” is not drawn at 1 of 5 points.",
                          "The band of “curve” falls below a quarter of the curve at 3 of 5 points and is "
                          "drawn to the edge there."));
  EXPECT_THAT(gnuplot_script(panel), HasSubstr("\n2 " + std::to_string(panel.y.low).substr(0, 4)));
}

TEST(Panel, AxesFollowTheDataUnlessGiven) {
  Figure figure = figure_of({0, 10}, {-1, 1});
  Panel panel = make_panel(figure);
  EXPECT_DOUBLE_EQ(panel.x.low, -0.2);
  EXPECT_DOUBLE_EQ(panel.x.high, 10.2);
  EXPECT_DOUBLE_EQ(panel.y.low, -1.1);
  EXPECT_DOUBLE_EQ(panel.y.high, 1.1);
  figure.y.low = 0.0;
  figure.y.high = 5.0;
  panel = make_panel(figure);
  EXPECT_EQ(panel.y.low, 0.0);
  EXPECT_EQ(panel.y.high, 5.0);
  EXPECT_THAT(panel.notes, ElementsAre("Outside the axes: 1 of 2 points of “curve”."));
}

TEST(Panel, AConstantCurveHasAnAxis) {
  for (const bool logarithmic : {false, true}) {
    const Panel panel = make_panel(figure_of({1, 2}, {3, 3}, logarithmic));
    EXPECT_LT(panel.y.low, 3.0);
    EXPECT_GT(panel.y.high, 3.0);
  }
  const Panel zero = make_panel(figure_of({0, 0}, {0, 0}));
  EXPECT_LT(zero.y.low, zero.y.high);
}

TEST(Panel, ABandExtendsALogarithmicAxisUpByADecadeAtMostAndDownToItsLastEdge) {
  Figure figure = figure_of({1, 2}, {1, 1}, true);
  figure.series[0].low = {1e-30, 0.5};
  figure.series[0].high = {2, 1e30};
  const Panel panel = make_panel(figure);
  EXPECT_GT(panel.y.low, 0.25);
  EXPECT_LT(panel.y.low, 0.5);
  EXPECT_GT(panel.y.high, 10.0);
  EXPECT_LT(panel.y.high, 20.0);
}

TEST(Panel, WhatCannotBeDrawnAtAllIsRefusedWithTheReason) {
  EXPECT_EQ(reason_of(Figure{}), "no point of it can be drawn");
  EXPECT_EQ(reason_of(figure_of({1, 2}, {nan, infinity})), "no point of it can be drawn");
  EXPECT_THAT(reason_of(figure_of({1, 2}, {1})), HasSubstr("x 2, y 1"));
  Figure figure = figure_of({1, 2}, {1, 2});
  figure.series[0].low = {0, 0};
  EXPECT_THAT(reason_of(figure), HasSubstr("low 2, high 0"));
  figure = figure_of({1, 2}, {1, 2});
  figure.x.low = 5.0;
  figure.x.high = 4.0;
  EXPECT_THAT(reason_of(figure), HasSubstr("the x axis cannot run from 5 to 4"));
  figure = figure_of({1, 2}, {1, 2}, true);
  figure.y.low = 0.0;
  EXPECT_THAT(reason_of(figure), HasSubstr("on a logarithmic scale"));
  EXPECT_THAT(reason_of(figure_of({1, 2}, {-1e308, 1e308})), HasSubstr("the y axis cannot run"));
}

TEST(Panel, ContoursKeepTheLevelsThatHaveALineAndSayWhich) {
  const Panel panel = make_panel(synthetic_path_figure());
  EXPECT_THAT(panel.contours.levels, ElementsAre(0.1, 0.5, 2.0));
  EXPECT_THAT(panel.notes,
              ElementsAre("Levels of the contours of f: 0.1, 0.5, 2.", "1 of 4 levels have no line here."));
  EXPECT_TRUE(make_panel(synthetic_density_figure()).contours.levels.empty());
}

TEST(Panel, ContoursDoNotMoveTheAxes) {
  Figure figure = synthetic_path_figure();
  figure.contours.x = {-100.0, 0.0, 1.0, 100.0};
  const Panel with = make_panel(figure);
  figure.contours = {};
  const Panel without = make_panel(figure);
  EXPECT_EQ(with.x.low, without.x.low);
  EXPECT_EQ(with.x.high, without.x.high);
}

TEST(Panel, ContoursThatContradictThemselvesAreRefusedWithTheReason) {
  const auto reason = [](const std::function<void(Figure&)>& damage) {
    Figure figure = synthetic_path_figure();
    damage(figure);
    return reason_of(figure);
  };
  EXPECT_THAT(reason([](Figure& f) { f.contours.value.pop_back(); }),
              HasSubstr("15 values on a grid of 4 by 4"));
  EXPECT_THAT(reason([](Figure& f) { f.contours.value[3] = nan; }), HasSubstr("value that is not finite"));
  EXPECT_THAT(
      reason([](Figure& f) {
        f.contours.x = {1.0, 1.0, 2.0, 3.0};
      }),
      HasSubstr("the contours' x must be at least 2 finite numbers that increase, but are 1, 1, 2, 3"));
  EXPECT_THAT(reason([](Figure& f) { f.contours.y = {1.0}; }), HasSubstr("the contours' y must be"));
  EXPECT_THAT(reason([](Figure& f) { f.contours.y[3] = infinity; }), HasSubstr("the contours' y must be"));
  EXPECT_THAT(
      reason([](Figure& f) { f.contours.levels = {}; }),
      HasSubstr("the contours' levels must be at least 1 finite numbers that increase, but are none"));
  EXPECT_THAT(reason([](Figure& f) { f.contours.levels = {2.0, 1.0}; }), HasSubstr("the contours' levels"));
  EXPECT_THAT(reason([](Figure& f) { f.contours.levels = {7.0}; }),
              HasSubstr("no level of the contours lies between 0 and 2.5"));
  EXPECT_THAT(reason([](Figure& f) { f.x.logarithmic = true; }),
              HasSubstr("begin at -0.5 on a logarithmic axis"));
}

TEST(FigureCsv, HoldsEveryNumber) {
  Figure figure = figure_of({1, 2, 3}, {0.1, nan, infinity});
  figure.series[0].low = {0, -1, 1.0 / 3.0};
  figure.series[0].high = {1, 1, 1};
  figure.series.push_back(
      {.label = "a, \"b\"", .role = Role::bound, .x = {4}, .y = {-2.5}, .low = {}, .high = {}});
  EXPECT_EQ(figure_csv(figure),
            "series,role,x,y,low,high\n"
            "curve,optimizer,1,0.1,0,1\n"
            "curve,optimizer,2,nan,-1,1\n"
            "curve,optimizer,3,inf,0.3333333333333333,1\n"
            "\"a, \"\"b\"\"\",bound,4,-2.5,,\n");
}

TEST(GnuplotScript, TextHasNoMeaningInIt) {
  Figure figure = figure_of({1, 2}, {1, 2});
  figure.series[0].label = "it's \"`date`\" \\n @x {a}_b\n\"; system('touch evil'); \"";
  const std::string script = gnuplot_script(make_panel(figure));
  EXPECT_THAT(script,
              HasSubstr("title \"it's \\042\\140date\\140\\042 \\134n @x {a}_b \\042; system('touch evil'); "
                        "\\042\"\n"));
}

TEST(GnuplotScript, IsApproved) {
  Figure figure = synthetic_order_figure();
  expect_approved("order.gp", gnuplot_script(make_panel(figure)));
}

TEST(GnuplotScript, WithContoursIsApproved) {
  expect_approved("path.gp", gnuplot_script(make_panel(synthetic_path_figure())));
}

}  // namespace
}  // namespace sdelens::reports
