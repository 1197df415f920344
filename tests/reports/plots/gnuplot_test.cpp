#include "reports/plots/gnuplot.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <set>
#include <sstream>
#include <thread>

#include "reports/plots/picture.hpp"
#include "tests/lib/record/temporary_folder.hpp"
#include "tests/reports/synthetic_records.hpp"

namespace sdelens::reports {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A program in the folder that does what the shell commands say.
std::string program(const TemporaryFolder& folder, const std::string& commands) {
  const fs::path path = folder.path() / "program";
  std::ofstream(path) << "#!/bin/sh\n" << commands << "\n";
  fs::permissions(path, fs::perms::owner_all);
  return path.string();
}

TEST(Gnuplot, DrawsEveryKindOfFigure) {
  for (const Figure& figure : {synthetic_loss_figure(), synthetic_order_figure(), synthetic_density_figure(),
                               synthetic_path_figure()}) {
    const GnuplotResult result = run_gnuplot("gnuplot", gnuplot_script(make_panel(figure)));
    EXPECT_EQ(result.problem, "");
    EXPECT_THAT(result.svg, HasSubstr("</svg>"));
    EXPECT_TRUE(result.pdf.starts_with("%PDF-"));
    for (const Series& series : figure.series) EXPECT_THAT(result.svg, HasSubstr(series.label));
  }
}

/// The points of the paths in one colour, in the pixels of the picture.
std::vector<std::pair<double, double>> points_in_colour(const std::string& svg, const std::string& colour) {
  std::vector<std::pair<double, double>> points;
  const std::string begin = "<path stroke='" + colour + "'";
  for (std::size_t at = svg.find(begin); at != std::string::npos; at = svg.find(begin, at + 1)) {
    const std::size_t from = svg.find(" d='", at) + 4;
    std::istringstream path(svg.substr(from, svg.find('\'', from) - from));
    for (std::string word; path >> word;) {
      if (const std::size_t first = word.find_first_of("0123456789-"); first != std::string::npos)
        word.erase(0, first);
      const std::size_t comma = word.find(',');
      if (comma == std::string::npos) continue;
      points.emplace_back(std::stod(word), std::stod(word.substr(comma + 1)));
    }
  }
  return points;
}

// f = x on a grid: its level lines are vertical, at x = level.
TEST(Gnuplot, DrawsLevelLinesWhereTheLevelsAre) {
  Figure figure = synthetic_path_figure();
  figure.x.low = figure.y.low = 0.0;
  figure.x.high = figure.y.high = 1.0;
  figure.contours.value.clear();
  for (std::size_t j = 0; j < 4; ++j) {
    for (const double x : figure.contours.x) figure.contours.value.push_back(x);
  }
  figure.contours.levels = {0.25, 0.75};
  const GnuplotResult result = run_gnuplot("gnuplot", gnuplot_script(make_panel(figure)));
  ASSERT_EQ(result.problem, "");
  EXPECT_THAT(result.svg, HasSubstr("contours of f"));
  const auto points = points_in_colour(result.svg, "rgb(180, 180, 180)");
  std::set<double> abscissae;
  for (const auto& [x, y] : points) {
    // Below the axes stands the legend.
    if (y < 380.0) abscissae.insert(x);
  }
  ASSERT_EQ(abscissae.size(), 2U) << "two vertical lines";
  const double width = *abscissae.rbegin() - *abscissae.begin();
  EXPECT_GT(width, 200.0);
  EXPECT_LT(width, 300.0);
}

TEST(Gnuplot, TextCannotActAsCommands) {
  const TemporaryFolder folder;
  const std::string evil = (folder.path() / "evil").string();
  Figure figure = synthetic_density_figure();
  figure.x.label = "`touch " + evil + "`";
  figure.y.label = "'; system('touch " + evil + "'); '";
  figure.series[0].label = "\"; !touch " + evil + "\n!touch " + evil + "\n";
  figure.series[1].label = "\"; system(\"touch " + evil + "\"); \\n \\140 ${x} @x {/Bold a}_b^c %s \"";
  const GnuplotResult result = run_gnuplot("gnuplot", gnuplot_script(make_panel(figure)));
  EXPECT_EQ(result.problem, "");
  EXPECT_FALSE(fs::exists(evil));
  EXPECT_THAT(result.svg, HasSubstr("`touch " + evil + "`"));
  EXPECT_THAT(result.svg, HasSubstr("'; system('touch " + evil + "'); '"));
  EXPECT_THAT(result.svg, HasSubstr("\\n \\140 ${x} @x {/Bold a}_b^c %s "));
}

TEST(Gnuplot, AMissingProgramIsAProblem) {
  EXPECT_THAT(run_gnuplot("no-such-gnuplot", "").problem,
              HasSubstr("no-such-gnuplot cannot be run: No such file or directory"));
  EXPECT_THAT(run_gnuplot("/no/such/gnuplot", "").problem, HasSubstr("cannot be run"));
}

TEST(Gnuplot, AFailingProgramIsAProblem) {
  const TemporaryFolder folder;
  EXPECT_THAT(run_gnuplot(program(folder, "echo went wrong >&2; exit 7"), "").problem,
              HasSubstr("failed with status 7: went wrong"));
  EXPECT_THAT(run_gnuplot(program(folder, "kill -9 $$"), "").problem, HasSubstr("signal 9"));
  EXPECT_THAT(run_gnuplot(program(folder, "exit 0"), "").problem, HasSubstr("wrote no whole picture"));
  EXPECT_THAT(run_gnuplot(program(folder, "echo '<svg>' > picture.svg; echo p > picture.pdf"), "").problem,
              HasSubstr("wrote no whole picture"));
  EXPECT_THAT(run_gnuplot("gnuplot", "plot nonsense(").problem, HasSubstr("failed with status"));
}

// Ten seconds, whatever the number of figures.
TEST(Pictures, WaitForAnEndlessProgramOnce) {
  const TemporaryFolder folder;
  Record record = synthetic_record("one", "One");
  record.figures = {synthetic_density_figure(), synthetic_loss_figure(), synthetic_order_figure()};
  const auto began = std::chrono::steady_clock::now();
  // With a child of its own, that must not outlive it.
  const auto pictures = draw_pictures(
      std::span(&record, 1),
      program(folder, "sleep 1000 & echo $! > " + (folder.path() / "child").string() + "; wait"));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(18));
  EXPECT_THAT(pictures[0][0].problem, HasSubstr("was stopped after 10 s"));
  for (const std::size_t later : {1U, 2U})
    EXPECT_THAT(pictures[0][later].problem, HasSubstr("not drawn, since at an earlier figure "));
  const std::string child = read_text(folder.path() / "child");
  const auto runs = [&child] {
    std::ifstream status("/proc/" + child.substr(0, child.size() - 1) + "/cmdline");
    return status.peek() != std::ifstream::traits_type::eof();
  };
  for (int i = 0; i < 500 && runs(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_FALSE(runs());
}

TEST(Gnuplot, AnEndlessProgramIsStopped) {
  const TemporaryFolder folder;
  EXPECT_THAT(run_gnuplot(program(folder, "exec sleep 100"), "", 0.05).problem,
              HasSubstr("was stopped after"));
}

TEST(Pictures, NamesAreSafeAndUnique) {
  Record record = synthetic_record("one", "One");
  record.figures = {synthetic_density_figure(), synthetic_density_figure(), synthetic_density_figure()};
  record.figures[0].id = "a/b";
  record.figures[1].id = "a b";
  record.figures[2].id = "../x";
  const auto pictures = draw_pictures(std::span(&record, 1), "");
  ASSERT_EQ(pictures.size(), 1U);
  ASSERT_EQ(pictures[0].size(), 3U);
  EXPECT_EQ(pictures[0][0].stem, "one-a-b");
  EXPECT_EQ(pictures[0][1].stem, "one-a-b-2");
  EXPECT_EQ(pictures[0][2].stem, "one-..-x");
}

}  // namespace
}  // namespace sdelens::reports
