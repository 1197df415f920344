// The numbers of README.md are those of the code.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include "suite/study/experiment.hpp"

namespace sdelens {
namespace {

TEST(Readme, SaysHowManyClaimsShareTheErrorRate) {
  std::ifstream readme(SDELENS_SOURCE_DIR "/README.md");
  const std::string text{std::istreambuf_iterator<char>(readme), {}};
  std::smatch match;
  ASSERT_TRUE(std::regex_search(text, match, std::regex("shared out over (\\d+) claims")));
  EXPECT_EQ(std::stod(match[1]), ErrorBudget{}.replicas.claims);
}

}  // namespace
}  // namespace sdelens
