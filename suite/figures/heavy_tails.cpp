#include <fmt/format.h>

#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

#include "reference/theory/lemma_c_8.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "sdelens/exact/student_t_sgd.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A",
                    .item = "Section 3.1.1, conclusion: SignSGD and SGD under noise of infinite variance"};
constexpr const char* sentence = "sentence-heavy-tails";

std::string beyond(double c) { return fmt::format("|x1| > {}", c); }

Observable exceedance(double c) {
  return {.name = beyond(c),
          .evaluate = [c](In x, OutColumn value) { value = (x.col(0).abs() > c).cast<double>(); }};
}

/// P(|x_k| > c) of SGD by its exact law, calculated once however often the data are looked at.
class Exceedances {
 public:
  explicit Exceedances(const Problem& problem) : problem_(problem) {}

  double at(std::uint64_t iteration, double c) {
    const auto [place, fresh] = known_.try_emplace({iteration, c}, 0.0);
    if (fresh) place->second = law(iteration).exceedance(c);
    return place->second;
  }
  StudentTSgd law(std::uint64_t iteration) const {
    return StudentTSgd({.learning_rate = problem_.learning_rate,
                        .curvature = problem_.curvatures()(0),
                        .sigma = problem_.sigmas()(0),
                        .nu = problem_.degrees_of_freedom(),
                        .start = problem_.start(0)},
                       iteration);
  }

 private:
  Problem problem_;
  std::map<std::pair<std::uint64_t, double>, double> known_;
};

/// The second half of the iterations.
struct Settled {
  std::uint64_t iterations;
  /// An odd stride sees even and odd iterations alike.
  static constexpr std::uint64_t stride = 3;

  std::uint64_t first() const { return iterations / 2; }
  std::uint64_t start_of_window() const { return first() + first() % 2; }
  Window window() const {
    return {.name = "settled", .first = start_of_window(), .last = iterations, .every = stride};
  }
  std::vector<double> in_window() const {
    std::vector<double> result;
    for (std::uint64_t k = start_of_window(); k <= iterations; k += stride)
      result.push_back(static_cast<double>(k));
    return result;
  }
};

/// The two optimizers under noise of nu degrees of freedom.
struct Run {
  double nu;
  Settled settled;
  Problem sign_problem, sgd_problem;
  Simulated sign{}, sgd{};
  std::shared_ptr<Exceedances> exceedances{};

  std::string tag() const { return fmt::format("nu={}", nu); }
  ProbabilityDown down() const {
    return student_t_probability_down(
        {.curvature = sign_problem.curvatures()(0), .sigma = sign_problem.sigmas()(0)}, nu);
  }
  double exceedance(double c) const { return exceedances->at(settled.iterations, c); }
  double tail_scale() const { return exceedances->law(settled.iterations).tail_scale(); }
};

/// A claim that decides the sentence if it speaks of that noise, and is our own otherwise.
ClaimBuilder claim_at(const Run& run, const char* id, Findings& out) {
  ClaimBuilder claim = out.claim(id + run.tag());
  return run.nu <= 2.0 ? claim.of(sentence) : claim.at(source);
}

void claim_of_signsgd(const Run& run, Findings& out) {
  const MeasuredCurve window =
      along(run.settled.in_window(), Asked("exact-chain", run.sign_problem).loss_curve());
  const double sum =
      std::accumulate(window.begin(), window.end(), 0.0,
                      [](double total, const Measurement& point) { return total + point.value; });
  claim_at(run, "signsgd/simulation/", out)
      .says("The loss of simulated SignSGD over the last half of the iterations is that of its exact chain")
      .equals(run.sign.loss().over("settled"), {.value = sum / static_cast<double>(window.size())})
      .resolves(relative(0.05));
  const double slope = theory::student_t_slope(run.nu);
  const Problem& problem = run.sign_problem;
  claim_at(run, "signsgd/floor/", out)
      .says("SignSGD's stationary loss is finite and near (η/4)σ/s_ν, s_ν = 2Ξ_ν′(0), at first order in ηλ/σ")
      .equals(Asked("exact-stationary-chain", problem).loss().value,
              {.value = 0.25 * problem.learning_rate * problem.sigmas()(0) / slope})
      .margin(relative(1.25 * (run.nu + 1.0) / (4.0 * run.nu * slope) * problem.ratio(0)),
              "first order in ηλ/σ, from the cubic term of Ξ: (ν+1)/(4νs) ηλ/σ, and a quarter more for what "
              "follows");
}

/// P(|x_k| > c) over the window against a law that widens towards its limit all the way through it.
std::vector<Comparison> exceedances_over_window(const Run& run, const std::vector<double>& levels,
                                                double accuracy,
                                                const std::function<double(double, std::uint64_t)>& law) {
  std::vector<Comparison> comparisons;
  for (const double c : levels) {
    const double from = law(c, run.settled.first()), to = law(c, run.settled.iterations);
    comparisons.push_back(
        {.where = fmt::format("c = {}", c),
         .prediction = {.value = 0.5 * (from + to), .error = 0.5 * std::abs(to - from) + accuracy},
         .measurement = run.sgd.mean_of_observable(beyond(c)).over("settled")});
  }
  return comparisons;
}

void claim_of_sgd(const Run& run, const std::vector<double>& levels, Findings& out) {
  out.claim("sgd/law/" + run.tag())
      .at(source)
      .says("P(|x_k| > c) of simulated SGD is that of its exact law, by characteristic functions")
      .compares(Relation::equal,
                exceedances_over_window(run, levels, 1e-10,
                                        [&](double c, std::uint64_t k) { return run.exceedances->at(k, c); }))
      .resolves(absolute(0.015));
  if (run.nu > 2.0) return;
  const double scale = run.tail_scale();
  std::vector<Comparison> tail;
  for (const double multiple : {30.0, 100.0}) {
    const double limit = 1.0 - 2.0 * theory::student_t_xi_by_beta(multiple, run.nu);
    tail.push_back({.where = fmt::format("c = {:.4g}", multiple * scale),
                    .prediction = {.value = limit, .error = 1e-10},
                    .measurement = {.value = run.exceedance(multiple * scale)}});
  }
  claim_at(run, "sgd/tail/", out)
      .says(
          "Far out P(|x_k| > c) of SGD is that of a single draw of t_ν noise, so that it falls like c^−ν "
          "with "
          "ν ≤ 2: E f of SGD is infinite at every iteration")
      .compares(Relation::equal, std::move(tail))
      .margin(relative(0.05),
              "what the many small draws add to the one large: of order (scale/c)² log(c/scale), below 0.05 "
              "from c = 30 scales on");
}

/// P(|x_k| > c) of SGD for nu = 1, where the iterates keep the law of the noise.
double cauchy_exceedance(const Problem& problem, double c, std::uint64_t iteration) {
  const double rho = 1.0 - problem.learning_rate * problem.curvatures()(0);
  const auto k = static_cast<double>(iteration);
  const double centre = std::pow(rho, k) * problem.start(0);
  const double scale = problem.learning_rate * problem.sigmas()(0) * (1.0 - std::pow(std::abs(rho), k)) /
                       (1.0 - std::abs(rho));
  return 1.0 - (std::atan((c - centre) / scale) + std::atan((c + centre) / scale)) / std::numbers::pi;
}

void claim_of_cauchy(const Run& run, const std::vector<double>& levels, Findings& out) {
  if (run.nu != 1.0) return;
  out.claim("sgd/cauchy")
      .of(sentence)
      .says(
          "Under t₁ noise x_k of SGD has Cauchy's law with scale ησ(1 − (1−ηλ)^k)/(ηλ) → σ/λ, whatever η: "
          "its "
          "loss has no mean, and a smaller learning rate does not help")
      .compares(Relation::equal, exceedances_over_window(run, levels, 0.0,
                                                         [&](double c, std::uint64_t k) {
                                                           return cauchy_exceedance(run.sgd_problem, c, k);
                                                         }))
      .resolves(relative(0.2));
}

Figure figure_of_loss(const std::vector<Run>& runs) {
  Figure figure{.id = "loss",
                .title = "Loss of SignSGD under Student-t noise",
                .caption =
                    "Mean over the runs, and dotted the loss of the exact stationary law; ν: degrees of "
                    "freedom of the noise, whose variance is infinite for ν ≤ 2.",
                .x = {.label = "iteration k"},
                .y = {.label = "E f", .logarithmic = true}};
  int colour = 0;
  for (const Run& run : runs) {
    const std::string label = fmt::format("ν = {}", run.nu);
    const double floor = Asked("exact-stationary-chain", run.sign_problem).loss().value;
    figure.series.push_back(run.sign.loss().curve("SignSGD, " + label, Role::optimizer, colour));
    figure.series.push_back({.label = "exact, " + label,
                             .role = Role::theory,
                             .colour = colour++,
                             .x = {0.0, static_cast<double>(run.settled.iterations)},
                             .y = {floor, floor}});
  }
  return figure;
}

/// A probability against c around the scale of SGD's tail, where it is above 1e-6.
Series tail_curve(const Run& run, std::string label, Role role, int colour,
                  const std::function<double(double c)>& probability) {
  Series series{.label = std::move(label), .role = role, .colour = colour};
  const double centre = run.tail_scale();
  for (double c = 0.3 * centre; c < 60.0 * centre; c *= 1.35) {
    const double value = probability(c);
    if (!(value > 1e-6)) continue;
    series.x.push_back(c);
    series.y.push_back(value);
  }
  return series;
}

Figure figure_of_tails(const std::vector<Run>& runs) {
  Figure figure{.id = "tails",
                .title = "How far SGD is thrown",
                .caption =
                    "P(|x_k| > c) of SGD at the last iteration by its exact law, and dashed for SignSGD; a "
                    "line of slope −2 or less steep means that E f is infinite.",
                .x = {.label = "c", .logarithmic = true},
                .y = {.label = "P(|x| > c)", .logarithmic = true, .low = 1e-5, .high = 1.0}};
  int colour = 0;
  for (const Run& run : runs) {
    const std::string label = fmt::format("ν = {}", run.nu);
    const StationarySignLaw sign(
        {.learning_rate = run.sign_problem.learning_rate, .start = run.sign_problem.start(0)}, run.down());
    figure.series.push_back(
        tail_curve(run, "SGD, " + label, Role::theory, colour, [&](double c) { return run.exceedance(c); }));
    Series bounded = tail_curve(run, "SignSGD, " + label, Role::bound, colour++, [&](double c) {
      return sign.expectation([c](double x) { return std::abs(x) > c ? 1.0 : 0.0; });
    });
    if (!bounded.x.empty()) figure.series.push_back(std::move(bounded));
  }
  return figure;
}

/// The mean of f at the last iteration over the first replicas against their number.
Series running_mean(const Simulated& simulated, std::string label, Role role, int colour) {
  Series series{.label = std::move(label), .role = role, .colour = colour};
  const Sample sample = simulated->at(simulated->recorded_steps().size() - 1, "f");
  Moments so_far;
  for (Index group = 0; group < GroupedMoments::groups; ++group) {
    so_far.merge(sample.group(group));
    series.x.push_back(so_far.count);
    series.y.push_back(so_far.mean);
  }
  return series;
}

Figure figure_of_running_means(const std::vector<Run>& runs) {
  Figure figure{
      .id = "running-mean",
      .title = "Sample mean of the loss against the number of replicas",
      .caption =
          "The mean of f at the last iteration over the first replicas. For SignSGD it settles; for SGD "
          "under noise of infinite variance (ν ≤ 2) it jumps with every extreme draw, and no number of "
          "replicas makes it a mean: it is shown, and nothing is claimed of it.",
      .x = {.label = "replicas", .logarithmic = true},
      .y = {.label = "sample mean of f", .logarithmic = true}};
  int colour = 0;
  for (const Run& run : runs) {
    const std::string label = fmt::format("ν = {}", run.nu);
    figure.series.push_back(running_mean(run.sgd, "SGD, " + label, Role::sde, colour));
    figure.series.push_back(running_mean(run.sign, "SignSGD, " + label, Role::optimizer, colour++));
  }
  return figure;
}

std::vector<double> all_levels(const Settings& settings) {
  std::vector<double> result = settings.list("levels");
  for (const double level : settings.list("far_levels")) result.push_back(level);
  return result;
}

Run ordered(const Settings& settings, double nu, Simulations& simulations) {
  const double sigma = settings.scalar("sigma");
  const Problem sign = with_noise(quadratic_problem({.name = "signsgd"}, settings.list("curvature"), sigma,
                                                    settings.scalar("eta"), settings.point("x0")),
                                  {.name = "student-t", .given = {{"nu", {nu}}, {"sigma", {sigma}}}});
  Run run{.nu = nu,
          .settled = {.iterations = settings.count("iterations")},
          .sign_problem = sign,
          .sgd_problem = with_optimizer(sign, {.name = "sgd"})};
  run.exceedances = std::make_shared<Exceedances>(run.sgd_problem);
  const Recording recording{.steps = even_steps(run.settled.iterations, 100),
                            .windows = {run.settled.window()}};
  std::vector<Observable> bounded = coordinates_and_loss(sign.loss);
  for (const double level : all_levels(settings)) bounded.push_back(exceedance(level));
  run.sign = simulations.optimizer(fmt::format("SignSGD, ν = {}", nu), sign,
                                   {.recording = recording, .runs = settings.count("runs")});
  run.sgd = simulations.optimizer(
      fmt::format("SGD, ν = {}", nu), run.sgd_problem,
      {.recording = recording, .runs = settings.count("runs"), .observables = std::move(bounded)});
  return run;
}

Judgement design(const Settings& settings, Simulations& simulations) {
  for (const char* list : {"nus", "levels", "far_levels"}) require_distinct(settings, list);
  std::vector<Run> runs;
  for (const double nu : settings.list("nus")) runs.push_back(ordered(settings, nu, simulations));
  return [=](Findings& out) {
    for (const Run& run : runs) {
      claim_of_signsgd(run, out);
      claim_of_sgd(run, settings.list("levels"), out);
      claim_of_cauchy(run, all_levels(settings), out);
    }
    out.show(figure_of_loss(runs));
    out.show(figure_of_tails(runs));
    out.show(figure_of_running_means(runs));
  };
}

const Register<Experiment> heavy_tails{{
    .name = "heavy-tails",
    .title = "SignSGD and SGD under heavy-tailed noise",
    .summary =
        "The paper says in words that SignSGD withstands noise of infinite variance and SGD does not. Under "
        "Student-t noise SignSGD settles at a finite loss for every ν, predicted by its exact chain. SGD's "
        "iterates keep the tail of the noise: for ν = 1 they have Cauchy's law exactly, and for ν ≤ 2 the "
        "expected loss is infinite at every iteration. That SGD diverges is true of its mean loss, not of "
        "its "
        "paths, whose law has a limit. Everything sampled of SGD is bounded: probabilities, never means.",
    .source = source,
    .lemmas = {sentence},
    .settings = {chosen("nus", {1.0, 2.0, 3.0, 5.0},
                        {.low = 1.0, .high = 50.0, .low_included = true, .high_included = true},
                        "degrees of freedom ν of the noise"),
                 chosen("eta", {0.1}, {.low = 0.0, .high = 1.0},
                        "learning rate η: SGD settles within 100 iterations"),
                 chosen("curvature", {1.0}, {.low = 0.0, .high = 1.0, .high_included = true},
                        "λ of f = λx²/2"),
                 chosen("sigma", {1.0}, Range::positive(), "σ, the scale of the noise: ηλ/σ = 0.1"),
                 chosen("x0", {1.0}, Range::finite(), "start"),
                 chosen("levels", {0.25, 0.5, 1.0}, Range::positive(), "c where P(|x_k| > c) is compared"),
                 chosen("far_levels", {10.0, 30.0}, Range::positive(), "c far out, compared for ν = 1"),
                 chosen("iterations", {400}, Range::at_least(100), "iterations"),
                 chosen("runs", {8192}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
