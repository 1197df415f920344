#include "reports/errata.hpp"

#include <gmock/gmock.h>

#include "tests/reports/synthetic_records.hpp"

namespace sdelens {
namespace {

using ::testing::ElementsAre;

TEST(Errata, AreShownOnlyByClaimsThatAreAllAsExpected) {
  const StoredRecords stored = synthetic_records();
  std::vector<std::string> words;
  for (const ErratumEntry& entry : synthetic_errata()) words.push_back(erratum_words(entry, stored.records));
  EXPECT_THAT(words, ElementsAre("shown", "not as expected", "partly shown", "not run", "no claim",
                                 "nothing to decide"));
}

TEST(Errata, OfWhichASelectionFindsNoClaimAreShownInPart) {
  const StoredRecords stored = synthetic_records();
  ErratumEntry entry = synthetic_errata()[0];
  entry.without_claims = {"claim about C.18"};
  EXPECT_EQ(erratum_state(entry, stored.records), ErratumState::partly_shown);
}

TEST(Errata, AClaimThatIsUnresolvedShowsNothing) {
  const StoredRecords stored = synthetic_records();
  ErratumEntry entry = synthetic_errata()[0];
  entry.claims.push_back({.record = 2, .claim = 2});
  EXPECT_EQ(erratum_state(entry, stored.records), ErratumState::not_as_expected);
}

}  // namespace
}  // namespace sdelens
