#include "reports/ledger.hpp"

#include <algorithm>

namespace sdelens {
namespace {

const Check& check_at(std::span<const Record> records, const ClaimPlace& place) {
  return records[place.record].checks.at(place.claim);
}

/// The worse of two verdicts decides what they come to together.
int gravity(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return 0;
    case Verdict::fail:
      return 1;
    case Verdict::unresolved:
      return 2;
    case Verdict::error:
      return 3;
  }
  return 3;
}

std::string kind_of(const Check& check) {
  switch (check.claim.relation) {
    case Relation::equal:
      return check.points > 1 ? "curve" : "equality";
    case Relation::at_most:
    case Relation::at_least:
      return "bound";
    case Relation::order:
      return "order";
    case Relation::ordering:
      return "ordering";
    case Relation::identity:
      return "identity";
  }
  return "equality";
}

}  // namespace

WordingVerdict wording_verdict(const LedgerEntry& entry, std::span<const Record> records, Wording wording) {
  WordingVerdict result;
  for (const ClaimPlace& place : entry.claims) {
    const Check& check = check_at(records, place);
    if (check.claim.wording != wording) continue;
    const bool first = result.claims++ == 0;
    if (first || gravity(check.verdict) > gravity(result.verdict)) result.verdict = check.verdict;
    result.as_expected = (first || result.as_expected) && check.as_expected();
  }
  if (result.claims > 0) {
    result.state = WordingVerdict::State::judged;
  } else if (!entry.not_run.empty()) {
    result.state = WordingVerdict::State::not_run;
  } else if (wording == Wording::corrected && entry.corrected.empty()) {
    const WordingVerdict printed = wording_verdict(entry, records, Wording::printed);
    const bool holds = printed.state == WordingVerdict::State::judged && printed.as_expected &&
                       printed.verdict == Verdict::pass;
    if (holds) result.state = WordingVerdict::State::as_printed;
  }
  return result;
}

std::string wording_words(const WordingVerdict& verdict) {
  switch (verdict.state) {
    case WordingVerdict::State::no_claim:
      return "no claim";
    case WordingVerdict::State::not_run:
      return "not run";
    case WordingVerdict::State::as_printed:
      return "holds as printed";
    case WordingVerdict::State::judged:
      break;
  }
  switch (verdict.verdict) {
    case Verdict::pass:
      return verdict.as_expected ? "pass" : "pass, though expected to be refuted";
    case Verdict::fail:
      return verdict.as_expected ? "refuted" : "fail";
    case Verdict::unresolved:
      return "unresolved";
    case Verdict::error:
      return "error";
  }
  return "error";
}

bool has_verdict(const LedgerEntry& entry, std::span<const Record> records) {
  return std::ranges::any_of(std::vector{Wording::printed, Wording::corrected}, [&](Wording wording) {
    return wording_verdict(entry, records, wording).state == WordingVerdict::State::judged;
  });
}

std::vector<std::string> kinds_of_check(const LedgerEntry& entry, std::span<const Record> records) {
  std::vector<std::string> kinds;
  for (const ClaimPlace& place : entry.claims) {
    std::string kind = kind_of(check_at(records, place));
    if (std::ranges::find(kinds, kind) == kinds.end()) kinds.push_back(std::move(kind));
  }
  return kinds;
}

}  // namespace sdelens
