#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Section 3 and (201), SGDW under a schedule"};
constexpr std::uint64_t fine = 4;

/// dX = -eta_t (lambda + gamma) X dt - sqrt(eta) eta_t sigma dW, eta_t = (t/eta + 1)^{-power}: normal, with
///   E X_t = x_0 e^{-a I(t)},  Var X_t = eta sigma^2 int_0^t eta_s^2 e^{-2 a (I(t) - I(s))} ds,  a = lambda + gamma,
/// I(t) = int_0^t eta_s ds.
struct ScheduledSde {
  double eta, rate, sigma, power, start;

  double factor(double t) const { return std::pow(t / eta + 1.0, -power); }
  double integral(double t) const {
    const double k = t / eta;
    if (power == 1.0) return eta * std::log1p(k);
    return eta * std::expm1((1.0 - power) * std::log1p(k)) / (1.0 - power);
  }
  double mean(double t) const { return start * std::exp(-rate * integral(t)); }
  double variance(double t) const {
    const auto integrand = [&](double s) {
      return std::pow(factor(s), 2) * std::exp(-2.0 * rate * (integral(t) - integral(s)));
    };
    return eta * sigma * sigma *
           boost::math::quadrature::gauss_kronrod<double, 61>::integrate(integrand, 0.0, t, 10, 1e-12);
  }
};

struct Run {
  Problem problem;
  ScheduledSde exact;
  Simulated sgdw, sde;
};

void claims_of_optimizer(const Run& run, Findings& out) {
  const Asked recursion("exact-recursion", run.problem);
  const std::string says = "SGDW under a schedule decays by η_kγ in step k, as its gradient by η_k: ";
  out.claim("sgdw/E-x")
      .at(source)
      .says(says + "E x")
      .equals(run.sgdw.mean(0).along(6), recursion.mean_curve(0))
      .resolves(relative(0.02));
  out.claim("sgdw/Var-x")
      .at(source)
      .says(says + "Var x")
      .equals(run.sgdw.variance(0).along(6), recursion.variance_curve(0))
      .resolves(relative(0.03));
}

void claims_of_sde(const Run& run, Findings& out) {
  const double eta = run.problem.learning_rate;
  const double step = eta * run.exact.rate / fine;
  const auto at = [&](double (ScheduledSde::*moment)(double) const) -> PredictedCurve {
    return [&run, moment](double iteration) -> Prediction {
      return {.value = (run.exact.*moment)(run.problem.time(iteration))};
    };
  };
  const auto claim = [&](const char* id, const char* what, const MeasuredCurve& measured,
                         double (ScheduledSde::*moment)(double) const, double resolution) {
    out.claim(id)
        .at(source)
        .says(std::string("The SDE of SGDW has η_t before its drift, its decay and its noise: ") + what)
        .equals(measured, at(moment))
        .margin(relative(step * step), "bias of the weak order-2 integrator, (η(λ+γ)/4)²")
        .resolves(relative(resolution));
  };
  claim("sde/E-x", "E x", run.sde.mean(0).along(6), &ScheduledSde::mean, 0.02);
  claim("sde/Var-x", "Var x", run.sde.variance(0).along(6), &ScheduledSde::variance, 0.03);
}

Figure figure(const Run& run) {
  const std::vector<double> iterations = run.sgdw->iterations();
  Series theory{.label = "SDE, exact", .role = Role::theory, .colour = 1, .x = iterations};
  for (const double k : iterations) theory.y.push_back(run.exact.mean(run.problem.time(k)));
  return {
      .id = "mean",
      .title = "Mean of SGDW under a schedule",
      .caption =
          "E x against the iteration, learning rate η(k + 1)^(−p), weight decay γ. Optimizer and SDE differ "
          "at first order in η(λ + γ).",
      .x = {.label = "iteration k"},
      .y = {.label = "E x"},
      .series = {run.sgdw.mean(0).curve("SGDW", Role::optimizer, 0),
                 drawn(Asked("exact-recursion", run.problem).mean_curve(0), iterations, "SGDW, exact",
                       Role::theory, 0),
                 run.sde.mean(0).curve("SDE", Role::sde, 1), std::move(theory)}};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const double gamma = settings.scalar("gamma");
  const Choice sgdw{.name = "sgdw", .given = {{"gamma", {gamma}}}};
  const Problem problem =
      with_schedule(quadratic_problem(sgdw, settings.list("curvature"), settings.scalar("sigma"),
                                      settings.scalar("eta"), settings.point("x0")),
                    {.name = "polynomial", .given = {{"power", settings.list("power")}}});
  const std::vector<std::uint64_t> steps = even_steps(settings.count("iterations"), 30);
  const Run run{
      .problem = problem,
      .exact = {.eta = problem.learning_rate,
                .rate = problem.curvatures()(0) + gamma,
                .sigma = problem.sigmas()(0),
                .power = settings.scalar("power"),
                .start = problem.start(0)},
      .sgdw = simulations.optimizer("SGDW", problem,
                                    {.recording = {.steps = steps}, .runs = settings.count("runs")}),
      .sde = simulations.sde("SDE of SGDW", problem, {.sde = sgdw, .steps_per_iteration = fine},
                             {.recording = {.steps = scaled(steps, fine)}, .runs = settings.count("runs")})};
  return [=](Findings& out) {
    claims_of_optimizer(run, out);
    claims_of_sde(run, out);
    out.show(figure(run));
  };
}

const Register<Experiment> scheduled_decay{{
    .name = "scheduled-decay",
    .title = "SGDW and its SDE under a schedule",
    .summary =
        "Where the schedule stands in SGDW and in its SDE: before the gradient, the weight decay and the "
        "noise. "
        "Strong decay and a schedule that falls fast make each of them show in mean and variance, which are "
        "known exactly for both.",
    .source = source,
    .settings = {chosen("eta", {0.1}, Range::positive(), "learning rate η; iteration k uses η(k + 1)^(−p)"),
                 chosen("power", {0.5}, {.low = 0.0, .high = 1.0, .high_included = true},
                        "p of the schedule"),
                 chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
                 chosen("gamma", {2.0}, Range::positive(), "weight decay γ"),
                 chosen("sigma", {1.0}, Range::positive(), "standard deviation of the gradient noise"),
                 chosen("x0", {2.0}, Range::finite(), "start"),
                 chosen("iterations", {30}, Range::at_least(10), "iterations"),
                 chosen("runs", {65536}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
