#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sdelens {

/// A numbered statement of a paper, as it was read when a run was made.
struct Statement {
  std::string number{};                    ///< what claims name it by: "3.7"
  std::vector<std::string> aliases{};      ///< its other numbers, by which claims may name it too: "C.12"
  std::string label{};                     ///< "Lemma 3.7 (C.12)"
  std::string title{};                     ///< "Stationary law of SignSGD's phase-3 SDE"
  std::string printed{};                   ///< the statement as it is printed
  std::string corrected{};                 ///< what should stand there; empty where the print is right
  std::string note{};                      ///< may be empty
  std::vector<std::string> experiments{};  ///< that announced to decide it
};

/// Which claims of a run show an error; all that is given must fit.
struct ClaimSelection {
  std::vector<std::string>
      lemmas{};              ///< all numbers of the statement decided, the named one first; empty: any
  std::string experiment{};  ///< a regular expression found in the experiment's name; empty: any
  std::string claim{};       ///< a regular expression found in the claim's id; empty: any
  bool decisive = true;      ///< only claims that must be refuted, and corrected ones
};

/// An error in a paper, as it was known when a run was made.
struct Erratum {
  std::string id{};                        ///< "F1"
  std::string title{};                     ///< "The covariance of SignSGD is right for σ = 1 only"
  std::vector<std::string> numbers{};      ///< of the statements that it is about
  std::string printed{};                   ///< what is printed
  std::string corrected{};                 ///< what should stand there
  std::string derivation{};                ///< why
  std::vector<ClaimSelection> claims{};    ///< empty: a misprint, nothing for an experiment to decide
  std::vector<std::string> experiments{};  ///< that may make such claims
};

/// What the report of a run needs besides its records, as it was when the run was made. It does not depend on what
/// the run finds, and is written before its first record.
struct RunDescription {
  std::string title{};    ///< of the report
  std::string command{};  ///< reproduces the whole run
  std::string started{};  ///< UTC, ISO 8601; empty where a former program wrote it
  /// Which edition of the papers was checked, in a sentence; empty where a former program wrote it.
  std::string edition{};
  std::vector<Statement> statements{};
  std::vector<Erratum> errata{};
};

/// Of run.json, statements.json and errata.json.
inline constexpr int run_description_schema_version = 2;
inline constexpr int oldest_run_description_schema_version = 1;  ///< that is still read

/// The texts of the description's three files, UTF-8.
struct RunDocuments {
  std::string run{}, statements{}, errata{};
};
/// A text that reads back as itself, but for bytes that are not UTF-8, which become U+FFFD.
RunDocuments to_json(const RunDescription& description);
/// The inverse.
/// @throw StorageError naming the file, and the member by its path ("errata/3/claims/0/decisive"), if a text is not
///        JSON, is of another schema version, lacks a member, has one that is not known or of the wrong kind, or if
///        a selection's regular expression is none
RunDescription run_description_from_json(const RunDocuments& documents);

/// Whether the text is a run.json, of whatever version: a JSON object with the members that say so.
bool is_run_document(const std::string& text);

/// Writes run.json, statements.json and errata.json into the folder, in place of any that are there. A run takes a
/// RunFolder for that, which keeps what was there.
/// @throw StorageError naming a file that cannot be written
void write_run_description(const std::filesystem::path& folder, const RunDescription& description);

/// The description in the folder; nothing if it has none of the three files, as one that a former program wrote.
/// @throw StorageError as run_description_from_json, with the folder, and if one file is missing beside another or
///        cannot be read
std::optional<RunDescription> read_run_description(const std::filesystem::path& folder);

}  // namespace sdelens
