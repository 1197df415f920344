#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sdelens/core/measurement.hpp"
#include "suite/predictions/prediction.hpp"
#include "suite/program/simulate/simulate_plan.hpp"

namespace sdelens {

/// Measured moments at one place.
struct MeasuredMoments {
  std::vector<Measurement> mean, variance;
  Measurement loss;
};

/// Whether a measurement and a prediction can both be right. Outside: the discrepancy is beyond the margin with an
/// error rate of 1e-6 at most (of a nominal interval).
enum class Agreement { none, consistent, outside };

/// measured - predicted.
struct Discrepancy {
  double in_errors = 0.0;  ///< in standard errors; infinite if there is no error and a discrepancy
  std::optional<double> in_percent{};  ///< of the prediction, unless that is within an error of 0
  Agreement agreement = Agreement::none;
};

/// One line of the comparison: a measured number, or a prediction with its discrepancies.
struct ComparisonRow {
  std::string quantity;        ///< "E x1", "Var x1", "E f"
  std::size_t coordinate = 0;  ///< from 1; 0: of none, like the loss
  std::string what;            ///< "adamw, measured", "Lemma 3.14, printed"
  double value;
  bool bound = false;             ///< an upper bound
  std::optional<double> error{};  ///< of a measured number
  std::optional<Discrepancy> optimizer{}, sde{};
};

struct ComparisonTable {
  std::string place;  ///< "end", "window"
  std::string title;
  std::vector<ComparisonRow> rows;
};

struct NotApplying {
  std::string prediction, reason;
};

/// What was measured and predicted.
struct SimulateFindings {
  std::vector<ComparisonTable> tables;
  std::vector<NotApplying> not_applying;
  std::vector<std::string> notes;    ///< what a reader must know of the measured numbers
  std::vector<std::string> damages;  ///< why measured numbers are missing
  std::vector<Figure> figures;
};

/// Compares the ensembles with every registered prediction, by the replicas that were finished; one without any
/// is left out.
SimulateFindings find(const SimulatePlan& plan);

/// The findings for a terminal of some columns; below 100 as a list. Of many coordinates the first three and the
/// three that are furthest off, in standard errors, with a line that counts the others.
std::string text_of(const SimulateFindings& findings, bool with_sde, std::size_t width);

/// The findings as tables of a record.
std::vector<DataTable> data_tables(const SimulateFindings& findings, bool with_sde);

}  // namespace sdelens
