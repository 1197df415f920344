// Wrong statements about SGD, its SDE, Adam and AdamW.
#include <cmath>

#include "reference/theory/lemma_3_6.hpp"
#include "reference/theory/lemma_3_8.hpp"
#include "sdelens/exact/linear_recursion.hpp"
#include "sdelens/exact/mean_field.hpp"
#include "tests/must_fail/twins.hpp"

namespace sdelens {
namespace {

using test::expect_told_apart;

Stream stream(const std::string& purpose) { return {20241122, purpose}; }

// Weak order 2 with h = eta / 4 leaves (h lambda)^2.
TEST(SgdSdeVariance, IsNotThatOfADiffusionOffByTheRootOfTwo) {
  constexpr double eta = 0.05, sigma = 0.2, h = eta / 4.0;
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, sigma, eta, Point::Zero(1));
  const theory::QuadraticCoordinate coordinate{
      .learning_rate = eta, .curvature = 1.0, .sigma = sigma, .start = 0.0};
  const double right = theory::sgd_stationary_variance(coordinate);
  expect_told_apart(
      {.process = paths(problem, {.sde = {.name = "sgd"}, .steps_per_iteration = 4}, stream("a")),
       .observables = test::first_coordinate(),
       .recording = test::stationary_window(400, 4000, 4),
       .measure = test::variance_in_window,
       .right = right,
       .wrong = {{"sqrt(2) S", 2.0 * right},
                 {"S / sqrt(2)", 0.5 * right},
                 {"S times 1.05", 1.05 * 1.05 * right},
                 {"S without sqrt(eta)", right / eta},
                 {"sigma for sigma^2", right / sigma}},
       .margin = {.relative = h * h},
       .resolution = {.relative = 0.04}});
}

TEST(SgdSdeVariance, DoesNotRelaxAtHalfItsRate) {
  constexpr double eta = 0.05, sigma = 0.2, h = eta / 4.0, time = 0.5;
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, sigma, eta, Point::Zero(1));
  const theory::QuadraticCoordinate coordinate{
      .learning_rate = eta, .curvature = 1.0, .sigma = sigma, .start = 0.0};
  expect_told_apart(
      {.process = paths(problem, {.sde = {.name = "sgd"}, .steps_per_iteration = 4}, stream("b")),
       .observables = test::first_coordinate(),
       .recording = {.steps = {40}},
       .measure = test::variance_at_end,
       .right = theory::sgd_variance(coordinate, time),
       .wrong = {{"e^(-lambda t)", theory::sgd_stationary_variance(coordinate) * -std::expm1(-time)},
                 {"already stationary", theory::sgd_stationary_variance(coordinate)}},
       .margin = {.relative = h * h},
       .resolution = {.relative = 0.2},
       .runs = 4096});
}

// At eta lambda = 0.5 the optimizer is 4/3 of its SDE, which Euler-Maruyama with dt = eta would hide.
TEST(SgdVariance, IsNotThatOfItsSdeAtALargeLearningRate) {
  constexpr double eta = 0.5, sigma = 0.2;
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, sigma, eta, Point::Zero(1));
  const double sde =
      theory::sgd_stationary_variance({.learning_rate = eta, .curvature = 1.0, .sigma = sigma, .start = 0.0});
  const double exact =
      stationary_covariance({.hessian = Eigen::MatrixXd::Identity(1, 1),
                             .noise_covariance = sigma * sigma * Eigen::MatrixXd::Identity(1, 1),
                             .learning_rate = eta})(0, 0);
  expect_told_apart({.process = iterates(problem, stream("c")),
                     .observables = test::first_coordinate(),
                     .recording = test::stationary_window(50, 1000),
                     .measure = test::variance_in_window,
                     .right = exact,
                     .wrong = {{"the SDE", sde}},
                     .resolution = {.relative = 0.05}});
}

TEST(ScheduledSgd, IsNotThatOfAPowerTenPercentOff) {
  constexpr double eta = 0.05, sigma = 0.1, power = 0.5;
  constexpr std::uint64_t iterations = 200;
  const auto mean_with = [](double exponent) {
    LinearRecursion recursion(
        {.hessian = Eigen::MatrixXd::Identity(1, 1),
         .noise_covariance = sigma * sigma * Eigen::MatrixXd::Identity(1, 1),
         .learning_rate = eta,
         .rate_factor =
             [exponent](std::uint64_t k) { return std::pow(static_cast<double>(k) + 1.0, -exponent); }},
        Point::Ones(1));
    recursion.advance(iterations);
    return recursion.mean()(0);
  };
  Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, sigma, eta, Point::Zero(1));
  problem = with_schedule(problem, {.name = "polynomial", .given = {{"power", {power}}}});
  expect_told_apart({.process = iterates(with_start(problem, Point::Ones(1)), stream("d")),
                     .observables = test::first_coordinate(),
                     .recording = {.steps = {iterations}},
                     .measure = test::mean_at_end,
                     .right = mean_with(power),
                     .wrong = {{"p = 0.55", mean_with(1.1 * power)}, {"p = 0.45", mean_with(0.9 * power)}},
                     .resolution = {.relative = 0.05}});
}

// H = diag(1, 2), so the bound of Lemma 3.6 is 3/2 of the loss; with L for mu it is 3/4 of it.
TEST(SgdLossBound, IsNoBoundWithTheLargestCurvatureForTheSmallest) {
  constexpr double eta = 0.02, sigma = 0.2;
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0, 2.0}, sigma, eta, Point::Zero(2));
  const auto limit = [](double convexity) {
    return theory::sgd_loss_bound({.learning_rate = eta,
                                   .strong_convexity = convexity,
                                   .hessian_trace = 3.0,
                                   .largest_sigma = sigma,
                                   .start_loss = 0.0})
        .limit;
  };
  expect_told_apart({.process = iterates(problem, stream("e")),
                     .observables = coordinates_and_loss(problem.loss),
                     .recording = test::stationary_window(300, 2000),
                     .measure = [](const Ensemble& e) { return mean_of(e.average("stationary", "f")); },
                     .right = limit(1.0),
                     .wrong = {{"L for mu", limit(2.0)}},
                     .relation = Relation::at_most});
}

// After one step with bias corrections x is x0 - eta sign(g) for epsilon = 0. Without them m is 1 - beta_1 and
// sqrt(v) sqrt(1 - beta_2) of what they should be.
TEST(AdamFirstStep, HasItsBiasCorrections) {
  constexpr double eta = 0.01, sigma = 0.1, start = 0.1, beta_1 = 0.9, beta_2 = 0.999;
  const Problem problem = quadratic_problem({.name = "sgd"}, {1.0}, sigma, eta, Point::Zero(1));
  const double step = eta * std::erf(start / sigma / std::sqrt(2.0));
  const double root = std::sqrt(1.0 - beta_2);
  expect_told_apart({.process = iterates(with_start(with_optimizer(problem, {.name = "adam",
                                                                             .given = {{"beta_1", {beta_1}},
                                                                                       {"beta_2", {beta_2}},
                                                                                       {"epsilon", {0.0}}}}),
                                                    Point::Constant(1, start)),
                                         stream("f")),
                     .observables = test::first_coordinate(),
                     .recording = {.steps = {1}},
                     .measure = test::mean_at_end,
                     .right = start - step,
                     .wrong = {{"no correction", start - step * (1.0 - beta_1) / root},
                               {"of v only", start - step * (1.0 - beta_1)},
                               {"of m only", start - step / root}},
                     .resolution = {.absolute = 0.3 * step}});
}

// lambda / sigma = 10 against gamma = 4. The closure is right within 0.3 %.
TEST(AdamWVariance, DependsOnItsMomentumAndItsWeightDecay) {
  const MeanFieldSettings settings{
      .learning_rate = 0.02, .curvature = 1.0, .sigma = 0.1, .beta_1 = 0.9, .weight_decay = 4.0};
  MeanFieldSettings without_momentum = settings;
  without_momentum.beta_1 = 0.0;
  MeanFieldSettings without_decay = settings;
  without_decay.weight_decay = 0.0;
  MeanFieldSettings stronger_decay = settings;
  stronger_decay.weight_decay *= 1.2;
  const Problem problem =
      quadratic_problem({.name = "sgd"}, {1.0}, settings.sigma, settings.learning_rate, Point::Zero(1));
  expect_told_apart(
      {.process = iterates(with_optimizer(problem, {.name = "adamw",
                                                    .given = {{"beta_1", {settings.beta_1}},
                                                              {"beta_2", {0.999}},
                                                              {"gamma", {settings.weight_decay}}}}),
                           stream("g")),
       .observables = test::first_coordinate(),
       .recording = test::stationary_window(8000, 16000),
       .measure = test::variance_in_window,
       .right = mean_field(settings).variance,
       .wrong = {{"beta_1 ignored", mean_field(without_momentum).variance},
                 {"gamma ignored", mean_field(without_decay).variance},
                 {"gamma times 1.2", mean_field(stronger_decay).variance}},
       .margin = {.relative = 3e-3},
       .resolution = {.relative = 0.03},
       .runs = 256});
}

}  // namespace
}  // namespace sdelens
