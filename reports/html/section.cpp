#include "reports/html/section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sdelens::reports {

std::vector<const Section*> in_order(std::vector<const Section*> sections) {
  std::ranges::sort(sections, {}, &Section::order);
  const auto same = std::ranges::adjacent_find(sections, {}, &Section::order);
  if (same != sections.end()) {
    throw std::logic_error(fmt::format("the sections '{}' and '{}' of the report have the same order {}",
                                       (*same)->name, (*(same + 1))->name, (*same)->order));
  }
  return sections;
}

std::vector<const Section*> sections_of(const PageContents& page) {
  std::vector<const Section*> sections;
  for (const Section& section : Registry<Section>::all().entries()) {
    if (!section.applies || section.applies(page)) sections.push_back(&section);
  }
  return in_order(std::move(sections));
}

}  // namespace sdelens::reports
