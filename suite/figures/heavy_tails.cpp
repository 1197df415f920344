#include <fmt/format.h>

#include <cmath>
#include <map>
#include <numbers>
#include <tuple>

#include "reference/theory/lemma_c_8.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "sdelens/exact/student_t_sgd.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A",
                    .item = "Section 3.1.1, conclusion: SignSGD and SGD under noise of infinite variance"};
const std::string sentence = "sentence-heavy-tails";

/// The two optimizers under noise of nu degrees of freedom.
struct Run {
  double nu;
  std::shared_ptr<const Ensemble> sign, sgd;
  std::string tag() const { return fmt::format("nu={}", nu); }
  /// Whether the sentence speaks of it.
  std::vector<std::string> decides() const {
    return nu <= 2.0 ? std::vector<std::string>{sentence} : std::vector<std::string>{};
  }
};

std::string beyond(double c) { return fmt::format("|x1| > {}", c); }

Observable exceedance(double c) {
  return {.name = beyond(c),
          .evaluate = [c](In x, OutColumn value) { value = (x.col(0).abs() > c).cast<double>(); }};
}

constexpr std::uint64_t window_stride = 3;

struct Problem {
  double eta, lambda, sigma, start;
  std::uint64_t iterations;
  std::uint64_t settled() const { return iterations / 2; }
  StudentTSgd sgd(double nu, std::uint64_t iteration) const {
    return StudentTSgd({.learning_rate = eta, .curvature = lambda, .sigma = sigma, .nu = nu, .start = start},
                       iteration);
  }
  ProbabilityDown down(double nu) const {
    return student_t_probability_down({.curvature = lambda, .sigma = sigma}, nu);
  }
  /// The first step of the window of averages; an odd stride sees even and odd iterations alike.
  std::uint64_t window_start() const { return settled() + settled() % 2; }
  /// The mean loss of SignSGD over the window by its exact chain.
  double window_loss(double nu) const {
    SignChain chain({.learning_rate = eta, .start = start}, down(nu));
    chain.advance(window_start());
    double sum = 0.0;
    double steps = 0.0;
    while (true) {
      sum += 0.5 * lambda * chain.second_moment();
      steps += 1.0;
      if (chain.iteration() + window_stride > iterations) return sum / steps;
      chain.advance(window_stride);
    }
  }
  /// The loss of SignSGD's stationary law, over even and odd iterations.
  double floor(double nu) const {
    return 0.5 * lambda * StationarySignLaw({.learning_rate = eta, .start = start}, down(nu)).second_moment();
  }
};

/// P(|x_k| > c) of SGD, calculated once however often the data are looked at.
class Exceedances {
 public:
  explicit Exceedances(const Problem& problem) : problem_(problem) {}
  double at(double nu, std::uint64_t iteration, double c) {
    const auto [place, fresh] = known_.try_emplace({nu, iteration, c}, 0.0);
    if (fresh) place->second = problem_.sgd(nu, iteration).exceedance(c);
    return place->second;
  }

 private:
  Problem problem_;
  std::map<std::tuple<double, std::uint64_t, double>, double> known_;
};

void expect_signsgd(Findings& out, const Problem& problem, const Run& run) {
  const double floor = problem.floor(run.nu);
  const double slope = theory::student_t_slope(run.nu);
  const double ratio = problem.eta * problem.lambda / problem.sigma;
  out.expect(
      {.id = "signsgd/simulation/" + run.tag(),
       .statement =
           "The loss of simulated SignSGD over the last half of the iterations is that of its exact chain",
       .source = source,
       .lemmas = run.decides(),
       .resolution = {.relative = 0.05}},
      {.value = problem.window_loss(run.nu)}, mean_of(run.sign->average("settled", "f")), {run.sign});
  out.expect(
      {.id = "signsgd/floor/" + run.tag(),
       .statement =
           "SignSGD's stationary loss is finite and near (η/4)σ/s_ν, s_ν = 2Ξ_ν′(0), at first order in ηλ/σ",
       .source = source,
       .lemmas = run.decides(),
       .margin = {.relative = 1.25 * (run.nu + 1.0) / (4.0 * run.nu * slope) * ratio},
       .margin_reason =
           "first order in ηλ/σ, from the cubic term of Ξ: (ν+1)/(4νs) ηλ/σ, and a quarter more for "
           "what follows"},
      {.value = 0.25 * problem.eta * problem.sigma / slope}, exactly(floor));
}

void expect_sgd(Findings& out, const Problem& problem, const Run& run, const std::vector<double>& levels,
                Exceedances& exact) {
  // The law widens towards its limit all the way through the window.
  std::vector<Comparison> comparisons;
  for (const double c : levels) {
    const double from = exact.at(run.nu, problem.settled(), c);
    const double to = exact.at(run.nu, problem.iterations, c);
    comparisons.push_back(
        {.where = fmt::format("c = {}", c),
         .prediction = {.value = 0.5 * (from + to), .error = 0.5 * std::abs(to - from) + 1e-10},
         .measurement = mean_of(run.sgd->average("settled", beyond(c)))});
  }
  out.expect(
      {.id = "sgd/law/" + run.tag(),
       .statement = "P(|x_k| > c) of simulated SGD is that of its exact law, by characteristic functions",
       .source = source,
       .resolution = {.absolute = 0.015}},
      std::move(comparisons), {run.sgd});
  if (run.nu > 2.0) return;
  const double scale = problem.sgd(run.nu, problem.iterations).tail_scale();
  std::vector<Comparison> tail;
  for (const double multiple : {30.0, 100.0}) {
    const double limit = 1.0 - 2.0 * theory::student_t_xi_by_beta(multiple, run.nu);
    tail.push_back({.where = fmt::format("c = {:.4g}", multiple * scale),
                    .prediction = {.value = limit, .error = 1e-10},
                    .measurement = exactly(exact.at(run.nu, problem.iterations, multiple * scale))});
  }
  out.expect(
      {.id = "sgd/tail/" + run.tag(),
       .statement =
           "Far out P(|x_k| > c) of SGD is that of a single draw of t_ν noise, so that it falls like c^−ν "
           "with ν ≤ 2: E f of SGD is infinite at every iteration",
       .source = source,
       .lemmas = run.decides(),
       .margin = {.relative = 0.05},
       .margin_reason = "what the many small draws add to the one large: of order (scale/c)² log(c/scale), "
                        "below 0.05 from c = 30 scales on"},
      std::move(tail));
}

/// For nu = 1 the iterates keep the law of the noise.
void expect_cauchy(Findings& out, const Problem& problem, const Run& run, const std::vector<double>& levels) {
  const double rho = 1.0 - problem.eta * problem.lambda;
  const auto inside = [&](double c, std::uint64_t k) {
    const double decay = std::pow(rho, static_cast<double>(k));
    const double scale = problem.eta * problem.sigma *
                         (1.0 - std::pow(std::abs(rho), static_cast<double>(k))) / (1.0 - std::abs(rho));
    return (std::atan((c - decay * problem.start) / scale) + std::atan((c + decay * problem.start) / scale)) /
           std::numbers::pi;
  };
  std::vector<Comparison> comparisons;
  for (const double c : levels) {
    const double from = 1.0 - inside(c, problem.settled());
    const double to = 1.0 - inside(c, problem.iterations);
    comparisons.push_back({.where = fmt::format("c = {}", c),
                           .prediction = {.value = 0.5 * (from + to), .error = 0.5 * std::abs(to - from)},
                           .measurement = mean_of(run.sgd->average("settled", beyond(c)))});
  }
  out.expect(
      {.id = "sgd/cauchy",
       .statement =
           "Under t₁ noise x_k of SGD has Cauchy's law with scale ησ(1 − (1−ηλ)^k)/(ηλ) → σ/λ, whatever η: "
           "its loss has no mean, and a smaller learning rate does not help",
       .source = source,
       .lemmas = {sentence},
       .resolution = {.relative = 0.2}},
      std::move(comparisons), {run.sgd});
}

/// The mean over the first replicas against their number.
Series running_mean(const Ensemble& ensemble, std::size_t place, std::string label, Role role, int colour) {
  Series series{.label = std::move(label), .role = role, .colour = colour};
  const Sample sample = ensemble.at(place, "f");
  Moments so_far;
  for (Index group = 0; group < GroupedMoments::groups; ++group) {
    so_far.merge(sample.group(group));
    series.x.push_back(so_far.count);
    series.y.push_back(so_far.mean);
  }
  return series;
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "nus");
  require_distinct(settings, "levels");
  require_distinct(settings, "far_levels");
  const Problem problem{.eta = settings.scalar("eta"),
                        .lambda = settings.scalar("curvature"),
                        .sigma = settings.scalar("sigma"),
                        .start = settings.scalar("x0"),
                        .iterations = settings.count("iterations")};
  const std::vector<std::uint64_t> steps = even_steps(problem.iterations, 100);
  const std::vector<double>& levels = settings.list("levels");
  std::vector<double> all_levels = levels;
  for (const double level : settings.list("far_levels")) all_levels.push_back(level);
  std::vector<Run> runs;
  for (const double nu : settings.list("nus")) {
    Model model = quadratic_with_gaussian_noise({problem.lambda}, problem.sigma, problem.eta);
    model.noise = make_noise("student-t", 1, {{"nu", {nu}}, {"sigma", {problem.sigma}}});
    const auto add = [&](const std::string& label, const std::string& optimizer,
                         std::vector<Observable> observables) {
      const std::string name = fmt::format("{}, ν = {}", label, nu);
      return simulations.add(name,
                             model.optimizer(optimizer, {}, settings.point("x0"), simulations.stream(name)),
                             std::move(observables),
                             {.steps = steps,
                              .windows = {{.name = "settled",
                                           .first = problem.window_start(),
                                           .last = problem.iterations,
                                           .every = window_stride}}},
                             settings.count("runs"));
    };
    std::vector<Observable> bounded = model.observables();
    for (const double level : all_levels) bounded.push_back(exceedance(level));
    runs.push_back({.nu = nu,
                    .sign = add("SignSGD", "signsgd", model.observables()),
                    .sgd = add("SGD", "sgd", std::move(bounded))});
  }

  const auto exceedances = std::make_shared<Exceedances>(problem);
  return [=](Findings& out) {
    Figure loss{.id = "loss",
                .title = "Loss of SignSGD under Student-t noise",
                .caption =
                    "Mean over the runs, and dotted the loss of the exact stationary law; ν: degrees of "
                    "freedom of the "
                    "noise, whose variance is infinite for ν ≤ 2.",
                .x = {.label = "iteration k"},
                .y = {.label = "E f", .logarithmic = true}};
    Figure tails{.id = "tails",
                 .title = "How far SGD is thrown",
                 .caption =
                     "P(|x_k| > c) of SGD at the last iteration by its exact law, and dashed for SignSGD; a "
                     "line of slope "
                     "−2 or less steep means that E f is infinite.",
                 .x = {.label = "c", .logarithmic = true},
                 .y = {.label = "P(|x| > c)", .logarithmic = true, .low = 1e-5, .high = 1.0}};
    Figure means{
        .id = "running-mean",
        .title = "Sample mean of the loss against the number of replicas",
        .caption =
            "The mean of f at the last iteration over the first replicas. For SignSGD it settles; for SGD "
            "under "
            "noise of infinite variance (ν ≤ 2) it jumps with every extreme draw, and no number of replicas "
            "makes it a mean: it is shown, and nothing is claimed of it.",
        .x = {.label = "replicas", .logarithmic = true},
        .y = {.label = "sample mean of f", .logarithmic = true}};
    int colour = 0;
    for (const Run& run : runs) {
      expect_signsgd(out, problem, run);
      expect_sgd(out, problem, run, levels, *exceedances);
      if (run.nu == 1.0) expect_cauchy(out, problem, run, all_levels);
      const std::string label = fmt::format("ν = {}", run.nu);
      loss.series.push_back(
          mean_curve(*run.sign, "f", problem.eta, "SignSGD, " + label, Role::optimizer, colour, false));
      const double floor = problem.floor(run.nu);
      loss.series.push_back({.label = "exact, " + label,
                             .role = Role::theory,
                             .colour = colour,
                             .x = {0.0, static_cast<double>(problem.iterations)},
                             .y = {floor, floor}});
      const double centre = problem.sgd(run.nu, problem.iterations).tail_scale();
      const StationarySignLaw sign({.learning_rate = problem.eta, .start = problem.start},
                                   problem.down(run.nu));
      Series sgd{.label = "SGD, " + label, .role = Role::theory, .colour = colour};
      Series bounded{.label = "SignSGD, " + label, .role = Role::bound, .colour = colour};
      for (double c = 0.3 * centre; c < 60.0 * centre; c *= 1.35) {
        const double thrown = exceedances->at(run.nu, problem.iterations, c);
        if (thrown > 1e-6) {
          sgd.x.push_back(c);
          sgd.y.push_back(thrown);
        }
        const double kept = sign.expectation([c](double x) { return std::abs(x) > c ? 1.0 : 0.0; });
        if (kept > 1e-6) {
          bounded.x.push_back(c);
          bounded.y.push_back(kept);
        }
      }
      tails.series.push_back(std::move(sgd));
      if (!bounded.x.empty()) tails.series.push_back(std::move(bounded));
      means.series.push_back(running_mean(*run.sgd, steps.size() - 1, "SGD, " + label, Role::sde, colour));
      means.series.push_back(
          running_mean(*run.sign, steps.size() - 1, "SignSGD, " + label, Role::optimizer, colour));
      ++colour;
    }
    out.show(std::move(loss));
    out.show(std::move(tails));
    out.show(std::move(means));
  };
}

const Register<Experiment> heavy_tails{{
    .name = "heavy-tails",
    .title = "SignSGD and SGD under heavy-tailed noise",
    .summary = "The paper says in words that SignSGD withstands noise of infinite variance and SGD does not. "
               "Under Student-t "
               "noise SignSGD settles at a finite loss for every ν, predicted by its exact chain. SGD's "
               "iterates keep the tail of "
               "the noise: for ν = 1 they have Cauchy's law exactly, and for ν ≤ 2 the expected loss is "
               "infinite at every "
               "iteration. That SGD diverges is true of its mean loss, not of its paths, whose law has a "
               "limit. Everything "
               "sampled of SGD is bounded: probabilities, never means.",
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
