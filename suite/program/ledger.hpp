#pragma once

#include <span>
#include <string>
#include <vector>

#include "reference/papers/statements.hpp"
#include "reports/ledger.hpp"
#include "suite/study/experiment.hpp"

namespace sdelens {

/// The statements as a run's description keeps them, each with the experiments that announce it by any of its
/// numbers.
std::vector<Statement> announced_statements(std::span<const papers::Statement> statements,
                                            std::span<const Experiment> experiments);

/// A table for a terminal, statements shortened so that lines have at most `width` letters, if that leaves
/// them twenty.
std::string ledger_text(const Ledger& ledger, std::span<const Record> records, std::size_t width);

/// A table in Markdown, with the whole statements.
std::string ledger_markdown(const Ledger& ledger, std::span<const Record> records);

/// A table in Markdown of the experiments that were run, with what they show and where their claims stand.
std::string experiments_markdown(std::span<const Record> records);

/// A sentence for each statement without any verdict: why, and by which experiments it would be decided.
std::vector<std::string> without_verdict(const Ledger& ledger, std::span<const Record> records);

}  // namespace sdelens
