#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/exit_code.hpp"
#include "sdelens/record/record.hpp"
#include "sdelens/record/run_description.hpp"

/// Words and numbers as all reports write them. Numbers here are for reading and rounded; those of the records
/// and of the tables of data are not.
namespace sdelens::reports {

/// Six significant digits; "nan", "inf" and "-inf" as such.
std::string number(double value);
/// "0.25 ± 0.003": the error to two digits; without it where there is none.
std::string measured(double estimate, double standard_error);
/// "[-0.01, 0.02]"; the one number where both ends are the same, as without sampling.
std::string interval(double lower, double upper);
/// "0.1" or "0.1, 0.2, 0.3"
std::string list_of(const std::vector<double>& values);
/// "0.25 s", "3 min 12 s", "2 h 5 min"
std::string duration(double seconds);

/// "1 claim", "2 claims"
std::string counted(std::size_t count, std::string_view one, std::string_view many);
/// "a", "a and b", "a, b and c"
std::string enumeration(std::span<const std::string> parts);
/// Line breaks and other control characters become spaces.
std::string one_line(std::string_view text);

/// "pass", "refuted, as expected", "fail", "pass, though expected to be refuted", "unresolved", "error"
std::string verdict_words(const Check& check);
/// "to hold" or "to be refuted"
std::string expectation_words(Verdict expected);
/// "=", "≤", ...: how the truth should stand to the prediction.
std::string relation_symbol(Relation relation);
/// "Paper A, Lemma 3.7"
std::string source_words(const Source& source);
/// Prediction, estimate, interval, margin, resolution, deciding point and reason of an error in a line.
std::string findings_line(const Check& check);
/// "61 claims: 57 pass, 4 refuted as expected, 0 not as expected, 0 unresolved, 0 errors; 1 experiment skipped"
std::string totals_line(const Tally& tally);

/// "Run in progress, started at 2026-01-02T03:04:05Z."
std::string progress_sentence(const RunDescription& description);
/// What a reader has to know of a report in progress.
std::string progress_advice();

/// The sum of Check.spent over the claims of a family: the error rate that all looks at them have used up.
double spent_error_rate(std::span<const Record> records, ErrorFamily family);
/// The distinct values of one member, in the order of their first appearance.
template <class Get>
std::vector<std::string> distinct(std::span<const Record> records, Get get) {
  std::vector<std::string> values;
  for (const Record& record : records) {
    std::string value = get(record);
    bool known = value.empty();
    for (const std::string& other : values) known = known || other == value;
    if (!known) values.push_back(std::move(value));
  }
  return values;
}

/// Facts of a whole run with their names: tier, seed, revision, compiler, ..., total time, error rates spent.
/// A fact that differs between the records lists all its values.
struct Fact {
  std::string name;
  std::string value;
};
std::vector<Fact> facts_of(std::span<const Record> records);

}  // namespace sdelens::reports
