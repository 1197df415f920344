#include "sdelens/record/regular_expression.hpp"

#include <gmock/gmock.h>

#include <chrono>

namespace sdelens {
namespace {

using ::testing::HasSubstr;

std::string refusal(const std::string& text) {
  try {
    const RegularExpression expression(text);
  } catch (const NotAnExpression& error) {
    return error.what();
  }
  ADD_FAILURE() << "no NotAnExpression for " << text;
  return "";
}

TEST(RegularExpression, IsFoundAnywhereUnlessItIsAnchored) {
  EXPECT_TRUE(RegularExpression("3\\.[68]").found_in("lemma-3.8"));
  EXPECT_FALSE(RegularExpression("^3\\.8").found_in("lemma-3.8"));
  EXPECT_TRUE(RegularExpression("").found_in(""));
  EXPECT_TRUE(RegularExpression("^η.$").found_in("ηλ")) << "a letter of UTF-8 is one";
}

TEST(RegularExpression, QuotesWhatIsNone) {
  EXPECT_THAT(refusal("fig["), HasSubstr("'fig[' is not a regular expression: missing ]"));
  EXPECT_THAT(refusal("("), HasSubstr("missing )"));
  EXPECT_THAT(refusal("^(?!fig)"), HasSubstr("(?!")) << "look-around is not in the syntax";
  EXPECT_THAT(refusal("((x{1000}){1000}){1000}"), HasSubstr("invalid repetition size"));
}

// std::regex tries each of the 2^n ways to share n letters out, and crashes on a text of a hundred thousand.
TEST(RegularExpression, IsSearchedInLinearTime) {
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(RegularExpression("^(a+)+$").found_in(std::string(100'000, 'a') + "b"));
  EXPECT_TRUE(RegularExpression("(a|b)*c").found_in(std::string(1'000'000, 'a') + "c"));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

}  // namespace
}  // namespace sdelens
