#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numbers>

#include "sdelens/exact/sign_chain.hpp"
#include "suite/predictions/needs.hpp"

namespace sdelens {
namespace {

/// f_i'(x) of a landscape that is a sum over the coordinates.
double partial_derivative(const Problem& problem, Index i, double x) {
  Batch position = Batch::Zero(1, problem.dimension());
  Batch gradient(1, problem.dimension());
  position(0, i) = x;
  problem.loss->gradient(position, gradient);
  return gradient(0, i);
}

/// f_i(x), with f_i(0) = 0.
double partial_loss(const Problem& problem, Index i, double x) {
  Batch position = Batch::Zero(1, problem.dimension());
  Column value(1);
  position(0, i) = x;
  problem.loss->value(position, value);
  return value(0);
}

/// P(f_i'(x) + Z_i >= 0).
ProbabilityDown probability_down(const Problem& problem, Index i) {
  const auto down = [&](const LinearGradient& gradient) {
    return problem.gaussian() ? gaussian_probability_down(gradient)
                              : student_t_probability_down(gradient, problem.degrees_of_freedom());
  };
  const double sigma = problem.sigmas()(i);
  if (problem.quadratic()) return down({.curvature = problem.curvatures()(i), .sigma = sigma});
  // Of slope 1 and scale 1 it is the distribution function itself.
  const ProbabilityDown distribution = down({.curvature = 1.0, .sigma = 1.0});
  return [problem, i, sigma, distribution](double x) {
    return distribution(partial_derivative(problem, i, x) / sigma);
  };
}

/// Operations of all chains together at most, from the widest law that k steps of +-eta can have, and 9 standard
/// deviations of the stationary one.
double work(const Question& problem) {
  const auto steps = static_cast<double>(problem.iterations);
  double result = 0.0;
  for (Index i = 0; i < problem.dimension(); ++i) {
    double points = 18.0 * std::sqrt(steps);
    const double curvature = problem.quadratic() ? problem.curvatures()(i) : 0.0;
    if (curvature > 0.0 && problem.gaussian()) {
      const double rate = problem.learning_rate * problem.sign_slope() * curvature / problem.sigmas()(i);
      points = std::min(points, 18.0 * std::sqrt(0.5 / rate) + 64.0);
    }
    // Away from a maximum the two sides separate at full speed.
    if (!problem.quadratic() || curvature <= 0.0) points = steps;
    result += steps * points;
  }
  return result;
}

Objection feasible(const Question& problem) {
  constexpr double most = 2e10;
  if (work(problem) <= most) return std::nullopt;
  return "would take too long: the law has too many points for so many iterations";
}

Curve chain(const Problem& problem) {
  std::vector<SignChain> chains;
  for (Index i = 0; i < problem.dimension(); ++i) {
    chains.emplace_back(SignLattice{.learning_rate = problem.learning_rate, .start = problem.start(i)},
                        probability_down(problem, i));
  }
  return [problem, chains = std::move(chains)](std::uint64_t iteration) mutable {
    PredictedMoments moments{.loss = Predicted{.value = 0.0, .margin = 0.0}};
    for (std::size_t i = 0; i < chains.size(); ++i) {
      chains[i].advance(iteration - chains[i].iteration());
      moments.mean.push_back({chains[i].mean(), 0.0});
      moments.variance.push_back({chains[i].variance(), 0.0});
      const auto coordinate = static_cast<Index>(i);
      moments.loss->value +=
          problem.quadratic()
              ? 0.5 * problem.curvatures()(coordinate) * chains[i].second_moment()
              : chains[i].expectation([&](double x) { return partial_loss(problem, coordinate, x); });
    }
    return moments;
  };
}

/// What is predicted of one coordinate.
struct StationaryMoments {
  double mean, variance, square;
};

StationaryMoments over_all(const StationarySignLaw& law) {
  return {.mean = law.mean(), .variance = law.variance(), .square = law.second_moment()};
}

/// At one iteration the lattice has the points of one parity only.
StationaryMoments at_parity(const StationarySignLaw& law, Parity parity) {
  const double mean = law.expectation([](double x) { return x; }, parity);
  const double square = law.expectation([](double x) { return x * x; }, parity);
  return {.mean = mean, .variance = square - mean * mean, .square = square};
}

PredictedMoments stationary(const Problem& problem, const Place& place) {
  PredictedMoments moments{.loss = Predicted{.value = 0.0, .margin = 0.0}};
  for (const Index i : problem.coordinates()) {
    const StationarySignLaw law({.learning_rate = problem.learning_rate, .start = problem.start(i)},
                                probability_down(problem, i));
    const bool one = place.iterations.size() == 1;
    const StationaryMoments found =
        one ? at_parity(law, place.iterations.front() % 2 == 0 ? Parity::even : Parity::odd) : over_all(law);
    moments.mean.push_back({found.mean, 0.0});
    moments.variance.push_back({found.variance, 0.0});
    moments.loss->value += 0.5 * problem.curvatures()(i) * found.square;
  }
  return moments;
}

const Register<PredictionEntry> exact_sign_chain{{
    .name = "exact-chain",
    .label = "Exact chain",
    .source = {.paper = "A", .item = "Section 3.1, update of SignSGD"},
    .wording = Wording::exact,
    .subject = Subject::optimizer,
    .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::separable, needs::known_noise,
              needs::uncorrelated_noise, feasible},
    .curve = chain,
}};

const Register<PredictionEntry> stationary_sign_law{{
    .name = "exact-stationary-chain",
    .label = "Exact chain",
    .source = {.paper = "A", .item = "Section 3.1, update of SignSGD"},
    .wording = Wording::exact,
    .subject = Subject::optimizer,
    .needs = {needs::optimizer({"signsgd"}), needs::constant_rate, needs::diagonal_quadratic,
              needs::strong_convexity, needs::known_noise, needs::uncorrelated_noise},
    .limit = stationary,
}};

}  // namespace
}  // namespace sdelens
