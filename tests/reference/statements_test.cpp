#include "reference/papers/statements.hpp"

#include <gmock/gmock.h>

#include <set>
#include <string>

#include "sdelens/core/nearest.hpp"

namespace sdelens::papers {
namespace {

using ::testing::HasSubstr;

TEST(Statements, HaveEveryNumberOfPaperAWithACheckableContent) {
  for (const char* const number :
       {"3.2",  "C.5",  "C.6",  "3.3",  "C.7",  "C.8",  "3.10", "3.4",  "C.9",  "3.5",
        "C.10", "3.6",  "3.7",  "C.12", "3.8",  "3.9",  "C.11", "C.13", "C.14", "3.11",
        "3.12", "C.31", "3.13", "C.33", "3.14", "C.34", "C.16", "C.17", "C.18", "C.19",
        "C.20", "C.21", "C.22", "C.23", "C.24", "C.26", "C.27", "C.28", "C.29", "C.30",
        "C.32", "D.1",  "D.2",  "D.3",  "D.4",  "D.5",  "D.6",  "E.2",  "E.3"}) {
    EXPECT_NE(find_statement(number), nullptr) << number;
  }
}

TEST(Statements, HaveARowOfTheirOwnWhereMainTextAndAppendixPrintDifferentThings) {
  EXPECT_NE(find_statement("3.9"), find_statement("C.11"));
  EXPECT_NE(find_statement("3.10"), find_statement("C.8"));
  for (const char* const right : {"C.8", "C.11", "3.14", "C.29", "C.30"})
    EXPECT_EQ(statement(right).corrected, "") << right;
  for (const char* const wrong : {"3.9", "3.10", "3.13", "C.28"})
    EXPECT_NE(statement(wrong).corrected, "") << wrong;
}

TEST(Statements, HaveOneMeaningForEachNumber) {
  std::set<std::string_view> numbers;
  for (const Statement& entry : statements()) {
    EXPECT_TRUE(numbers.insert(entry.number).second) << entry.number;
    for (const std::string_view alias : entry.aliases) EXPECT_TRUE(numbers.insert(alias).second) << alias;
  }
}

TEST(Statements, AreCompleteAndTheirCorrectionsDiffer) {
  for (const Statement& entry : statements()) {
    EXPECT_FALSE(entry.title.empty()) << entry.number;
    EXPECT_FALSE(entry.printed.empty()) << entry.number;
    EXPECT_NE(entry.printed, entry.corrected) << entry.number;
    EXPECT_TRUE(entry.corrected.empty() || !entry.note.empty())
        << entry.number << ": a correction needs a reason";
    // Numbers become anchors, options of commands and words of lists.
    EXPECT_EQ(
        entry.number.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-"),
        std::string_view::npos)
        << entry.number;
  }
}

TEST(Statements, AreFoundByAnyOfTheirNumbers) {
  EXPECT_EQ(&statement("C.12"), &statement("3.7"));
  EXPECT_EQ(statement("C.6").number, "3.2");
  EXPECT_EQ(statement("C.20").number, "C.20");
  EXPECT_EQ(find_statement("3.1"), nullptr);
  try {
    statement("C.122");
    FAIL() << "no such statement";
  } catch (const UnknownName& problem) {
    EXPECT_THAT(problem.what(), HasSubstr("unknown statement 'C.122'; the nearest: C.12"));
  }
}

TEST(Statements, AreNamedByKindNumberAndAliases) {
  EXPECT_EQ(label(statement("3.2")), "Theorem 3.2 (C.5, C.6)");
  EXPECT_EQ(label(statement("C.12")), "Lemma 3.7 (C.12)");
  EXPECT_EQ(label(statement("D.1")), "D.1");
  EXPECT_EQ(label(statement("C.30")), "C.30 (later edition: C.52)");
  EXPECT_EQ(label(statement("3.14")), "Lemma 3.14 (C.34, later edition: C.57)");
  EXPECT_EQ(label(statement("3.10")), "Lemma 3.10");
  EXPECT_EQ(label(statement("3.11")), "Corollary 3.11 (C.14)");
  EXPECT_EQ(label(statement("sentence-noise-slows")), "Sentence: Noise slows SignSGD, not SGD");
}

}  // namespace
}  // namespace sdelens::papers
