#include "suite/study/weak_error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "sdelens/claim/check.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/study/one_step.hpp"

namespace sdelens {
namespace {

WeakErrors of(double order, double next, double size = 0.3) {
  WeakErrors result{.functions = {"g"}, .etas = halved(0.125, 6), .errors = {{}}};
  for (const double eta : result.etas)
    result.errors[0].push_back(size * std::pow(eta, order) * (1.0 + next * eta));
  return result;
}

Check judged(const WeakErrors& errors, double order) {
  const Claim claim{.id = "order", .relation = Relation::order, .margin = order_margin().bound};
  return check(claim, orders(errors, order), 0);
}

TEST(WeakError, HasTheOrderOfAPowerLawWithANextTerm) {
  for (const double order : {0.0, 1.0, 2.0}) {
    for (const double next : {-1.0, 0.0, 2.0}) {
      EXPECT_EQ(judged(of(order, next), order).verdict, Verdict::pass) << order << ' ' << next;
      EXPECT_EQ(judged(of(order, next), order + 0.1).verdict, Verdict::fail) << order << ' ' << next;
    }
  }
  EXPECT_EQ(judged(of(1.5, 0.0), 1.0).verdict, Verdict::fail);
}

TEST(WeakError, SaysHowFarItsOrderIsFromSettled) {
  EXPECT_LT(orders(of(1.0, 0.0), 1.0)[0].prediction.error, 1e-12);
  EXPECT_GT(orders(of(1.0, 30.0), 1.0)[0].prediction.error, 1e-3);
  WeakErrors three = of(1.0, 0.0);
  three.errors[0].resize(3);
  EXPECT_THROW(orders(three, 1.0), std::logic_error);
}

TEST(WeakError, HalvesTheLearningRate) { EXPECT_EQ(halved(0.5, 2), (std::vector<double>{0.5, 0.25, 0.125})); }

WeakProblem gaussian() {
  return {.down = gaussian_probability_down({.curvature = 1.0, .sigma = 0.5}),
          .start = 1.0,
          .end = 2.7,
          .time = 1.0};
}

TEST(WeakError, TellsTheSdeFromOthersByItsOrder) {
  const WeakProblem problem = gaussian();
  const auto verdict = [&](const Equation& equation, double order) {
    return judged(weak_errors(problem, halved(0.125, 5), test_functions(), equation), order).verdict;
  };
  EXPECT_EQ(verdict(solved([&](double eta) { return sign_sde(problem.down, eta); }), 1.0), Verdict::pass);
  EXPECT_EQ(verdict(solved([&](double) { return sign_ode(problem.down); }), 1.0), Verdict::pass);
  // A drift that is wrong by one part in a hundred is of order 0.
  const Equation wrong = solved([&](double eta) {
    ScalarDiffusion equation = sign_sde(problem.down, eta);
    return ScalarDiffusion{[drift = equation.drift](double x) { return 1.01 * drift(x); },
                           equation.diffusion};
  });
  EXPECT_EQ(verdict(wrong, 1.0), Verdict::fail);
}

TEST(WeakError, HasTheSdeInClosedFormThatTheProbabilitiesOfTheChainGive) {
  const LinearGradient gradient{.curvature = 2.0, .sigma = 0.5};
  const double eta = 0.1, nu = 3.0;
  for (const auto& [closed, by_chain] :
       {std::pair(gaussian_sign_sde(gradient, eta), sign_sde(gaussian_probability_down(gradient), eta)),
        std::pair(student_t_sign_sde(gradient, nu, eta),
                  sign_sde(student_t_probability_down(gradient, nu), eta))}) {
    for (const double x : {-0.7, 0.0, 0.1, 0.4}) {
      EXPECT_NEAR(closed.drift(x), by_chain.drift(x), 1e-13) << x;
      // The sign of the diffusion is free for the law.
      EXPECT_NEAR(std::abs(closed.diffusion(x)), std::abs(by_chain.diffusion(x)), 1e-13) << x;
    }
  }
}

TEST(WeakError, TakesAMeanThatIsKnown) {
  const auto means = known_mean([](double t) { return 1.0 - t; })(gaussian(), 0.25, 2, {test_functions()[0]});
  ASSERT_EQ(means.size(), 1U);
  ASSERT_EQ(means[0].size(), 3U);
  EXPECT_EQ(means[0][2].value, 0.5);
  EXPECT_EQ(means[0][2].error, 0.0);
}

// From the minimum a wrong diffusion shows at first order.
TEST(WeakError, TellsAWrongNoiseFromTheMinimum) {
  WeakProblem problem = gaussian();
  problem.start = 0.0;
  const auto verdict = [&](double factor) {
    const Equation equation = solved([&, factor](double eta) {
      ScalarDiffusion sde = sign_sde(problem.down, eta);
      return ScalarDiffusion{sde.drift, [s = sde.diffusion, factor](double x) { return factor * s(x); }};
    });
    return judged(weak_errors(problem, halved(0.125, 5), square_function(), equation), 2.0).verdict;
  };
  EXPECT_EQ(verdict(1.0), Verdict::pass);
  EXPECT_EQ(verdict(1.05), Verdict::fail);
}

TEST(WeakError, IsNotClaimedWhereTheEquationIsNotSolved) {
  const Equation vague = [](const WeakProblem&, double, std::uint64_t count,
                            const std::vector<TestFunction>& functions) {
    return std::vector<std::vector<CalculatedValue>>(
        functions.size(), std::vector<CalculatedValue>(count + 1, {.value = 0.5, .error = 0.1}));
  };
  EXPECT_THROW(weak_errors(gaussian(), halved(0.125, 5), test_functions(), vague), std::runtime_error);
}

TEST(OneStep, GivesTheSignsOfTheStep) {
  const Problem problem = quadratic_problem({.name = "signsgd"}, {1.0, 1.0}, 1.0, 0.25, Point{{0.5, -1.0}});
  const std::vector<Observable> observables = step_signs(problem);
  ASSERT_EQ(observables.size(), 4U);
  EXPECT_EQ(observables[0].name, sign_name(0));
  EXPECT_EQ(observables[2].name, sign_product);
  EXPECT_EQ(observables[3].name, sign_triple);
  Batch x(2, 2);
  x << 0.25, -0.75, 0.75, -0.75;
  const double expected[4][2] = {{1.0, -1.0}, {-1.0, -1.0}, {-1.0, 1.0}, {-1.0, -1.0}};
  for (std::size_t i = 0; i < 4; ++i) {
    Column value(2);
    observables[i].evaluate(x, value);
    EXPECT_EQ(value(0), expected[i][0]) << i;
    EXPECT_EQ(value(1), expected[i][1]) << i;
  }
}

}  // namespace
}  // namespace sdelens
