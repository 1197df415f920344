#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sdelens::papers {

/// What the paper calls a statement. `numbered`: a number whose heading is not quoted here.
enum class StatementKind { theorem, lemma, corollary, numbered, remark, sentence };

/// A statement of Paper A that can be checked.
struct Statement {
  /// What claims name it by: the number in the main text if there is one ("3.7"), else that in the appendix
  /// ("C.16"); "remark-107" and "sentence-noise-slows" where there is none.
  std::string_view number;
  /// Its numbers in the appendix, where the main text has one of its own.
  std::vector<std::string_view> aliases;
  /// Its number in the appendix of the later edition, see papers.hpp, where it is known to differ; else empty.
  std::string_view later{};
  StatementKind kind;
  std::string_view title;
  /// In plain text with Unicode mathematics, in one notation for all: a paraphrase of what is printed. Only what stands
  /// in quotation marks is the paper's wording.
  std::string_view printed;
  /// What should stand there instead; empty where the print is right.
  std::string_view corrected;
  /// Misprints, heuristic proofs, bounds that are not tight, conditions; may be empty.
  std::string_view note;
};

/// All of them in the order of the paper: main text, appendices C, D, E, remarks, sentences. Where main text and
/// appendix print different things each has a row of its own ("3.10" and "C.8"). Notation: t = kη
/// for iteration k, gradient noise of covariance Σ (scale Σ where the covariance is infinite), Y =
/// Σ^(−1/2)∇f/√2, S = f(X) − min f, μ ≤ Hess f ≤ L, L_τ ≥ Tr Hess f, ρ = (1 − β)/η, decoupled weight decay γ,
/// batch size B, and learning rate κη, batch size δB, weight decay ξγ after rescaling. All SDEs are Itô's.
std::span<const Statement> statements();

/// The statement of a number or an alias; nullptr if there is none.
const Statement* find_statement(std::string_view number);

/// @throw UnknownName with the nearest numbers
const Statement& statement(std::string_view number);

/// "Lemma 3.7 (C.12)", "C.18", "C.30 (later edition: C.52)", "Sentence: noise slows SignSGD, not SGD"
std::string label(const Statement& statement);

}  // namespace sdelens::papers
