#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "suite/study/agreement.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Lemmas 3.7 and C.20, beyond constant noise"};

/// SignSGD or RMSprop on f = lambda x^2 / 2 with noise of standard deviation
/// sigma(k) = sigma (1 + amplitude sin(2 pi k / period)), and whole periods of it after ten relaxation times of x and V.
struct Run {
  std::string label;
  double period;  ///< in units of the time in which E x^2 relaxes
  Problem problem;
  std::uint64_t first, last;
  Simulated simulated{};

  bool is_signsgd() const { return problem.optimizer.name == "signsgd"; }
  const std::string& optimizer() const { return problem.optimizer.name; }
  double of_noise(const char* parameter) const { return problem.noise.parameters.at(parameter).front(); }
  /// sigma(k)
  double deviation(double iteration) const {
    const double phase = 2.0 * std::numbers::pi * iteration / of_noise("period");
    return of_noise("sigma") * (1.0 + of_noise("amplitude") * std::sin(phase));
  }
  /// E f of the lemma with constant noise: (eta sigma / 4) / slope.
  double lemma_loss() const {
    const double slope = is_signsgd() ? std::sqrt(2.0 / std::numbers::pi) : 1.0;
    return 0.25 * problem.learning_rate * of_noise("sigma") / slope;
  }
};

/// In iterations.
double relaxation_time(const Settings& settings) { return 1.0 / (2.0 * settings.scalar("ratio")); }

Problem problem_of(Choice optimizer, double period, const Settings& settings) {
  const double curvature = settings.scalar("ratio") * settings.scalar("sigma") / settings.scalar("eta");
  return make_problem({.optimizer = std::move(optimizer),
                       .landscape = {.name = "quadratic", .given = {{"curvatures", {curvature}}}},
                       .noise = {.name = "gaussian-periodic",
                                 .given = {{"sigma", settings.list("sigma")},
                                           {"amplitude", settings.list("amplitude")},
                                           {"period", {period}}}},
                       .learning_rate = settings.scalar("eta"),
                       .start = Point::Zero(1)});
}

Run run_of(const std::string& label, const Choice& optimizer, double period, const Settings& settings) {
  const double relaxation = relaxation_time(settings);
  const double iterations = std::max(2.0, std::round(period * relaxation));
  const auto periods_in = [iterations](double time) {
    return static_cast<std::uint64_t>(std::ceil(time / iterations) * iterations);
  };
  const std::uint64_t settled =
      periods_in(10.0 * std::max(relaxation, 1.0 / (1.0 - settings.scalar("beta"))));
  return {.label = label,
          .period = period,
          .problem = problem_of(optimizer, iterations, settings),
          .first = settled,
          .last = settled + periods_in(10.0 * relaxation)};
}

std::vector<Run> order_runs(const Settings& settings, Simulations& simulations) {
  const double variance = settings.scalar("sigma") * settings.scalar("sigma");
  const Choice signsgd{.name = "signsgd"};
  const Choice rmsprop{.name = "rmsprop",
                       .given = {{"beta", settings.list("beta")}, {"initial_v", {variance}}}};
  std::vector<Run> runs;
  for (const auto& [label, optimizer] : {std::pair("SignSGD", signsgd), std::pair("RMSprop", rmsprop)}) {
    for (const double period : settings.list("periods")) {
      Run run = run_of(label, optimizer, period, settings);
      run.simulated = simulations.optimizer(
          fmt::format("{}, period {}", label, period), run.problem,
          {.recording = {.windows = {{.name = "periods", .first = run.first + 1, .last = run.last}}},
           .runs = settings.count("runs")});
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

/// The mean of E f over the last periods by the linear moment equation, one step for each iteration with h = eta:
///   m <- m + h (eta s(k)^2 - 2 a(k) m),   a, s the rate and the noise at iteration k.
/// For SignSGD a = sqrt(2/pi) lambda / sigma(k), s = 1; for RMSprop a = lambda / sqrt(V), s = sigma(k) / sqrt(V),
/// V <- beta V + (1 - beta) sigma(k)^2.
double moment_equation_loss(const Run& run) {
  const double eta = run.problem.learning_rate;
  const double curvature = run.problem.curvatures()(0);
  const double beta = run.is_signsgd() ? 0.0 : run.problem.beta_2();
  double moment = 0.0;
  double v = run.of_noise("sigma") * run.of_noise("sigma");
  double sum = 0.0;
  for (std::uint64_t k = 0; k < run.last; ++k) {
    const double sigma = run.deviation(static_cast<double>(k));
    double a = std::sqrt(2.0 / std::numbers::pi) * curvature / sigma;
    double s = 1.0;
    if (!run.is_signsgd()) {
      v = beta * v + (1.0 - beta) * sigma * sigma;
      a = curvature / std::sqrt(v);
      s = sigma / std::sqrt(v);
    }
    moment += eta * (eta * s * s - 2.0 * a * moment);
    if (k + 1 > run.first) sum += 0.5 * curvature * moment;
  }
  return sum / static_cast<double>(run.last - run.first);
}

/// E f over that of the lemma with constant noise, as measured and by the moment equation.
struct Ratios {
  Measurement measured;
  double moments;
};

Ratios ratios_of(const Run& run) {
  const double lemma = run.lemma_loss();
  const auto ratio = [lemma](const std::vector<double>& means) { return means[0] / lemma; };
  return {.measured = run.simulated.of_averages("periods", {"f"}, ratio),
          .moments = moment_equation_loss(run) / lemma};
}

void claim_moments(const Run& run, const Ratios& ratios, Findings& out) {
  Measurement ratio = ratios.measured;
  ratio.value /= ratios.moments;
  ratio.standard_error /= ratios.moments;
  expect_agreement(out, "The linear moment equation with σ(t) gives E f within a tenth", source,
                   {{.id = fmt::format("moments/{}/period={}", run.optimizer(), run.period),
                     .where = fmt::format("{}, period {} relaxation times", run.label, run.period),
                     .ratio = ratio,
                     .expected = Verdict::pass}});
}

/// Fast: the rate is the mean of 1/sigma(k), which is 1/(sigma sqrt(1 - amplitude^2)).
void claims_of_fast_noise(const Run& run, const Measurement& ratio, Findings& out) {
  const double amplitude = run.of_noise("amplitude");
  const double limit = std::sqrt(1.0 - amplitude * amplitude);
  out.claim(fmt::format("fast/{}/period={}", run.optimizer(), run.period))
      .at(source)
      .says("Fast noise: E f of SignSGD is √(1 − amplitude²) of Lemma 3.7 with the mean σ")
      .equals(ratio, {.value = limit})
      .margin(relative(0.05), "first order in ηλ/σ, largest where σ(k) is least")
      .resolves(relative(0.08));
  expect_agreement(out, "Lemma 3.7 with the mean σ gives E f of SignSGD within a tenth", source,
                   {{.id = fmt::format("lemma/{}/period={}", run.optimizer(), run.period),
                     .where = fmt::format("period {} relaxation times", run.period),
                     .ratio = ratio,
                     .expected = limit < 1.0 - 1.5 * agreement ? Verdict::fail : Verdict::pass}});
}

Figure empty_figure(const Run& run) {
  return {
      .id = run.optimizer(),
      .title = fmt::format("{} with noise σ(k) = σ(1 + {} sin(2πk/P))", run.label, run.of_noise("amplitude")),
      .caption =
          "E f, averaged over whole periods, over that of the lemma with constant σ, against the period P "
          "in units of the time in which E x² relaxes. The lemma with the mean σ is 1; bars are one "
          "standard error.",
      .x = {.label = "P / relaxation time of E x²", .logarithmic = true},
      .y = {.label = "E f / lemma with constant σ"},
      .series = {{.label = run.label, .role = Role::optimizer, .colour = 0},
                 {.label = "moment equation with σ(t)", .role = Role::theory, .colour = 1},
                 {.label = "lemma, mean σ", .role = Role::bound, .colour = 2}}};
}

void draw(const Run& run, const Ratios& ratios, Figure& figure) {
  append(figure.series[0], run.period, ratios.measured);
  figure.series[1].x.push_back(run.period);
  figure.series[1].y.push_back(ratios.moments);
  figure.series[2].x.push_back(run.period);
  figure.series[2].y.push_back(1.0);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "periods");
  const std::vector<Run> runs = order_runs(settings, simulations);
  return [=](Findings& out) {
    std::vector<Figure> figures;
    for (const Run& run : runs) {
      const Ratios ratios = ratios_of(run);
      if (figures.empty() || figures.back().id != run.optimizer()) figures.push_back(empty_figure(run));
      draw(run, ratios, figures.back());
      claim_moments(run, ratios, out);
      if (run.is_signsgd() && run.period <= 0.1) claims_of_fast_noise(run, ratios.measured, out);
    }
    for (Figure& figure : figures) out.show(std::move(figure));
  };
}

const Register<Experiment> varying_noise{{
    .name = "robustness-varying-noise",
    .title = "Where theory stops: noise that varies in time",
    .summary = "Gradient noise whose standard deviation swings with period P. Slow swings leave the mean "
               "loss of SignSGD where the lemma with the mean σ has it, since V₀ is linear in σ. Fast ones "
               "do not: the rate averages 1/σ, so the loss falls to √(1 − amplitude²) of it, and RMSprop, "
               "which divides by the root of the mean square, shows the opposite. The linear moment "
               "equation with σ(t) describes all of it.",
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
