#include <gtest/gtest.h>

#include <cmath>

#include "tests/lib/ensemble/processes.hpp"

namespace sdelens {
namespace {

using test::coordinate;
using test::formula;

double value(std::uint64_t replica, std::uint64_t step) {
  return static_cast<double>(replica) + static_cast<double>(step * step);
}

Ensemble of(test::Formula::Function function, Recording recording) {
  return {"e", formula(std::move(function)), {coordinate(0)}, std::move(recording)};
}

// Whole numbers below 2^53 with divisors that are powers of two: nothing rounds.
TEST(Recording, KeepsTheMomentsOfTheStepsAsked) {
  Ensemble ensemble = of(value, {.steps = {0, 3, 8}});
  EXPECT_EQ(ensemble.steps(), 8U);
  ensemble.extend_to(128, {});
  EXPECT_EQ(ensemble.times(), (std::vector<double>{0.0, 1.5, 4.0}));
  const double steps[] = {0.0, 3.0, 8.0};
  for (std::size_t i = 0; i < 3; ++i) {
    for (Index g = 0; g < GroupedMoments::groups; ++g) {
      const Moments group = ensemble.at(i, "x1").group(g);
      EXPECT_EQ(group.count, 2.0);
      EXPECT_EQ(group.mean, static_cast<double>(g) + 32.0 + steps[i] * steps[i]);
      EXPECT_EQ(group.m2, 2.0 * 32.0 * 32.0);
    }
  }
}

// Steps 3, 7, 11 and 15: (9 + 49 + 121 + 225) / 4 = 101. A window ends with the last stride that fits.
TEST(Recording, AveragesAWindowWithinEachReplica) {
  for (const std::uint64_t last : {15U, 18U}) {
    Ensemble ensemble =
        of(value, {.steps = {2}, .windows = {{.name = "w", .first = 3, .last = last, .every = 4}}});
    EXPECT_EQ(ensemble.steps(), last);
    ensemble.extend_to(128, {});
    for (Index g = 0; g < GroupedMoments::groups; ++g) {
      const Moments group = ensemble.average("w", "x1").group(g);
      EXPECT_EQ(group.count, 2.0);
      EXPECT_EQ(group.mean, static_cast<double>(g) + 32.0 + 101.0);
      EXPECT_EQ(group.m2, 2.0 * 32.0 * 32.0) << "the spread over time is no spread between replicas";
    }
  }
}

TEST(Recording, KeepsWindowsThatOverlapApart) {
  Ensemble ensemble = of(value, {.windows = {{.name = "a", .first = 0, .last = 1},
                                             {.name = "b", .first = 1, .last = 2},
                                             {.name = "c", .first = 2, .last = 2}}});
  ensemble.extend_to(1, {});
  EXPECT_EQ(ensemble.average("a", "x1").total().mean, 0.5);
  EXPECT_EQ(ensemble.average("b", "x1").total().mean, 2.5);
  EXPECT_EQ(ensemble.average("c", "x1").total().mean, 4.0);
}

// NaN in replicas 3, 13, 23, ... at step 5 only.
TEST(NonFinite, CountsAReplicaOnceIfItIsSeen) {
  const auto broken = [](std::uint64_t replica, std::uint64_t step) {
    return step == 5 && replica % 10 == 3 ? std::nan("") : 1.0;
  };
  const auto counted = [&](Recording recording) {
    Ensemble ensemble = of(broken, std::move(recording));
    ensemble.extend_to(300, {});
    const std::uint64_t first = ensemble.non_finite();
    ensemble.extend_to(1000, {.threads = 2});
    EXPECT_EQ(first * 10, ensemble.non_finite() * 3);
    return ensemble.non_finite();
  };
  EXPECT_EQ(counted({.steps = {4, 6}}), 0U);
  EXPECT_EQ(counted({.steps = {5}}), 100U);
  EXPECT_EQ(counted({.steps = {4, 5, 6}, .windows = {{.name = "w", .first = 5, .last = 5}}}), 100U);
  EXPECT_EQ(counted({.windows = {{.name = "w", .first = 1, .last = 9, .every = 2}}}), 100U);
  EXPECT_EQ(counted({.windows = {{.name = "w", .first = 2, .last = 9, .every = 2}}}), 0U);
}

// x_{k+1} = -2 x_k - 3 Z_k passes 2^1024 after about 1024 steps, in every replica.
TEST(NonFinite, CountsEveryReplicaOfADivergingSgd) {
  const auto landscape = make_landscape("quadratic", {{"curvatures", {1.0}}});
  const auto process = iterate({.source = additive(landscape, make_noise("gaussian", 1, {{"sigma", {1.0}}})),
                                .optimizer = make_optimizer("sgd", {}),
                                .schedule = make_schedule("constant"),
                                .learning_rate = 3.0,
                                .start = Point::Constant(1, 1.0),
                                .stream = Stream(1, "diverging")});
  Ensemble ensemble("e", process, coordinates_and_loss(landscape), {.steps = {100, 2000}});
  ensemble.extend_to(300, {.threads = 2});
  EXPECT_EQ(ensemble.non_finite(), 300U);
  EXPECT_TRUE(std::isfinite(ensemble.at(0, "x1").total().mean));
  EXPECT_FALSE(std::isfinite(ensemble.at(1, "x1").total().mean));
  EXPECT_FALSE(std::isfinite(ensemble.at(1, "x1").total().variance()));
}

std::shared_ptr<const Process> phase_3(double start) {
  const SdeContext context{.source = additive(make_landscape("quadratic", {{"curvatures", {1.0}}}),
                                              make_noise("gaussian", 1, {{"sigma", {0.1}}})),
                           .learning_rate = 0.1,
                           .schedule = make_schedule("constant")};
  return integrate({.sde = make_sde("signsgd-phase-3", context),
                    .integrator = "euler-maruyama",
                    .learning_rate = 0.001,
                    .start = Point::Constant(1, start),
                    .stream = Stream(1, "phase 3")});
}

std::uint64_t outside_after(double start, std::uint64_t steps, std::uint64_t replicas = 300) {
  Ensemble ensemble("e", phase_3(start), {coordinate(0)}, {.steps = {steps}});
  ensemble.extend_to(replicas, {.threads = 2});
  return ensemble.outside();
}

// The equation is defined for |x| <= sigma sqrt(pi / 2) = 0.12533.
TEST(Outside, CountsReplicasThatStartedOutside) {
  EXPECT_EQ(outside_after(0.126, 5), 300U);
  EXPECT_EQ(outside_after(-0.126, 5), 300U);
  EXPECT_EQ(outside_after(0.0, 5), 0U);
}

// A start outside is already outside; and no step goes unseen, the last included.
TEST(Outside, SeesTheStartAndTheLastStep) {
  EXPECT_EQ(outside_after(0.126, 0), 300U);
  constexpr std::uint64_t replicas = 300;
  constexpr double start = 0.11;
  const double boundary = 0.1 * std::sqrt(std::acos(-1.0) / 2.0);
  for (const std::uint64_t steps : {1U, 2U, 20U}) {
    const auto process = phase_3(start);
    std::uint64_t left = 0;
    for (std::uint64_t replica = 0; replica < replicas; ++replica) {
      const auto path = process->start(replica, 1);
      bool seen = false;
      for (std::uint64_t step = 1; step <= steps; ++step) {
        path->advance();
        seen = seen || std::abs(path->state()(0, 0)) > boundary;
      }
      EXPECT_EQ(path->outside(), seen ? 1U : 0U);
      left += seen ? 1 : 0;
    }
    EXPECT_EQ(outside_after(start, steps, replicas), left);
    if (steps == 20) {
      EXPECT_GT(left, 0U);
      EXPECT_LT(left, replicas);
    }
  }
}

TEST(Outside, IsZeroForAnEquationDefinedEverywhere) {
  const SdeContext context{.source = additive(make_landscape("quadratic", {{"curvatures", {1.0}}}),
                                              make_noise("gaussian", 1, {{"sigma", {0.1}}})),
                           .learning_rate = 0.02,
                           .schedule = make_schedule("constant")};
  Ensemble ensemble("e",
                    integrate({.sde = make_sde("signsgd", context),
                               .integrator = "euler-maruyama",
                               .learning_rate = 0.01,
                               .start = Point::Constant(1, 100.0),
                               .stream = Stream(1, "x")}),
                    {coordinate(0)}, {.steps = {5}});
  ensemble.extend_to(10, {});
  EXPECT_EQ(ensemble.outside(), 0U);
}

/// Paths that know their loss, and hand it out.
class LossKnown final : public Process {
 public:
  Index dimension() const override { return 1; }
  double time(std::uint64_t step) const override { return static_cast<double>(step); }
  std::unique_ptr<Paths> start(std::uint64_t, Index replicas) const override {
    return std::make_unique<Rows>(replicas);
  }

 private:
  class Rows final : public Paths {
   public:
    explicit Rows(Index replicas) : x_(Batch::Constant(replicas, 1, 7.0)) {}
    void advance() override { loss_ += 1.0; }
    void save(ByteWriter& writer) const override { writer.real(loss_); }
    void restore(ByteReader& reader) override { loss_ = reader.real(); }
    Eigen::Ref<const Batch> state() const override { return x_; }
    void observe(const Observable& observable, OutColumn value) const override {
      if (observable.name != "f") return Paths::observe(observable, value);
      value = loss_;
    }

   private:
    Batch x_;
    double loss_ = 0.0;
  };
};

TEST(Observables, MayBeHandedOutByThePaths) {
  const Observable loss{.name = "f", .evaluate = [](In, OutColumn) { FAIL() << "the paths know it"; }};
  Ensemble ensemble("e", std::make_shared<LossKnown>(), {coordinate(0), loss}, {.steps = {0, 5}});
  ensemble.extend_to(10, {});
  EXPECT_EQ(ensemble.at(0, "f").total().mean, 0.0);
  EXPECT_EQ(ensemble.at(1, "f").total().mean, 5.0);
  EXPECT_EQ(ensemble.at(1, "x1").total().mean, 7.0);
}

TEST(Observables, AreTheCoordinatesAndTheLoss) {
  const auto landscape = make_landscape("quadratic", {{"curvatures", {1.0, 3.0}}});
  const std::vector<Observable> observables = coordinates_and_loss(landscape);
  ASSERT_EQ(observables.size(), 3U);
  EXPECT_EQ(observables[0].name, "x1");
  EXPECT_EQ(observables[1].name, "x2");
  EXPECT_EQ(observables[2].name, "f");
  const Batch x = (Batch(2, 2) << 1.0, 2.0, -4.0, 0.5).finished();
  Column result(2);
  observables[1].evaluate(x, result);
  EXPECT_EQ(result(0), 2.0);
  EXPECT_EQ(result(1), 0.5);
  observables[2].evaluate(x, result);
  EXPECT_EQ(result(0), 0.5 + 6.0);
  EXPECT_EQ(result(1), 8.0 + 0.375);
}

}  // namespace
}  // namespace sdelens
