#include "reports/html/page.hpp"

#include <fmt/format.h>

#include <map>
#include <sdelens_templates.hpp>
#include <stdexcept>

#include "reports/exit_code.hpp"
#include "reports/html/section.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

/// Replaces each {{name}}; what is put in is not looked through again.
std::string fill(std::string_view text, const std::map<std::string, std::string, std::less<>>& values) {
  std::string result;
  while (!text.empty()) {
    const std::size_t begin = text.find("{{");
    result += text.substr(0, begin);
    if (begin == std::string_view::npos) break;
    const std::size_t end = text.find("}}", begin);
    if (end == std::string_view::npos) throw std::logic_error("the page's template has a '{{' without '}}'");
    const auto value = values.find(text.substr(begin + 2, end - begin - 2));
    if (value == values.end()) throw std::logic_error("the page's template asks for an unknown value");
    result += value->second;
    text.remove_prefix(end + 2);
  }
  return result;
}

const char* state_of(const Tally& counts) {
  switch (exit_code(counts)) {
    case ExitCode::as_expected:
      return "good";
    case ExitCode::undecided:
    case ExitCode::nothing_run:
      return "open";
    default:
      return "bad";
  }
}

}  // namespace

std::string html_page(const StoredRecords& stored, const std::vector<std::vector<Picture>>& pictures,
                      const ReportSettings& settings) {
  const PageContents page{.stored = stored, .pictures = pictures, .settings = settings};
  std::string body;
  for (const Section* section : sections_of(page)) body += section->markup(page);
  const Tally counts = tally(stored.records, stored.damaged);
  return fill(page_template, {{"title", escape_markup(settings.title)},
                              {"style", page_style},
                              {"state", state_of(counts)},
                              {"answer", escape_markup(gate_answer(counts))},
                              {"totals", escape_markup(totals_line(counts))},
                              {"body", body}});
}

std::string html_in_progress(const RunDescription& description) {
  std::string body;
  if (!description.command.empty())
    body = fmt::format("<p>The command that runs:</p>\n<pre>{}</pre>\n", escape_markup(description.command));
  return fill(page_template, {{"title", escape_markup(description.title)},
                              {"style", page_style},
                              {"state", "open"},
                              {"answer", escape_markup(progress_sentence(description))},
                              {"totals", escape_markup(progress_advice())},
                              {"body", body}});
}

}  // namespace sdelens::reports
