#include "reports/html/elements.hpp"

#include <fmt/format.h>

#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens::reports {

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

std::string experiment_anchor(const Record& record) {
  std::string anchor = "experiment-";
  for (const char c : record.experiment) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    anchor += plain ? std::string(1, c) : fmt::format("_{:02x}", static_cast<unsigned char>(c));
  }
  return anchor;
}

std::string claim_anchor(const Record& record, std::size_t claim) {
  return fmt::format("{}.claim-{}", experiment_anchor(record), claim + 1);
}

Table::Table(const std::vector<std::string>& head) {
  text_ = "<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>";
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
    text_ += fmt::format("<td{}>{}</td>", style, cell);
    ++column;
  }
  text_ += "</tr>\n";
}

void Table::group(const std::string& heading) {
  text_ += fmt::format("<tr><th class=\"group\" colspan=\"{}\">{}</th></tr>\n", numeric_.size(), heading);
}

std::string Table::markup() const { return text_ + "</tbody>\n</table></div>\n"; }

}  // namespace sdelens::reports
