// The table of README.md names every registered experiment, and no other.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <string>

#include "suite/experiment.hpp"

namespace sdelens {
namespace {

TEST(Readme, ListsEveryExperimentAndNoOther) {
  std::ifstream readme(SDELENS_SOURCE_DIR "/README.md");
  ASSERT_TRUE(readme.good());
  std::set<std::string> listed;
  const std::regex row("^\\| `([^`]+)` \\| .*");
  for (std::string line; std::getline(readme, line);) {
    std::smatch match;
    if (std::regex_match(line, match, row) && match[1].str().back() != '/') listed.insert(match[1]);
  }
  listed.erase("make bench");
  listed.erase("CONTRIBUTING.md");
  std::set<std::string> registered;
  for (const std::string& name : Registry<Experiment>::all().names()) registered.insert(name);
  EXPECT_EQ(listed, registered);
}

}  // namespace
}  // namespace sdelens
