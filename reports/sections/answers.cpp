#include <fmt/format.h>

#include "reports/html/elements.hpp"
#include "reports/html/section.hpp"

namespace sdelens::reports {
namespace {

/// What the other sections come to, each in a line that leads to it.
std::string markup(const PageContents& page) {
  std::string text;
  for (const Section* section : sections_of(page)) {
    if (!section->answer) continue;
    text += fmt::format("<p>{}: {}.</p>\n", link_to(section->name, section->heading), section->answer(page));
  }
  return text;
}

const Register<Section> answers{{.name = "answers", .order = 200, .markup = markup}};

}  // namespace
}  // namespace sdelens::reports
