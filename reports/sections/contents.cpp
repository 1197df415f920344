#include <fmt/format.h>

#include "reports/html/elements.hpp"
#include "reports/html/section.hpp"

namespace sdelens::reports {
namespace {

std::string markup(const PageContents& page) {
  std::string sections;
  std::string within;
  for (const Section* section : sections_of(page)) {
    if (!section->heading.empty())
      sections += fmt::format("<li>{}</li>\n", link_to(section->name, section->heading));
    if (section->contents) within += section->contents(page);
  }
  return fmt::format("<nav id=\"contents\">\n<h2>Contents</h2>\n<ul>\n{}</ul>\n{}</nav>\n", sections, within);
}

const Register<Section> contents{{.name = "contents", .order = 400, .markup = markup}};

}  // namespace
}  // namespace sdelens::reports
