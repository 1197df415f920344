// What is predicted at settings that no experiment uses, against calculations made another way; and what does not apply,
// with the reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "tests/suite/predictions/problems.hpp"

namespace sdelens {
namespace {

using test::Asked;
using test::forecast_of;
using test::forecasts;
using test::planned;
using testing::HasSubstr;
using testing::Optional;

constexpr std::size_t end = 0, window = 1;

/// What an entry says at a place.
PredictedMoments moments_of(const Asked& asked, const std::string& name, std::size_t place) {
  const Forecast forecast = forecast_of(asked, name);
  EXPECT_FALSE(forecast.objection) << name << ": " << *forecast.objection;
  if (forecast.objection) return {};
  EXPECT_FALSE(forecast.places[place].objection) << *forecast.places[place].objection;
  return forecast.places[place].moments;
}

void expect_objection(const Asked& asked, const std::string& name, const std::string& reason) {
  EXPECT_THAT(forecast_of(asked, name).objection, Optional(HasSubstr(reason))) << name;
}

// The eigenvalues of its matrices would take half a minute, some dozen times.
TEST(Predictions, OfManyCoordinatesAreLeftOutWithTheReason) {
  std::string curvatures = "1";
  for (int i = 1; i < 2000; ++i) curvatures += ",1";
  const Asked asked{
      .optimizer = "sgd", .landscape = "quadratic:" + curvatures, .noise = "gaussian:0.5", .steps = 2};
  for (const Forecast& forecast : forecasts(planned(asked)))
    EXPECT_THAT(forecast.objection, Optional(HasSubstr("needs "))) << forecast.entry->name;
  expect_objection(asked, "exact-recursion",
                   "needs H and Sigma as matrices, which is for at most 512 coordinates: there are 2000");
  expect_objection(asked, "exact-chain", "needs signsgd");
}

TEST(Predictions, OfDenseSgdWInDimensionFiveFollowTheMatrixRecursion) {
  // H = Q'DQ by hand would be a copy of the code; any symmetric, diagonally dominant matrix will do.
  std::string entries;
  Eigen::MatrixXd hessian(5, 5);
  for (int i = 0; i < 5; ++i) {
    for (int j = 0; j < 5; ++j) {
      hessian(i, j) = i == j ? 2.0 + 0.5 * i : 0.25 / (1.0 + std::abs(i - j));
      entries += fmt::format("{}{}", entries.empty() ? "" : "/", hessian(i, j));
    }
  }
  const Asked asked{.optimizer = "sgdw",
                    .landscape = "quadratic:hessian=" + entries,
                    .noise = "gaussian:0.1,0.2,0.3,0.4,0.5",
                    .set = {{"eta", {0.05}}, {"gamma", {0.6}}},
                    .x0 = {1.0, -1.0, 0.5, 0.2, -0.3},
                    .steps = 40};
  // x_{k+1} = A x_k - eta Z: covariances and means summed term by term.
  const Eigen::MatrixXd a = Eigen::MatrixXd::Identity(5, 5) * (1.0 - 0.05 * 0.6) - 0.05 * hessian;
  Eigen::MatrixXd noise = Eigen::MatrixXd::Zero(5, 5);
  for (int i = 0; i < 5; ++i) noise(i, i) = std::pow(0.05 * 0.1 * (i + 1), 2);
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(5, 5), power = Eigen::MatrixXd::Identity(5, 5);
  for (int k = 0; k < 40; ++k) {
    covariance += power * noise * power.transpose();
    power = a * power;
  }
  const Eigen::VectorXd mean = power * planned(asked).problem.start;
  const PredictedMoments found = moments_of(asked, "exact-recursion", end);
  for (Index i = 0; i < 5; ++i) {
    EXPECT_NEAR(found.mean[static_cast<std::size_t>(i)].value, mean(i), 1e-14);
    EXPECT_NEAR(found.variance[static_cast<std::size_t>(i)].value / covariance(i, i), 1.0, 1e-12);
  }
  const double loss = 0.5 * (hessian * (covariance + mean * mean.transpose())).trace();
  EXPECT_NEAR(found.loss->value / loss, 1.0, 1e-12);
  EXPECT_EQ(found.loss->margin, 0.0);
}

TEST(Predictions, OfSignSgdWithHeavyTailsFollowTheLawPointByPoint) {
  const Asked asked{.optimizer = "signsgd",
                    .landscape = "quadratic:1,5",
                    .noise = "student-t:nu=1.5,sigma=0.3/0.05",
                    .set = {{"eta", {0.02}}},
                    .x0 = {0.11, -0.07},
                    .steps = 31};
  // The law as a map from the number of steps up to its probability.
  const boost::math::students_t student(1.5);
  const PredictedMoments found = moments_of(asked, "exact-chain", end);
  double loss = 0.0;
  for (const auto& [i, curvature, sigma, start] :
       {std::tuple{0, 1.0, 0.3, 0.11}, std::tuple{1, 5.0, 0.05, -0.07}}) {
    std::map<int, double> law{{0, 1.0}};
    for (int k = 0; k < 31; ++k) {
      std::map<int, double> next;
      for (const auto& [j, p] : law) {
        const double down = cdf(student, curvature * (start + 0.02 * j) / sigma);
        next[j - 1] += p * down;
        next[j + 1] += p * (1.0 - down);
      }
      law = next;
    }
    double mean = 0.0, square = 0.0;
    for (const auto& [j, p] : law) {
      const double x = start + 0.02 * j;
      mean += p * x;
      square += p * x * x;
    }
    const auto place = static_cast<std::size_t>(i);
    EXPECT_NEAR(found.mean[place].value, mean, 1e-14);
    EXPECT_NEAR(found.variance[place].value / (square - mean * mean), 1.0, 1e-11);
    loss += 0.5 * curvature * square;
  }
  EXPECT_NEAR(found.loss->value / loss, 1.0, 1e-11);
}

TEST(Predictions, OfSignSgdInPhase1GoStraight) {
  const Asked asked{.optimizer = "signsgd",
                    .landscape = "quadratic:1,2",
                    .noise = "gaussian:0.1",
                    .set = {{"eta", {0.01}}},
                    .x0 = {1.0, -0.8},
                    .steps = 40};
  const PredictedMoments found = moments_of(asked, "lemma-3.4-phase-1", end);
  EXPECT_NEAR(found.mean[0].value, 0.6, 1e-14);
  EXPECT_NEAR(found.mean[1].value, -0.4, 1e-14);
  EXPECT_NEAR(*found.mean[0].margin, std::erfc(1.5) * 0.4, 1e-14);
  // The exact chain is within that of it.
  const PredictedMoments exact = moments_of(asked, "exact-chain", end);
  for (const std::size_t i : {0U, 1U})
    EXPECT_NEAR(exact.mean[i].value, found.mean[i].value, *found.mean[i].margin);
}

TEST(Predictions, OfSignSgdInPhase2AreBounds) {
  const double start = 1.45 * 0.1 * std::numbers::sqrt2;
  const Asked asked{.optimizer = "signsgd",
                    .landscape = "quadratic:1",
                    .noise = "gaussian:0.1",
                    .set = {{"eta", {1e-3}}},
                    .x0 = {start},
                    .steps = 60};
  // m = 2 (Erf(3/2) - Erf(1)), q = Erf(1) - m: the bound relaxes to its limit at the rate 2 mu Delta.
  const double m = 2.0 * (std::erf(1.5) - std::erf(1.0)), q = std::erf(1.0) - m, eta = 1e-3;
  const double delta = m / (0.1 * std::numbers::sqrt2) + eta * m * m / (4.0 * 0.01);
  const double limit = eta * (1.0 - q * q) / (4.0 * delta);
  const double bound = limit + (0.5 * start * start - limit) * std::exp(-2.0 * delta * 0.06);
  EXPECT_NEAR(moments_of(asked, "lemma-3.5-phase-2-corrected", end).loss->value / bound, 1.0, 1e-12);
  EXPECT_LT(moments_of(asked, "exact-chain", end).loss->value, bound);
  EXPECT_LE(moments_of(asked, "lemma-3.5-phase-2-printed", end).loss->value, bound);
}

TEST(Predictions, OfSignSgdOnTheSaddleUseItsOwnGradient) {
  const Asked asked{.optimizer = "signsgd",
                    .landscape = "embedded-saddle:-1,2",
                    .noise = "gaussian:0.3,0.6",
                    .set = {{"eta", {0.05}}},
                    .x0 = {0.1, 0.2},
                    .steps = 2};
  // Two steps by hand; f'(x) = c x + x^3 - 0.1 x^2.
  const auto down = [](double c, double sigma, double x) {
    return 0.5 * std::erfc(-(c * x + x * x * x - 0.1 * x * x) / (sigma * std::numbers::sqrt2));
  };
  const auto f = [](double c, double x) {
    return 0.5 * c * x * x + 0.25 * std::pow(x, 4) - 0.1 / 3.0 * x * x * x;
  };
  double loss = 0.0;
  for (const auto& [c, sigma, x] : {std::tuple{-1.0, 0.3, 0.1}, std::tuple{2.0, 0.6, 0.2}}) {
    for (const double first : {-0.05, 0.05}) {
      const double p = down(c, sigma, x), q = down(c, sigma, x + first);
      const double reached = first < 0.0 ? p : 1.0 - p;
      loss += reached * (q * f(c, x + first - 0.05) + (1.0 - q) * f(c, x + first + 0.05));
    }
  }
  EXPECT_NEAR(moments_of(asked, "exact-chain", end).loss->value, loss, 1e-14);
  expect_objection(asked, "lemma-3.7-corrected", "needs a quadratic; the landscape is embedded-saddle");
}

TEST(Predictions, OfAWindowAreThoseOfARandomIteration) {
  const Asked asked{.optimizer = "sgd",
                    .landscape = "quadratic:1",
                    .noise = "gaussian:0.5",
                    .set = {{"eta", {0.1}}},
                    .x0 = {2.0},
                    .steps = 10};
  const SimulatePlan plan = planned(asked);
  ASSERT_EQ(plan.places[window].iterations, (std::vector<std::uint64_t>{6, 7, 8, 9, 10}));
  double first = 0.0, second = 0.0;
  for (const std::uint64_t k : plan.places[window].iterations) {
    const double mean = 2.0 * std::pow(0.9, k);
    first += mean / 5.0;
    second += (mean * mean + 0.01 * 0.25 * (1.0 - std::pow(0.81, k)) / (1.0 - 0.81)) / 5.0;
  }
  const PredictedMoments found = moments_of(asked, "exact-recursion", window);
  EXPECT_NEAR(found.mean[0].value, first, 1e-14);
  EXPECT_NEAR(found.variance[0].value, second - first * first, 1e-14);
  EXPECT_NEAR(found.loss->value, 0.5 * second, 1e-14);
  EXPECT_EQ(found.variance[0].margin, 0.0);
}

TEST(Predictions, OfTheMeanNeedNoVariance) {
  Asked asked{.optimizer = "sgd",
              .landscape = "quadratic:1",
              .noise = "student-t:nu=1.5,sigma=0.1",
              .set = {{"eta", {0.1}}},
              .x0 = {1.0},
              .steps = 20};
  const PredictedMoments found = moments_of(asked, "exact-recursion-of-the-mean", end);
  EXPECT_NEAR(found.mean[0].value, std::pow(0.9, 20), 1e-15);
  EXPECT_TRUE(found.variance.empty());
  EXPECT_FALSE(found.loss);
  for (const char* const name : {"exact-recursion", "lemma-3.6", "lemma-3.8"}) {
    expect_objection(asked, name, "needs a finite covariance: student-t noise of nu = 1.5 has none");
  }
  asked.noise = "student-t:nu=1,sigma=0.1";
  expect_objection(asked, "exact-recursion-of-the-mean", "student-t noise of nu <= 1 has none");
  // nu / (nu - 2) sigma^2 = 3 sigma^2.
  asked.noise = "student-t:nu=3,sigma=0.1";
  EXPECT_NEAR(moments_of(asked, "exact-recursion", end).variance[0].value,
              0.01 * 0.03 * (1.0 - std::pow(0.81, 20)) / (1.0 - 0.81), 1e-15);
}

// Lemma 3.14 and the mean field at mixed sigma, with and without weight decay: both are the AR(2) variance at leading
// order, here by the Lyapunov equation of (x, m) with v fixed.
double frozen_lyapunov(double eta, double curvature, double sigma, double gamma, double beta_1, double v) {
  // x' = (1 - eta gamma) x - (eta / sqrt v) m', m' = beta m + (1 - beta)(curvature x + sigma z)
  const double h = eta / std::sqrt(v);
  Eigen::Matrix2d a;
  a << 1.0 - eta * gamma - h * (1.0 - beta_1) * curvature, -h * beta_1, (1.0 - beta_1) * curvature, beta_1;
  const Eigen::Vector2d b(-h * (1.0 - beta_1) * sigma, (1.0 - beta_1) * sigma);
  Eigen::Matrix2d covariance = Eigen::Matrix2d::Zero();
  Eigen::Matrix2d power = a, sum = b * b.transpose();
  for (int doubling = 0; doubling < 40; ++doubling) {
    sum = sum + power * sum * power.transpose();
    power = power * power;
  }
  covariance = sum;
  return covariance(0, 0);
}

TEST(Predictions, OfAdaptiveMethodsHoldAtMixedSigma) {
  for (const double gamma : {0.0, 3.0}) {
    const Asked asked{.optimizer = "adamw",
                      .landscape = "quadratic:1,4",
                      .noise = "gaussian:0.5,2",
                      .set = {{"eta", {1e-3}}, {"gamma", {gamma}}, {"beta_1", {0.8}}},
                      .steps = 100000};
    const PredictedMoments closure = moments_of(asked, "mean-field", window);
    const PredictedMoments lemma = moments_of(asked, "lemma-3.14", window);
    const double curvatures[]{1.0, 4.0}, sigmas[]{0.5, 2.0};
    double loss = 0.0;
    for (std::size_t i = 0; i < 2; ++i) {
      double v = sigmas[i] * sigmas[i], variance = 0.0;
      for (int round = 0; round < 50; ++round) {
        variance = frozen_lyapunov(1e-3, curvatures[i], sigmas[i], gamma, 0.8, v);
        v = sigmas[i] * sigmas[i] + curvatures[i] * curvatures[i] * variance;
      }
      EXPECT_NEAR(closure.variance[i].value / variance, 1.0, 1e-8);
      EXPECT_NEAR(*closure.variance[i].margin / closure.variance[i].value, 0.003, 1e-12);
      // The margin of the lemma covers what is known to separate it from the closure.
      EXPECT_LT(std::abs(lemma.variance[i].value - variance), *lemma.variance[i].margin);
      loss += 0.5 * curvatures[i] * variance;
    }
    EXPECT_NEAR(closure.loss->value / loss, 1.0, 1e-8);
  }
  expect_objection({.optimizer = "adamw",
                    .landscape = "quadratic:1,4",
                    .noise = "gaussian:0.5,2",
                    .set = {{"gamma", {3.0}}},
                    .steps = 100000},
                   "lemma-3.13", "needs Sigma = sigma^2 I");
}

// Lemma 3.14, C.30 and C.29 are right of the optimizer, and wrong of the SDE that they are derived from.
TEST(Predictions, OfAdamAreOfTheOptimizerAndReadOfItsSdeByThemselves) {
  const auto entry = [](const std::string& name) { return Registry<PredictionEntry>::all().at(name); };
  for (const std::string number : {"3.14", "C.30", "C.29"}) {
    EXPECT_EQ(entry("lemma-" + number).subject, Subject::optimizer) << number;
    EXPECT_EQ(entry("lemma-" + number).wording, Wording::printed) << number;
    EXPECT_EQ(entry("lemma-" + number + "-of-sde").subject, Subject::sde) << number;
    EXPECT_EQ(entry("lemma-" + number + "-of-sde").of->part, "read of the SDE") << number;
  }
  for (const std::string number : {"C.20", "C.24"}) {
    EXPECT_EQ(entry("lemma-" + number).subject, Subject::both) << "RMSprop's SDE has the law of its lemma";
    EXPECT_EQ(entry("lemma-" + number).wording, Wording::printed) << number;
  }
  const Asked asked{.optimizer = "adamw",
                    .landscape = "quadratic:1",
                    .noise = "gaussian:1",
                    .set = {{"eta", {1e-3}}, {"gamma", {1.0}}, {"beta_1", {0.9}}},
                    .steps = 100000,
                    .sde = "adamw"};
  const double lemma = moments_of(asked, "lemma-3.14-of-sde", window).variance[0].value;
  EXPECT_NEAR(lemma, 0.5e-3 / 2.0, 1e-18);
  EXPECT_EQ(lemma, moments_of(asked, "lemma-3.14", window).variance[0].value);
  // beta_1^2 rho / (rho + (1 - beta_1) lambda / sigma + gamma), rho = (1 - beta_1) / eta = 100.
  const double printed = moments_of(asked, "printed-sde-of-adamw", window).variance[0].value;
  EXPECT_NEAR(printed / lemma, 0.81 * 100.0 / 101.1, 1e-12);
  Asked repaired = asked;
  repaired.sde = "adamw-corrected";
  const double corrected = moments_of(repaired, "corrected-sde-of-adamw", window).variance[0].value;
  EXPECT_NEAR(corrected / lemma, (100.0 + 0.01 * 2.0) / 101.1, 1e-12);
}

TEST(Predictions, OfTheLossOfAdaptiveMethodsFollowItNearTheMinimum) {
  const Asked asked{.optimizer = "adamw",
                    .landscape = "quadratic:1,3",
                    .noise = "gaussian:1",
                    .set = {{"eta", {1e-3}}, {"gamma", {1.0}}},
                    .x0 = {0.07},
                    .steps = 500};
  const Forecast forecast = forecast_of(asked, "lemma-3.13");
  ASSERT_FALSE(forecast.objection) << *forecast.objection;
  EXPECT_NEAR(forecast.curve.front().loss->value, 0.5 * 4.0 * 0.07 * 0.07, 1e-15) << "it begins at f(x0)";
  // c = 2 mu / sigma + gamma (1 + mu / L), S = (eta / 2) Tr H / c.
  const double rate = 2.0 + 4.0 / 3.0, limit = 2e-3 / rate;
  const double bound = limit + (2.0 * 0.07 * 0.07 - limit) * std::exp(-rate * 0.5);
  const Predicted& at_end = *forecast.places[end].moments.loss;
  EXPECT_NEAR(at_end.value / bound, 1.0, 1e-12);
  // 0.35 r + 1.2 eta gamma / (1 - beta_1), and (lambda x0 / sigma)^2 on the way.
  EXPECT_NEAR(*at_end.margin / bound, 0.35 * 3e-3 + 1.2e-2 + 0.21 * 0.21, 1e-12);
}

TEST(Predictions, OfTheLossOfAdamLackMuInPrint) {
  const Asked asked{.optimizer = "adam",
                    .landscape = "quadratic:0.25,0.75",
                    .noise = "gaussian:1",
                    .set = {{"eta", {1e-3}}},
                    .steps = 400000};
  // The curve is asked over the window: what is left of the start, and rounding.
  EXPECT_NEAR(moments_of(asked, "lemma-C.28", window).loss->value, 1e-3 * 1.0 / (4.0 * 0.25), 1e-10);
  EXPECT_NEAR(moments_of(asked, "lemma-C.28-printed", window).loss->value, 1e-3 / 4.0, 1e-10);
}

TEST(Predictions, OfTheLongRunWaitForIt) {
  Asked asked{.optimizer = "adamw",
              .landscape = "quadratic:1,3",
              .noise = "gaussian:0.5",
              .set = {{"gamma", {2.0}}},
              .steps = 2000};
  for (const char* const name : {"lemma-3.13", "lemma-3.14", "mean-field"}) {
    expect_objection(asked, name, "not stationary at t = 2 (k = 2000): that takes");
  }
  asked.steps = 20000;
  const Forecast late = forecast_of(asked, "lemma-3.14");
  ASSERT_FALSE(late.objection);
  EXPECT_FALSE(late.places[end].objection);
  EXPECT_TRUE(late.places[end].limit);
  EXPECT_TRUE(late.places[window].objection) << "the window begins before";
}

TEST(Predictions, StartAtTheLimitWhereTheCurveDoesNotApply) {
  Asked asked{.optimizer = "signsgd",
              .landscape = "quadratic:1",
              .noise = "gaussian:0.1",
              .set = {{"eta", {1e-3}}},
              .x0 = {0.05},
              .steps = 200};
  EXPECT_FALSE(forecast_of(asked, "lemma-3.7-printed").places[end].limit);
  asked.x0 = {1.0};
  expect_objection(asked, "lemma-3.7-printed",
                   "starts outside its phase: |Y_1| = 7.071, not at most 0.8862; not "
                   "stationary");
  asked.steps = 20000;
  const Forecast late = forecast_of(asked, "lemma-3.7-printed");
  ASSERT_FALSE(late.objection) << *late.objection;
  EXPECT_TRUE(late.places[end].limit);
  EXPECT_EQ(late.places[end].moments.mean[0].value, 0.0);
}

struct Refused {
  const char* what;
  Asked asked;
  const char* entry;
  const char* reason;
};

TEST(Predictions, SayWhyTheyDoNotApply) {
  const Asked adamw{.optimizer = "adamw",
                    .landscape = "quadratic:1,3",
                    .noise = "gaussian:0.5",
                    .set = {{"gamma", {1.0}}},
                    .steps = 100000};
  const Asked sign{
      .optimizer = "signsgd", .landscape = "quadratic:1,3", .noise = "gaussian:0.5", .steps = 1000};
  const auto changed = [](Asked asked, const auto& change) {
    change(asked);
    return asked;
  };
  const auto set = [](const char* key, double value) {
    return [key, value](Asked& asked) { asked.set[key] = {value}; };
  };
  const std::vector<Refused> all{
      {"another optimizer", adamw, "lemma-3.7-printed", "needs signsgd"},
      {"a negative eigenvalue", changed(adamw, [](Asked& a) { a.landscape = "quadratic:-1,3"; }),
       "lemma-3.13", "needs mu > 0: the smallest eigenvalue of H is -1"},
      {"a flat direction", changed(adamw, [](Asked& a) { a.landscape = "quadratic:0,3"; }), "lemma-3.14",
       "needs mu > 0: the smallest eigenvalue of H is 0"},
      {"a dense H", changed(adamw, [](Asked& a) { a.landscape = "quadratic:hessian=2/0.5/0.5/1"; }),
       "lemma-3.14", "needs a diagonal H"},
      {"correlated noise", changed(adamw, [](Asked& a) { a.noise = "gaussian:covariance=2/0.5/0.5/1"; }),
       "mean-field", "needs a diagonal Sigma: the noise is correlated"},
      {"correlated noise of SignSGD",
       changed(sign, [](Asked& a) { a.noise = "gaussian:covariance=2/0.5/0.5/1"; }), "exact-chain",
       "the noise is correlated"},
      {"noise that varies",
       changed(sign, [](Asked& a) { a.noise = "gaussian-periodic:sigma=1,amplitude=0.5,period=9"; }),
       "exact-chain", "needs gaussian or student-t noise, not gaussian-periodic"},
      {"heavy tails", changed(adamw, [](Asked& a) { a.noise = "student-t:nu=3,sigma=1"; }), "lemma-3.14",
       "needs gaussian noise, not student-t"},
      {"a large ratio", changed(adamw, set("eta", 1.0)), "lemma-3.14",
       "is of leading order in eta lambda / sigma, which must be below 1: it is 6"},
      {"a fast decay", changed(adamw, set("gamma", 200.0)), "lemma-3.14",
       "needs eta gamma / (1 - beta_1) < 1: it is 2"},
      {"a short memory", changed(adamw, set("beta_2", 0.5)), "mean-field", "needs beta_2 >= 0.99: it is 0.5"},
      {"a large epsilon", changed(adamw, set("epsilon", 0.1)), "lemma-3.13", "epsilon / sigma = 0.2"},
      {"a schedule", changed(adamw, [](Asked& a) { a.schedule = "polynomial:0.5"; }), "lemma-3.14",
       "needs a constant learning rate; the schedule is polynomial"},
      {"no schedule", sign, "sign-closure", "needs a schedule; the learning rate is constant"},
      {"a rate that falls too fast", changed(sign, [](Asked& a) { a.schedule = "polynomial:1"; }),
       "lemma-3.9-signsgd-bound", "needs eta_t'/eta_t^2 -> 0, a power below 1: it is 1"},
      {"a schedule of a short run", changed(sign, [](Asked& a) { a.schedule = "polynomial:0.5"; }),
       "lemma-3.9-signsgd-bound", "is asymptotic"},
      {"a law beyond phase 3", changed(sign, set("eta", 0.5)), "lemma-3.7-corrected",
       "has |Y_1| beyond the domain of phase 3, at eta lambda / sigma = 1"},
      {"an unstable step",
       {.optimizer = "sgd", .landscape = "quadratic:1,3", .noise = "gaussian:1", .set = {{"eta", {0.7}}}},
       "exact-stationary-recursion",
       "eta must be below 2 / (lambda + gamma) = 0.6667"},
      {"a large step",
       {.optimizer = "sgd", .landscape = "quadratic:1,3", .noise = "gaussian:1", .set = {{"eta", {0.5}}}},
       "lemma-3.8",
       "is of leading order in eta (lambda + gamma), which must be below 1: it is 1.5"},
      {"a decay for a lemma without", adamw, "lemma-3.6", "needs sgd"},
      {"no SDE", adamw, "printed-sde-of-adamw", "needs the SDE adamw"},
      {"a statement about an SDE without one", adamw, "lemma-3.14-of-sde", "needs the SDE adamw"},
      {"a statement about another SDE", changed(adamw, [](Asked& a) { a.sde = "adamw-corrected"; }),
       "lemma-3.14-of-sde", "needs the SDE adamw"},
      {"a start far from the minimum",
       changed(adamw,
               [](Asked& a) {
                 a.x0 = {1.0};
                 a.steps = 100;
               }),
       "lemma-3.13", "starts too far from the minimum: |grad f| / sigma = 6, not at most 0.5"},
      {"a start without a second moment",
       {.optimizer = "rmsprop",
        .landscape = "quadratic:1",
        .noise = "gaussian:1",
        .x0 = {0.01},
        .steps = 100},
       "lemma-C.19",
       "takes V for sigma^2 from the start: initial_v / sigma^2 = 0, not in [0.5, 2]"},
      {"the end of phase 1", sign, "lemma-3.5-phase-1-printed", "needs phase 1"},
      {"the end of phase 1 for the mean", sign, "lemma-3.4-phase-1", "needs phase 1"},
      {"the end of phase 2", sign, "lemma-3.5-phase-2-printed", "needs phase 2"},
  };
  for (const Refused& entry : all) {
    SCOPED_TRACE(entry.what);
    expect_objection(entry.asked, entry.entry, entry.reason);
  }
}

// Whatever is asked, a prediction either says why it does not apply or gives finite numbers with the right shape.
TEST(Predictions, GiveFiniteNumbersOrAReason) {
  std::size_t given = 0, refused = 0;
  std::set<std::string> answered;
  for (const std::string optimizer : {"sgd", "sgdw", "signsgd", "rmsprop", "rmspropw", "adam", "adamw"}) {
    for (const std::string landscape : {"quadratic:1,3", "quadratic:-1,2", "quadratic:0,0",
                                        "quadratic:hessian=2/0.5/0.5/1", "embedded-saddle"}) {
      for (const std::string noise :
           {"gaussian:0.5", "gaussian:1e-4,7", "gaussian:covariance=2/0.5/0.5/1",
            "student-t:nu=1.5,sigma=0.1", "student-t:nu=2,sigma=1", "student-t:nu=5,sigma=1",
            "gaussian-periodic:sigma=1,amplitude=0.5,period=9"}) {
        for (const std::string schedule : {"constant", "polynomial:0.5"}) {
          for (const double eta : {1e-3, 1.5}) {
            Asked asked{.optimizer = optimizer,
                        .landscape = landscape,
                        .noise = noise,
                        .set = {{"eta", {eta}}},
                        .x0 = {0.3, -0.01},
                        .steps = 300,
                        .schedule = schedule};
            if (optimizer.back() == 'w') asked.set["gamma"] = {0.4};
            for (const Forecast& forecast : test::forecasts(planned(asked))) {
              SCOPED_TRACE(fmt::format("{} {} {} {} {} {}", forecast.entry->name, optimizer, landscape, noise,
                                       schedule, eta));
              if (forecast.objection) {
                ++refused;
                EXPECT_FALSE(forecast.objection->empty());
                continue;
              }
              ++given;
              answered.insert(forecast.entry->name);
              for (const Forecast::AtPlace& at : forecast.places) {
                if (at.objection) continue;
                EXPECT_TRUE(at.moments.mean.empty() || at.moments.mean.size() == 2);
                EXPECT_TRUE(at.moments.variance.empty() || at.moments.variance.size() == 2);
                EXPECT_FALSE(at.moments.mean.empty() && !at.moments.loss) << "it says nothing";
                for (const auto& list : {at.moments.mean, at.moments.variance}) {
                  for (const Predicted& entry : list) EXPECT_TRUE(std::isfinite(entry.value));
                }
                EXPECT_TRUE(!at.moments.loss || std::isfinite(at.moments.loss->value));
              }
            }
          }
        }
      }
    }
  }
  EXPECT_GT(given, 100U);
  EXPECT_GT(refused, 1000U);
  EXPECT_TRUE(answered.contains("exact-chain") && answered.contains("lemma-3.8"));
}

TEST(Predictions, HaveACurveOrALimitAndASource) {
  for (const PredictionEntry& entry : Registry<PredictionEntry>::all().entries()) {
    EXPECT_TRUE(entry.curve || entry.limit) << entry.name;
    EXPECT_FALSE(entry.needs.empty()) << entry.name;
    EXPECT_FALSE(entry.label.empty()) << entry.name;
    EXPECT_FALSE(entry.source.item.empty()) << entry.name;
    EXPECT_TRUE(entry.relation == Relation::equal || entry.relation == Relation::at_most) << entry.name;
  }
}

}  // namespace
}  // namespace sdelens
