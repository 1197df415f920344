#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "suite/predictions/margins.hpp"
#include "suite/predictions/stationary_law.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A",
                    .item = "Sections 3.1 to 3.4, how the asymptotic loss depends on the noise"};
const std::string sentence = "sentence-loss-in-sigma";
const char* const window = "second half";

/// How the asymptotic loss of an optimizer depends on sigma.
struct Subject {
  std::string label, optimizer;
  std::optional<double> slope;  ///< of log loss in log sigma; nothing where the loss is bounded
};

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all{{"SGD", "sgd", 2.0},
                                        {"SignSGD", "signsgd", 1.0},
                                        {"RMSprop", "rmsprop", 1.0},
                                        {"Adam", "adam", 1.0},
                                        {"RMSpropW", "rmspropw", std::nullopt},
                                        {"AdamW", "adamw", std::nullopt}};
  return all;
}

/// One optimizer at all sigmas, increasing.
struct Family {
  std::string label;
  std::vector<Problem> problems;
  std::vector<Simulated> simulated{};

  const std::string& optimizer() const { return problems.front().optimizer.name; }
  double sigma(std::size_t i) const { return problems[i].sigmas()(0); }
  double loss(std::size_t i) const { return stationary_loss(problems[i]); }
  std::vector<double> losses() const { return each(problems, stationary_loss); }
  std::vector<double> measured_losses() const {
    return each(simulated, [](const Simulated& at) { return at.loss().over(window).value; });
  }
  std::size_t last() const { return problems.size() - 1; }
  double span() const { return std::log(sigma(last()) / sigma(0)); }
  /// What the loss with weight decay stays below.
  double ceiling() const {
    return problems[0].learning_rate * problems[0].hessian().trace() / (4.0 * problems[0].weight_decay());
  }
};

Family family(const Settings& settings, const Subject& subject) {
  std::vector<double> sigmas = require_distinct(settings, "sigmas");
  std::ranges::sort(sigmas);
  const std::vector<double>& curvatures = settings.list("curvatures");
  const double eta = settings.scalar("eta");
  const bool adaptive = !subject.optimizer.starts_with("s");
  return {.label = subject.label,
          .problems = each(sigmas, [&](double sigma) {
            return adaptive ? adaptive_problem(subject.optimizer, adaptive_parameters(settings), curvatures,
                                               sigma, eta)
                            : quadratic_problem({.name = subject.optimizer}, curvatures, sigma, eta);
          })};
}

void simulate(const Settings& settings, Simulations& simulations, Family& family, std::size_t i) {
  const std::uint64_t iterations = settings.count("iterations");
  family.simulated.push_back(simulations.optimizer(
      fmt::format("{}, σ = {}", family.label, family.sigma(i)), family.problems[i],
      {.recording = averaged(window, iterations / 2, iterations, 10), .runs = settings.count("runs")}));
}

/// At the smallest sigma r = eta lambda / sigma is largest; losses are right to first order in it.
void claim_of_bounded(const Family& family, Findings& out) {
  std::vector<Comparison> losses = each(family.problems, [&](const Problem& problem) -> Comparison {
    return {.where = fmt::format("σ = {}", problem.sigmas()(0)),
            .prediction = {.value = family.ceiling()},
            .measurement = {.value = stationary_loss(problem)}};
  });
  out.claim(family.optimizer() + "/bounded")
      .of(sentence)
      .says("The asymptotic loss of {} stays below η Tr H/(4γ), whatever σ", family.label)
      .compares(Relation::at_most, std::move(losses))
      .margin(adaptive_margin(family.problems.front()) + mean_field_margin());
  const std::size_t last = family.last();
  const double largest = family.problems[0].curvatures().maxCoeff();
  const double rest = largest / (largest + family.problems[0].weight_decay() * family.sigma(last - 1));
  const double slope = std::log(family.loss(last) / family.loss(last - 1)) /
                       std::log(family.sigma(last) / family.sigma(last - 1));
  out.claim(family.optimizer() + "/saturates")
      .of(sentence)
      .says(
          "The asymptotic loss of {} no longer grows with σ: over the two largest σ its slope is at most "
          "λ/(λ + γσ) of the smaller",
          family.label)
      .at_most(slope, {.value = rest})
      .margin(absolute(2.0 * mean_field_margin().bound.relative), mean_field_margin().reason);
}

/// Its exact loss has the factor sigma^2 by construction: the simulation is independent of that calculation.
void claim_of_sgd(const Family& family, double slope, Findings& out) {
  out.claim("sgd/slope")
      .of(sentence)
      .says("The asymptotic loss of simulated SGD grows like σ^2: slope of log E f in log σ")
      .equals(of_losses({family.simulated.back(), family.simulated.front()}, window,
                        [span = family.span()](const std::vector<double>& losses) {
                          return std::log(losses[0] / losses[1]) / span;
                        }),
              {.value = slope})
      .resolves(absolute(0.02));
}

void claim_of_slope(const Family& family, double slope, Findings& out) {
  out.claim(family.optimizer() + "/slope")
      .of(sentence)
      .says("The asymptotic loss of {} grows like σ^{}: slope of log E f in log σ", family.label, slope)
      .equals(std::log(family.loss(family.last()) / family.loss(0)) / family.span(), {.value = slope})
      .margin(absolute(0.8 * family.problems.front().largest_ratio() / family.span()),
              "the loss at the smallest σ is off by 0.8 ηλ/σ at most, over log σ");
}

void claims_of_simulation(const Family& family, const std::string& id, const std::string& calculation,
                          Findings& out) {
  for (std::size_t i = 0; i < family.problems.size(); ++i) {
    out.claim("{}/sigma={}", id, family.sigma(i))
        .at(source)
        .says("The asymptotic loss of simulated {} is that of {}", family.label, calculation)
        .equals(family.simulated[i].loss().over(window), stationary_law(family.problems[i]).loss())
        .margin(stationary_law_margin(family.problems[i]))
        .resolves(relative(0.03));
  }
}

void draw(const std::vector<Family>& families, const Family& sgd, const Family& rmspropw, Findings& out) {
  const std::vector<double> sigmas =
      each(sgd.problems, [](const Problem& problem) { return problem.sigmas()(0); });
  FigureBuilder figure = out.figure("loss", "Asymptotic loss against the noise, six optimizers")
                             .caption(
                                 "Asymptotic E f: exact for SGD and SignSGD, mean-field fixed point for the "
                                 "others, and simulated RMSpropW and SGD. Dash-dotted: what the loss of "
                                 "RMSpropW and AdamW stays below, η Tr H/(4γ).")
                             .x({.label = "σ", .logarithmic = true})
                             .y({.label = "E f", .logarithmic = true})
                             .at(sigmas);
  int colour = 0;
  for (const Family& family : families) figure.theory(family.losses(), family.label, colour++);
  figure.optimizer(rmspropw.measured_losses(), "RMSpropW, simulated", colour)
      .optimizer(sgd.measured_losses(), "SGD, simulated", colour + 1)
      .at({sigmas.front(), sigmas.back()})
      .bound([&](double) { return rmspropw.ceiling(); }, "η Tr H/(4γ)", 5);
}

Judgement design(const Settings& settings, Simulations& simulations) {
  std::vector<Family> families =
      each(subjects(), [&](const Subject& subject) { return family(settings, subject); });
  constexpr std::size_t sgd = 0, adam = 3, rmspropw = 4;
  for (std::size_t i = 0; i <= families[sgd].last(); ++i) {
    simulate(settings, simulations, families[rmspropw], i);
    simulate(settings, simulations, families[sgd], i);
  }
  return [=](Findings& out) {
    for (std::size_t i = 0; i < families.size(); ++i) {
      const std::optional<double> slope = subjects()[i].slope;
      if (!slope) {
        claim_of_bounded(families[i], out);
      } else if (i == sgd) {
        claim_of_sgd(families[i], *slope, out);
      } else {
        claim_of_slope(families[i], *slope, out);
      }
    }
    const auto growth = [](const Family& family) {
      return std::log(family.loss(family.last()) / family.loss(0));
    };
    out.claim("sgd-and-adam-alike")
        .at(source)
        .says("The asymptotic losses of SGD and of Adam depend on σ alike (not in the paper)")
        .equals(growth(families[sgd]) / growth(families[adam]), {.value = 1.0})
        .margin(relative(0.1), "a tenth of the exponent")
        .is_refuted();
    claims_of_simulation(families[rmspropw], "simulation", "the mean-field fixed point", out);
    claims_of_simulation(families[sgd], "sgd/simulation", "its linear recursion", out);
    draw(families, families[sgd], families[rmspropw], out);
  };
}

const Register<Experiment> loss_in_sigma{{
    .name = "loss-in-sigma",
    .title = "How the asymptotic loss of six optimizers depends on the noise",
    .summary =
        "Linear in σ for SignSGD, RMSprop and Adam, quadratic for SGD, bounded for RMSpropW and AdamW: by "
        "the exact stationary law and the mean-field fixed point, and simulated for SGD, whose calculated "
        "loss could not fail, and for RMSpropW, which Figure 6 leaves out.",
    .source = source,
    .lemmas = {"sentence-loss-in-sigma"},
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η, as in Figure 6"),
                 chosen("sigmas", {0.3, 1.0, 10.0, 100.0, 1000.0}, Range::positive(),
                        "standard deviations of the gradient noise, in the range where ηλ/σ is small"),
                 chosen("curvatures", {1.0, 1.0}, Range::positive(), "H = diag(curvatures), as in Figure 6"),
                 chosen("gamma", {1.0}, Range::positive(), "weight decay γ of RMSpropW and AdamW"),
                 chosen("beta_1", {0.9}, Range::unit(), "decay of Adam(W)'s first moment"),
                 chosen("beta_2", {0.999}, Range::unit(), "decay of the second moment"),
                 chosen("iterations", {10000}, Range::at_least(1000),
                        "iterations of RMSpropW and SGD, from the minimum"),
                 chosen("runs", {256}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
