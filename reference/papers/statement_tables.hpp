#pragma once

#include <span>

#include "reference/papers/statements.hpp"

/// The tables that statements() joins, in the order of the paper.
namespace sdelens::papers {

std::span<const Statement> statements_of_main_text();   ///< Section 3, with their numbers in the appendix
std::span<const Statement> statements_of_appendices();  ///< what only appendices C, D and E have
std::span<const Statement> statements_of_remarks();     ///< remarks and sentences

}  // namespace sdelens::papers
