// The table of README.md names every registered experiment, and no other; its numbers are those of the code.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "suite/study/experiment.hpp"

namespace sdelens {
namespace {

TEST(Readme, ListsEveryExperimentAndNoOther) {
  std::ifstream readme(SDELENS_SOURCE_DIR "/README.md");
  ASSERT_TRUE(readme.good());
  std::set<std::string> listed;
  const std::regex row("^\\| (`[^|]*`) \\|.*");
  const std::regex experiment("`([^`]+)`");
  bool in_table = false;
  for (std::string line; std::getline(readme, line);) {
    in_table = line.starts_with("| experiment |") || (in_table && line.starts_with("|"));
    std::smatch match;
    if (!in_table || !std::regex_match(line, match, row)) continue;
    const std::string cell = match[1];
    for (std::sregex_iterator found(cell.begin(), cell.end(), experiment), end; found != end; ++found) {
      EXPECT_TRUE(listed.insert((*found)[1]).second) << "twice: " << (*found)[1];
    }
  }
  std::set<std::string> registered;
  for (const std::string& name : Registry<Experiment>::all().names()) registered.insert(name);
  EXPECT_EQ(listed, registered);
}

TEST(Readme, SaysHowManyClaimsShareTheErrorRate) {
  std::ifstream readme(SDELENS_SOURCE_DIR "/README.md");
  const std::string text{std::istreambuf_iterator<char>(readme), {}};
  std::smatch match;
  ASSERT_TRUE(std::regex_search(text, match, std::regex("shared out over (\\d+) claims")));
  EXPECT_EQ(std::stod(match[1]), ErrorBudget{}.replicas.claims);
}

}  // namespace
}  // namespace sdelens
