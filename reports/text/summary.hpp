#pragma once

#include <string>

#include "sdelens/record/store.hpp"

namespace sdelens::reports {

/// The report in short as Markdown: the gate's answer, counts, what is not as expected, what was skipped or damaged,
/// the facts of the run and a table of all claims.
std::string markdown_summary(const StoredRecords& stored, const std::string& title,
                             const std::string& command);

}  // namespace sdelens::reports
