#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "reference/theory/lemma_e_2.hpp"
#include "suite/predictions/theory_settings.hpp"
#include "suite/study/weak_error.hpp"

namespace sdelens {
namespace {

constexpr const char* less_error = "sentence-196-error";
constexpr const char* dynamics = "sentence-without-kappa-delta";
constexpr const char* small_noise = "sentence-ode-for-small-noise";
const Source without_condition{.paper = "A", .item = "Appendix E, the ODE without the condition on Σ"};

/// SGD in one dimension and its SDE, by their exact first two moments.
struct Settled {
  double curvature, sigma, start, time;

  Problem problem(double eta) const {
    return quadratic_problem({.name = "sgd"}, {curvature}, sigma, eta, Point::Constant(1, start));
  }
};

/// E f of the SDE dX = -kappa f'(X) dt + kappa sqrt(eta / delta) sigma dW, (196), at a time of its own.
double loss_of_sde(const Settled& at, double eta, double kappa, double delta, double time) {
  return theory::scaled_sgd_loss_bound(sgd_loss(at.problem(eta)),
                                       {.learning_rate_scale = kappa, .batch_size_scale = delta},
                                       theory::SgdClock::base)
      .at(time);
}

/// max over k eta <= T of |E f(x_k) - value(k)| of SGD with learning rate kappa eta and batch size delta, for each eta.
WeakErrors errors_of(const Settled& at, const std::vector<double>& etas, double kappa, double delta,
                     const std::function<double(double eta, double k)>& value) {
  WeakErrors result{.functions = {"f"}, .etas = etas, .errors = {{}}};
  for (const double eta : etas) {
    Settled batch = at;
    batch.sigma /= std::sqrt(delta);
    const PredictedCurve exact = Asked("exact-recursion", batch.problem(kappa * eta)).loss_curve();
    double largest = 0.0;
    for (double k = 0.0; k * eta <= at.time * (1.0 + 1e-12); ++k)
      largest = std::max(largest, std::abs(exact(k).value - value(eta, k)));
    result.errors.front().push_back(largest);
  }
  return result;
}

/// (195) is (196) with the time divided by kappa.
void claims_of_error(const Settled& at, const std::vector<double>& etas, double kappa, double delta,
                     Findings& out) {
  const WeakErrors of_196 = errors_of(at, etas, kappa, delta, [&](double eta, double k) {
    return loss_of_sde(at, eta, kappa, delta, k * eta);
  });
  const WeakErrors of_195 = errors_of(at, etas, kappa, delta, [&](double eta, double k) {
    return loss_of_sde(at, eta, kappa, delta, k * eta / kappa);
  });
  std::vector<Comparison> smaller;
  for (std::size_t i = 0; i < etas.size(); ++i) {
    smaller.push_back({.where = fmt::format("η = {:.4g}", etas[i]),
                       .prediction = {.value = of_195.errors.front()[i]},
                       .measurement = {.value = of_196.errors.front()[i]}});
  }
  out.claim("196/less")
      .of(less_error)
      .says(
          "(196) at t = kη is nearer to rescaled SGD than (195) at t = kη: the largest distance of E f over "
          "k")
      .compares(Relation::at_most, std::move(smaller));
  has_order(out.claim("196/order").of(less_error).says("The error of (196) there is of order 1 in η"), of_196,
            1.0);
  has_order(
      out.claim("195/order").of(less_error).says("The error of (195) there does not vanish with η: order 0"),
      of_195, 0.0);
  weak_error_figure(
      out, "errors", "Rescaled SGD and its two SDEs at t = kη",
      "The largest distance of E f over k from SGD with learning rate κη and batch size δB, exact.")
      .theory(sdelens::errors_of(of_196), "(196)", 0)
      .theory(sdelens::errors_of(of_195), "(195)", 1);
}

/// E f of SGD at kappa eta and batch delta B after k iterations, against the base run after kappa k.
WeakErrors errors_of_speed_up(const Settled& at, const std::vector<double>& etas, double kappa,
                              double delta) {
  std::map<double, PredictedCurve> base;
  for (const double eta : etas) base.emplace(eta, Asked("exact-recursion", at.problem(eta)).loss_curve());
  return errors_of(at, etas, kappa, delta,
                   [&](double eta, double k) { return base.at(eta)(kappa * k).value; });
}

/// From the minimum noise is all there is, and shows what is kept of it.
void claims_of_dynamics(const Settled& at, const std::vector<double>& etas, double kappa, Findings& out) {
  Settled minimum = at;
  minimum.start = 0.0;
  const std::string kept =
      "With κ = δ neither is in (195), and the dynamics stay: E f of SGD with κη and κB after k "
      "iterations is that of SGD after κk, ";
  has_order(out.claim("dynamics/kept").of(dynamics).says(kept + "to order 1 in η"),
            errors_of_speed_up(at, etas, kappa, kappa), 1.0);
  has_order(out.claim("dynamics/minimum/kept").of(dynamics).says(kept + "from the minimum to order 2"),
            errors_of_speed_up(minimum, etas, kappa, kappa), 2.0);
  has_order(out.claim("dynamics/minimum/same-batch")
                .at({.paper = "A", .item = "Appendix E, (195) with κ alone"})
                .says("With the batch left as it is E f differs, from the minimum, at order 1 already"),
            errors_of_speed_up(minimum, etas, kappa, 1.0), 1.0);
}

/// Sigma = eta^alpha sigma^2: the largest distance of E f of SGD from f of dX = -f'(X) dt.
WeakErrors errors_of_ode(const Settled& at, const std::vector<double>& etas, double alpha) {
  WeakErrors result{.functions = {"f"}, .etas = etas, .errors = {{}}};
  for (const double eta : etas) {
    Settled quiet = at;
    quiet.sigma *= std::pow(eta, 0.5 * alpha);
    result.errors.front().push_back(errors_of(quiet, {eta}, 1.0, 1.0,
                                              [&](double h, double k) {
                                                const double x = at.start * std::exp(-at.curvature * k * h);
                                                return 0.5 * at.curvature * x * x;
                                              })
                                        .errors.front()
                                        .front());
  }
  return result;
}

void claims_of_ode(const Settled& at, const std::vector<double>& etas, Findings& out) {
  Settled minimum = at;
  minimum.start = 0.0;
  for (const double alpha : {1.0, 2.0}) {
    const std::string tag = fmt::format("alpha={}", alpha);
    has_order(
        out.claim("ode/" + tag)
            .of(small_noise)
            .says(fmt::format("Where Σ = O(η^{}) the ODE dX = −∇f dt has the order 1 of the SDE", alpha)),
        errors_of_ode(at, etas, alpha), 1.0);
    has_order(
        out.claim("ode/minimum/" + tag)
            .of(small_noise)
            .says(fmt::format("From the minimum, where only noise moves SGD, what the ODE lacks is O(η^{})",
                              1.0 + alpha)),
        errors_of_ode(minimum, etas, alpha), 1.0 + alpha);
  }
  has_order(out.claim("ode/minimum/alpha=0")
                .at(without_condition)
                .says("Without the condition the ODE lacks, from the minimum, all that SGD has at order 1"),
            errors_of_ode(minimum, etas, 0.0), 1.0);
}

Judgement design(const Settings& settings, Simulations&) {
  const Settled at{.curvature = settings.scalar("curvature"),
                   .sigma = settings.scalar("sigma"),
                   .start = settings.scalar("x0"),
                   .time = settings.scalar("time")};
  return [=](Findings& out) {
    const std::vector<double> etas = halved(settings.scalar("eta"), settings.count("halvings"));
    const double kappa = settings.scalar("kappa");
    claims_of_error(at, etas, kappa, settings.scalar("delta"), out);
    claims_of_dynamics(at, etas, kappa, out);
    claims_of_ode(at, etas, out);
  };
}

const Register<Experiment> appendix_e{{
    .name = "appendix-e",
    .title = "Rescaled SGD: which SDE is nearer, and when an ODE suffices",
    .summary =
        "What Appendix E says around E.2, by exact first and second moments in one dimension. At t = kη "
        "(196) is "
        "an approximation of order 1 of SGD with learning rate κη and batch size δB, and (195), which has "
        "another clock, of order 0; with κ = δ the dynamics of (195) are those of the base run; where Σ = "
        "O(η^α) the ODE has the order of the SDE.",
    .source = {.paper = "A", .item = "Appendix E, around E.2"},
    .lemmas = {less_error, dynamics, small_noise},
    .settings =
        {chosen("eta", {0.0625}, {.low = 0.0, .high = 0.125, .high_included = true},
                "the largest learning rate η, halved as often as follows"),
         chosen("halvings", {6}, {.low = 4.0, .high = 8.0, .low_included = true, .high_included = true},
                "how often it is halved"),
         chosen("kappa", {2.0}, {.low = 2.0, .high = 4.0, .low_included = true, .high_included = true},
                "scale κ of the learning rate, a whole number: the base run has κk iterations"),
         chosen("delta", {4.0}, Range::positive(), "scale δ of the batch size beside (195) and (196)"),
         chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
         chosen("sigma", {0.5}, Range::positive(), "standard deviation of the gradient noise"),
         chosen("x0", {1.0}, Range::positive(), "start"),
         chosen("time", {1.0}, Range::positive(), "t = kη up to which the errors are taken")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
