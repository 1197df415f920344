#pragma once

#include <span>
#include <string>

#include "sdelens/record/store.hpp"

namespace sdelens {

/// The result of a run for a terminal: a line for each experiment with its counts, every claim that is not as
/// expected with its numbers, what was skipped or could not be read and why, and a last line with the totals:
/// "61 claims: 57 pass, 4 refuted as expected, 0 not as expected, 0 unresolved, 0 errors". Ends in a line break.
std::string verdict_table(std::span<const Record> records,
                          std::span<const StoredRecords::Damage> damaged = {});

}  // namespace sdelens
