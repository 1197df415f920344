#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sdelens/core/linear_algebra.hpp"
#include "suite/study/agreement.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Lemmas 3.7, C.24, C.30, beyond diagonal H"};

struct SpectrumShape {
  Index dimension;
  double condition;  ///< largest over smallest eigenvalue

  std::string words() const { return fmt::format("d = {}, condition number {}", dimension, condition); }
  std::string id() const { return fmt::format("d={}/condition={}", dimension, condition); }
};

/// Evenly spaced in the logarithm, with the given mean.
std::vector<double> spectrum(const SpectrumShape& shape, double mean) {
  std::vector<double> result;
  double sum = 0.0;
  for (Index i = 0; i < shape.dimension; ++i) {
    const double place = static_cast<double>(i) / static_cast<double>(shape.dimension - 1);
    result.push_back(std::pow(shape.condition, place));
    sum += result.back();
  }
  for (double& value : result) value *= mean * static_cast<double>(shape.dimension) / sum;
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

struct Method {
  std::string label;
  Choice optimizer;
};

std::vector<Method> methods(double sigma, double gamma) {
  const std::vector<double> variance{sigma * sigma};
  return {{"SignSGD", {.name = "signsgd"}},
          {"Adam", {.name = "adam", .given = {{"bias_correction", {0.0}}, {"initial_v", variance}}}},
          {"RMSpropW", {.name = "rmspropw", .given = {{"gamma", {gamma}}, {"initial_v", variance}}}}};
}

/// A method on a random rotation of a spectrum.
struct Run {
  SpectrumShape shape;
  double ratio;  ///< eta Tr(H) / (d sigma)
  std::string method;
  Problem problem;
  std::vector<double> eigenvalues;
  Simulated simulated;
};

Window second_half(const Settings& settings) {
  const std::uint64_t iterations = settings.count("iterations");
  return {.name = "second half", .first = iterations / 2, .last = iterations, .every = 5};
}

/// Orders every method on one rotation, in common.
void order(const SpectrumShape& shape, double ratio, const Settings& settings, Simulations& simulations,
           std::vector<Run>& runs) {
  const double eta = settings.scalar("eta");
  const double sigma = settings.scalar("sigma");
  const std::vector<double> eigenvalues = spectrum(shape, ratio * sigma / eta);
  const std::string name = fmt::format("{}, r = {}", shape.words(), ratio);
  const std::vector<double> hessian = rotated(eigenvalues, simulations.stream("rotation of " + name));
  // The loss is a sum over coordinates: more of them need fewer replicas.
  const double replicas =
      std::max(64.0, std::round(settings.scalar("runs") / static_cast<double>(shape.dimension)));
  for (const Method& method : methods(sigma, settings.scalar("gamma"))) {
    const Problem problem = make_problem({.optimizer = method.optimizer,
                                          .landscape = {.name = "quadratic", .given = {{"hessian", hessian}}},
                                          .noise = {.name = "gaussian", .given = {{"sigma", {sigma}}}},
                                          .learning_rate = eta,
                                          .start = Point::Zero(shape.dimension)});
    runs.push_back({shape, ratio, method.label, problem, eigenvalues,
                    simulations.optimizer(method.label + ", " + name, problem,
                                          {.recording = {.windows = {second_half(settings)}},
                                           .runs = static_cast<std::uint64_t>(replicas),
                                           .observables = {coordinates_and_loss(problem.loss).back()}})});
  }
}

/// E f from 0 averaged over a window, by the linear theory near the minimum (Lemma 3.7 at leading order, Lemma 3.14): in
/// the direction of an eigenvalue lambda of H, dX = -a X dt + sqrt(eta) dW with a = slope lambda / sigma + gamma.
double linear_theory_loss(const Run& run, const Window& window) {
  const Problem& problem = run.problem;
  const double eta = problem.learning_rate;
  const double sigma = problem.sigmas()(0);
  const double slope = problem.optimizer.name == "signsgd" ? problem.sign_slope() : 1.0;
  double loss = 0.0;
  double count = 0.0;
  for (std::uint64_t k = window.first; k <= window.last; k += window.every) {
    for (const double lambda : run.eigenvalues) {
      const double a = slope * lambda / sigma + problem.weight_decay();
      const double t = eta * static_cast<double>(k);
      loss += 0.5 * lambda * (-0.5 * eta * std::expm1(-2.0 * a * t) / a);
    }
    count += 1.0;
  }
  return loss / count;
}

MapPoint map_point(const Run& run, const Window& window) {
  const double theory = linear_theory_loss(run, window);
  return {.id = fmt::format("{}/{}/r={}", run.problem.optimizer.name, run.shape.id(), run.ratio),
          .where = fmt::format("{}, {}, r = {}", run.method, run.shape.words(), run.ratio),
          .ratio = run.simulated.of_averages(
              window.name, {"f"}, [theory](const std::vector<double>& means) { return means[0] / theory; }),
          .expected = expected_by_ratio(run.ratio, 3.0)};
}

Figure empty_figure(const Run& run) {
  return {.id = run.problem.optimizer.name,
          .title = run.method,
          .caption =
              "E f of the optimizer over that of the linear theory, averaged over the second half of the "
              "iterations, against r = ηTr(H)/(dσ), for random rotations of H. Bars are one standard error; "
              "the dashed lines are ±10 %.",
          .x = {.label = "r = η Tr(H) / (d σ)", .logarithmic = true},
          .y = {.label = "E f, measured / theory", .logarithmic = true}};
}

/// The entry of a list of that key, added if there is none.
template <class Entry, class Make>
Entry& found_or_added(std::vector<Entry>& list, const std::string& key, std::string Entry::*member,
                      const Make& make) {
  const auto found = std::ranges::find(list, key, member);
  return found == list.end() ? list.emplace_back(make()) : *found;
}

/// One for each method, with a curve for each shape of the spectrum.
std::vector<Figure> figures_of(const std::vector<Run>& runs, const std::vector<MapPoint>& points) {
  std::vector<Figure> figures;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Figure& figure =
        found_or_added(figures, runs[i].method, &Figure::title, [&] { return empty_figure(runs[i]); });
    const std::string label = runs[i].shape.words();
    Series& series = found_or_added(figure.series, label, &Series::label, [&] {
      return Series{
          .label = label, .role = Role::optimizer, .colour = static_cast<int>(figure.series.size())};
    });
    append(series, runs[i].ratio, points[i].ratio);
  }
  return figures;
}

void add_edges(Figure& figure, const std::vector<double>& ratios) {
  for (const double edge : {1.0 - agreement, 1.0 + agreement}) {
    figure.series.push_back({.label = fmt::format("{:+.0f} %", 100.0 * (edge - 1.0)),
                             .role = Role::bound,
                             .colour = 6,
                             .x = {ratios.front(), ratios.back()},
                             .y = {edge, edge}});
  }
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::vector<double>& ratios = settings.list("ratios");
  require_distinct(settings, "ratios");
  const std::vector<double>& dimensions = settings.list("dimensions");
  const std::vector<double>& conditions = settings.list("conditions");
  if (dimensions.size() != conditions.size()) {
    throw InvalidParameter("settings", "conditions", "must have as many entries as dimensions");
  }
  std::vector<Run> runs;
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    const SpectrumShape shape{.dimension = static_cast<Index>(dimensions[i]), .condition = conditions[i]};
    for (const double ratio : ratios) order(shape, ratio, settings, simulations, runs);
  }
  return [=](Findings& out) {
    std::vector<MapPoint> points;
    for (const Run& run : runs) points.push_back(map_point(run, second_half(settings)));
    expect_agreement(out, "The linear theory gives E f within a tenth for H that is not diagonal while Σ is",
                     source, points);
    for (Figure& figure : figures_of(runs, points)) {
      add_edges(figure, settings.list("ratios"));
      out.show(std::move(figure));
    }
  };
}

const Register<Experiment> spectra{{
    .name = "robustness-spectra",
    .title = "Where theory stops: random spectra and rotations of H",
    .summary =
        "The lemmas are proved for diagonal H and Σ. Here H = Q diag(λ) Q' with a random rotation Q and "
        "eigenvalues spread over up to three decades, while Σ = σ²I is diagonal in the coordinates that the "
        "optimizer sees. Near the minimum the linear theory is still dX = −A X dt + √η dW with A = √(2/π) "
        "H/σ (SignSGD), H/σ (Adam) or H/σ + γI (RMSpropW), so E f from x₀ = 0 is a sum over the "
        "eigenvalues. Up to r = ηTr(H)/(dσ) of about 0.3 the map is one curve for all dimensions and "
        "condition numbers; beyond, large spectra are described worse.",
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
