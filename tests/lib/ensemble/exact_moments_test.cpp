// Ensembles of SGD against what is known exactly of them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "sdelens/exact/linear_recursion.hpp"
#include "tests/lib/ensemble/processes.hpp"

namespace sdelens {
namespace {

constexpr double learning_rate = 0.1;

OptimizerRun sgd_run(const std::string& optimizer, const Parameters& parameters,
                     std::shared_ptr<const Schedule> schedule) {
  return {.source = additive(make_landscape("quadratic", {{"hessian", {2.0, 0.5, 0.5, 1.0}}}),
                             make_noise("gaussian", 2, {{"covariance", {0.3, 0.1, 0.1, 0.2}}})),
          .optimizer = make_optimizer(optimizer, parameters),
          .schedule = std::move(schedule),
          .learning_rate = learning_rate,
          .start = (Point(2) << 0.4, -0.3).finished(),
          .stream = Stream(7, "gradient noise")};
}

// SGD on a quadratic with normal noise is normal: the mean of n replicas has the law N(m, s^2 / n), and (n - 1)
// times the sample variance over s^2 is chi-square. Twelve tests share a false-alarm rate of 1e-6.
TEST(SgdEnsemble, HasTheMeansAndVariancesOfTheLinearRecursion) {
  constexpr double share = 1e-6 / 12.0;
  constexpr std::uint64_t replicas = 20'000;
  constexpr double n = replicas;
  constexpr double decay = 0.4;
  constexpr double power = 0.5;
  const OptimizerRun run =
      sgd_run("sgdw", {{"gamma", {decay}}}, make_schedule("polynomial", {{"power", {power}}}));
  const std::vector<std::uint64_t> steps{1, 10, 60};
  Ensemble ensemble("sgdw", iterate(run), coordinates_and_loss(loss_of("test", run.source)),
                    {.steps = steps});
  ensemble.extend_to(replicas, {.threads = 2});
  LinearRecursion exact(
      {.hessian = run.source->dense()->hessian(run.start),
       .noise_covariance = run.source->dense()->covariance(0.0, run.start),
       .learning_rate = learning_rate,
       .weight_decay = decay,
       .rate_factor = [](std::uint64_t k) { return std::pow(static_cast<double>(k) + 1.0, -power); }},
      run.start);
  const double z = boost::math::quantile(boost::math::complement(boost::math::normal(), 0.5 * share));
  const boost::math::chi_squared chi_squared(n - 1.0);
  const double low = boost::math::quantile(chi_squared, 0.5 * share);
  const double high = boost::math::quantile(boost::math::complement(chi_squared, 0.5 * share));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    exact.advance(steps[i] - exact.iteration());
    for (Index c = 0; c < 2; ++c) {
      const Moments measured = ensemble.at(i, fmt::format("x{}", c + 1)).total();
      const double variance = exact.covariance()(c, c);
      EXPECT_EQ(measured.count, n);
      EXPECT_LT(std::abs(measured.mean - exact.mean()(c)), z * std::sqrt(variance / n))
          << "step " << steps[i] << ", coordinate " << c;
      EXPECT_GT(measured.m2 / variance, low) << "step " << steps[i] << ", coordinate " << c;
      EXPECT_LT(measured.m2 / variance, high) << "step " << steps[i] << ", coordinate " << c;
    }
  }
}

// With dt = eta and shared normals Euler-Maruyama does the same sums in another order: x - eta (g + s z) there,
// x - eta g - sqrt(eta) s (sqrt(eta) z) here. A step has at most 16 roundings of sums and products of two terms,
// each below eps M, where M bounds |x| + eta |g| + eta |s z|; the step contracts, so n steps part by 16 n eps M.
// t / eta = k (1 + 2 eps) changes the schedule's factor by less than one of them.
TEST(EulerMaruyama, WithStepsOfTheLearningRateIsSgdPathByPath) {
  constexpr int steps = 200;
  constexpr Index replicas = 64;
  for (const auto& schedule : {make_schedule("constant"), make_schedule("polynomial", {{"power", {0.5}}})}) {
    for (const bool decays : {false, true}) {
      const std::string name = decays ? "sgdw" : "sgd";
      const Parameters parameters = decays ? Parameters{{"gamma", {0.4}}} : Parameters{};
      const OptimizerRun run = sgd_run(name, parameters, schedule);
      const SdeContext context{.source = run.source, .learning_rate = learning_rate, .schedule = schedule};
      const auto optimizer_process = iterate(run);
      const auto optimizer = optimizer_process->start(0, replicas);
      const auto sde_process = integrate({.sde = make_sde(name, context, parameters),
                                          .integrator = "euler-maruyama",
                                          .learning_rate = learning_rate,
                                          .start = run.start,
                                          .stream = run.stream});
      const auto sde = sde_process->start(0, replicas);
      double largest = 0.0;
      double difference = 0.0;
      double moved = 0.0;
      for (int step = 0; step < steps; ++step) {
        const Batch before = optimizer->state();
        optimizer->advance();
        sde->advance();
        const double jump = (optimizer->state() - before).abs().maxCoeff();
        moved = std::max(moved, jump);
        // |eta g| <= 0.3 |x| for these eigenvalues, so the noise is below jump + 0.3 |x|.
        largest = std::max(largest, 2.0 * (before.abs().maxCoeff() + jump));
        difference = std::max(difference, (optimizer->state() - sde->state()).abs().maxCoeff());
      }
      EXPECT_LE(difference, 16.0 * steps * 0x1p-53 * largest) << name;
      EXPECT_GT(moved, 0.01) << name;
    }
  }
}

TEST(EulerMaruyama, WithAnotherStreamIsAnotherPath) {
  const OptimizerRun run = sgd_run("sgd", {}, make_schedule("constant"));
  OptimizerRun other = run;
  other.stream = Stream(7, "other noise");
  const auto process = iterate(run);
  const auto other_process = iterate(other);
  const auto a = process->start(0, 8);
  const auto b = other_process->start(0, 8);
  a->advance();
  b->advance();
  EXPECT_GT((a->state() - b->state()).abs().minCoeff(), 0.0);
}

}  // namespace
}  // namespace sdelens
