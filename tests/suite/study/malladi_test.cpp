#include "suite/study/malladi.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace sdelens {
namespace {

using testing::ElementsAre;

constexpr double sigma = 0.5;

TwoForms forms_of(const Choice& optimizer) {
  const Problem problem = quadratic_problem(optimizer, {1.0}, sigma, 1e-2, Point::Constant(1, 1.0));
  return two_forms(problem, Simulations("trial", Tier::smoke, 5).stream("noise"));
}

const Choice adam{.name = "adam", .given = {{"beta_1", {0.9}}, {"beta_2", {0.99}}}};

std::vector<std::string> columns(const std::vector<Comparison>& differences) {
  return each(differences, [](const Comparison& of) { return of.where; });
}

TEST(Malladi, HasTheSamePathsInBothForms) {
  const auto of_adam = largest_differences(forms_of(adam), 64, 100);
  const auto of_rmsprop =
      largest_differences(forms_of({.name = "rmsprop", .given = {{"beta", {0.99}}}}), 64, 100);
  EXPECT_THAT(columns(of_adam), ElementsAre("x", "m", "V"));
  EXPECT_THAT(columns(of_rmsprop), ElementsAre("x", "V"));
  for (const auto& differences : {of_adam, of_rmsprop}) {
    for (const Comparison& of : differences) {
      EXPECT_LT(of.measurement.value, 1e-12) << of.where;
      EXPECT_EQ(of.prediction.value, 0.0);
    }
  }
}

TEST(Malladi, SeesThatVIsNotSigmaSquaredUOfAnotherSigma) {
  TwoForms forms = forms_of(adam);
  forms.problem =
      with_noise(forms.problem, {.name = "gaussian", .given = {{"sigma", {std::sqrt(1.01) * sigma}}}});
  EXPECT_NEAR(largest_differences(forms, 64, 100).back().measurement.value, 0.01, 1e-9);
}

}  // namespace
}  // namespace sdelens
