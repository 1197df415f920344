#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "reference/theory/lemma_3_3.hpp"
#include "reference/theory/lemma_c_14.hpp"
#include "reference/theory/lemma_c_8.hpp"
#include "suite/predictions/sign_lemmas.hpp"
#include "suite/study/weak_error.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Corollary 3.11 (C.14)"};
/// The degrees of freedom of the lemma; it is as true of others.
constexpr double printed_nu = 2.0;
constexpr std::uint64_t fine = 2;

/// One coordinate of the landscape under noise of nu degrees of freedom.
struct Case {
  Problem problem;

  double nu() const { return problem.degrees_of_freedom(); }
  double curvature() const { return problem.curvatures()(0); }
  double sigma() const { return problem.sigmas()(0); }
  std::string tag() const { return fmt::format("nu={}/curvature={}", nu(), curvature()); }
  /// b = s lambda / sigma
  double speed() const { return theory::student_t_slope(nu()) * curvature() / sigma(); }
  /// V0 = eta / (2 b), the leading order of the stationary variance.
  double leading_variance() const { return 0.5 * problem.learning_rate / speed(); }
  /// kappa in 2 Xi(y) = s (y - kappa y^3 + ...).
  double cubic() const { return (nu() + 1.0) / (6.0 * nu()); }
  /// The moments of the linear SDE.
  Asked linear_sde() const { return {nu() == printed_nu ? "corollary-3.11" : "lemma-3.10-linear", problem}; }
};

Case case_of(const Settings& settings, double nu, double curvature) {
  return {with_noise(quadratic_of(settings, {.name = "signsgd"}, {curvature}),
                     student_t_noise(nu, settings.scalar("sigma")))};
}

/// A claim that decides the lemma if it is about its nu, and is our own otherwise.
ClaimBuilder claim_at(const Case& which, const char* id, Findings& out) {
  ClaimBuilder claim = out.claim(id + which.tag());
  return which.nu() == printed_nu ? claim.of("3.11") : claim.at(source);
}

void claim_of_stationary_variance(const Case& which, Findings& out) {
  // E x sign = eta / 2 in the stationary law, and the cubic term of the mean sign is 3 kappa (lambda / sigma)^2 V.
  const double first_order =
      1.5 * which.cubic() * which.problem.ratio(0) / theory::student_t_slope(which.nu());
  claim_at(which, "stationary/", out)
      .says(
          "Near the minimum SignSGD under t_{} noise has the stationary variance (η/2)σ/(s λ) of "
          "the linear SDE, s = 2Ξ_ν′(0)",
          which.nu())
      .equals(Asked("exact-stationary-chain", which.problem).variance(0).value,
              {.value = which.leading_variance()})
      .margin(relative(1.25 * first_order),
              "first order in ηλ/σ, from the cubic term of Ξ: (ν+1)/(4νs) ηλ/σ, and a quarter more for what "
              "follows");
}

void claim_of_mean(const Case& which, const std::vector<double>& iterations, Findings& out) {
  const double start = which.problem.start(0);
  const double steepness = std::pow(which.curvature() / which.sigma(), 2);
  const double late = which.cubic() * steepness * (0.1925 * start * start + 1.104 * which.leading_variance());
  const double discrete = 0.5 * which.problem.learning_rate * which.speed() / std::numbers::e;
  claim_at(which, "mean/", out)
      .says("Near the minimum E x of SignSGD under t_{} noise is x₀ e^(−s λ t/σ)", which.nu())
      .equals(along(iterations, Asked("exact-chain", which.problem).mean_curve(0)),
              which.linear_sde().mean_curve(0))
      .margin(absolute(1.25 * (late + discrete) * start),
              "integrated over time: the cubic term of Ξ on E x³ = m³ + 3mV, and (1 − ηb)^k for e^(−bt); a "
              "quarter more for what follows");
}

/// The moments of the linear SDE by formula and by its backward equation, at twenty times.
void claim_of_moments(const Case& which, double until, Findings& out) {
  constexpr std::uint64_t count = 20;
  const theory::QuadraticCoordinate c = quadratic_coordinate(which.problem, 0);
  const double b = which.speed(), step = until / 20.0;
  const std::vector<TestFunction> functions = test_functions();
  const auto values = expectations(linear_sign_sde(b, c.learning_rate), {.low = -1.0 / b, .high = 1.0 / b},
                                   {functions[0].value, functions[1].value}, c.start, step, count);
  std::vector<Comparison> comparisons;
  for (std::uint64_t k = 0; k <= count; ++k) {
    const double time = static_cast<double>(k) * step;
    const double mean = theory::student_t_mean(c, which.nu(), time);
    const double formula[] = {mean, theory::student_t_variance(c, which.nu(), time) + mean * mean};
    for (std::size_t f = 0; f < 2; ++f) {
      comparisons.push_back({.where = fmt::format("{}, t = {:.4g}", functions[f].name, time),
                             .prediction = {.value = formula[f], .error = values[f][k].error},
                             .measurement = {.value = values[f][k].value}});
    }
  }
  out.claim("moments-of-the-sde/" + which.tag())
      .at(source)
      .says("E x and E x² of the linear SDE by formula and by its backward equation")
      .compares(Relation::identity, std::move(comparisons))
      .margin(absolute(1e-12), "rounding of the collocation");
}

void claim_of_speed(Findings& out) {
  out.claim("slope")
      .of("3.11")
      .says("Near 0, 2Ξ(x) is x/√2 for ν = 2")
      .is_identity(theory::student_t_slope(printed_nu), {.value = std::numbers::sqrt2 / 2.0})
      .margin(relative(1e-14), "rounding");
  out.claim("about-ten-per-cent")
      .of("3.11")
      .says(
          "Under t₂ noise SignSGD approaches the minimum about 10 % more slowly than under normal noise of "
          "the same scale")
      .equals(1.0 - theory::student_t_slope(printed_nu) / theory::gaussian_slope(), {.value = 0.1})
      .margin(absolute(0.05), "what \"about 10 %\" can mean: between 5 % and 15 %");
}

void claim_of_simulation(const Problem& problem, const Simulated& sde, Findings& out) {
  const Asked lemma("corollary-3.11", problem);
  for (const Index i : problem.coordinates()) {
    const double b = theory::student_t_slope(printed_nu) * problem.curvatures()(i) / problem.sigmas()(i);
    out.claim("simulation/Var-x{}", i + 1)
        .at(source)
        .says("The linear SDE for ν = 2, simulated, has the variance of its formula")
        .equals(sde.variance(i).along(5), lemma.variance_curve(i))
        .margin(relative(std::pow(problem.learning_rate * b / fine, 2)),
                "bias of the weak order-2 integrator, (ηb/2)²")
        .resolves(relative(0.06));
  }
}

void claim_of_order(const Settings& settings, Findings& out) {
  const std::vector<double> etas = halved(settings.scalar("largest_eta"), settings.count("halvings"));
  const LinearGradient gradient{.curvature = settings.list("curvatures").front(),
                                .sigma = settings.scalar("sigma_of_order")};
  const double b = theory::student_t_slope(printed_nu) * gradient.curvature / gradient.sigma;
  const WeakErrors errors = weak_errors(
      {.down = student_t_probability_down(gradient, printed_nu), .start = 0.0, .end = 1.0 / b, .time = 1.0},
      etas, square_function(), solved([b](double eta) { return linear_sign_sde(b, eta); }));
  has_order(out.claim("order").of("3.11").says(
                "From the minimum E x² of the linear SDE for ν = 2 approaches that of SignSGD like η²"),
            errors, 2.0);
}

void draw_speed(Findings& out) {
  std::vector<double> nus;
  for (double nu = 1.0; nu < 101.0; nu *= 1.2) nus.push_back(nu);
  out.figure("speed", "Speed near the minimum against the weight of the tails")
      .caption(
          "s = 2Ξ_ν′(0), the rate of approach in units of λ/σ, against the degrees of freedom ν of the "
          "noise; √(2/π) for normal noise.")
      .x({.label = "ν", .logarithmic = true})
      .y({.label = "s", .low = 0.6, .high = 0.85})
      .at(std::move(nus))
      .theory(theory::student_t_slope, "2Ξ_ν′(0)", 0)
      .at({1.0, 100.0})
      .bound([](double) { return theory::gaussian_slope(); }, "normal noise", 1);
}

void claim_of_chains(const Settings& settings, const Simulated& sde, Findings& out) {
  const std::vector<double>& curvatures = settings.list("curvatures");
  FigureBuilder figure = out.figure("second-moment", "E x² near the minimum under Student-t noise")
                             .caption(
                                 "SignSGD by its exact chain and the linear SDE of Corollary 3.11, whose "
                                 "speed is s λ/σ with s = "
                                 "2Ξ_ν′(0); ν: degrees of freedom, λ: the first curvature.")
                             .y({.label = "E x²", .logarithmic = true})
                             .at(sde->iterations());
  int colour = 0;
  for (const double nu : settings.list("nus")) {
    for (const double curvature : curvatures) {
      const Case which = case_of(settings, nu, curvature);
      claim_of_stationary_variance(which, out);
      claim_of_mean(which, sde.iterations_after_start(), out);
      claim_of_moments(which, which.problem.time(sde->iterations().back()), out);
    }
    const Case first = case_of(settings, nu, curvatures.front());
    const Asked exact("exact-chain", first.problem);
    figure.optimizer(second_moment_curve(exact, 0), fmt::format("SignSGD, exact, ν = {}", nu), colour)
        .theory(second_moment_curve(first.linear_sde(), 0), fmt::format("linear SDE, ν = {}", nu), colour);
    ++colour;
  }
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "nus");
  const std::vector<double>& curvatures = require_distinct(settings, "curvatures");
  const double sigma = settings.scalar("sigma");
  const Point start = Point::Constant(static_cast<Index>(curvatures.size()), settings.scalar("x0"));
  const Problem problem =
      with_noise(quadratic_problem({.name = "signsgd"}, curvatures, sigma, settings.scalar("eta"), start),
                 student_t_noise(printed_nu, sigma));
  const Simulated sde =
      simulations.sde("linear SDE, ν = 2, weak order 2", problem,
                      {.sde = {.name = "signsgd-phase-3"}, .steps_per_iteration = fine},
                      {.recording = {.steps = scaled(even_steps(settings.count("iterations"), 100), fine)},
                       .runs = settings.count("runs"),
                       .stream = "linear SDE"});
  return [=](Findings& out) {
    claim_of_chains(settings, sde, out);
    claim_of_speed(out);
    claim_of_simulation(problem, sde, out);
    claim_of_order(settings, out);
    draw_speed(out);
  };
}

const Register<Experiment> corollary_3_11{{
    .name = "corollary-3.11",
    .title = "SignSGD near the minimum under Student-t noise",
    .summary =
        "Corollary 3.11 gives the linear SDE of SignSGD near a minimum for noise with two degrees of "
        "freedom, "
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
                 chosen("halvings", {6}, halvings_range(), "how often it is halved: down to 2⁻⁹"),
                 chosen("sigma_of_order", {0.5}, Range::positive(),
                        "σ where the weak order is taken, as in corollary-3.3"),
                 chosen("iterations", {600}, Range::at_least(100), "iterations"),
                 chosen("runs", {32768}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
