#include "reference/papers/papers.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace sdelens::papers {
namespace {

TEST(Papers, CanBeFound) {
  const std::regex identifier("[0-9]{2}(0[1-9]|1[0-2])\\.[0-9]{5}");
  for (const Paper& paper : {a, b}) {
    EXPECT_TRUE(std::regex_match(std::string(paper.arxiv), identifier)) << paper.arxiv;
    EXPECT_FALSE(paper.title.empty());
    EXPECT_FALSE(paper.edition.empty());
    EXPECT_FALSE(paper.authors.empty());
  }
  EXPECT_NE(a.label, b.label);
  EXPECT_NE(a.arxiv, b.arxiv);
}

TEST(Papers, NoteTheirEdition) {
  const std::string note = edition_note();
  for (const std::string_view part : {a.edition, a.title, a.arxiv, a.later})
    EXPECT_NE(note.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace sdelens::papers
