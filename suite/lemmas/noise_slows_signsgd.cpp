#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reference/theory/lemma_3_7.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"
#include "suite/study/oracles.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Section 3.1, the speed of SignSGD near a minimum"};

/// sqrt(2 / pi) lambda / sigma, from E X_t = X_0 e^{-rate t} of Lemma 3.7.
double printed_rate(const Settings& settings, double sigma) {
  return -std::log(theory::signsgd_mean({.learning_rate = settings.scalar("eta"),
                                         .curvature = settings.scalar("curvature"),
                                         .sigma = sigma,
                                         .start = 1.0},
                                        1.0));
}

/// E x falls to this fraction of its start.
constexpr double fraction = 0.1;

/// What an optimizer does at one sigma, by its exact law.
struct Speed {
  double sigma;
  std::uint64_t iterations;  ///< until E x has fallen to the fraction
  double rate;               ///< of that fall, of the time t = k eta
};

Speed speed_of(const Settings& settings, double sigma, bool sign) {
  const double eta = settings.scalar("eta");
  const double start = settings.scalar("x0");
  const SeparableQuadratic problem{{settings.scalar("curvature")}, sigma, eta, {start}};
  // Twice the time that the printed rate needs is enough for either.
  const double slowest = sign ? printed_rate(settings, sigma) : settings.scalar("curvature");
  const auto last = static_cast<std::uint64_t>(std::ceil(2.0 * -std::log(fraction) / (slowest * eta))) + 2;
  std::vector<std::uint64_t> steps(last);
  for (std::uint64_t k = 0; k < last; ++k) steps[k] = k + 1;
  const ExactMoments exact = sign ? exact_signsgd(problem, steps) : exact_sgd(problem, steps);
  const auto reached = std::ranges::find_if(
      exact.mean, [&](const std::vector<double>& mean) { return mean[0] <= fraction * start; });
  const auto place = static_cast<std::size_t>(reached - exact.mean.begin());
  const std::size_t measured = std::min(place, exact.mean.size() - 1);
  const double time = static_cast<double>(steps[measured]) * eta;
  return {.sigma = sigma,
          .iterations = steps[measured],
          .rate = std::log(start / exact.mean[measured][0]) / time};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "sigmas");
  const double eta = settings.scalar("eta");
  const double curvature = settings.scalar("curvature");
  const double start = settings.scalar("x0");
  std::vector<double> sigmas = settings.list("sigmas");
  std::ranges::sort(sigmas);
  const std::uint64_t iterations = settings.count("iterations");
  const std::vector<std::uint64_t> steps = even_steps(iterations, 50);
  struct Simulated {
    double sigma;
    std::shared_ptr<const Ensemble> ensemble;
  };
  std::vector<Simulated> simulated;
  for (const double sigma : {sigmas.front(), sigmas.back()}) {
    const Model model = quadratic_with_gaussian_noise({curvature}, sigma, eta);
    const std::string name = fmt::format("SignSGD, σ = {}", sigma);
    simulated.push_back(
        {sigma, simulations.add(
                    name, model.optimizer("signsgd", {}, Point::Constant(1, start), simulations.stream(name)),
                    model.observables(), {.steps = steps}, settings.count("runs"))});
  }

  std::vector<Simulated> simulated_sgd;
  for (const double sigma : {sigmas.front(), sigmas.back()}) {
    const Model model = quadratic_with_gaussian_noise({curvature}, sigma, eta);
    const std::string name = fmt::format("SGD, σ = {}", sigma);
    simulated_sgd.push_back(
        {sigma, simulations.add(
                    name, model.optimizer("sgd", {}, Point::Constant(1, start), simulations.stream(name)),
                    model.observables(), {.steps = steps}, settings.count("runs"))});
  }

  return [=](Findings& out) {
    std::vector<Speed> sign;
    std::vector<Speed> sgd;
    for (const double sigma : sigmas) {
      sign.push_back(speed_of(settings, sigma, true));
      sgd.push_back(speed_of(settings, sigma, false));
    }
    const auto margin_at = [&](double sigma) {
      const double y = curvature * start / sigma;
      return 0.8 * eta * curvature / sigma + y * y / 6.0;
    };
    const char* const reason = "first order: 0.8 ηλ/σ, and the curvature of Erf at the start, (λx₀/σ)²/6";
    for (std::size_t i = 0; i < sigmas.size(); ++i) {
      out.expect({.id = fmt::format("rate/sigma={}", sigmas[i]),
                  .statement = "Near a minimum E x of SignSGD falls like e^(−√(2/π)(λ/σ)t)",
                  .source = source,
                  .lemmas = {"sentence-noise-slows"},
                  .margin = {.relative = margin_at(sigmas[i])},
                  .margin_reason = reason},
                 {.value = printed_rate(settings, sigmas[i])}, exactly(sign[i].rate));
    }
    const double span = std::log(sigmas.back() / sigmas.front());
    const auto slope = [&](const std::vector<Speed>& speeds) {
      return std::log(speeds.back().rate / speeds.front().rate) / span;
    };
    const auto time_slope = [&](const std::vector<Speed>& speeds) {
      return std::log(static_cast<double>(speeds.back().iterations) /
                      static_cast<double>(speeds.front().iterations)) /
             span;
    };
    const double rounding = 1.0 / static_cast<double>(sign.front().iterations);
    out.expect(
        {.id = "signsgd/slope",
         .statement = "Noise slows SignSGD: its rate is proportional to 1/σ, slope of log rate in log σ",
         .source = source,
         .lemmas = {"sentence-noise-slows"},
         .margin = {.absolute = margin_at(sigmas.front()) / span},
         .margin_reason = reason},
        {.value = -1.0}, exactly(slope(sign)));
    out.expect({.id = "signsgd/time",
                .statement = "The iterations in which E x of SignSGD falls to a tenth grow like σ",
                .source = source,
                .lemmas = {"sentence-noise-slows"},
                .margin = {.absolute = (margin_at(sigmas.front()) + rounding) / span},
                .margin_reason = std::string(reason) + ", and whole iterations"},
               {.value = 1.0}, exactly(time_slope(sign)));
    out.expect({.id = "sgd/slope",
                .statement = "Noise does not slow SGD: its rate does not depend on σ",
                .source = source,
                .lemmas = {"sentence-noise-slows"},
                .margin = {.absolute = 1e-12},
                .margin_reason = "rounding: E x of SGD is (1 − ηλ)^k x₀ exactly"},
               {.value = 0.0}, exactly(slope(sgd)));
    out.expect({.id = "sgd/rate",
                .statement = "E x of SGD falls like e^(−λt), whatever σ",
                .source = source,
                .lemmas = {"sentence-noise-slows"},
                .margin = {.relative = 0.6 * eta * curvature},
                .margin_reason = "first order: −log(1 − ηλ)/η = λ(1 + ηλ/2 + …)"},
               {.value = curvature}, exactly(sgd.back().rate));
    for (const Simulated& run : simulated_sgd) {
      const ExactMoments exact = exact_sgd(
          {.curvatures = {curvature}, .sigma = run.sigma, .learning_rate = eta, .start = {start}}, steps);
      out.expect({.id = fmt::format("sgd/simulation/sigma={}", run.sigma),
                  .statement = fmt::format("Simulated SGD at σ = {} has the mean (1 − ηλ)^k x₀, whatever σ",
                                           run.sigma),
                  .source = source,
                  .lemmas = {"sentence-noise-slows"},
                  .resolution = {.absolute = 0.1 * std::abs(start)}},
                 along(*run.ensemble, "x1", eta, spread(steps.size(), 5), mean_of,
                       [&](std::size_t place) { return exact.mean[place][0]; }),
                 {run.ensemble});
    }
    Figure means{.id = "means",
                 .title = "E x of SignSGD and of SGD at several noise levels",
                 .caption = fmt::format(
                     "Exact E x from x₀ = {} on f = λx²/2, λ = {}, and the mean over simulated runs "
                     "of SignSGD at the smallest and the largest σ. SGD: the same for every σ.",
                     start, curvature),
                 .x = {.label = "iteration k"},
                 .y = {.label = "E x"}};
    int colour = 0;
    for (const double sigma : sigmas) {
      const ExactMoments exact = exact_signsgd({{curvature}, sigma, eta, {start}}, steps);
      means.series.push_back(curve(fmt::format("SignSGD, σ = {}", sigma), Role::theory, colour, steps,
                                   [&](std::size_t place) { return exact.mean[place][0]; }));
      for (const Simulated& entry : simulated) {
        if (entry.sigma != sigma) continue;
        // SignSGD moves by eta whatever it sees, so its spread is of the order of the start.
        const double deviation = std::sqrt(theory::signsgd_leading_variance(
            {.learning_rate = eta, .curvature = curvature, .sigma = sigma, .start = start}));
        out.expect({.id = fmt::format("simulation/sigma={}", sigma),
                    .statement = "E x of simulated SignSGD is that of its exact chain",
                    .source = source,
                    .resolution = {.absolute = 0.1 * deviation}},
                   along(*entry.ensemble, "x1", eta, spread(steps.size(), 6), mean_of,
                         [&](std::size_t place) { return exact.mean[place][0]; }),
                   {entry.ensemble});
        means.series.push_back(mean_curve(*entry.ensemble, "x1", eta,
                                          fmt::format("SignSGD, σ = {}, simulated", sigma), Role::optimizer,
                                          colour, false));
      }
      ++colour;
    }
    const ExactMoments exact = exact_sgd({{curvature}, sigmas.front(), eta, {start}}, steps);
    means.series.push_back(curve("SGD, every σ", Role::bound, colour, steps,
                                 [&](std::size_t place) { return exact.mean[place][0]; }));
    out.show(std::move(means));
    Figure times{.id = "times",
                 .title = "Iterations in which E x falls to a tenth",
                 .caption = "Exact, against the noise; dotted: −log(0.1)/(√(2/π)(λ/σ)η), proportional to σ.",
                 .x = {.label = "σ", .logarithmic = true},
                 .y = {.label = "iterations", .logarithmic = true}};
    const auto time_curve = [](std::string label, Role role, int which, const std::vector<Speed>& speeds) {
      Series series{.label = std::move(label), .role = role, .colour = which};
      for (const Speed& speed : speeds) {
        series.x.push_back(speed.sigma);
        series.y.push_back(static_cast<double>(speed.iterations));
      }
      return series;
    };
    times.series.push_back(time_curve("SignSGD", Role::optimizer, 0, sign));
    times.series.push_back(time_curve("SGD", Role::optimizer, 1, sgd));
    Series printed_time{.label = "SignSGD, as predicted", .role = Role::theory, .colour = 2};
    for (const double sigma : sigmas) {
      printed_time.x.push_back(sigma);
      printed_time.y.push_back(-std::log(fraction) / (printed_rate(settings, sigma) * eta));
    }
    times.series.push_back(std::move(printed_time));
    out.show(std::move(times));
  };
}

const Register<Experiment> noise_slows_signsgd{{
    .name = "noise-slows-signsgd",
    .title = "Noise slows SignSGD, not SGD",
    .summary = "The speed of SignSGD near a minimum is √(2/π)λ/σ, that of SGD λ. By the exact laws of both: "
               "the rate "
               "at which E x falls, and the iterations that it takes to fall to a tenth, against σ.",
    .source = source,
    .lemmas = {"sentence-noise-slows"},
    .settings = {chosen("eta", {1e-3}, Range::positive(), "learning rate η, as in Figure 2"),
                 chosen("sigmas", {0.05, 0.1, 0.2, 0.4, 1.6}, Range::positive(),
                        "standard deviations of the gradient noise, from half of Figure 2's"),
                 chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2, as in Figure 2"),
                 chosen("x0", {0.005}, Range::positive(), "start, near the minimum: λx₀/σ ≤ 0.1, phase 3"),
                 chosen("iterations", {1000}, Range::at_least(100),
                        "iterations that are simulated and drawn"),
                 chosen("runs", {8192}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
