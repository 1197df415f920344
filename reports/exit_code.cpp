#include "reports/exit_code.hpp"

#include <string>
#include <vector>

#include "reports/text/words.hpp"

namespace sdelens {

Standing standing(const Check& check) {
  switch (check.verdict) {
    case Verdict::error:
      return Standing::error;
    case Verdict::unresolved:
      return Standing::unresolved;
    case Verdict::pass:
      return check.claim.expected == Verdict::pass ? Standing::passed : Standing::not_as_expected;
    case Verdict::fail:
      return check.claim.expected == Verdict::fail ? Standing::refuted_as_expected
                                                   : Standing::not_as_expected;
  }
  return Standing::error;
}

Tally tally(std::span<const Record> records, std::span<const StoredRecords::Damage> damaged) {
  Tally result;
  result.experiments = records.size();
  result.damaged = damaged.size();
  for (const Record& record : records) {
    result.claims += record.checks.size();
    result.partial += record.outcome == Outcome::partial ? 1 : 0;
    result.skipped += record.outcome == Outcome::skipped ? 1 : 0;
    result.failed += record.outcome == Outcome::error ? 1 : 0;
    for (const Check& check : record.checks) {
      switch (standing(check)) {
        case Standing::passed:
          ++result.passed;
          break;
        case Standing::refuted_as_expected:
          ++result.refuted_as_expected;
          break;
        case Standing::not_as_expected:
          ++result.not_as_expected;
          break;
        case Standing::unresolved:
          ++result.unresolved;
          break;
        case Standing::error:
          ++result.errors;
          break;
      }
    }
  }
  return result;
}

ExitCode exit_code(const Tally& tally) {
  if (tally.errors + tally.failed + tally.damaged > 0) return ExitCode::error;
  if (tally.not_as_expected > 0) return ExitCode::not_as_expected;
  if (tally.unresolved + tally.partial > 0) return ExitCode::undecided;
  return tally.claims == 0 ? ExitCode::nothing_run : ExitCode::as_expected;
}

ExitCode exit_code(std::span<const Record> records, std::span<const StoredRecords::Damage> damaged) {
  return exit_code(tally(records, damaged));
}

std::string gate_answer(const Tally& tally) {
  using reports::counted;
  std::vector<std::string> parts;
  const auto add = [&parts](std::size_t count, const char* one, const char* many) {
    if (count > 0) parts.push_back(counted(count, one, many));
  };
  add(tally.errors, "claim has an error", "claims have an error");
  add(tally.failed, "experiment ended with an error", "experiments ended with an error");
  add(tally.damaged, "record is damaged", "records are damaged");
  add(tally.not_as_expected, "claim is not as expected", "claims are not as expected");
  add(tally.unresolved, "claim is unresolved", "claims are unresolved");
  add(tally.partial, "experiment is not complete", "experiments are not complete");
  if (!parts.empty()) return reports::enumeration(parts) + ".";
  if (tally.claims == 0) return "Nothing was judged.";
  return tally.claims == 1 ? "The one claim is as expected." : "Every claim is as expected.";
}

}  // namespace sdelens
