// Two processes side by side, and an optimizer on the Brownian path of its SDE.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/lib/ensemble/processes.hpp"

namespace sdelens {
namespace {

constexpr double eta = 0.02;

std::shared_ptr<const Landscape> landscape() { return make_landscape("quadratic", {{"curvatures", {1.0}}}); }
std::shared_ptr<const GradientNoise> noise() { return make_noise("gaussian", 1, {{"sigma", {0.5}}}); }

std::shared_ptr<const Process> sgd(std::uint64_t normals) {
  return iterate({.source = additive(landscape(), noise()),
                  .optimizer = make_optimizer("sgd", {}),
                  .schedule = make_schedule("constant"),
                  .learning_rate = eta,
                  .start = Point::Constant(1, 0.3),
                  .stream = Stream(4, "pair"),
                  .normals_per_iteration = normals});
}

std::shared_ptr<const Process> sgd_sde(std::uint64_t steps) {
  const SdeContext context{
      .source = additive(landscape(), noise()), .learning_rate = eta, .schedule = make_schedule("constant")};
  return integrate({.sde = make_sde("sgd", context),
                    .integrator = "euler-maruyama",
                    .learning_rate = eta,
                    .steps_per_iteration = steps,
                    .start = Point::Constant(1, 0.3),
                    .stream = Stream(4, "pair")});
}

// Without drift between the steps of the SDE the two are one walk; the drift alone separates them, by O(eta lambda).
TEST(Pair, PutsAnOptimizerOnTheBrownianPathOfItsSde) {
  for (const std::uint64_t steps : {1, 4, 8}) {
    const auto pair = side_by_side({.process = sgd(steps)}, {.process = sgd_sde(steps), .steps = steps});
    ASSERT_EQ(pair->dimension(), 2);
    const auto paths = pair->start(3, 50);
    double farthest = 0.0;
    double spread = 0.0;
    for (int k = 0; k < 100; ++k) {
      paths->advance();
      farthest = std::max(farthest, (paths->state().col(0) - paths->state().col(1)).abs().maxCoeff());
      spread = std::max(spread, paths->state().col(0).maxCoeff() - paths->state().col(0).minCoeff());
    }
    // |difference| <= eta lambda (sup |x| + steps of noise): a twentieth of the spread of the paths covers it.
    EXPECT_LT(farthest, steps == 1 ? 1e-14 : 0.05 * spread);
    EXPECT_EQ(farthest > 0.0 && steps > 1, steps > 1);
    EXPECT_GT(spread, 0.05);
  }
}

TEST(Pair, HasTheStateAndTimeOfItsParts) {
  const auto pair = side_by_side({.process = sgd(1), .steps = 2}, {.process = sgd_sde(4), .steps = 8});
  EXPECT_DOUBLE_EQ(pair->time(5), 10.0 * eta);
  const auto paths = pair->start(0, 3);
  const auto optimizer = sgd(1);
  const auto sde = sgd_sde(4);
  const auto first = optimizer->start(0, 3);
  const auto second = sde->start(0, 3);
  for (int k = 0; k < 3; ++k) {
    EXPECT_TRUE((paths->state().col(0) == first->state().col(0)).all());
    EXPECT_TRUE((paths->state().col(1) == second->state().col(0)).all());
    paths->advance();
    for (int i = 0; i < 2; ++i) first->advance();
    for (int i = 0; i < 8; ++i) second->advance();
  }
}

TEST(Pair, RefusesAPaceWithoutSteps) {
  EXPECT_THROW(side_by_side({.process = sgd(1), .steps = 0}, {.process = sgd_sde(1)}), InvalidParameter);
}

TEST(SeveralNormalsInAnIteration, NeedGaussianNoise) {
  OptimizerRun run{
      .source = additive(landscape(), make_noise("student-t", 1, {{"sigma", {0.5}}, {"nu", {2.0}}})),
      .optimizer = make_optimizer("sgd", {}),
      .schedule = make_schedule("constant"),
      .learning_rate = eta,
      .start = Point::Constant(1, 0.3),
      .stream = Stream(4, "pair"),
      .normals_per_iteration = 4};
  EXPECT_THROW(iterate(run), InvalidParameter);
  run.normals_per_iteration = 0;
  EXPECT_THROW(iterate(run), InvalidParameter);
}

}  // namespace
}  // namespace sdelens
