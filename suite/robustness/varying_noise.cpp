#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "suite/study/agreement.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Lemmas 3.7 and C.20, beyond constant noise"};

/// f = lambda x^2 / 2 with noise of standard deviation sigma(k) = sigma (1 + amplitude sin(2 pi k / period)).
struct Problem {
  double learning_rate, curvature, sigma, amplitude;

  double deviation(double iteration, double period) const {
    return sigma * (1.0 + amplitude * std::sin(2.0 * std::numbers::pi * iteration / period));
  }
  /// E f of constant noise: (eta sigma / 4) / slope.
  double loss(double slope) const { return 0.25 * learning_rate * sigma / slope; }
};

/// The mean of E f over the last periods by the linear moment equation, one step for each iteration with h = eta:
///   m <- m + h (eta s(k)^2 - 2 a(k) m),   a, s the rate and the noise at iteration k.
/// For SignSGD a = sqrt(2/pi) lambda / sigma(k), s = 1; for RMSprop a = lambda / sqrt(V), s = sigma(k) / sqrt(V),
/// V <- beta V + (1 - beta) sigma(k)^2.
double moment_equation_loss(const Problem& problem, const std::string& optimizer, double beta, double period,
                            std::uint64_t first, std::uint64_t last) {
  double moment = 0.0;
  double v = problem.sigma * problem.sigma;
  double sum = 0.0;
  const double eta = problem.learning_rate;
  for (std::uint64_t k = 0; k < last; ++k) {
    const double sigma = problem.deviation(static_cast<double>(k), period);
    double a = std::sqrt(2.0 / std::numbers::pi) * problem.curvature / sigma;
    double s = 1.0;
    if (optimizer == "rmsprop") {
      v = beta * v + (1.0 - beta) * sigma * sigma;
      a = problem.curvature / std::sqrt(v);
      s = sigma / std::sqrt(v);
    }
    moment += eta * (eta * s * s - 2.0 * a * moment);
    if (k + 1 > first) sum += 0.5 * problem.curvature * moment;
  }
  return sum / static_cast<double>(last - first);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const Problem problem{
      .learning_rate = settings.scalar("eta"),
      .curvature = settings.scalar("ratio") * settings.scalar("sigma") / settings.scalar("eta"),
      .sigma = settings.scalar("sigma"),
      .amplitude = settings.scalar("amplitude")};
  const double beta = settings.scalar("beta");
  const std::vector<double>& periods = settings.list("periods");
  require_distinct(settings, "periods");
  // The time in which E x^2 relaxes, in iterations.
  const double relaxation = 1.0 / (2.0 * settings.scalar("ratio"));

  struct Run {
    std::string label, optimizer;
    double period;  ///< in relaxation times
    std::uint64_t first, last;
    std::shared_ptr<const Ensemble> ensemble;
  };
  std::vector<Run> runs;
  for (const auto& [label, optimizer] : {std::pair("SignSGD", "signsgd"), std::pair("RMSprop", "rmsprop")}) {
    for (const double period : periods) {
      const auto iterations_of_a_period = std::max(2.0, std::round(period * relaxation));
      // Whole periods, after ten relaxation times of x and of V.
      const auto settled = static_cast<std::uint64_t>(
          std::ceil(10.0 * std::max(relaxation, 1.0 / (1.0 - beta)) / iterations_of_a_period) *
          iterations_of_a_period);
      const auto whole = static_cast<std::uint64_t>(std::ceil(10.0 * relaxation / iterations_of_a_period) *
                                                    iterations_of_a_period);
      const Model model{.landscape = make_landscape("quadratic", {{"curvatures", {problem.curvature}}}),
                        .noise = make_noise("gaussian-periodic", 1,
                                            {{"sigma", {problem.sigma}},
                                             {"amplitude", {problem.amplitude}},
                                             {"period", {iterations_of_a_period}}}),
                        .learning_rate = problem.learning_rate};
      Parameters parameters;
      if (std::string(optimizer) == "rmsprop") {
        parameters = {{"beta", {beta}}, {"initial_v", {problem.sigma * problem.sigma}}};
      }
      const std::string name = fmt::format("{}, period {}", label, period);
      runs.push_back(
          {label, optimizer, period, settled, settled + whole,
           simulations.add(name,
                           model.optimizer(optimizer, parameters, model.origin(), simulations.stream(name)),
                           model.observables(),
                           {.windows = {{.name = "periods", .first = settled + 1, .last = settled + whole}}},
                           settings.count("runs"))});
    }
  }

  return [=](Findings& out) {
    std::vector<Figure> figures;
    for (const Run& run : runs) {
      const double slope = run.optimizer == "signsgd" ? std::sqrt(2.0 / std::numbers::pi) : 1.0;
      const double lemma = problem.loss(slope);
      const double period = std::max(2.0, std::round(run.period * relaxation));
      const double moments =
          moment_equation_loss(problem, run.optimizer, beta, period, run.first, run.last) / lemma;
      const Measurement ratio =
          of_averages(*run.ensemble, "periods", {"f"},
                      [lemma](const std::vector<double>& means) { return means[0] / lemma; });
      if (figures.empty() || figures.back().id != run.optimizer) {
        figures.push_back(
            {.id = run.optimizer,
             .title = fmt::format("{} with noise σ(k) = σ(1 + {} sin(2πk/P))", run.label, problem.amplitude),
             .caption =
                 "E f, averaged over whole periods, over that of the lemma with constant σ, against the "
                 "period P in "
                 "units of the time in which E x² relaxes. The lemma with the mean σ is 1; bars are one "
                 "standard error.",
             .x = {.label = "P / relaxation time of E x²", .logarithmic = true},
             .y = {.label = "E f / lemma with constant σ"},
             .series = {{.label = run.label, .role = Role::optimizer, .colour = 0},
                        {.label = "moment equation with σ(t)", .role = Role::theory, .colour = 1},
                        {.label = "lemma, mean σ", .role = Role::bound, .colour = 2}}});
      }
      std::vector<Series>& series = figures.back().series;
      series[0].x.push_back(run.period);
      series[0].y.push_back(ratio.value);
      series[0].low.push_back(ratio.value - ratio.standard_error);
      series[0].high.push_back(ratio.value + ratio.standard_error);
      series[1].x.push_back(run.period);
      series[1].y.push_back(moments);
      series[2].x.push_back(run.period);
      series[2].y.push_back(1.0);
      expect_agreement(out, "The linear moment equation with σ(t) gives E f within a tenth", source,
                       {{.id = fmt::format("moments/{}/period={}", run.optimizer, run.period),
                         .where = fmt::format("{}, period {} relaxation times", run.label, run.period),
                         .ratio = {.value = ratio.value / moments,
                                   .standard_error = ratio.standard_error / moments,
                                   .degrees_of_freedom = ratio.degrees_of_freedom},
                         .expected = Verdict::pass,
                         .from = {run.ensemble}}});
      // Fast: the rate is the mean of 1/sigma(k), which is 1/(sigma sqrt(1 - amplitude^2)).
      const bool fast = run.optimizer == "signsgd" && run.period <= 0.1;
      if (fast) {
        const double limit = std::sqrt(1.0 - problem.amplitude * problem.amplitude);
        out.expect(
            {.id = fmt::format("fast/{}/period={}", run.optimizer, run.period),
             .statement = "Fast noise: E f of SignSGD is √(1 − amplitude²) of Lemma 3.7 with the mean σ",
             .source = source,
             .margin = {.relative = 0.05},
             .margin_reason = "first order in ηλ/σ, largest where σ(k) is least",
             .resolution = {.relative = 0.08}},
            {.value = limit}, ratio, {run.ensemble});
        expect_agreement(out, "Lemma 3.7 with the mean σ gives E f of SignSGD within a tenth", source,
                         {{.id = fmt::format("lemma/{}/period={}", run.optimizer, run.period),
                           .where = fmt::format("period {} relaxation times", run.period),
                           .ratio = ratio,
                           .expected = limit < 1.0 - 1.5 * agreement ? Verdict::fail : Verdict::pass,
                           .from = {run.ensemble}}});
      }
    }
    for (Figure& figure : figures) out.show(std::move(figure));
  };
}

const Register<Experiment> varying_noise{{
    .name = "robustness-varying-noise",
    .title = "Where theory stops: noise that varies in time",
    .summary = "Gradient noise whose standard deviation swings with period P. Slow swings leave the mean "
               "loss of SignSGD where the "
               "lemma with the mean σ has it, since V₀ is linear in σ. Fast ones do not: the rate averages "
               "1/σ, so the loss falls "
               "to √(1 − amplitude²) of it, and RMSprop, which divides by the root of the mean square, shows "
               "the opposite. The "
               "linear moment equation with σ(t) describes all of it.",
    .source = source,
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η"),
                 chosen("sigma", {1.0}, Range::positive(), "mean of σ(k)"),
                 chosen("amplitude", {0.8}, Range::unit(), "swing of σ(k) about its mean, relative"),
                 chosen("ratio", {0.01},
                        {.low = 1e-3, .high = 1.0, .low_included = true, .high_included = true},
                        "ηλ/σ at the mean σ"),
                 chosen("beta", {0.99},
                        {.low = 0.5, .high = 0.999, .low_included = true, .high_included = true},
                        "decay of RMSprop's second moment"),
                 chosen("periods", {0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0}, Range::positive(),
                        "P in units of the relaxation time 1/(2ηλ/σ) of E x²"),
                 chosen("runs", {2048}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
