#include <fmt/format.h>

#include "reports/html/section.hpp"
#include "reports/text/escape.hpp"

namespace sdelens::reports {
namespace {

/// Whose numbers and wordings the page has.
std::string markup(const PageContents& page) {
  return fmt::format("<p id=\"edition\">{}</p>\n", escape_markup(page.settings.edition));
}

const Register<Section> edition{{
    .name = "edition",
    .order = 150,
    .applies = [](const PageContents& page) { return !page.settings.edition.empty(); },
    .markup = markup,
}};

}  // namespace
}  // namespace sdelens::reports
