#include "reports/plots/gnuplot.hpp"

#include <gmock/gmock.h>

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
  for (const Figure& figure :
       {synthetic_loss_figure(), synthetic_order_figure(), synthetic_density_figure()}) {
    const GnuplotResult result = run_gnuplot("gnuplot", gnuplot_script(make_panel(figure)));
    EXPECT_EQ(result.problem, "");
    EXPECT_THAT(result.svg, HasSubstr("</svg>"));
    EXPECT_TRUE(result.pdf.starts_with("%PDF-"));
    for (const Series& series : figure.series) EXPECT_THAT(result.svg, HasSubstr(series.label));
  }
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
