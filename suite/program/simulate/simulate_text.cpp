#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>

#include "suite/program/simulate/simulate_findings.hpp"
#include "suite/program/text_layout.hpp"

namespace sdelens {
namespace {

constexpr std::size_t table_width = 100;
constexpr std::size_t first_shown = 3, furthest_shown = 3;

/// What a screen has of a table, and what it has not.
struct Excerpt {
  ComparisonTable table;
  std::string left_out;
};

bool outside(const ComparisonRow& row) {
  return row.optimizer && row.optimizer->agreement == Agreement::outside;
}

/// How far off a row is in standard errors; a bound only where it is exceeded.
double distance(const ComparisonRow& row) {
  double result = 0.0;
  for (const std::optional<Discrepancy>& found : {row.optimizer, row.sde}) {
    if (found) result = std::max(result, row.bound ? found->in_errors : std::abs(found->in_errors));
  }
  return result;
}

Excerpt excerpt(const ComparisonTable& table) {
  std::map<std::size_t, double> distances;
  for (const ComparisonRow& row : table.rows) {
    if (row.coordinate == 0) continue;
    double& furthest = distances[row.coordinate];
    furthest = std::max(furthest, distance(row));
  }
  if (distances.size() <= first_shown + furthest_shown) return {.table = table, .left_out = {}};
  std::vector<std::size_t> order;
  for (const auto& [coordinate, furthest] : distances) order.push_back(coordinate);
  std::ranges::stable_sort(order.begin() + first_shown, order.end(), std::greater<>(),
                           [&distances](std::size_t coordinate) { return distances[coordinate]; });
  const std::set<std::size_t> shown(order.begin(), order.begin() + first_shown + furthest_shown);
  Excerpt result{.table = {.place = table.place, .title = table.title, .rows = {}}, .left_out = {}};
  std::set<std::size_t> outside_left_out;
  for (const ComparisonRow& row : table.rows) {
    if (row.coordinate == 0 || shown.contains(row.coordinate)) {
      result.table.rows.push_back(row);
    } else if (outside(row)) {
      outside_left_out.insert(row.coordinate);
    }
  }
  result.left_out = fmt::format(
      "Shown are the first {} coordinates and the {} furthest off in standard errors, which are not typical. "
      "{} more are in the record and its report, {} of them with a number OUTSIDE or exceeded.",
      first_shown, furthest_shown, distances.size() - shown.size(),
      outside_left_out.empty() ? "none" : std::to_string(outside_left_out.size()));
  return result;
}

std::string errors_text(const Discrepancy& found) {
  const double size = std::abs(found.in_errors);
  if (std::isinf(found.in_errors)) return found.in_errors > 0.0 ? "+inf" : "-inf";
  if (size >= 1e4) return fmt::format("{:+.0e}", found.in_errors);
  return fmt::format("{:+.1f}", found.in_errors);
}

std::string percent_text(const Discrepancy& found) {
  if (!found.in_percent) return "";
  if (std::abs(*found.in_percent) >= 1e4) return fmt::format("{:+.0e}", *found.in_percent);
  return fmt::format("{:+.2f}", *found.in_percent);
}

std::string agreement_text(const Discrepancy& found, bool bound) {
  if (found.agreement == Agreement::none) return "";
  if (bound) return found.agreement == Agreement::outside ? "exceeded" : "holds";
  return found.agreement == Agreement::outside ? "OUTSIDE" : "within";
}

std::string value_text(const ComparisonRow& row) {
  return fmt::format("{}{:.6g}", row.bound ? "≤ " : "", row.value);
}

std::string wide_table(const ComparisonTable& table, bool with_sde) {
  std::string text = table.title + "\n";
  // "Var x100" is as long as the column for fewer coordinates.
  std::size_t first = 8;
  for (const ComparisonRow& row : table.rows) first = std::max(first, row.quantity.size() + 1);
  const std::size_t second = (with_sde ? 36 : 42) - first;
  const char* const head = with_sde ? "{:<{}}{:<{}} {:>13} {:>8} {:>7} {:>8} {:<8} {:>6} {:>7}\n"
                                    : "{:<{}}{:<{}} {:>15} {:>10} {:>8} {:>9} {:<9}\n";
  const auto line = [&](const std::string& quantity, const std::string& what, const std::string& value,
                        const std::string& error, const std::string& errors, const std::string& percent,
                        const std::string& agreement, const std::string& sde_errors,
                        const std::string& sde_percent) {
    std::string result = with_sde ? fmt::format(fmt::runtime(head), quantity, first, what, second, value,
                                                error, errors, percent, agreement, sde_errors, sde_percent)
                                  : fmt::format(fmt::runtime(head), quantity, first, what, second, value,
                                                error, errors, percent, agreement);
    result.pop_back();
    result.erase(result.find_last_not_of(' ') + 1);
    return result + "\n";
  };
  text += line("", "", "value", "± se", "se off", "% off", "margin", "SDE se", "SDE %");
  std::string before;
  for (const ComparisonRow& row : table.rows) {
    const Discrepancy* const optimizer = row.optimizer ? &*row.optimizer : nullptr;
    const Discrepancy* const sde = row.sde ? &*row.sde : nullptr;
    text += line(row.quantity == before ? "" : row.quantity, row.what, value_text(row),
                 row.error ? fmt::format("{:.2g}", *row.error) : "", optimizer ? errors_text(*optimizer) : "",
                 optimizer ? percent_text(*optimizer) : "",
                 optimizer ? agreement_text(*optimizer, row.bound) : "", sde ? errors_text(*sde) : "",
                 sde ? percent_text(*sde) : "");
    before = row.quantity;
  }
  return text;
}

std::string narrow_table(const ComparisonTable& table, std::size_t width) {
  std::string text = wrapped(table.title, "  ", "", width);
  std::string before;
  for (const ComparisonRow& row : table.rows) {
    if (row.quantity != before) text += row.quantity + "\n";
    before = row.quantity;
    std::string line = fmt::format("{}: {}", row.what, value_text(row));
    if (row.error) line += fmt::format(" ± {:.2g}", *row.error);
    const auto add = [&](const std::optional<Discrepancy>& found, const char* of) {
      if (!found) return;
      const std::string percent = percent_text(*found), agreement = agreement_text(*found, row.bound);
      line += fmt::format("; {}off by {} se{}{}{}", of, errors_text(*found),
                          percent.empty() ? "" : fmt::format(", {} %", percent),
                          agreement.empty() ? "" : ", ", agreement);
    };
    add(row.optimizer, "");
    add(row.sde, "SDE ");
    text += wrapped(line, "      ", "  ", width);
  }
  return text;
}

/// Predictions with the same reason in one line.
std::string not_applying_text(const std::vector<NotApplying>& entries, std::size_t width) {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (const NotApplying& entry : entries) {
    auto group = std::ranges::find(groups, entry.reason, [](const auto& g) { return g.first; });
    if (group == groups.end()) group = groups.insert(groups.end(), {entry.reason, {}});
    group->second.push_back(entry.prediction);
  }
  std::string text;
  for (const auto& [reason, names] : groups) {
    text += wrapped(fmt::format("{}: {}", fmt::join(names, "; "), reason), "    ", "  ", width);
  }
  return text;
}

double number_or_nan(const std::optional<double>& value) {
  return value.value_or(std::numeric_limits<double>::quiet_NaN());
}

void add_discrepancies(DataTable& data, const ComparisonTable& table, const std::string& of,
                       std::optional<Discrepancy> ComparisonRow::*member, bool agreement) {
  TableColumn errors{.label = of + " off, in se"}, percent{.label = of + " off, in %"},
      words{.label = "Margin"};
  for (const ComparisonRow& row : table.rows) {
    const std::optional<Discrepancy>& found = row.*member;
    errors.numbers.push_back(number_or_nan(found ? std::optional(found->in_errors) : std::nullopt));
    percent.numbers.push_back(number_or_nan(found ? found->in_percent : std::nullopt));
    words.words.push_back(found ? agreement_text(*found, row.bound) : "");
  }
  data.columns.push_back(std::move(errors));
  data.columns.push_back(std::move(percent));
  if (agreement) data.columns.push_back(std::move(words));
}

}  // namespace

std::string text_of(const SimulateFindings& findings, bool with_sde, std::size_t width) {
  std::string text;
  const std::size_t line = std::min(width, table_width);
  for (const ComparisonTable& whole : findings.tables) {
    const auto [table, left_out] = excerpt(whole);
    text += width >= table_width ? wide_table(table, with_sde) : narrow_table(table, width);
    text += (left_out.empty() ? "" : wrapped(left_out, "", "", line)) + "\n";
  }
  if (!findings.tables.empty()) {
    text += wrapped(
        "off: measured − predicted, in standard errors and in per cent of the prediction. ∞: limit for k → "
        "∞. ≤: an "
        "upper bound. margin: what the prediction itself allows, where that is known; OUTSIDE and exceeded "
        "are wrong "
        "with probability 1e-6 at most.",
        "", "", line);
  }
  for (const std::string& note : findings.notes) text += wrapped("note: " + note, "    ", "", line);
  if (!findings.not_applying.empty()) {
    text += "\nDo not apply\n" + not_applying_text(findings.not_applying, line);
  }
  return text;
}

std::vector<DataTable> data_tables(const SimulateFindings& findings, bool with_sde) {
  std::vector<DataTable> result;
  for (const ComparisonTable& table : findings.tables) {
    DataTable data{.id = table.place,
                   .title = table.title,
                   .caption =
                       "Measured moments with their standard errors, and every prediction that applies. Off: "
                       "measured − predicted. ∞: the limit for k → ∞. A bound is an upper one."};
    TableColumn quantity{.label = "Quantity"}, what{.label = "What"}, relation{.label = "Relation"},
        value{.label = "Value"}, error{.label = "Standard error"};
    for (const ComparisonRow& row : table.rows) {
      quantity.words.push_back(row.quantity);
      what.words.push_back(row.what);
      relation.words.push_back(row.error ? "measured" : row.bound ? "bound" : "equality");
      value.numbers.push_back(row.value);
      error.numbers.push_back(number_or_nan(row.error));
    }
    data.columns = {std::move(quantity), std::move(what), std::move(relation), std::move(value),
                    std::move(error)};
    add_discrepancies(data, table, "Optimizer", &ComparisonRow::optimizer, true);
    if (with_sde) add_discrepancies(data, table, "SDE", &ComparisonRow::sde, false);
    result.push_back(std::move(data));
  }
  if (!findings.not_applying.empty()) {
    TableColumn names{.label = "Prediction"}, reasons{.label = "Why not"};
    for (const NotApplying& entry : findings.not_applying) {
      names.words.push_back(entry.prediction);
      reasons.words.push_back(entry.reason);
    }
    result.push_back({.id = "not-applying",
                      .title = "Predictions that do not apply",
                      .caption = {},
                      .columns = {std::move(names), std::move(reasons)}});
  }
  return result;
}

}  // namespace sdelens
