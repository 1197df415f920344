#include "suite/study/weak_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "suite/study/adam_order.hpp"
#include "tests/suite/trial.hpp"

namespace sdelens {
namespace {

/// Two-sided quantile of Student's t with 60 degrees of freedom at 1e-6 for each of at most ten comparisons.
constexpr double quantile = 6.0;

const std::vector<double> rates{0.125, 0.0625, 0.03125, 0.015625, 0.0078125};

Expansion expansion() {
  return {.exponent = 1.0, .rate = 1.0, .fastest = [](double) { return 1.0; }};
}

void run(Simulations& simulations, std::uint64_t replicas) {
  for (const Simulations::Order& order : simulations.orders()) order.ensemble->extend_to(replicas, {});
}

/// Errors with known means error(eta) and standard deviations noise * |error(eta)|.
CoupledErrors synthetic(Simulations& simulations, const std::function<double(double)>& error, double noise) {
  CoupledErrors result{.study = {.learning_rates = rates, .steps_per_iteration = 2}, .ensembles = {}};
  const Problem flat = quadratic_problem({.name = "sgd"}, {0.0}, 1.0, 1.0, Point::Zero(1));
  for (const double eta : rates) {
    const double mean = error(eta);
    const Observable observable{.name = "x", .evaluate = [=](In state, OutColumn value) {
                                  value = mean * (1.0 + noise * state.col(0));
                                }};
    result.ensembles.push_back(
        simulations.optimizer(fmt::format("{}", eta), flat,
                              {.recording = {.steps = {1}}, .runs = 4096, .observables = {observable}}));
  }
  run(simulations, 4096);
  return result;
}

TEST(WeakOrder, IsFittedThroughTheTermsThatFollow) {
  for (const double order : {0.5, 1.0, 2.0}) {
    Simulations simulations("trial", Tier::standard, 1);
    const CoupledErrors errors = synthetic(
        simulations, [=](double eta) { return -0.3 * std::pow(eta, order) * (1.0 - eta + 0.4 * eta * eta); },
        0.5);
    const OrderFit fit = fit_weak_order(errors, "x", expansion());
    ASSERT_TRUE(fit.resolved());
    EXPECT_LT(fit.slope.standard_error, 0.04);
    EXPECT_LT(fit.slope_bias_bound, 0.05);
    EXPECT_NEAR(order_of(fit).value, order, fit.slope_bias_bound + quantile * fit.slope.standard_error);
  }
}

TEST(WeakOrder, OfAConstantErrorIsRefuted) {
  Simulations simulations("trial", Tier::standard, 2);
  const CoupledErrors errors = synthetic(
      simulations, [](double eta) { return 0.2 * (1.0 - eta); }, 0.5);
  Findings findings;
  expect_order(findings.claim("order").says("s"), {.order = 1.0, .relation = Relation::at_least}, errors, "x",
               expansion());
  const auto& expectation = findings.expectations().at(0);
  EXPECT_EQ(check(expectation.claim, expectation.comparisons, 0).verdict, Verdict::fail);
  EXPECT_EQ(expectation.made_from().size(), rates.size());
}

TEST(WeakOrder, OfErrorsLostInNoiseIsUnresolved) {
  Simulations simulations("trial", Tier::standard, 3);
  const CoupledErrors errors = synthetic(
      simulations, [](double eta) { return eta; }, 1e3);
  for (const Relation relation : {Relation::at_least, Relation::order}) {
    Findings findings;
    expect_order(findings.claim("order").says("s"), {.order = 1.0, .relation = relation}, errors, "x",
                 expansion());
    const auto& expectation = findings.expectations().at(0);
    EXPECT_EQ(check(expectation.claim, expectation.comparisons, 0).verdict, Verdict::unresolved);
  }
}

// Errors that change sign follow no power law, however many replicas there are.
TEST(WeakOrder, OfErrorsThatFollowNoPowerIsAnError) {
  Simulations simulations("trial", Tier::standard, 4);
  const CoupledErrors errors = synthetic(
      simulations, [](double eta) { return eta * (eta - 0.05); }, 0.5);
  EXPECT_TRUE(std::isnan(order_of(fit_weak_order(errors, "x", expansion())).value));
}

Problem rmsprop(double eta, double sigma) {
  return quadratic_problem({.name = "rmsprop", .given = {{"beta", {1.0 - eta}}}}, {1.0}, sigma, eta,
                           Point::Ones(1));
}

WeakOrderStudy study_of_rmsprop(double sigma = 0.5) {
  return {.name = "RMSprop",
          .problem = [sigma](double eta) { return rmsprop(eta, sigma); },
          .sde = "rmsprop",
          .time = 1.0,
          .learning_rates = rates,
          .steps_per_iteration = 2,
          .runs = 8192};
}

// The same paths with the second moment itself: the means agree, and the stand-in has less noise.
TEST(CoupledErrors, OfTheSecondMomentHaveItsMeanAndLessNoise) {
  Simulations simulations("trial", Tier::standard, 5);
  const WeakOrderStudy study = study_of_rmsprop();
  const CoupledErrors errors = order_weak_errors(study, simulations);
  const double eta = rates[0];
  const Problem problem = with_optimizer(
      rmsprop(eta, 0.5), {.name = "rmsprop", .given = {{"beta", {1.0 - eta}}, {"initial_v", {1.25}}}});
  const Simulated plain =
      simulations.coupled("plain", problem, {.sde = problem.optimizer, .steps_per_iteration = 2},
                          {.recording = {.steps = {8}},
                           .runs = 8192,
                           .observables = {difference(
                               "v", [](double v) { return v; }, 1, 3)}});
  run(simulations, 8192);
  const Measurement stand_in = errors.at_end(0, "v");
  const Measurement itself = plain.mean_of_observable("v").at_end();
  EXPECT_LT(stand_in.standard_error, 0.5 * itself.standard_error);
  EXPECT_NEAR(stand_in.value, itself.value,
              quantile * std::hypot(stand_in.standard_error, itself.standard_error));
}

// With next to no noise RMSprop from v_0 = g_0^2 is Euler's method with steps eta for the ODE, up to the shift of v.
TEST(CoupledErrors, AgainstTheEquationWithoutNoiseAreTheOptimizersMinusItsEnd) {
  Simulations simulations("trial", Tier::standard, 6);
  WeakOrderStudy study = study_of_rmsprop(1e-9);
  study.without_noise = true;
  const CoupledErrors errors = order_weak_errors(study, simulations);
  run(simulations, 64);
  // dx = -x / sqrt(v) dt, dv = (x^2 - v) dt from (1, 1), by Heun's method with 2^16 steps.
  const auto slope = [](double x, double v) { return std::pair(-x / std::sqrt(v), x * x - v); };
  double x = 1.0;
  double v = 1.0;
  const double h = std::exp2(-16);
  for (int k = 0; k < 65536; ++k) {
    const auto [a, b] = slope(x, v);
    const auto [c, d] = slope(x + h * a, v + h * b);
    x += 0.5 * h * (a + c);
    v += 0.5 * h * (b + d);
  }
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const double eta = rates[i];
    double own_x = 1.0;
    double own_v = 1.0;
    for (int k = 0; k < std::lround(1.0 / eta); ++k) {
      own_v += eta * (own_x * own_x - own_v);
      own_x -= eta * own_x / std::sqrt(own_v);
    }
    // Runge-Kutta with steps eta: (rate eta)^4 with rates of a few units; Heun's error and sigma are far below.
    const double tolerance = std::pow(eta, 4) + 1e-8;
    EXPECT_NEAR(errors.at_end(i, "x").value, own_x - x, tolerance);
    EXPECT_NEAR(errors.at_end(i, "v").value, own_v - v, tolerance);
  }
}

TEST(WeakOrderStudy, StartedElsewhereKeepsAllElse) {
  const WeakOrderStudy study = study_of_rmsprop();
  const Problem problem = started_at(study, [](double eta) { return std::sqrt(eta); }).problem(0.25);
  EXPECT_EQ(problem.start(0), 0.5);
  EXPECT_EQ(problem.learning_rate, 0.25);
  EXPECT_EQ(problem.beta_2(), 0.75);
  EXPECT_EQ(problem.sigmas()(0), study.problem(0.25).sigmas()(0));
}

TEST(CoupledErrors, RefuseLearningRatesThatGiveNoOrder) {
  Simulations simulations("trial", Tier::standard, 7);
  WeakOrderStudy study = study_of_rmsprop();
  study.learning_rates = {0.5, 0.25, 0.125};
  EXPECT_THROW(order_weak_errors(study, simulations), InvalidParameter);
  study.learning_rates = {0.5, 0.25, 0.125, 0.25};
  EXPECT_THROW(order_weak_errors(study, simulations), InvalidParameter);
  study.learning_rates = {0.5, 0.25, 0.125, 0.3};
  EXPECT_THROW(order_weak_errors(study, simulations), InvalidParameter);
}

TEST(MomentumMeanSquare, IsThatOfTheRecursion) {
  for (const double c : {0.5, 0.1, 1e-3}) {
    double expected = 0.0;
    for (int k = 0; k < 100; ++k) {
      EXPECT_NEAR(momentum_mean_square(c, k), expected, 1e-13 * (1.0 + expected));
      expected = (1.0 - c) * (1.0 - c) * expected + c * c;
    }
  }
  EXPECT_NEAR(momentum_mean_square(1.0, 1.0), 1.0, 1e-15);
}

// d E M^2 / dk = c^2 - 2 c E M^2 in units of iterations, by the midpoint rule.
TEST(MomentumMeanSquare, OfTheSdeSolvesItsEquation) {
  for (const double c : {0.5, 0.1, 1e-3}) {
    const double step = 1e-4;
    double expected = 0.0;
    for (int i = 0; i < 100000; ++i) {
      const double middle = expected + 0.5 * step * (c * c - 2.0 * c * expected);
      expected += step * (c * c - 2.0 * c * middle);
    }
    EXPECT_NEAR(sde_momentum_mean_square(c, 10.0), expected, 1e-8 * c);
  }
}

TEST(MomentumMeanSquare, RefusesWhatIsNotAShare) {
  for (const double c : {0.0, -0.1, 1.5, std::nan("")}) {
    EXPECT_THROW(momentum_mean_square(c, 1.0), InvalidParameter);
    EXPECT_THROW(sde_momentum_mean_square(c, 1.0), InvalidParameter);
  }
}

}  // namespace
}  // namespace sdelens
