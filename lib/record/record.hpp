#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sdelens/claim/claim.hpp"

namespace sdelens {

/// What a curve is; decides how it is drawn.
enum class Role {
  optimizer,  ///< simulated iterates
  sde,        ///< a simulated stochastic differential equation
  theory,     ///< a formula that claims equality, or an exact calculation
  bound,      ///< a formula that claims an inequality
};

/// One curve. Where `low` and `high` are given they are a band of the same length as `y`.
struct Series {
  std::string label{};
  Role role = Role::optimizer;
  int colour = 0;  ///< curves that belong together share a colour: an index into the palette
  std::vector<double> x{}, y{}, low{}, high{};
};

struct Axis {
  std::string label{};
  bool logarithmic = false;
  std::optional<double> low{}, high{};
};

/// A function on a grid, whose level lines are drawn behind the curves; empty: none.
struct Contours {
  std::string label{};  ///< what the lines are levels of
  std::vector<double> x{}, y{};
  std::vector<double> value{};   ///< at (x[i], y[j]) in value[i + j * x.size()]
  std::vector<double> levels{};  ///< increasing
};

/// One panel. Numbers only; how it is drawn is the reports' business.
struct Figure {
  std::string id;  ///< unique in its experiment: file names are made from it
  std::string title{};
  std::string caption{};  ///< what is seen, which band, which symbols
  Axis x{}, y{};
  std::vector<Series> series{};
  Contours contours{};
};

/// One column of a table: words or numbers, whichever list is not empty. NaN is a cell without a number.
struct TableColumn {
  std::string label{};
  std::vector<std::string> words{};
  std::vector<double> numbers{};
};

/// Numbers side by side that are not judged. All columns have the same length.
struct DataTable {
  std::string id{};  ///< unique in its experiment
  std::string title{};
  std::string caption{};  ///< what stands where, which symbols
  std::vector<TableColumn> columns{};
};

/// A setting of an experiment, with where it comes from.
struct Setting {
  std::string name{};
  std::vector<double> value{};
  bool printed = false;  ///< printed in the paper; otherwise chosen by us
  std::string note;      ///< meaning and unit, and why it was chosen
  bool overridden = false;
};

/// What a simulation did.
struct Simulation {
  std::string name;
  std::uint64_t replicas = 0;
  std::uint64_t steps = 0;
  std::uint64_t non_finite = 0;  ///< replicas that were not finite at a recorded time
  std::uint64_t outside = 0;     ///< replicas that left the domain of their equation
};

/// Where and by what a run was made.
struct Environment {
  std::string revision;  ///< of the source; "+changes" marks uncommitted ones
  std::string compiler;
  std::string flags;
  std::string processor;
  std::string instructions;  ///< instruction set of the vector code
  int threads = 0;
  std::string started;  ///< UTC, ISO 8601
};

enum class Outcome { completed, partial, skipped, error };
std::string to_string(Outcome outcome);
Outcome outcome_from(const std::string& text);
std::string to_string(Role role);
Role role_from(const std::string& text);

/// All that one experiment found; what the reports are made from.
struct Record {
  static constexpr int schema_version = 3;
  static constexpr int oldest_schema_version = 2;  ///< that is still read

  std::string experiment;
  std::string title;
  std::string summary;  ///< what is shown, in a paragraph
  Source source;
  std::string tier;
  std::uint64_t seed = 0;
  std::string command;  ///< reproduces this record
  Environment environment;
  std::vector<Setting> settings;
  std::vector<Simulation> simulations;
  std::vector<Check> checks;
  std::vector<Figure> figures;
  std::vector<DataTable> tables;
  Outcome outcome = Outcome::completed;
  std::string reason;  ///< of anything but completed
  double seconds = 0.0;
};

}  // namespace sdelens
