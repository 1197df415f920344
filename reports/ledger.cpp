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

bool decides(const Claim& claim, const Statement& statement) {
  return std::ranges::any_of(claim.lemmas, [&statement](const std::string& lemma) {
    return lemma == statement.number ||
           std::ranges::find(statement.aliases, lemma) != statement.aliases.end();
  });
}

}  // namespace

bool completed(std::span<const Record> records, const std::string& experiment) {
  return std::ranges::any_of(records, [&experiment](const Record& record) {
    return record.experiment == experiment && record.outcome == Outcome::completed;
  });
}

Ledger make_ledger(std::span<const Statement> statements, std::span<const Record> records) {
  Ledger ledger;
  for (const Statement& statement : statements) {
    LedgerEntry entry{.statement = statement, .experiments = statement.experiments};
    for (const std::string& experiment : statement.experiments) {
      if (!completed(records, experiment)) entry.not_run.push_back(experiment);
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
      for (std::size_t j = 0; j < records[i].checks.size(); ++j) {
        if (!decides(records[i].checks[j].claim, statement)) continue;
        entry.claims.push_back({.record = i, .claim = j});
        if (std::ranges::find(entry.experiments, records[i].experiment) == entry.experiments.end())
          entry.experiments.push_back(records[i].experiment);
      }
    }
    ledger.push_back(std::move(entry));
  }
  return ledger;
}

Ledger::const_iterator find_statement(const Ledger& ledger, const std::string& number) {
  return std::ranges::find_if(
      ledger, [&number](const LedgerEntry& entry) { return entry.statement.number == number; });
}

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
  } else if (wording == Wording::corrected && entry.statement.corrected.empty()) {
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
