#include "reports/errata.hpp"

#include <gmock/gmock.h>

#include "tests/reports/synthetic_records.hpp"

namespace sdelens {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

Check decided(const std::string& id, const std::string& lemma, Wording wording, Verdict verdict) {
  Check check = synthetic_check(id, verdict, verdict, 1.0, 2.0, 0.1, 0.0, 0.1);
  check.claim.lemmas = {lemma};
  check.claim.wording = wording;
  return check;
}

/// The printed statement refuted, the corrected one by an alias, and one that holds as printed.
std::vector<Record> records() {
  Record record = synthetic_record("lemma-3.7", "Lemma");
  record.checks = {decided("printed", "3.7", Wording::printed, Verdict::fail),
                   decided("corrected", "C.12", Wording::corrected, Verdict::pass),
                   decided("mean", "3.7", Wording::printed, Verdict::pass)};
  return {record};
}

ErratumEntry joined(std::vector<ClaimSelection> claims, std::vector<std::string> experiments = {}) {
  const std::vector<Erratum> errata{
      {.id = "F1", .claims = std::move(claims), .experiments = std::move(experiments)}};
  return make_errata(errata, records()).at(0);
}

TEST(MakeErrata, SelectsDecisiveClaimsByAnyNumberEachOnce) {
  const ErratumEntry entry = joined({{.lemmas = {"3.7", "C.12"}}, {.claim = "printed"}});
  EXPECT_THAT(entry.claims,
              ElementsAre(ClaimPlace{.record = 0, .claim = 0}, ClaimPlace{.record = 0, .claim = 1}));
  EXPECT_THAT(entry.without_claims, IsEmpty());
  EXPECT_FALSE(entry.misprint());
}

TEST(MakeErrata, SelectsByExperimentAndClaimToo) {
  EXPECT_THAT(joined({{.experiment = "^lemma", .claim = "^mean$", .decisive = false}}).claims,
              ElementsAre(ClaimPlace{.record = 0, .claim = 2}));
  EXPECT_THAT(joined({{.claim = "^mean$"}}).claims, IsEmpty());
}

TEST(MakeErrata, NamesWhatASelectionLacks) {
  EXPECT_THAT(
      joined({{.lemmas = {"C.18", "E.1"}},
              {.experiment = "^fig"},
              {.lemmas = {"3.7"}, .claim = "none", .decisive = false}})
          .without_claims,
      ElementsAre("refuted or corrected claim about C.18",
                  "refuted or corrected claim of an experiment like '^fig'", "claim about 3.7, like 'none'"));
}

TEST(MakeErrata, NamesTheExperimentsThatTheRecordsLack) {
  EXPECT_THAT(joined({{.claim = "printed"}}, {"lemma-3.7", "fig2"}).not_run, ElementsAre("fig2"));
}

TEST(MakeErrata, WithoutASelectionAreMisprints) { EXPECT_TRUE(joined({}).misprint()); }

}  // namespace
}  // namespace sdelens
