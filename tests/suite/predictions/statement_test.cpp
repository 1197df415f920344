#include "suite/predictions/statement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suite/predictions/prediction.hpp"

namespace sdelens {
namespace {

using testing::AllOf;
using testing::HasSubstr;

PredictionEntry entry(std::string name, StatementPart of) {
  return {.name = std::move(name), .of = std::move(of), .needs = {}};
}

TEST(Statement, HasASourceAndALabel) {
  EXPECT_EQ(statement_source("3.7").item, "Lemma 3.7 (C.12)");
  EXPECT_EQ(statement_source("3.7", Wording::corrected).item, "Lemma 3.7 (C.12), corrected");
  EXPECT_EQ(statement_label({"3.7", Wording::corrected}), "Lemma 3.7");
  EXPECT_EQ(statement_label({"3.5", Wording::printed, "phase 1"}), "Lemma 3.5, phase 1");
  EXPECT_EQ((StatementPart{"3.5", Wording::printed, "phase 1"}.text()), "3.5, phase 1, printed");
  EXPECT_THROW(statement_source("3.77"), UnknownName);
  EXPECT_THROW(statement_label({"3.77"}), UnknownName);
}

TEST(Statement, GivesAPredictionLabelSourceAndWording) {
  Registry<PredictionEntry> registry;
  Register<PredictionEntry>::add(registry, entry("a", {"3.5", Wording::corrected, "phase 1"}), {"a.cpp", 1});
  const PredictionEntry& found = registry.at("a");
  EXPECT_EQ(found.label, "Lemma 3.5, phase 1");
  EXPECT_EQ(found.source.item, "Lemma 3.5 (C.10), corrected");
  EXPECT_EQ(found.wording, Wording::corrected);
}

TEST(Statement, IsPredictedByOneEntryForEachPartAndWording) {
  Registry<PredictionEntry> registry;
  const auto add = [&](const char* name, const StatementPart& of, int line) {
    Register<PredictionEntry>::add(registry, entry(name, of), {"a.cpp", line});
  };
  add("a", {"3.5", Wording::printed, "phase 1"}, 1);
  add("b", {"3.5", Wording::corrected, "phase 1"}, 2);
  add("c", {"3.5", Wording::printed, "phase 3"}, 3);
  EXPECT_EQ(registry.conflict(), "");
  add("d", {"3.5", Wording::printed, "phase 1"}, 4);
  EXPECT_THAT(registry.conflict(), AllOf(HasSubstr("3.5, phase 1, printed"), HasSubstr("'a' at a.cpp:1"),
                                         HasSubstr("'d' at a.cpp:4")));
}

TEST(Statement, ThatThePaperDoesNotHaveIsAConflict) {
  Registry<PredictionEntry> registry;
  Register<PredictionEntry>::add(registry, entry("a", {"3.77"}), {"a.cpp", 7});
  EXPECT_THAT(registry.conflict(), AllOf(HasSubstr("'a' at a.cpp:7"), HasSubstr("3.77")));
}

}  // namespace
}  // namespace sdelens
