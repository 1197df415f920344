#include "tests/layering/layering.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace sdelens::layering {
namespace {

using testing::HasSubstr;

TEST(Layering, TheTreeKeepsEveryRule) { EXPECT_EQ(text(violations(SDELENS_SOURCE_DIR)), ""); }

TEST(Layering, TheTreeIsLookedAt) {
  std::set<std::string> tops;
  for (const std::string& source : sources(SDELENS_SOURCE_DIR))
    tops.insert(source.substr(0, source.find('/')));
  EXPECT_THAT(tops, testing::ElementsAre("lib", "reference", "reports", "suite", "tests"));
}

/// A tree of one file in a folder of its own.
class Scratch {
 public:
  Scratch(const std::string& path, const std::string& contents)
      : root_(std::filesystem::path(testing::TempDir()) / ("layering_" + name())) {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << contents;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& root() const { return root_; }

 private:
  static std::string name() {
    std::string result = testing::UnitTest::GetInstance()->current_test_info()->name();
    for (char& character : result) character = character == '/' ? '_' : character;
    return result;
  }
  std::filesystem::path root_;
};

struct Planted {
  std::string path, contents;
  std::string rule;  ///< that it breaks; empty: it breaks none
  std::string message;
};

void PrintTo(const Planted& file, std::ostream* stream) { *stream << file.path << ": " << file.contents; }

#define EXPERIMENT "const Register<Experiment> a;\n"

/// A function of that many lines, in an anonymous namespace that begins the second line.
std::string function_of(std::size_t lines) {
  std::string body;
  for (std::size_t i = 2; i < lines; ++i) body += "  ++a;\n";
  return "namespace { int a; void f(int b = (1)) {\n" + body + "} }\n";
}

const std::vector<Planted>& planted() {
  static const std::vector<Planted> all{
      {"lib/core/a.cpp", "#include \"sdelens/model/sde.hpp\"\n", "graph",
       "core may include only core, not model"},
      {"lib/model/a.hpp", "#include \"sdelens/ensemble/ensemble.hpp\"\n", "graph",
       "model may include only model, core"},
      {"lib/model/sdes/a.cpp", "#include <sdelens/statistics/moments.hpp>\n", "graph", "not statistics"},
      {"lib/statistics/a.hpp", "#include \"sdelens/model/sde.hpp\"\n", "graph",
       "statistics, core, not model"},
      {"lib/exact/a.cpp", "#include \"sdelens/statistics/moments.hpp\"\n", "graph", "exact, model, core"},
      {"lib/ensemble/a.cpp", "#include \"sdelens/claim/claim.hpp\"\n", "graph", "not claim"},
      {"lib/networks/a.cpp", "#include \"sdelens/ensemble/ensemble.hpp\"\n", "graph",
       "networks, model, core"},
      {"lib/claim/a.hpp", "#include \"sdelens/statistics/moments.hpp\"\n", "graph",
       "claim may include only claim, core"},
      {"lib/record/a.hpp", "#include \"sdelens/statistics/moments.hpp\"\n", "graph", "record, claim, core"},
      {"lib/core/a.hpp", "#include \"reference/theory/sgd.hpp\"\n", "graph", "not reference"},
      {"lib/core/a.hpp", "#include \"tests/layering/layering.hpp\"\n", "graph", "only tests include tests"},
      {"reference/theory/a.cpp", "#include \"sdelens/model/sde.hpp\"\n", "graph",
       "share no code with the simulation"},
      {"reference/theory/a.cpp", "# include  \"sdelens/claim/claim.hpp\"\n", "graph", "not claim"},
      {"reports/html/a.cpp", "#include \"sdelens/ensemble/ensemble.hpp\"\n", "graph", "from records alone"},
      {"reports/html/a.cpp", "#include \"suite/study/experiment.hpp\"\n", "graph", "not suite/study"},
      {"suite/a.cpp", "#include \"tests/layering/layering.hpp\"\n", "graph", "only tests include tests"},
      {"lib/util/a.cpp", "int a;\n", "unknown room", "no room of this name"},
      {"tests/lib/core/a_test.cpp", "#include \"sdelens/core/../core/a.hpp\"\n", "parent include",
       "never with '..'"},
      {"suite/a.cpp", "#include \"../lib/core/a.hpp\"\n", "parent include", "never with '..'"},
      {"suite/a.cpp", "#include \"lib/core/a.hpp\"\n", "lib include", "installed package"},
      {"lib/core/a.cpp", "#include \"a.hpp\"\n", "rooted include", "includes in quotes start with"},
      {"lib/core/a.cpp", "#include \"fmt/format.h\"\n", "rooted include", "others take <>"},
      {"lib/core/a.cpp", "std::normal_distribution<double> z;\n", "standard distribution",
       "differ between libraries"},
      {"suite/a.cpp", "auto z = std::uniform_int_distribution<int>{};\n", "standard distribution",
       "core/random.hpp"},
      {"tests/a_test.cpp", "std::random_device entropy;\n", "random device", "from the settings"},
      {"lib/core/a.cpp", "int a = rand();\n", "rand", "hidden state"},
      {"lib/core/a.cpp", "int a = std::rand ();\n", "rand", "hidden state"},
      {"suite/a.cpp", "void f() { srand(1); }\n", "rand", "hidden state"},
      {"lib/model/a.cpp", "void f() { std::cout << 1; }\n", "printing library", "only the program prints"},
      {"lib/model/a.cpp", "#include <iostream>\n", "printing library", "only the program prints"},
      {"reference/theory/a.cpp", "void f() { std::printf(\"a\"); }\n", "printing library",
       "only the program prints"},
      {"reference/theory/a.cpp", "void f() { fmt::print(\"a\"); }\n", "printing library",
       "only the program prints"},
      {"suite/figures/a.cpp", "#include <iostream>\n" EXPERIMENT, "printing experiment", "its findings only"},
      {"suite/figures/a.cpp", "#include <fstream>\n" EXPERIMENT, "printing experiment", "its findings only"},
      {"suite/lemmas/a.cpp", "#include <fmt/os.h>\n" EXPERIMENT, "printing experiment", "its findings only"},
      {"suite/lemmas/a.cpp", "void f() { printf(\"a\"); }\n" EXPERIMENT, "printing experiment",
       "its findings only"},
      {"suite/orders/a.cpp", "#include \"sdelens/record/store.hpp\"\n" EXPERIMENT, "printing experiment",
       "its findings only"},
      {"suite/networks/a.cpp", "#include \"reports/report.hpp\"\n" EXPERIMENT, "graph", "not reports"},
      {"suite/study/a.cpp", "#include <iostream>\n", "printing experiment", "its findings only"},
      {"suite/program/a.cpp", "void f() { fmt::print(stderr, \"a\"); }\n", "printing command", "streams.hpp"},
      {"suite/commands/a.cpp", "void f() { std::cerr << 1; }\n", "printing command", "streams.hpp"},
      {"suite/predictions/a.cpp", "#include \"suite/study/experiment.hpp\"\n", "graph", "which know neither"},
      {"suite/study/a.hpp", "#include \"suite/program/session.hpp\"\n", "graph", "is not its business"},
      {"suite/study/a.hpp", "#include \"suite/lemmas/a.hpp\"\n", "graph", "not experiments"},
      {"suite/any/a.cpp", "#include \"suite/program/session.hpp\"\n" EXPERIMENT, "graph",
       "is not its business"},
      {"suite/program/a.cpp", "#include \"suite/commands/a.hpp\"\n", "graph", "nothing stands on it"},
      {"suite/program/a.cpp", "#include \"suite/lemmas/a.hpp\"\n", "graph", "not experiments"},
      {"suite/lemmas/a.hpp", "int a;\n", "experiments only", "is in suite/study"},
      {"suite/any/a.cpp", "int a;\n", "experiments only", "files that register one"},
      {"suite/program/a.cpp", function_of(81), "long function", "81 lines in a function; at most 80"},
      {"suite/program/a.cpp", "const E e{{.make = [] () {\n" + std::string(90, '\n') + "}}};\n",
       "long function", "92 lines"},
      // What is allowed.
      {"suite/program/a.cpp", function_of(80) + function_of(80), "", ""},
      {"tests/a_test.cpp", function_of(200), "", ""},
      {"reference/papers/a.cpp",
       "const T& all() {\n  static const T table{\n" + std::string(200, '\n') + "  };\n  return table;\n}\n",
       "", ""},
      {"lib/ensemble/a.cpp",
       "#include \"sdelens/statistics/moments.hpp\"\n#include \"sdelens/model/sde.hpp\"\n", "", ""},
      {"reference/theory/a.cpp", "#include \"sdelens/core/check.hpp\"\n#include \"reference/theory/b.hpp\"\n",
       "", ""},
      {"suite/figures/a.cpp",
       "#include \"sdelens/ensemble/ensemble.hpp\"\n#include \"suite/study/b.hpp\"\n" EXPERIMENT, "", ""},
      {"suite/commands/a.cpp", "#include \"suite/program/b.hpp\"\n#include <fstream>\n", "", ""},
      {"lib/record/a.cpp", "#include \"sdelens_revision.hpp\"\n", "", ""},
      {"suite/main.cpp", "#include <iostream>\nint main() { std::cout << 1; }\n", "", ""},
      {"lib/core/a.cpp", "// std::cout << rand();\n/* std::random_device\n printf( */ int a;\n", "", ""},
      {"lib/core/a.cpp", "const char* a = \"rand() \\\" std::cout\"; char b = '\"';\n", "", ""},
      {"lib/core/a.cpp", "int a = operand(1) + b.rand(2) + snprintf(c, 1, \"\") + 1'000'000;\n", "", ""},
  };
  return all;
}

class PlantedFile : public testing::TestWithParam<Planted> {};

TEST_P(PlantedFile, IsJudgedRightly) {
  const Planted& file = GetParam();
  const Scratch tree(file.path, "#pragma once\n" + file.contents);
  const std::vector<Violation> found = violations(tree.root());
  if (file.rule.empty()) {
    EXPECT_EQ(text(found), "");
    return;
  }
  ASSERT_EQ(found.size(), 1U) << text(found);
  EXPECT_EQ(found[0].file, file.path);
  EXPECT_EQ(found[0].rule, file.rule);
  EXPECT_EQ(found[0].line, file.rule == "unknown room" || file.rule == "experiments only" ? 1U : 2U);
  EXPECT_THAT(found[0].message, HasSubstr(file.message));
}

INSTANTIATE_TEST_SUITE_P(Layering, PlantedFile, testing::ValuesIn(planted()));

TEST(Layering, EveryRuleHasAPlantedFile) {
  std::set<std::string> broken;
  for (const Planted& file : planted()) broken.insert(file.rule);
  for (const std::string& rule : rules())
    EXPECT_TRUE(broken.contains(rule)) << "no planted file breaks: " << rule;
}

TEST(CodeOf, KeepsIncludesAndLineNumbersOnly) {
  EXPECT_EQ(code_of("#include \"a.hpp\"  // why\n/* one\n two */int a;\n"),
            "#include \"a.hpp\"  \n \nint a;\n");
  EXPECT_EQ(code_of("f(\"//\", '\\'', R\"x(a\nb)\")x\"); // c"), "f(\"\", '', R\"\"\n); ");
  EXPECT_EQ(code_of("a = 1'000; b = \"open"), "a = 1'000; b = \"\"");
}

TEST(Text, NamesFileLineAndMessage) {
  EXPECT_EQ(text({{"lib/a.cpp", 7, "rand", "do this"}}), "lib/a.cpp:7: do this\n");
}

}  // namespace
}  // namespace sdelens::layering
