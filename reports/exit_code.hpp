#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "sdelens/record/store.hpp"

namespace sdelens {

/// What a verdict means for the gate.
enum class Standing {
  passed,               ///< holds, and was expected to
  refuted_as_expected,  ///< a statement printed wrongly was refuted
  not_as_expected,      ///< a claim failed, or one that should be refuted passed
  unresolved,           ///< not decided within the budget, whatever was expected
  error,                ///< no number to judge, whatever was expected
};
Standing standing(const Check& check);

/// How many claims stand where, and what became of the experiments.
struct Tally {
  std::size_t claims = 0;
  std::size_t passed = 0;
  std::size_t refuted_as_expected = 0;
  std::size_t not_as_expected = 0;
  std::size_t unresolved = 0;
  std::size_t errors = 0;

  std::size_t experiments = 0;
  std::size_t partial = 0;
  std::size_t skipped = 0;
  std::size_t failed = 0;  ///< ended with an error
  std::size_t damaged = 0;
};
Tally tally(std::span<const Record> records, std::span<const StoredRecords::Damage> damaged = {});

/// What the program returns, with one meaning for the gate and for every command.
enum class ExitCode {
  as_expected = 0,  ///< every claim that was judged or is quoted; a command that judges nothing did its work
  not_as_expected = 1,  ///< a claim that was judged or is quoted is not
  undecided = 2,        ///< a claim is unresolved, an experiment not complete, a statement without a verdict
  error = 3,  ///< a claim or an experiment ended with one; a file cannot be read or written, or is damaged
  nothing_run = 4,    ///< wrong usage, nothing selected, or nothing judged
  interrupted = 130,  ///< by the user
};

/// The gate's answer. Of several reasons the first of error, not_as_expected, undecided counts. Skipped experiments
/// change nothing as long as something else was judged.
ExitCode exit_code(const Tally& tally);
ExitCode exit_code(std::span<const Record> records, std::span<const StoredRecords::Damage> damaged = {});

/// The gate's answer as a sentence, for example "Every claim is as expected." or "2 claims are not as expected."
std::string gate_answer(const Tally& tally);

}  // namespace sdelens
