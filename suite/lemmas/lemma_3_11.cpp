#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "reference/theory/lemma_3_3.hpp"
#include "reference/theory/lemma_c_14.hpp"
#include "reference/theory/lemma_c_8.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/weak_error.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Lemma 3.11 (C.14)"};
/// The degrees of freedom of the lemma; it is as true of others.
constexpr double printed_nu = 2.0;

std::vector<std::string> decided_at(double nu) {
  return nu == printed_nu ? std::vector<std::string>{"3.11"} : std::vector<std::string>{};
}

/// One coordinate of the landscape under noise of nu degrees of freedom.
struct Case {
  theory::QuadraticCoordinate coordinate;
  double nu;
  ProbabilityDown down() const {
    return student_t_probability_down({.curvature = coordinate.curvature, .sigma = coordinate.sigma}, nu);
  }
  double speed() const { return theory::student_t_slope(nu) * coordinate.curvature / coordinate.sigma; }
  /// V0 = eta / (2 b), the leading order of the stationary variance.
  double leading_variance() const { return 0.5 * coordinate.learning_rate / speed(); }
  /// kappa in 2 Xi(y) = s (y - kappa y^3 + ...).
  double cubic() const { return (nu + 1.0) / (6.0 * nu); }
  /// eta lambda / sigma
  double ratio() const { return coordinate.learning_rate * coordinate.curvature / coordinate.sigma; }
  std::string tag() const { return fmt::format("nu={}/curvature={}", nu, coordinate.curvature); }
};

void expect_chain(Findings& out, const Case& which, const std::vector<std::uint64_t>& steps, Figure* figure,
                  int colour) {
  const theory::QuadraticCoordinate& c = which.coordinate;
  const SignLattice lattice{.learning_rate = c.learning_rate, .start = c.start};
  // E x sign = eta / 2 in the stationary law, and the cubic term of the mean sign is 3 kappa (lambda / sigma)^2 V.
  const double first_order = 1.5 * which.cubic() * which.ratio() / theory::student_t_slope(which.nu);
  out.expect(
      {.id = "stationary/" + which.tag(),
       .statement = fmt::format("Near the minimum SignSGD under t_{} noise has the stationary variance "
                                "(η/2)σ/(s λ) of the linear SDE, s = 2Ξ_ν′(0)",
                                which.nu),
       .source = source,
       .lemmas = decided_at(which.nu),
       .margin = {.relative = 1.25 * first_order},
       .margin_reason =
           "first order in ηλ/σ, from the cubic term of Ξ: (ν+1)/(4νs) ηλ/σ, and a quarter more for "
           "what follows"},
      {.value = which.leading_variance()}, exactly(StationarySignLaw(lattice, which.down()).variance()));
  SignChain chain(lattice, which.down());
  std::vector<double> means, seconds;
  for (const std::uint64_t k : steps) {
    chain.advance(k - chain.iteration());
    means.push_back(chain.mean());
    seconds.push_back(chain.second_moment());
  }
  const double steepness = std::pow(c.curvature / c.sigma, 2);
  const double late =
      which.cubic() * steepness * (0.1925 * c.start * c.start + 1.104 * which.leading_variance());
  const double discrete = 0.5 * c.learning_rate * which.speed() / std::numbers::e;
  const auto time = [&](std::size_t place) { return static_cast<double>(steps[place]) * c.learning_rate; };
  out.expect(
      {.id = "mean/" + which.tag(),
       .statement =
           fmt::format("Near the minimum E x of SignSGD under t_{} noise is x₀ e^(−s λ t/σ)", which.nu),
       .source = source,
       .lemmas = decided_at(which.nu),
       .margin = {.absolute = 1.25 * (late + discrete) * c.start},
       .margin_reason = "integrated over time: the cubic term of Ξ on E x³ = m³ + 3mV, and (1 − ηb)^k for "
                        "e^(−bt); a quarter more for what follows"},
      exactly_along(
          steps, spread(steps.size(), steps.size()), [&](std::size_t place) { return means[place]; },
          [&](std::size_t place) { return theory::student_t_mean(c, which.nu, time(place)); }));
  if (figure == nullptr) return;
  const std::string label = fmt::format("ν = {}", which.nu);
  figure->series.push_back(curve("SignSGD, exact, " + label, Role::optimizer, colour, steps,
                                 [&](std::size_t place) { return seconds[place]; }));
  figure->series.push_back(curve("linear SDE, " + label, Role::theory, colour, steps, [&](std::size_t place) {
    const double mean = theory::student_t_mean(c, which.nu, time(place));
    return theory::student_t_variance(c, which.nu, time(place)) + mean * mean;
  }));
}

/// The moments of the linear SDE by formula and by its backward equation.
void expect_moments(Findings& out, const Case& which, double step, std::uint64_t count) {
  const theory::QuadraticCoordinate& c = which.coordinate;
  const double b = which.speed();
  const ScalarDiffusion equation{
      [b](double x) { return -b * x; },
      [b, &c](double x) { return std::sqrt(c.learning_rate * std::max(0.0, 1.0 - b * b * x * x)); }};
  const std::vector<TestFunction> functions = test_functions();
  const auto values = expectations(equation, {.low = -1.0 / b, .high = 1.0 / b},
                                   {functions[0].value, functions[1].value}, c.start, step, count);
  std::vector<Comparison> comparisons;
  for (std::uint64_t k = 0; k <= count; ++k) {
    const double time = static_cast<double>(k) * step;
    const double mean = theory::student_t_mean(c, which.nu, time);
    const double formula[] = {mean, theory::student_t_variance(c, which.nu, time) + mean * mean};
    for (std::size_t f = 0; f < 2; ++f) {
      comparisons.push_back({.where = fmt::format("{}, t = {:.4g}", functions[f].name, time),
                             .prediction = {.value = formula[f], .error = values[f][k].error},
                             .measurement = exactly(values[f][k].value)});
    }
  }
  out.expect({.id = "moments-of-the-sde/" + which.tag(),
              .statement = "E x and E x² of the linear SDE by formula and by its backward equation",
              .source = source,
              .relation = Relation::identity,
              .margin = {.absolute = 1e-12},
              .margin_reason = "rounding of the collocation"},
             std::move(comparisons));
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "nus");
  require_distinct(settings, "curvatures");
  const double eta = settings.scalar("eta");
  const double sigma = settings.scalar("sigma");
  const double start = settings.scalar("x0");
  const std::vector<double>& curvatures = settings.list("curvatures");
  const std::vector<std::uint64_t> steps = even_steps(settings.count("iterations"), 100);
  Model model = quadratic_with_gaussian_noise(curvatures, sigma, eta);
  model.noise =
      make_noise("student-t", model.landscape->dimension(), {{"nu", {printed_nu}}, {"sigma", {sigma}}});
  constexpr std::uint64_t fine = 2;
  const auto sde = simulations.add(
      "linear SDE, ν = 2, weak order 2",
      model.sde("signsgd-phase-3", "weak-order-2", fine, Point::Constant(model.landscape->dimension(), start),
                simulations.stream("linear SDE")),
      model.observables(), {.steps = scaled(steps, fine)}, settings.count("runs"));

  return [=](Findings& out) {
    Figure figure{
        .id = "second-moment",
        .title = "E x² near the minimum under Student-t noise",
        .caption =
            "SignSGD by its exact chain and the linear SDE of Lemma 3.11, whose speed is s λ/σ with "
            "s = 2Ξ_ν′(0); ν: degrees of freedom, λ: the first curvature.",
        .x = {.label = "iteration k"},
        .y = {.label = "E x²", .logarithmic = true}};
    int colour = 0;
    for (const double nu : settings.list("nus")) {
      for (const double curvature : curvatures) {
        const Case which{
            .coordinate = {.learning_rate = eta, .curvature = curvature, .sigma = sigma, .start = start},
            .nu = nu};
        expect_chain(out, which, steps, curvature == curvatures.front() ? &figure : nullptr, colour);
        expect_moments(out, which, static_cast<double>(steps.back()) * eta / 20.0, 20);
      }
      ++colour;
    }
    out.show(std::move(figure));

    out.expect({.id = "slope",
                .statement = "Near 0, 2Ξ(x) is x/√2 for ν = 2",
                .source = source,
                .lemmas = {"3.11"},
                .relation = Relation::identity,
                .margin = {.relative = 1e-14},
                .margin_reason = "rounding"},
               {.value = std::numbers::sqrt2 / 2.0}, exactly(theory::student_t_slope(printed_nu)));
    out.expect(
        {.id = "about-ten-per-cent",
         .statement =
             "Under t₂ noise SignSGD approaches the minimum about 10 % more slowly than under normal noise "
             "of the same scale",
         .source = {.paper = "A", .item = "Lemma 3.11, text"},
         .lemmas = {"3.11"},
         .margin = {.absolute = 0.05},
         .margin_reason = "what \"about 10 %\" can mean: between 5 % and 15 %"},
        {.value = 0.1}, exactly(1.0 - theory::student_t_slope(printed_nu) / theory::gaussian_slope()));
    for (std::size_t i = 0; i < curvatures.size(); ++i) {
      const std::string name = fmt::format("x{}", i + 1);
      const theory::QuadraticCoordinate c{
          .learning_rate = eta, .curvature = curvatures[i], .sigma = sigma, .start = start};
      const Case which{.coordinate = c, .nu = printed_nu};
      out.expect({.id = "simulation/Var-" + name,
                  .statement = "The linear SDE for ν = 2, simulated, has the variance of its formula",
                  .source = source,
                  .margin = {.relative = std::pow(eta * which.speed() / fine, 2)},
                  .margin_reason = "bias of the weak order-2 integrator, (ηb/2)²",
                  .resolution = {.relative = 0.06}},
                 along(*sde, name, eta, spread(steps.size(), 5), variance_of,
                       [&](std::size_t place) {
                         return theory::student_t_variance(c, printed_nu,
                                                           static_cast<double>(steps[place]) * eta);
                       }),
                 {sde});
    }
    const std::vector<double> etas = halved(settings.scalar("largest_eta"), settings.count("halvings"));
    const double lambda = curvatures.front();
    const double scale = settings.scalar("sigma_of_order");
    const Case wide{.coordinate = {.learning_rate = eta, .curvature = lambda, .sigma = scale, .start = 0.0},
                    .nu = printed_nu};
    const double b = wide.speed();
    const WeakErrors errors =
        weak_errors({.down = wide.down(), .start = 0.0, .end = 1.0 / b, .time = 1.0}, etas, square_function(),
                    solved([b](double h) {
                      return ScalarDiffusion{
                          [b](double x) { return -b * x; },
                          [b, h](double x) { return std::sqrt(h * std::max(0.0, 1.0 - b * b * x * x)); }};
                    }));
    out.expect(
        {.id = "order",
         .statement = "From the minimum E x² of the linear SDE for ν = 2 approaches that of SignSGD like η²",
         .source = source,
         .lemmas = {"3.11"},
         .relation = Relation::order,
         .margin = order_margin,
         .margin_reason = order_margin_reason},
        orders(errors, 2.0));

    Series speeds{.label = "2Ξ_ν′(0)", .role = Role::theory, .colour = 0};
    for (double nu = 1.0; nu < 101.0; nu *= 1.2) {
      speeds.x.push_back(nu);
      speeds.y.push_back(theory::student_t_slope(nu));
    }
    out.show({.id = "speed",
              .title = "Speed near the minimum against the weight of the tails",
              .caption = "s = 2Ξ_ν′(0), the rate of approach in units of λ/σ, against the degrees of freedom "
                         "ν of the noise; "
                         "√(2/π) for normal noise.",
              .x = {.label = "ν", .logarithmic = true},
              .y = {.label = "s", .low = 0.6, .high = 0.85},
              .series = {speeds,
                         {.label = "normal noise",
                          .role = Role::bound,
                          .colour = 1,
                          .x = {1.0, 100.0},
                          .y = {theory::gaussian_slope(), theory::gaussian_slope()}}}});
  };
}

const Register<Experiment> lemma_3_11{{
    .name = "lemma-3.11",
    .title = "SignSGD near the minimum under Student-t noise",
    .summary =
        "Lemma 3.11 gives the linear SDE of SignSGD near a minimum for noise with two degrees of freedom, "
        "whose "
        "variance is infinite: dX = −√(1/2) Σ^(−1/2)∇f dt + √η √(I − (1/2) diag(Σ^(−1/2)∇f)²) dW. It is "
        "judged "
        "on the exact chain of SignSGD, and so is its extension to other ν. It is real for |∇f/σ| ≤ √2.",
    .source = source,
    .lemmas = {"3.11"},
    .settings = {chosen("eta", {1e-3}, Range::positive(), "learning rate η; t = k η, as in Figure 2"),
                 chosen("sigma", {0.1}, Range::positive(), "σ, the scale of the noise, as in Figure 2"),
                 chosen("curvatures", {1.0, 2.0}, Range::positive(), "H = diag(curvatures), as in Figure 2"),
                 chosen("nus", {1.0, 2.0, 3.0, 5.0}, Range::positive(),
                        "degrees of freedom ν; the lemma has 2"),
                 chosen("x0", {0.02}, Range::positive(), "start of each coordinate, |∇f/σ| ≤ 0.4"),
                 chosen("largest_eta", {0.125}, {.low = 0.0, .high = 0.25, .high_included = true},
                        "the largest η of the weak order, halved as often as follows"),
                 chosen("halvings", {6},
                        {.low = 4.0, .high = 8.0, .low_included = true, .high_included = true},
                        "how often it is halved: down to 2⁻⁹"),
                 chosen("sigma_of_order", {0.5}, Range::positive(),
                        "σ where the weak order is taken, as in corollary-3.3"),
                 chosen("iterations", {600}, Range::at_least(100), "iterations"),
                 chosen("runs", {32768}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
