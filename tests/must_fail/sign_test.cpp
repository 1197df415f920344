// Wrong statements about SignSGD and its SDEs.
#include <cmath>
#include <numbers>

#include "reference/theory/lemma_3_7.hpp"
#include "reference/theory/lemma_c_14.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "sdelens/exact/sign_closure.hpp"
#include "tests/must_fail/twins.hpp"

namespace sdelens {
namespace {

using test::expect_told_apart;
using theory::QuadraticCoordinate;

Stream stream(const std::string& purpose) { return {20241122, purpose}; }

// The optimizer is within 0.8 r of the phase-3 SDE, r = eta lambda / sigma = 0.1.
TEST(SignSgdVariance, IsNotOfAnotherPowerOfItsParameters) {
  constexpr double eta = 0.01, sigma = 0.1;
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, sigma, eta, Point::Zero(1));
  const double right = theory::signsgd_leading_variance(
      {.learning_rate = eta, .curvature = 1.0, .sigma = sigma, .start = 0.0});
  expect_told_apart(
      {.process = iterates(
           with_start(with_optimizer(problem, {.name = "signsgd"}), Point::Constant(1, 0.005)), stream("a")),
       .observables = test::first_coordinate(),
       .recording = test::stationary_window(200, 2200),
       .measure = test::variance_in_window,
       .right = right,
       .wrong = {{"eta^2 for eta", right * eta},
                 {"sigma^2 for sigma", right * sigma},
                 {"pi / 2 without its root", right * std::sqrt(std::numbers::pi / 2.0)},
                 {"1 for sqrt(pi / 2)", right / std::sqrt(std::numbers::pi / 2.0)},
                 {"eta for eta / 2", 2.0 * right}},
       .margin = {.relative = 0.8 * eta / sigma},
       .resolution = {.relative = 0.1}});
}

TEST(SignSgdVariance, IsNotThatOfNoiseFivePercentLarger) {
  constexpr double eta = 0.01, sigma = 0.1, start = 0.005;
  const auto exact = [](double scale) {
    return StationarySignLaw({.learning_rate = eta, .start = start},
                             gaussian_probability_down({.curvature = 1.0, .sigma = scale}))
        .variance();
  };
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, sigma, eta, Point::Zero(1));
  expect_told_apart(
      {.process = iterates(
           with_start(with_optimizer(problem, {.name = "signsgd"}), Point::Constant(1, start)), stream("b")),
       .observables = test::first_coordinate(),
       .recording = test::stationary_window(200, 4000),
       .measure = test::variance_in_window,
       .right = exact(sigma),
       .wrong = {{"sigma times 1.05", exact(1.05 * sigma)}, {"sigma over 1.05", exact(sigma / 1.05)}},
       .resolution = {.relative = 0.03}});
}

TEST(SignSgdVariance, OfHeavyTailsIsNotThatOfNormalNoise) {
  constexpr double eta = 0.005, sigma = 0.1, nu = 2.0;
  Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, sigma, eta, Point::Zero(1));
  problem = with_noise(problem, {.name = "student-t", .given = {{"nu", {nu}}, {"sigma", {sigma}}}});
  const QuadraticCoordinate coordinate{.learning_rate = eta, .curvature = 1.0, .sigma = sigma, .start = 0.0};
  expect_told_apart(
      {.process = iterates(
           with_start(with_optimizer(problem, {.name = "signsgd"}), Point::Constant(1, 0.0025)), stream("c")),
       .observables = test::first_coordinate(),
       .recording = test::stationary_window(400, 3000),
       .measure = test::variance_in_window,
       .right = theory::student_t_stationary_variance(coordinate, nu),
       .wrong = {{"sqrt(2/pi) of normal noise", theory::signsgd_leading_variance(coordinate)},
                 {"nu = 1", theory::student_t_stationary_variance(coordinate, 1.0)},
                 {"nu = 30", theory::student_t_stationary_variance(coordinate, 30.0)}},
       .margin = {.relative = 0.8 * eta / sigma},
       .resolution = {.relative = 0.06}});
}

// Only every other lattice point can be reached at an even iteration; at r = 1 the two laws differ visibly.
TEST(SignSgdChain, IsNotThatOfTheOtherParity) {
  constexpr double eta = 0.1, sigma = 0.1;
  const StationarySignLaw law({.learning_rate = eta, .start = 0.0},
                              gaussian_probability_down({.curvature = 1.0, .sigma = sigma}));
  const auto square = [](double x) { return x * x; };
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, sigma, eta, Point::Zero(1));
  expect_told_apart({.process = iterates(with_optimizer(problem, {.name = "signsgd"}), stream("d")),
                     .observables = test::first_coordinate(),
                     .recording = {.steps = {100}},
                     .measure = [](const Ensemble& e) { return mean_of(e.at(0, "x1^2")); },
                     .right = law.expectation(square, Parity::even),
                     .wrong = {{"odd", law.expectation(square, Parity::odd)}},
                     .resolution = {.relative = 0.05},
                     .runs = 16384});
}

TEST(SignSgdMean, IsNotThatOfErfWithoutTheRootOfTwo) {
  constexpr double eta = 0.002, sigma = 0.1, start = 0.1;
  constexpr std::uint64_t iterations = 40;
  const auto mean_with = [](const ProbabilityDown& down) {
    SignChain chain({.learning_rate = eta, .start = start}, down);
    chain.advance(iterations);
    return chain.mean();
  };
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, sigma, eta, Point::Zero(1));
  expect_told_apart(
      {.process = iterates(
           with_start(with_optimizer(problem, {.name = "signsgd"}), Point::Constant(1, start)), stream("e")),
       .observables = test::first_coordinate(),
       .recording = {.steps = {iterations}},
       .measure = test::mean_at_end,
       .right = mean_with(gaussian_probability_down({.curvature = 1.0, .sigma = sigma})),
       .wrong = {{"Erf(y)", mean_with([](double x) { return 0.5 * std::erfc(-x / sigma); })},
                 {"sign(y), no noise", start - eta * static_cast<double>(iterations)},
                 {"the linear drift of phase 3",
                  theory::signsgd_mean(
                      {.learning_rate = eta, .curvature = 1.0, .sigma = sigma, .start = start},
                      eta * static_cast<double>(iterations))}},
       .resolution = {.absolute = eta},
       .runs = 4096});
}

// r = 0.2: the Ito term is 8 % of the variance, its printed form a tenth of that at sigma = 0.1. Weak order 2
// leaves (eta b / 8)^2, b = sqrt(2 / pi) lambda / sigma. At 5.1 standard deviations the equation ends.
TEST(Phase3Variance, HasItsItoTermAndNotThePrintedOne) {
  constexpr double eta = 0.02, sigma = 0.1;
  constexpr std::uint64_t fine = 8;
  const QuadraticCoordinate coordinate{.learning_rate = eta, .curvature = 1.0, .sigma = sigma, .start = 0.0};
  const double step = eta * std::sqrt(2.0 / std::numbers::pi) / sigma / static_cast<double>(fine);
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, sigma, eta, Point::Zero(1));
  expect_told_apart(
      {.process =
           paths(problem, {.sde = {.name = "signsgd-phase-3"}, .steps_per_iteration = fine}, stream("f")),
       .observables = test::first_coordinate(),
       .recording = test::stationary_window(100 * fine, 800 * fine, fine),
       .measure = test::variance_in_window,
       .right = theory::signsgd_stationary_variance(coordinate, Wording::corrected),
       .wrong = {{"without the Ito term", theory::signsgd_leading_variance(coordinate)},
                 {"as printed", theory::signsgd_stationary_variance(coordinate, Wording::printed)}},
       .margin = {.relative = step * step},
       .resolution = {.relative = 0.03},
       .outside_limit = 0.02});
}

// The full SDE has V0 (1 - 0.0856 r), by its generator; Erf is not its tangent, so the phase-3 SDE has V0 / (1 + 0.3989 r).
TEST(FullSdeVariance, IsNotThatOfPhase3NorOfTheOptimizer) {
  constexpr double eta = 0.05, sigma = 0.1, start = 0.025;
  constexpr std::uint64_t fine = 8;
  const QuadraticCoordinate coordinate{.learning_rate = eta, .curvature = 1.0, .sigma = sigma, .start = 0.0};
  const double leading = theory::signsgd_leading_variance(coordinate);
  const StationarySignLaw optimizer({.learning_rate = eta, .start = start},
                                    gaussian_probability_down({.curvature = 1.0, .sigma = sigma}));
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, sigma, eta, Point::Zero(1));
  expect_told_apart(
      {.process = paths(problem, {.sde = {.name = "signsgd"}, .steps_per_iteration = fine}, stream("h")),
       .observables = test::first_coordinate(),
       .recording = test::stationary_window(50 * fine, 500 * fine, fine),
       .measure = test::variance_in_window,
       .right = leading * (1.0 - 0.0856 * eta / sigma),
       .wrong = {{"phase 3", theory::signsgd_stationary_variance(coordinate, Wording::corrected)},
                 {"the optimizer", optimizer.variance()}},
       .margin = {.relative = 0.1 * std::pow(eta / sigma, 2)},
       .resolution = {.relative = 0.06}});
}

TEST(ScheduledSignSgd, IsNotThatOfAPowerTenPercentOff) {
  constexpr double eta = 0.01, sigma = 0.1, power = 0.5;
  constexpr std::uint64_t iterations = 2000;
  const auto variance_with = [](double exponent) {
    SignClosure closure({.learning_rate = eta,
                         .curvature = 1.0,
                         .sigma = sigma,
                         .start = 0.0,
                         .rate_factor = [exponent](std::uint64_t k) {
                           return std::pow(static_cast<double>(k) + 1.0, -exponent);
                         }});
    closure.advance(iterations);
    return closure.variance();
  };
  Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, sigma, eta, Point::Zero(1));
  problem = with_schedule(problem, {.name = "polynomial", .given = {{"power", {power}}}});
  expect_told_apart({.process = iterates(with_optimizer(problem, {.name = "signsgd"}), stream("g")),
                     .observables = test::first_coordinate(),
                     .recording = {.steps = {iterations}},
                     .measure = test::variance_at_end,
                     .right = variance_with(power),
                     .wrong = {{"p = 0.55", variance_with(1.1 * power)},
                               {"p = 0.45", variance_with(0.9 * power)},
                               {"no schedule", variance_with(0.0)}},
                     .margin = {.relative = 2e-3},
                     .resolution = {.relative = 0.15},
                     .runs = 4096});
}

}  // namespace
}  // namespace sdelens
