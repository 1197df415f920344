#pragma once

#include <span>
#include <string>
#include <vector>

#include "reference/papers/statements.hpp"
#include "reports/ledger.hpp"
#include "suite/study/experiment.hpp"

namespace sdelens {

/// The statements with the experiments that announce them and the claims in the records that decide them, by
/// any of a statement's numbers. Experiments with claims in the records that are registered no more are
/// listed too.
Ledger make_ledger(std::span<const papers::Statement> statements, std::span<const Experiment> experiments,
                   std::span<const Record> records);

/// The ledger of Paper A and all registered experiments.
Ledger make_ledger(std::span<const Record> records);

/// True if the records have one of the experiment that is complete.
bool completed(std::span<const Record> records, const std::string& experiment);

/// A table for a terminal, statements shortened so that lines have at most `width` letters, if that leaves
/// them twenty.
std::string ledger_text(const Ledger& ledger, std::span<const Record> records, std::size_t width);

/// A table in Markdown, with the whole statements.
std::string ledger_markdown(const Ledger& ledger, std::span<const Record> records);

/// A sentence for each statement without any verdict: why, and by which experiments it would be decided.
std::vector<std::string> without_verdict(const Ledger& ledger, std::span<const Record> records);

}  // namespace sdelens
