#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "suite/program/runner.hpp"
#include "tests/suite/trial.hpp"

namespace sdelens::test {

/// A right statement and wrong ones about one measurement of one simulation.
struct Twins {
  std::shared_ptr<const Process> process;
  std::vector<Observable> observables;
  Recording recording;
  std::function<Measurement(const Ensemble&)> measure;
  double right;
  struct Wrong {
    std::string what;
    double value;
  };
  std::vector<Wrong> wrong;
  Relation relation = Relation::equal;
  Bound margin{};  ///< what the theory allows, for all of them
  Bound resolution{};
  std::uint64_t runs = 1024;
  double outside_limit = 0.0;
};

/// Judges them as the program does, at its error rates and with its doublings: the right one must pass and every
/// wrong one must fail, on the same data. A claim is spent its share of the gate's error rate, so a right one fails at a
/// rate below 1e-7.
inline void expect_told_apart(const Twins& twins) {
  const Experiment experiment = trial([&twins](const Settings&, Simulations& simulations) {
    const auto e = simulations.add("e", twins.process, twins.observables, twins.recording, twins.runs,
                                   twins.outside_limit);
    return [e, &twins](Findings& out) {
      const auto claim_of = [&twins](const std::string& id) {
        return Claim{.id = id,
                     .statement = "s",
                     .relation = twins.relation,
                     .margin = twins.margin,
                     .resolution = twins.resolution};
      };
      const Measurement measured = twins.measure(*e);
      expect(out, claim_of("right"), {.value = twins.right}, measured);
      for (const auto& [what, value] : twins.wrong) expect(out, claim_of(what), {.value = value}, measured);
    };
  });
  const Record record = run(experiment, {.seed = 20241122});
  ASSERT_EQ(to_string(record.outcome), "completed") << record.reason;
  ASSERT_EQ(record.checks.size(), 1 + twins.wrong.size());
  for (const Check& check : record.checks) {
    EXPECT_EQ(to_string(check.verdict), check.claim.id == "right" ? "pass" : "fail")
        << check.claim.id << ": predicted " << check.prediction << ", measured " << check.estimate << " +- "
        << check.standard_error << " in " << check.looks << " looks";
  }
}

/// x1 and its square, for variances over time and replicas.
inline std::vector<Observable> first_coordinate() {
  return {coordinate(0),
          {.name = "x1^2", .evaluate = [](In x, OutColumn value) { value = x.col(0).square(); }}};
}

inline Measurement variance_in_window(const Ensemble& ensemble) {
  return of_averages(ensemble, "stationary", {"x1^2", "x1"},
                     [](const std::vector<double>& means) { return means[0] - means[1] * means[1]; });
}

inline Measurement mean_at_end(const Ensemble& ensemble) {
  return mean_of(ensemble.at(ensemble.recorded_steps().size() - 1, "x1"));
}

inline Measurement variance_at_end(const Ensemble& ensemble) {
  return variance_of(ensemble.at(ensemble.recorded_steps().size() - 1, "x1"));
}

/// An odd stride sees even and odd iterations alike.
inline Recording stationary_window(std::uint64_t first, std::uint64_t last, std::uint64_t every = 11) {
  return {.windows = {{.name = "stationary", .first = first, .last = last, .every = every}}};
}

}  // namespace sdelens::test
