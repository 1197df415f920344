#include "reports/html/elements.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

/// A text with letters, digits and what is allowed only; different texts stay different.
std::string plain(const std::string& text, std::string_view allowed) {
  std::string result;
  for (const char c : text) {
    const bool as_it_is = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          allowed.find(c) != std::string_view::npos;
    result += as_it_is ? std::string(1, c) : fmt::format("_{:02x}", static_cast<unsigned char>(c));
  }
  return result;
}

}  // namespace

std::string state_class(const Check& check) {
  switch (standing(check)) {
    case Standing::passed:
      return "good";
    case Standing::refuted_as_expected:
      return "refuted";
    case Standing::not_as_expected:
      return "bad";
    case Standing::unresolved:
      return "open";
    case Standing::error:
      return "error";
  }
  return "error";
}

std::string badge(const Check& check) {
  return fmt::format("<span class=\"badge {}\">{}</span>", state_class(check), verdict_words(check));
}

std::string experiment_anchor(const Record& record) { return "experiment-" + plain(record.experiment, "-"); }

std::string statement_anchor(const std::string& number) { return "statement-" + plain(number, "-."); }

std::string erratum_anchor(const std::string& id) { return "erratum-" + plain(id, "-."); }

std::string link_to(const std::string& anchor, const std::string& text) {
  return fmt::format("<a href=\"#{}\">{}</a>", anchor, escape_markup(text));
}

std::string claim_anchor(const Record& record, std::size_t claim) {
  return fmt::format("{}.claim-{}", experiment_anchor(record), claim + 1);
}

Table::Table(const std::vector<std::string>& head, const std::string& style) {
  text_ = fmt::format("<div class=\"scroll\" tabindex=\"0\"><table{}>\n<thead><tr>",
                      style.empty() ? "" : fmt::format(" class=\"{}\"", style));
  if (!style.empty()) names_ = head;
  for (const std::string& column : head) {
    const bool number = column.starts_with('#');
    numeric_.push_back(number);
    text_ +=
        fmt::format("<th{}>{}</th>", number ? " class=\"number\"" : "", number ? column.substr(1) : column);
  }
  text_ += "</tr></thead>\n<tbody>\n";
}

void Table::row(const std::vector<std::string>& cells) {
  text_ += "<tr>";
  std::size_t column = 0;
  for (const std::string& cell : cells) {
    const char* style = numeric_.at(column) ? " class=\"number\"" : "";
    if (names_.empty()) {
      text_ += fmt::format("<td{}>{}</td>", style, cell);
    } else {
      text_ += fmt::format("<td{} data-column=\"{}\"><span>{}</span></td>", style,
                           escape_markup(names_[column]), cell);
    }
    ++column;
  }
  text_ += "</tr>\n";
}

void Table::group(const std::string& heading) {
  text_ += fmt::format("<tr><th class=\"group\" colspan=\"{}\">{}</th></tr>\n", numeric_.size(), heading);
}

std::string Table::markup() const { return text_ + "</tbody>\n</table></div>\n"; }

std::string part(const char* name, const std::string& text) {
  return text.empty() ? "" : fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, escape_markup(text));
}

std::string claims_table(const std::vector<ClaimPlace>& places, std::span<const Record> records) {
  if (places.empty()) return "";
  Table table({"Claim", "Verdict", "Wording", "#Prediction", "#Estimate ± se", "#Truth − prediction",
               "#Margin", "Experiment"});
  for (const ClaimPlace& place : places) {
    const Record& record = records[place.record];
    const Check& check = record.checks.at(place.claim);
    table.row({link_to(claim_anchor(record, place.claim), check.claim.id), badge(check),
               to_string(check.claim.wording),
               fmt::format("{} {}", relation_symbol(check.claim.relation), number(check.prediction)),
               measured(check.estimate, check.standard_error), interval(check.lower, check.upper),
               fmt::format("{:.4g}", check.margin), link_to(experiment_anchor(record), record.experiment)});
  }
  return table.markup();
}

std::string wording_badge(const WordingVerdict& verdict) {
  const std::string words = wording_words(verdict);
  if (verdict.state != WordingVerdict::State::judged)
    return fmt::format("<span class=\"kind\">{}</span>", words);
  const char* state = "error";
  switch (verdict.verdict) {
    case Verdict::pass:
      state = verdict.as_expected ? "good" : "bad";
      break;
    case Verdict::fail:
      state = verdict.as_expected ? "refuted" : "bad";
      break;
    case Verdict::unresolved:
      state = "open";
      break;
    case Verdict::error:
      break;
  }
  return fmt::format("<span class=\"badge {}\">{}</span>", state, words);
}

std::string lemma_links(const Claim& claim, const Ledger& ledger) {
  std::vector<std::string> links;
  for (const std::string& lemma : claim.lemmas) {
    const bool known = find_statement(ledger, lemma) != ledger.end();
    links.push_back(known ? link_to(statement_anchor(lemma), lemma) : escape_markup(lemma));
  }
  if (links.empty()) return "";
  return fmt::format("{}, {}", fmt::join(links, ", "),
                     claim.wording == Wording::printed ? "as printed" : "corrected");
}

}  // namespace sdelens::reports
