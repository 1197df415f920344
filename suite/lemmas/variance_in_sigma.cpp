#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/predictions/margins.hpp"
#include "suite/predictions/stationary_law.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

constexpr const char* sentence = "sentence-variance-in-sigma";
const char* const window = "second half";

/// How the stationary variance of an optimizer depends on sigma.
struct Subject {
  std::string label, optimizer;
  std::optional<double> slope;  ///< of log variance in log sigma; nothing where it is bounded
};

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all{{"SGD", "sgd", 2.0},          {"SignSGD", "signsgd", 1.0},
                                        {"RMSprop", "rmsprop", 1.0},  {"Adam", "adam", 1.0},
                                        {"RMSpropW", "rmspropw", {}}, {"AdamW", "adamw", {}}};
  return all;
}

/// One optimizer at all sigmas, increasing.
struct Family {
  Subject subject;
  std::vector<Problem> problems;
  std::vector<Simulated> ends{};  ///< at the smallest sigma and at the largest

  double sigma(std::size_t i) const { return problems[i].sigmas()(0); }
  double variance(std::size_t i, Index coordinate) const {
    return stationary_law(problems[i]).variance(coordinate).value;
  }
  std::size_t last() const { return problems.size() - 1; }
  double span() const { return std::log(sigma(last()) / sigma(0)); }
};

Family family(const Settings& settings, const Subject& subject) {
  std::vector<double> sigmas = settings.list("sigmas");
  std::ranges::sort(sigmas);
  const std::vector<double>& curvatures = settings.list("curvatures");
  const Point start = Point::Zero(static_cast<Index>(curvatures.size()));
  Family result{.subject = subject, .problems = {}};
  for (const double sigma : sigmas) {
    const bool adaptive = !subject.optimizer.starts_with("s");
    result.problems.push_back(adaptive
                                  ? adaptive_problem(subject.optimizer,
                                                     {settings.scalar("beta_1"), settings.scalar("beta_2"),
                                                      settings.scalar("gamma")},
                                                     curvatures, sigma, settings.scalar("eta"), start)
                                  : quadratic_problem({.name = subject.optimizer}, curvatures, sigma,
                                                      settings.scalar("eta"), start));
  }
  return result;
}

void simulate_ends(const Settings& settings, Simulations& simulations, Family& family) {
  const std::uint64_t iterations = settings.count("iterations");
  for (const std::size_t i : {std::size_t{0}, family.last()}) {
    family.ends.push_back(simulations.optimizer(
        fmt::format("{}, σ = {}", family.subject.label, family.sigma(i)), family.problems[i],
        {.recording =
             {.windows = {{.name = window, .first = iterations / 2, .last = iterations, .every = 10}}},
         .runs = settings.count("runs"),
         .observables = {squared_column("x1^2", 0)}}));
  }
}

/// The calculated variance of SGD has the factor sigma^2 by construction: the simulation has not.
void claim_of_sgd(const Family& family, Findings& out) {
  const std::vector<Sample> squares{family.ends[1]->average(window, "x1^2"),
                                    family.ends[0]->average(window, "x1^2")};
  out.claim("sgd/slope")
      .of(sentence)
      .says("The stationary variance of simulated SGD grows like σ²: slope of log E x₁² in log σ")
      .equals(jackknife(squares,
                        [span = family.span()](std::span<const Moments> moments) {
                          return std::log(moments[0].mean / moments[1].mean) / span;
                        }),
              {.value = *family.subject.slope})
      .resolves(absolute(0.02));
}

void claim_of_slope(const Family& family, Findings& out) {
  std::vector<Comparison> slopes;
  for (const Index i : family.problems.front().coordinates()) {
    slopes.push_back(
        {.where = fmt::format("λ = {}", family.problems.front().curvatures()(i)),
         .prediction = {.value = *family.subject.slope},
         .measurement = {.value = std::log(family.variance(family.last(), i) / family.variance(0, i)) /
                                  family.span()}});
  }
  out.claim(family.subject.optimizer + "/slope")
      .of(sentence)
      .says(fmt::format("The stationary variance of {} grows like σ: slope of log Var x in log σ",
                        family.subject.label))
      .compares(Relation::equal, std::move(slopes))
      .margin(absolute(0.8 * family.problems.front().largest_ratio() / family.span()),
              "the variance at the smallest σ is off by 0.8 ηλ/σ at most, over log σ");
}

void claim_of_bounded(const Family& family, Findings& out) {
  const Problem& first = family.problems.front();
  const double ceiling = 0.5 * first.learning_rate / first.weight_decay();
  std::vector<Comparison> variances;
  for (std::size_t i = 0; i < family.problems.size(); ++i) {
    variances.push_back({.where = fmt::format("σ = {}", family.sigma(i)),
                         .prediction = {.value = ceiling},
                         .measurement = {.value = family.variance(i, 0)}});
  }
  const Margin margin = adaptive_margin(first) + mean_field_margin();
  out.claim(family.subject.optimizer + "/bounded")
      .of(sentence)
      .says(fmt::format("The stationary variance of {} stays below η/(2γ), whatever σ", family.subject.label))
      .compares(Relation::at_most, std::move(variances))
      .margin(margin);
  const double pull = first.curvatures()(0) / (first.weight_decay() * family.sigma(family.last()));
  out.claim(family.subject.optimizer + "/attains")
      .of(sentence)
      .says(fmt::format("At the largest σ that of {} is η/(2γ), up to λ/(γσ)", family.subject.label))
      .equals(family.variance(family.last(), 0), {.value = ceiling})
      .margin(margin + Margin{relative(pull), "λ/(γσ), by which the limit is not reached"});
}

Figure figure(const std::vector<Family>& families) {
  Figure result{.id = "variance",
                .title = "Stationary variance against the noise, six optimizers",
                .caption = "Var x₁: exact for SGD and SignSGD, mean-field fixed point for the others.",
                .x = {.label = "σ", .logarithmic = true},
                .y = {.label = "Var x₁", .logarithmic = true},
                .series = {}};
  int colour = 0;
  for (const Family& family : families) {
    Series series{.label = family.subject.label, .role = Role::theory, .colour = colour++};
    for (std::size_t i = 0; i <= family.last(); ++i) {
      series.x.push_back(family.sigma(i));
      series.y.push_back(family.variance(i, 0));
    }
    result.series.push_back(std::move(series));
  }
  return result;
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "sigmas");
  std::vector<Family> families;
  for (const Subject& subject : subjects()) families.push_back(family(settings, subject));
  simulate_ends(settings, simulations, families.front());
  return [=](Findings& out) {
    for (const Family& family : families) {
      if (!family.subject.slope) {
        claim_of_bounded(family, out);
      } else if (family.ends.empty()) {
        claim_of_slope(family, out);
      } else {
        claim_of_sgd(family, out);
      }
    }
    out.show(figure(families));
  };
}

const Register<Experiment> variance_in_sigma{{
    .name = "variance-in-sigma",
    .title = "How the stationary variance of six optimizers depends on the noise",
    .summary = "Linear in σ for SignSGD, RMSprop and Adam, quadratic for SGD, bounded by η/(2γ) for RMSpropW "
               "and AdamW, "
               "at every curvature: by the exact stationary law and the mean-field fixed point, and "
               "simulated for SGD, "
               "whose calculated variance could not fail.",
    .source = {.paper = "A", .item = "Sections 3.1 to 3.4, the variance of the iterates against σ"},
    .lemmas = {sentence},
    .settings = {chosen("eta", {1e-2}, Range::positive(), "learning rate η, as in Figure 6"),
                 chosen("sigmas", {1.0, 10.0, 100.0, 1000.0}, Range::positive(),
                        "standard deviations of the gradient noise, in the range where ηλ/σ is small"),
                 chosen("curvatures", {1.0, 3.0}, Range::positive(), "H = diag(curvatures), as in Figure 5"),
                 chosen("gamma", {1.0}, Range::positive(), "weight decay γ of RMSpropW and AdamW"),
                 chosen("beta_1", {0.9}, Range::unit(), "decay of Adam(W)'s first moment"),
                 chosen("beta_2", {0.999}, Range::unit(), "decay of the second moment"),
                 chosen("iterations", {5000}, Range::at_least(1000), "iterations of SGD, from the minimum"),
                 chosen("runs", {256}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
