#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sdelens/core/linear_algebra.hpp"
#include "suite/study/agreement.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Lemmas 3.7, C.24, C.30, beyond diagonal H"};

/// One optimizer with its linear theory near the minimum: in the direction of an eigenvalue lambda of H,
/// dX = -rate(lambda) X dt + sqrt(eta) dW (Lemma 3.7 at leading order, Lemma 3.14).
struct Method {
  std::string label, optimizer;
  Parameters parameters;
  double slope;         ///< rate = slope lambda / sigma + weight_decay
  double weight_decay;  ///< gamma

  double rate(double lambda, double sigma) const { return slope * lambda / sigma + weight_decay; }
  /// E X_t^2 from X_0 = 0.
  double second_moment(double lambda, double sigma, double eta, double t) const {
    const double a = rate(lambda, sigma);
    return -0.5 * eta * std::expm1(-2.0 * a * t) / a;
  }
};

struct Problem {
  Index dimension;
  double condition;  ///< largest over smallest eigenvalue
  std::string words() const { return fmt::format("d = {}, condition number {}", dimension, condition); }
  std::string id() const { return fmt::format("d={}/condition={}", dimension, condition); }
};

/// Evenly spaced in the logarithm, with the given mean.
std::vector<double> spectrum(const Problem& problem, double mean) {
  std::vector<double> result;
  double sum = 0.0;
  for (Index i = 0; i < problem.dimension; ++i) {
    const double place = static_cast<double>(i) / static_cast<double>(problem.dimension - 1);
    result.push_back(std::pow(problem.condition, place));
    sum += result.back();
  }
  for (double& value : result) value *= mean * static_cast<double>(problem.dimension) / sum;
  return result;
}

/// Q diag(spectrum) Q' with a random rotation Q.
std::vector<double> rotated(const std::vector<double>& spectrum, const Stream& stream) {
  const auto d = static_cast<Index>(spectrum.size());
  Batch draws(d, d);
  stream.normal(0, 0, draws);
  const Eigen::MatrixXd q = orthonormal_factor(draws.matrix());
  Eigen::MatrixXd h = q * Eigen::Map<const Eigen::VectorXd>(spectrum.data(), d).asDiagonal() * q.transpose();
  h = (0.5 * (h + h.transpose())).eval();
  return {h.data(), h.data() + h.size()};
}

std::vector<Method> methods(double sigma, double gamma) {
  return {{.label = "SignSGD",
           .optimizer = "signsgd",
           .parameters = {},
           .slope = std::sqrt(2.0 / std::numbers::pi),
           .weight_decay = 0.0},
          {.label = "Adam",
           .optimizer = "adam",
           .parameters = {{"bias_correction", {0.0}}, {"initial_v", {sigma * sigma}}},
           .slope = 1.0,
           .weight_decay = 0.0},
          {.label = "RMSpropW",
           .optimizer = "rmspropw",
           .parameters = {{"gamma", {gamma}}, {"initial_v", {sigma * sigma}}},
           .slope = 1.0,
           .weight_decay = gamma}};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const double eta = settings.scalar("eta");
  const double sigma = settings.scalar("sigma");
  const std::vector<double>& ratios = settings.list("ratios");
  require_distinct(settings, "ratios");
  const std::uint64_t iterations = settings.count("iterations");
  const Window window{.name = "second half", .first = iterations / 2, .last = iterations, .every = 5};
  const std::vector<double>& dimensions = settings.list("dimensions");
  const std::vector<double>& conditions = settings.list("conditions");
  if (dimensions.size() != conditions.size()) {
    throw InvalidParameter("settings", "conditions", "must have as many entries as dimensions");
  }
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    problems.push_back({.dimension = static_cast<Index>(dimensions[i]), .condition = conditions[i]});
  }

  struct Run {
    Problem problem;
    double ratio;
    Method method;
    std::vector<double> spectrum;
    std::shared_ptr<const Ensemble> ensemble;
  };
  std::vector<Run> runs;
  for (const Problem& problem : problems) {
    for (const double ratio : ratios) {
      const std::vector<double> eigenvalues = spectrum(problem, ratio * sigma / eta);
      const std::string name = fmt::format("{}, r = {}", problem.words(), ratio);
      const auto landscape = make_landscape(
          "quadratic", {{"hessian", rotated(eigenvalues, simulations.stream("rotation of " + name))}});
      const Model model{.landscape = landscape,
                        .noise = make_noise("gaussian", problem.dimension, {{"sigma", {sigma}}}),
                        .learning_rate = eta};
      // The loss is a sum over coordinates: more of them need fewer replicas.
      const auto replicas = static_cast<std::uint64_t>(
          std::max(64.0, std::round(settings.scalar("runs") / static_cast<double>(problem.dimension))));
      for (const Method& method : methods(sigma, settings.scalar("gamma"))) {
        const std::string label = method.label + ", " + name;
        runs.push_back({problem, ratio, method, eigenvalues,
                        simulations.add(label,
                                        model.optimizer(method.optimizer, method.parameters, model.origin(),
                                                        simulations.stream(label)),
                                        {model.observables().back()}, {.windows = {window}}, replicas)});
      }
    }
  }

  return [=](Findings& out) {
    std::vector<MapPoint> points;
    std::vector<Figure> figures;
    for (const Run& run : runs) {
      double theory = 0.0;
      double count = 0.0;
      for (std::uint64_t k = window.first; k <= window.last; k += window.every) {
        for (const double lambda : run.spectrum) {
          theory += 0.5 * lambda * run.method.second_moment(lambda, sigma, eta, eta * static_cast<double>(k));
        }
        count += 1.0;
      }
      theory /= count;
      Measurement ratio =
          of_averages(*run.ensemble, window.name, {"f"},
                      [theory](const std::vector<double>& means) { return means[0] / theory; });
      if (figures.empty() || figures.back().title != run.method.label) {
        const auto same = std::ranges::find(figures, run.method.label, &Figure::title);
        if (same == figures.end()) {
          figures.push_back(
              {.id = run.method.optimizer,
               .title = run.method.label,
               .caption = "E f of the optimizer over that of the linear theory, averaged over the second "
                          "half of the iterations, against r = ηTr(H)/(dσ), for random rotations of H. Bars "
                          "are one standard error; the dashed lines are ±10 %.",
               .x = {.label = "r = η Tr(H) / (d σ)", .logarithmic = true},
               .y = {.label = "E f, measured / theory", .logarithmic = true}});
        }
      }
      Figure& figure = *std::ranges::find(figures, run.method.label, &Figure::title);
      auto series = std::ranges::find(figure.series, run.problem.words(), &Series::label);
      if (series == figure.series.end()) {
        figure.series.push_back({.label = run.problem.words(),
                                 .role = Role::optimizer,
                                 .colour = static_cast<int>(figure.series.size())});
        series = std::prev(figure.series.end());
      }
      series->x.push_back(run.ratio);
      series->y.push_back(ratio.value);
      series->low.push_back(ratio.value - ratio.standard_error);
      series->high.push_back(ratio.value + ratio.standard_error);
      points.push_back(
          {.id = fmt::format("{}/{}/r={}", run.method.optimizer, run.problem.id(), run.ratio),
           .where = fmt::format("{}, {}, r = {}", run.method.label, run.problem.words(), run.ratio),
           .ratio = ratio,
           .expected = expected_by_ratio(run.ratio, 3.0),
           .from = {run.ensemble}});
    }
    expect_agreement(out, "The linear theory gives E f within a tenth for H that is not diagonal while Σ is",
                     source, points);
    for (Figure& figure : figures) {
      for (const double edge : {1.0 - agreement, 1.0 + agreement}) {
        figure.series.push_back({.label = fmt::format("{:+.0f} %", 100.0 * (edge - 1.0)),
                                 .role = Role::bound,
                                 .colour = 6,
                                 .x = {ratios.front(), ratios.back()},
                                 .y = {edge, edge}});
      }
      out.show(std::move(figure));
    }
  };
}

const Register<Experiment> spectra{{
    .name = "robustness-spectra",
    .title = "Where theory stops: random spectra and rotations of H",
    .summary =
        "The lemmas are proved for diagonal H and Σ. Here H = Q diag(λ) Q' with a random rotation Q and "
        "eigenvalues "
        "spread over up to three decades, while Σ = σ²I is diagonal in the coordinates that the optimizer "
        "sees. Near the "
        "minimum the linear theory is still dX = −A X dt + √η dW with A = √(2/π) H/σ (SignSGD), H/σ (Adam) "
        "or H/σ + γI "
        "(RMSpropW), so E f from x₀ = 0 is a sum over the eigenvalues. Up to r = ηTr(H)/(dσ) of about 0.3 "
        "the map is one "
        "curve for all dimensions and condition numbers; beyond, large spectra are described worse.",
    .source = source,
    .most_claims = {.replicas = 48},
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η; t = k η"),
                 chosen("sigma", {1.0}, Range::positive(), "standard deviation of the gradient noise"),
                 chosen("gamma", {1.0}, Range::positive(), "weight decay of RMSpropW"),
                 chosen("ratios", {0.01, 0.03, 0.1, 0.3, 1.0, 3.0}, Range::positive(),
                        "r = ηTr(H)/(dσ): the mean eigenvalue of H in units of σ/η"),
                 chosen("dimensions", {2, 2, 10, 100},
                        {.low = 2.0, .high = 1000.0, .low_included = true, .high_included = true},
                        "dimensions d, one for each condition number"),
                 chosen("conditions", {1, 1000, 30, 1000}, Range::at_least(1.0),
                        "largest over smallest eigenvalue of H"),
                 chosen("iterations", {2000}, Range::at_least(100), "iterations of each run"),
                 chosen("runs", {1024}, replica_range(), "replicas times dimension, at least 64 replicas")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
