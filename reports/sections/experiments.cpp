#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "reports/html/elements.hpp"
#include "reports/html/section.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

std::string text_of(const std::string& text) { return escape_markup(text); }

std::string paragraph(const std::string& text) {
  return text.empty() ? "" : fmt::format("<p>{}</p>\n", text_of(text));
}

std::string fact(const char* name, const std::string& value) {
  return value.empty() ? "" : fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, text_of(value));
}

std::string prediction_words(const Check& check) {
  const Relation relation = check.claim.relation;
  const bool about_truth =
      relation == Relation::equal || relation == Relation::at_most || relation == Relation::at_least;
  return fmt::format("{}{} {}", about_truth ? "truth " : "", relation_symbol(relation),
                     number(check.prediction));
}

std::string figure_markup(const Figure& figure, const Picture& picture) {
  std::string text = "<figure>\n";
  if (picture.problem.empty()) {
    text += fmt::format(
        "<img loading=\"lazy\" decoding=\"async\" alt=\"{}\" width=\"{}\" height=\"{}\" "
        "src=\"data:image/svg+xml;base64,{}\"/>\n",
        text_of(figure.title + ". " + figure.caption), picture.size.width, picture.size.height,
        base64(picture.svg));
  } else {
    text += fmt::format("<p class=\"missing\">No picture: {}.</p>\n", text_of(picture.problem));
  }
  text += fmt::format("<figcaption><strong>{}.</strong> {}", text_of(figure.title), text_of(figure.caption));
  for (const std::string& note : picture.notes)
    text += fmt::format(" <span class=\"note\">{}</span>", text_of(note));
  std::string files = fmt::format("<a href=\"figures/{}.csv\">data</a>", picture.stem);
  if (picture.problem.empty()) {
    files = fmt::format("<a href=\"figures/{0}.svg\">SVG</a>, <a href=\"figures/{0}.pdf\">PDF</a>, {1}",
                        picture.stem, files);
  }
  return text + fmt::format(" <span class=\"kind\">Files: {}</span></figcaption>\n</figure>\n", files);
}

std::string claim_markup(const Record& record, std::size_t index, const Ledger& ledger) {
  const Check& check = record.checks[index];
  const Claim& claim = check.claim;
  std::string text =
      fmt::format("<article class=\"claim {}\" id=\"{}\">\n<div class=\"head\"><h4>{}</h4>{}</div>\n",
                  state_class(check), claim_anchor(record, index), text_of(claim.id), badge(check));
  text += paragraph(claim.statement);
  text += "<dl class=\"numbers\">\n";
  text += fact("Source", source_words(claim.source));
  if (const std::string links = lemma_links(claim, ledger); !links.empty())
    text += fmt::format("<div><dt>Decides</dt><dd>{}</dd></div>\n", links);
  text += fact("Expected", expectation_words(claim.expected));
  text += fact("Why not judged", check.reason);
  text += fact("Prediction", prediction_words(check));
  text += fact("Estimate ± se", measured(check.estimate, check.standard_error));
  text += fact("Truth − prediction", interval(check.lower, check.upper));
  text += fact("Margin", fmt::format("{:.4g}{}", check.margin,
                                     claim.margin_reason.empty() ? "" : ": " + claim.margin_reason));
  text += fact("Resolution", fmt::format("{:.4g}", check.resolution));
  if (!check.where.empty()) {
    text += fact("Deciding point",
                 fmt::format("{}, of {}", check.where, counted(check.points, "point", "points")));
  }
  text += fact(
      "Error rate",
      fmt::format("{:.2g} at the last of {}, {:.2g} spent", check.error_rate,
                  counted(static_cast<std::size_t>(std::max(check.looks, 0)), "look", "looks"), check.spent));
  return text + "</dl>\n</article>\n";
}

std::string data_table_markup(const DataTable& data) {
  std::vector<std::string> head;
  std::vector<std::size_t> lengths;
  for (const TableColumn& column : data.columns) {
    head.push_back(fmt::format("{}{}", column.words.empty() ? "#" : "", text_of(column.label)));
    lengths.push_back(column.words.empty() ? column.numbers.size() : column.words.size());
  }
  const std::size_t rows = lengths.empty() ? 0 : lengths.front();
  if (std::ranges::count(lengths, rows) != std::ssize(lengths)) {
    return fmt::format(
        "<h3>{}</h3>\n<p class=\"missing\">No table: its columns have different lengths: {}.</p>\n",
        text_of(data.title), fmt::join(lengths, ", "));
  }
  Table table(head);
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<std::string> cells;
    for (const TableColumn& column : data.columns) {
      if (column.words.empty()) {
        const double value = column.numbers.at(row);
        cells.push_back(std::isnan(value) ? "" : number(value));
      } else {
        cells.push_back(text_of(column.words.at(row)));
      }
    }
    table.row(cells);
  }
  return fmt::format("<h3>{}</h3>\n{}{}", text_of(data.title), paragraph(data.caption), table.markup());
}

std::string settings_markup(const std::vector<Setting>& settings) {
  if (settings.empty()) return "";
  Table table({"Setting", "Value", "Origin", "Meaning"});
  for (const Setting& setting : settings) {
    const std::string origin = setting.overridden ? "changed for this run"
                               : setting.printed  ? "printed"
                                                  : "chosen";
    table.row({text_of(setting.name), list_of(setting.value), origin, text_of(setting.note)});
  }
  return "<h3>Settings</h3>\n" + table.markup();
}

std::string simulations_markup(const std::vector<Simulation>& simulations) {
  if (simulations.empty()) return "";
  Table table({"Simulation", "#Replicas", "#Steps", "#Not finite", "#Left the domain"});
  for (const Simulation& simulation : simulations) {
    table.row({text_of(simulation.name), std::to_string(simulation.replicas),
               std::to_string(simulation.steps), std::to_string(simulation.non_finite),
               std::to_string(simulation.outside)});
  }
  return "<h3>Simulations</h3>\n" + table.markup();
}

/// One experiment with its figures, claims, settings and simulations.
/// @param ledger  what claims link to
std::string experiment_markup(const Record& record, const std::vector<Picture>& pictures,
                              const Ledger& ledger) {
  std::string text =
      fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n<p class=\"kind\"><code>{}</code> · {}</p>\n",
                  experiment_anchor(record), text_of(record.title), text_of(record.experiment),
                  text_of(source_words(record.source)));
  if (record.outcome != Outcome::completed) {
    const bool skipped = record.outcome == Outcome::skipped || record.outcome == Outcome::partial;
    text += fmt::format("<p class=\"answer {}\"><strong>{}</strong> {}</p>\n", skipped ? "open" : "error",
                        to_string(record.outcome), text_of(record.reason));
  }
  text += paragraph(record.summary);
  for (std::size_t i = 0; i < record.figures.size(); ++i) {
    text += figure_markup(record.figures[i], pictures.at(i));
  }
  for (const DataTable& data : record.tables) text += data_table_markup(data);
  if (!record.checks.empty()) text += "<h3>Claims</h3>\n";
  for (std::size_t i = 0; i < record.checks.size(); ++i) text += claim_markup(record, i, ledger);
  text += settings_markup(record.settings) + simulations_markup(record.simulations);
  text += fmt::format("<h3>Reproduce</h3>\n<p>Tier {}, seed {}, {}.</p>\n", text_of(record.tier), record.seed,
                      duration(record.seconds));
  if (!record.command.empty()) text += fmt::format("<pre>{}</pre>\n", text_of(record.command));
  return text + "</section>\n";
}

/// "fig10" after "fig7": runs of digits are compared as numbers.
bool naturally_before(const std::string& a, const std::string& b) {
  const auto digits = [](const std::string& text, std::size_t from) {
    const std::size_t end = text.find_first_not_of("0123456789", from);
    return (end == std::string::npos ? text.size() : end) - from;
  };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const std::size_t m = digits(a, i);
    const std::size_t n = digits(b, j);
    if (m > 0 && n > 0) {
      if (m != n) return m < n;
      if (const int order = a.compare(i, m, b, j, n); order != 0) return order < 0;
      i += m;
      j += n;
      continue;
    }
    if (a[i] != b[j]) return a[i] < b[j];
    ++i;
    ++j;
  }
  return a.size() - i < b.size() - j;
}

constexpr std::array groups{"Figures", "Theorems, lemmas and sentences", "Other experiments"};

const char* group_of(const Record& record) {
  if (record.source.item.starts_with("Fig")) return groups[0];
  const bool numbered =
      std::ranges::any_of(std::array{"Theorem", "Lemma", "Corollary"},
                          [&record](const char* kind) { return record.source.item.starts_with(kind); });
  const bool decides =
      std::ranges::any_of(record.checks, [](const Check& check) { return !check.claim.lemmas.empty(); });
  return numbered || decides ? groups[1] : groups[2];
}

/// Links to all experiments, by what they are about.
std::string contents(const PageContents& page) {
  std::vector<const Record*> sorted;
  for (const Record& record : page.stored.records) sorted.push_back(&record);
  std::ranges::stable_sort(sorted, naturally_before, &Record::experiment);
  std::string text;
  for (const char* const group : groups) {
    std::string items;
    for (const Record* record : sorted) {
      if (group_of(*record) != group) continue;
      items += fmt::format(
          "<li>{} <span class=\"kind\">{}</span></li>\n",
          link_to(experiment_anchor(*record), record->title.empty() ? record->experiment : record->title),
          escape_markup(source_words(record->source)));
    }
    if (!items.empty()) text += fmt::format("<h3>{}</h3>\n<ul>\n{}</ul>\n", group, items);
  }
  return text;
}

std::string markup(const PageContents& page) {
  std::string text;
  for (std::size_t i = 0; i < page.stored.records.size(); ++i) {
    text += experiment_markup(page.stored.records[i], page.pictures.at(i), page.settings.ledger);
  }
  return text;
}

const Register<Section> experiments{
    {.name = "experiments", .order = 1000, .markup = markup, .contents = contents}};

}  // namespace
}  // namespace sdelens::reports
