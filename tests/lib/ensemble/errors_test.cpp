#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/lib/ensemble/processes.hpp"

namespace sdelens {
namespace {

using test::coordinate;
using test::formula;
using testing::HasSubstr;

template <class Error, class Action>
std::string message(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing of this type was thrown";
  return {};
}

Ensemble with(Recording recording) {
  return {"runs",
          formula([](std::uint64_t, std::uint64_t) { return 0.0; }),
          {coordinate(0), coordinate(0)},
          std::move(recording)};
}

std::string refused(Recording recording) {
  return message<InvalidParameter>([&] { with(std::move(recording)); });
}

TEST(EnsembleErrors, NameTheEnsembleAndWhatIsWrongWithItsRecording) {
  EXPECT_THAT(refused({}), HasSubstr("ensemble runs: recording"));
  EXPECT_THAT(refused({.steps = {1, 1}}), HasSubstr("ensemble runs: recording.steps must increase strictly"));
  EXPECT_THAT(refused({.steps = {2, 1}}), HasSubstr("recording.steps"));
  EXPECT_THAT(refused({.windows = {{.name = "w", .first = 3, .last = 2}}}), HasSubstr("window w must have"));
  EXPECT_THAT(refused({.windows = {{.name = "w", .first = 1, .last = 2, .every = 0}}}),
              HasSubstr("window w must have"));
  EXPECT_NO_THROW(with({.windows = {{.name = "w", .first = 2, .last = 2}}}));
}

TEST(EnsembleErrors, RefuseAnAnswerBeforeAReplicaHasRun) {
  const Ensemble ensemble = with({.steps = {0}, .windows = {{.name = "w", .first = 0, .last = 1}}});
  EXPECT_THAT(message<InvalidParameter>([&] { ensemble.at(0, "x1"); }), HasSubstr("nothing has run"));
  EXPECT_THAT(message<InvalidParameter>([&] { ensemble.average("w", "x1"); }), HasSubstr("nothing has run"));
}

TEST(EnsembleErrors, QuoteTheNearestNamesAndTheRange) {
  Ensemble ensemble("runs", formula([](std::uint64_t, std::uint64_t) { return 0.0; }), {coordinate(0)},
                    {.steps = {0, 4}, .windows = {{.name = "last tenth", .first = 0, .last = 1}}});
  ensemble.extend_to(64, {});
  EXPECT_THAT(message<UnknownName>([&] { ensemble.at(0, "x2"); }),
              testing::AllOf(HasSubstr("observable of runs 'x2'"), HasSubstr("x1")));
  EXPECT_THAT(message<UnknownName>([&] { ensemble.average("last tnth", "x1"); }),
              testing::AllOf(HasSubstr("window of runs"), HasSubstr("nearest: last tenth")));
  EXPECT_THAT(message<UnknownName>([&] { ensemble.average("last tenth", "y"); }), HasSubstr("observable"));
  EXPECT_THAT(message<InvalidParameter>([&] { ensemble.at(2, "x1"); }),
              HasSubstr("i is 2, but 2 steps were recorded"));
}

TEST(EnsembleErrors, RefuseLessThanOneThread) {
  for (const int threads : {0, -1}) {
    Ensemble ensemble = with({.steps = {0}});
    EXPECT_THAT(message<InvalidParameter>([&] { ensemble.extend_to(1, {.threads = threads}); }),
                HasSubstr(fmt::format("execution.threads is {}, but must be in [1, inf)", threads)));
  }
}

const double infinity = std::numeric_limits<double>::infinity();

OptimizerRun optimizer_run() {
  return {.source = additive(make_landscape("quadratic", {{"curvatures", {1.0, 2.0}}}),
                             make_noise("gaussian", 2, {{"sigma", {1.0}}})),
          .optimizer = make_optimizer("sgd", {}),
          .schedule = make_schedule("constant"),
          .learning_rate = 0.1,
          .start = Point::Zero(2),
          .stream = Stream(1, "x")};
}

TEST(IterateErrors, NameTheParameterAndItsValue) {
  const auto refused_run = [](const auto& change) {
    OptimizerRun run = optimizer_run();
    change(run);
    return message<InvalidParameter>([&] { iterate(run); });
  };
  for (const double rate : {0.0, -0.5, infinity, std::nan("")}) {
    EXPECT_THAT(refused_run([&](OptimizerRun& run) { run.learning_rate = rate; }),
                HasSubstr("iterate: learning_rate is "));
  }
  EXPECT_THAT(refused_run([](OptimizerRun& run) { run.start = Point::Zero(3); }),
              HasSubstr("iterate: start has dimension 3, but the gradient has 2"));
  EXPECT_THAT(refused_run([](OptimizerRun& run) { run.start(1) = std::nan(""); }),
              HasSubstr("iterate: start is nan"));
  EXPECT_THAT(refused_run([](OptimizerRun& run) {
                run.optimizer = make_optimizer("rmsprop", {{"initial_v", {1.0, 1.0, 1.0}}});
              }),
              HasSubstr("initial_v"));
  EXPECT_NO_THROW(iterate(optimizer_run()));
}

SdeRun sde_run(const std::string& name = "sgd") {
  const OptimizerRun run = optimizer_run();
  return {.sde = make_sde(
              name, {.source = run.source, .learning_rate = run.learning_rate, .schedule = run.schedule}),
          .integrator = "euler-maruyama",
          .learning_rate = 0.1,
          .start = Point::Zero(2),
          .stream = Stream(1, "x")};
}

TEST(IntegrateErrors, NameTheParameterAndItsValue) {
  const auto refused_run = [](const auto& change) {
    SdeRun run = sde_run();
    change(run);
    return message<std::invalid_argument>([&] { integrate(run); });
  };
  for (const double length : {0.0, -0.5, infinity, std::nan("")}) {
    EXPECT_THAT(refused_run([&](SdeRun& run) { run.learning_rate = length; }),
                HasSubstr("integrate: learning_rate is "));
  }
  EXPECT_THAT(refused_run([](SdeRun& run) { run.start = Point::Zero(1); }),
              HasSubstr("integrate: start has dimension 1, but the SDE has 2"));
  EXPECT_THAT(refused_run([](SdeRun& run) { run.start(0) = infinity; }),
              HasSubstr("integrate: start is inf"));
  EXPECT_THAT(refused_run([](SdeRun& run) { run.integrator = "euler-maruyma"; }),
              HasSubstr("unknown integrator 'euler-maruyma'; the nearest: euler-maruyama"));
  EXPECT_THAT(refused_run([](SdeRun& run) { run.integrator = "runge-kutta-4"; }),
              HasSubstr("integrate: integrator 'runge-kutta-4' is for equations without noise"));
  EXPECT_NO_THROW(integrate(sde_run()));
}

TEST(IntegrateErrors, LetAnOrdinaryEquationHaveAnyIntegrator) {
  for (const IntegratorEntry& entry : Registry<IntegratorEntry>::all().entries()) {
    SdeRun run = sde_run("signsgd-phase-1");
    run.integrator = entry.name;
    EXPECT_NO_THROW(integrate(run)) << entry.name;
  }
}

}  // namespace
}  // namespace sdelens
