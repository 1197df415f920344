#pragma once

#include <string_view>

/// The papers whose statements are checked.
namespace sdelens::papers {

struct Paper {
  std::string_view label;    ///< as sources cite it: "A" in "Paper A, Lemma 3.5"
  std::string_view title;    ///< of the version whose numbering is used
  std::string_view arxiv;    ///< identifier
  std::string_view authors;  ///< in the order of the paper
};

/// Lemma, equation and figure numbers are those of the first version; later versions are called "Adaptive
/// Methods through the Lens of SDEs: Theoretical Insights on the Role of Noise".
inline constexpr Paper a{
    .label = "A",
    .title = "SDEs for Adaptive Methods: The Role of Noise",
    .arxiv = "2411.15958",
    .authors =
        "Enea Monzio Compagnoni, Tianlin Liu, Rustem Islamov, Frank Norbert Proske, Antonio Orvieto, "
        "Aurelien Lucchi",
};

inline constexpr Paper b{
    .label = "B",
    .title = "Effective continuous equations for adaptive SGD: a stochastic analysis view",
    .arxiv = "2509.21614",
    .authors = "Luca Callisti, Marco Romito, Francesco Triggiano",
};

}  // namespace sdelens::papers
