#pragma once

#include <string>
#include <string_view>

/// The papers whose statements are checked.
namespace sdelens::papers {

struct Paper {
  std::string_view label;       ///< as sources cite it: "A" in "Paper A, Lemma 3.5"
  std::string_view title;       ///< of the edition whose numbers are used
  std::string_view edition;     ///< which that is: "manuscript of May 2024 on OpenReview"
  std::string_view arxiv;       ///< identifier
  std::string_view authors;     ///< in the order of the paper
  std::string_view later = {};  ///< title on arXiv, where that is another edition
};

/// Lemma, equation and figure numbers are those of the manuscript. The later edition, arXiv and ICLR 2025, numbers the
/// main text alike and the appendix otherwise.
inline constexpr Paper a{
    .label = "A",
    .title = "SDEs for Adaptive Methods: The Role of Noise",
    .edition = "manuscript of May 2024 on OpenReview",
    .arxiv = "2411.15958",
    .authors =
        "Enea Monzio Compagnoni, Tianlin Liu, Rustem Islamov, Frank Norbert Proske, Antonio Orvieto, "
        "Aurelien Lucchi",
    .later = "Adaptive Methods through the Lens of SDEs: Theoretical Insights on the Role of Noise",
};

inline constexpr Paper b{
    .label = "B",
    .title = "Effective continuous equations for adaptive SGD: a stochastic analysis view",
    .edition = "arXiv",
    .arxiv = "2509.21614",
    .authors = "Luca Callisti, Marco Romito, Francesco Triggiano",
};

/// What a page about paper A says of itself: which edition its numbers are of, and that statements are paraphrased.
std::string edition_note();

}  // namespace sdelens::papers
