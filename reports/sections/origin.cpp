#include <fmt/format.h>

#include "reports/html/section.hpp"
#include "reports/text/escape.hpp"

namespace sdelens::reports {
namespace {

/// What a reader must know before anything else: that not all on the page is the run's own.
std::string markup(const PageContents& page) {
  return fmt::format("<p class=\"answer open\" id=\"origin\">{}</p>\n", escape_markup(page.settings.origin));
}

const Register<Section> origin{{
    .name = "origin",
    .order = 100,
    .applies = [](const PageContents& page) { return !page.settings.origin.empty(); },
    .markup = markup,
}};

}  // namespace
}  // namespace sdelens::reports
