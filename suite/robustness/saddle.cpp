#include <fmt/format.h>

#include <cmath>

#include "reference/theory/lemma_3_7.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "suite/study/agreement.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Lemma 3.7, beyond quadratics"};

/// One coordinate of the embedded saddle, f(x) = -x^2/2 + x^4/4 - xi x^3/3, at the minimum x > 0.
struct DoubleWell {
  double xi = 0.1;

  double slope(double x) const { return x * (x * x - xi * x - 1.0); }
  double value(double x) const { return x * x * (0.25 * x * x - xi * x / 3.0 - 0.5); }
  double minimum() const { return 0.5 * (xi + std::sqrt(xi * xi + 4.0)); }
  double curvature() const { return 3.0 * minimum() * minimum() - 2.0 * xi * minimum() - 1.0; }
};
constexpr DoubleWell well;

/// SignSGD from the minimum, with the learning rate at which eta f'' / sigma there is the ratio.
Problem problem_at(double ratio, double sigma) {
  return make_problem(
      {.optimizer = {.name = "signsgd"},
       .landscape = {.name = "embedded-saddle", .given = {{"curvatures", {-1.0}}, {"xi", {well.xi}}}},
       .noise = {.name = "gaussian", .given = {{"sigma", {sigma}}}},
       .learning_rate = ratio * sigma / well.curvature(),
       .start = Point::Constant(1, well.minimum())});
}

/// Relaxation takes sigma / (eta lambda) = 1 / ratio iterations.
std::uint64_t iterations_at(double ratio) { return 2 * static_cast<std::uint64_t>(std::ceil(4.0 / ratio)); }

/// E f - min f of SignSGD from the minimum after k and k + 1 iterations, the average of the two.
double excess_loss(const Problem& problem, std::uint64_t iterations) {
  SignChain chain({.learning_rate = problem.learning_rate, .start = problem.start(0)},
                  [sigma = problem.sigmas()(0)](double x) {
                    return 0.5 * std::erfc(-well.slope(x) / (sigma * std::sqrt(2.0)));
                  });
  const auto excess = [&] {
    return chain.expectation([](double x) { return well.value(x) - well.value(well.minimum()); });
  };
  chain.advance(iterations);
  const double even = excess();
  chain.advance();
  return 0.5 * (even + excess());
}

/// That of Lemma 3.7 at leading order, with the curvature at the minimum.
double lemma_loss(const Problem& problem) {
  return 0.5 * well.curvature() *
         theory::signsgd_leading_variance({.learning_rate = problem.learning_rate,
                                           .curvature = well.curvature(),
                                           .sigma = problem.sigmas()(0),
                                           .start = 0.0});
}

MapPoint map_point(double ratio, double sigma) {
  const Problem problem = problem_at(ratio, sigma);
  const double theory = lemma_loss(problem);
  // The stationary deviation over the distance between minimum and saddle, which is about 1.
  const double deviation = std::sqrt(2.0 * theory / well.curvature());
  std::optional<Verdict> expected;
  if (deviation <= 0.05) expected = expected_by_ratio(ratio);
  if (deviation >= 0.3) expected = Verdict::fail;
  return {.id = fmt::format("sigma={}/r={}", sigma, ratio),
          .where = fmt::format("σ = {}, r = {}, stationary deviation {:.2g}", sigma, ratio, deviation),
          .ratio = exactly(excess_loss(problem, iterations_at(ratio)) / theory),
          .expected = expected};
}

Figure empty_figure() {
  return {.id = "excess",
          .title = "SignSGD in a well that is not quadratic",
          .caption =
              "E f − min f of SignSGD from the minimum x ≈ 1.05 of −x²/2 + x⁴/4 − 0.1x³/3, by its exact "
              "chain after 8/r iterations, over that of Lemma 3.7 (leading order) with λ = f''(x*), against "
              "r = ηλ/σ.",
          .x = {.label = "r = η f''(x*) / σ", .logarithmic = true},
          .y = {.label = "E f − min f, exact / Lemma 3.7", .logarithmic = true}};
}

void claim_simulation(const Problem& problem, std::uint64_t last, const Simulated& simulated, Findings& out) {
  const auto excess = [](const std::vector<double>& means) { return means[0] - well.value(well.minimum()); };
  out.claim("simulation")
      .at(source)
      .says("Simulated SignSGD in the double well has the loss of its exact chain")
      .equals(simulated.of_averages("end", {"f"}, excess), {.value = excess_loss(problem, last)})
      .resolves(relative(0.05));
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::vector<double>& ratios = settings.list("ratios");
  const std::vector<double>& sigmas = settings.list("sigmas");
  require_distinct(settings, "ratios");
  require_distinct(settings, "sigmas");
  const double ratio = settings.scalar("simulated_ratio");
  const Problem problem = problem_at(ratio, sigmas.front());
  const std::uint64_t last = iterations_at(ratio);
  const Simulated simulated =
      simulations.optimizer("SignSGD", problem,
                            {.recording = {.windows = {{.name = "end", .first = last, .last = last + 1}}},
                             .runs = settings.count("runs")});
  return [=](Findings& out) {
    Figure figure = empty_figure();
    std::vector<MapPoint> points;
    for (std::size_t i = 0; i < sigmas.size(); ++i) {
      Series series{
          .label = fmt::format("σ = {}", sigmas[i]), .role = Role::optimizer, .colour = static_cast<int>(i)};
      for (const double r : ratios) {
        points.push_back(map_point(r, sigmas[i]));
        series.x.push_back(r);
        series.y.push_back(points.back().ratio.value);
      }
      figure.series.push_back(std::move(series));
    }
    expect_agreement(out, "Lemma 3.7 with the curvature at the minimum gives E f of SignSGD in a double well",
                     source, points);
    claim_simulation(problem, last, simulated, out);
    out.show(std::move(figure));
  };
}

const Register<Experiment> saddle{{
    .name = "robustness-double-well",
    .title = "Where theory stops: a landscape that is not quadratic",
    .summary = "SignSGD around the deeper minimum of one coordinate of the embedded saddle. Two numbers "
               "decide how far the lemma of the quadratic reaches: r = ηf''/σ, as in the quadratic, and the "
               "stationary deviation against the width of the well. All by the exact chain, which is "
               "checked by simulation.",
    .source = source,
    .settings = {chosen("ratios", {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0},
                        {.low = 1e-3, .high = 10.0, .low_included = true, .high_included = true},
                        "r = ηf''(x*)/σ, which sets η"),
                 chosen("sigmas", {0.1, 1.0, 5.0}, Range::positive(),
                        "standard deviations of the gradient noise"),
                 chosen("simulated_ratio", {0.05},
                        {.low = 1e-3, .high = 10.0, .low_included = true, .high_included = true},
                        "r of the simulation, at the first σ"),
                 chosen("runs", {32768}, replica_range(), "replicas of the simulation at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
