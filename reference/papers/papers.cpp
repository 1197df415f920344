#include "reference/papers/papers.hpp"

#include <fmt/format.h>

namespace sdelens::papers {

std::string edition_note() {
  return fmt::format(
      "Paper {} is here the {}, “{}”, and numbers are its own. arXiv {} and ICLR 2025 have the later "
      "edition, "
      "“{}”: its main text is numbered alike, its appendix is not; where a later number is known, both are "
      "given. "
      "Statements are paraphrased in one notation; what stands in quotation marks is the paper's wording.",
      a.label, a.edition, a.title, a.arxiv, a.later);
}

}  // namespace sdelens::papers
