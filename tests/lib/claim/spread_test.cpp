// A sample whose values are all equal has a standard error of 0 and still an unknown error.
#include <gtest/gtest.h>

#include "sdelens/claim/check.hpp"

namespace sdelens {
namespace {

Claim exact_claim() { return {.id = "c", .statement = "", .source = {}, .resolution = {.absolute = 1.0}}; }

TEST(CheckWithoutSpread, IsUnresolvedHoweverCloseThePredictionIs) {
  const Measurement sample{.value = 1.0, .standard_error = 1e-17, .degrees_of_freedom = 63.0};
  for (const double prediction : {1.0, 1.0 + 1e-9, 3.0}) {
    const Check result = check(exact_claim(), {.value = prediction}, sample, 0);
    EXPECT_EQ(result.verdict, Verdict::unresolved) << prediction;
    EXPECT_NE(result.reason.find("no spread"), std::string::npos);
  }
}

TEST(CheckWithoutSpread, LeavesExactCalculationsAlone) {
  EXPECT_EQ(check(exact_claim(), {.value = 1.0}, Measurement{.value = 1.0}, 0).verdict, Verdict::pass);
  EXPECT_EQ(check(exact_claim(), {.value = 1.0}, Measurement{.value = 3.0}, 0).verdict, Verdict::fail);
}

}  // namespace
}  // namespace sdelens
