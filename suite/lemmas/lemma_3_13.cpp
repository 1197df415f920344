#include "reference/theory/lemma_3_13.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sdelens/exact/mean_field.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/adaptive_methods.hpp"

namespace sdelens {
namespace {

/// One of the four methods, with the number under which the paper bounds its loss.
struct Method {
  const char* name;
  const char* label;
  const char* number;
  const char* item;
  const char* equation;
  bool momentum, decays;
};
constexpr Method methods[] = {
    {"rmsprop", "RMSprop", "C.19", "C.19", "(86)", false, false},
    {"rmspropw", "RMSpropW", "C.23", "C.23", "(113)", false, true},
    {"adam", "Adam", "C.28", "C.28", "(124)", true, false},
    {"adamw", "AdamW", "3.13", "Lemma 3.13 (C.33)", "(174)", true, true},
};

struct Run {
  Method method;
  std::shared_ptr<const Ensemble> optimizer{}, sde{}, line{}, line_sde{};
};

double gamma_of(const Settings& settings, const Method& method) {
  return method.decays ? settings.scalar("gamma") : 0.0;
}

theory::LossBound bound_of(const Settings& settings, const Method& method,
                           const std::vector<double>& curvatures) {
  const double x0 = settings.scalar("x0");
  const double trace = std::accumulate(curvatures.begin(), curvatures.end(), 0.0);
  return theory::adamw_loss_bound({.learning_rate = settings.scalar("eta"),
                                   .strong_convexity = *std::ranges::min_element(curvatures),
                                   .smoothness = *std::ranges::max_element(curvatures),
                                   .hessian_trace = trace,
                                   .sigma = settings.scalar("sigma"),
                                   .weight_decay = gamma_of(settings, method),
                                   .start_loss = 0.5 * trace * x0 * x0});
}

/// What the lemma leaves out: higher orders in eta, and (grad f)^2 beside sigma^2 in V during the descent from x0.
double allowed(const Settings& settings, const Method& method, double steepest) {
  const double gradient = steepest * settings.scalar("x0") / settings.scalar("sigma");
  return first_order(adaptive_ratio(settings.scalar("eta"), steepest, settings.scalar("sigma")),
                     settings.scalar("eta"), gamma_of(settings, method),
                     method.momentum ? settings.scalar("beta_1") : 0.0) +
         gradient * gradient;
}
const char* const allowed_reason =
    "leading order in η (0.35 ηλ/σ, 1.2 ηγ/(1−β₁)), and V = σ² where it is up to σ² + (λx₀)²";

Run order(const Settings& settings, Simulations& simulations, const Method& method,
          const std::vector<std::uint64_t>& steps) {
  const double eta = settings.scalar("eta"), sigma = settings.scalar("sigma");
  Parameters parameters;
  if (method.momentum) {
    parameters = {{"beta_1", settings.list("beta_1")}, {"beta_2", settings.list("beta_2")}};
  } else {
    parameters = {{"beta", settings.list("beta_2")}, {"initial_v", {sigma * sigma}}};
  }
  if (method.decays) parameters["gamma"] = settings.list("gamma");
  Run run{.method = method};
  const auto add = [&](const std::string& kind, const std::vector<double>& curvatures, bool is_sde,
                       std::uint64_t replicas) {
    const Model model = quadratic_with_gaussian_noise(curvatures, sigma, eta);
    const std::string name = fmt::format("{}{}", method.label, kind);
    const Point start = Point::Constant(model.landscape->dimension(), settings.scalar("x0"));
    const Stream stream = simulations.stream(name);
    return simulations.add(name,
                           is_sde ? model.sde(method.name, parameters, "weak-order-2", 1, start, stream)
                                  : model.optimizer(method.name, parameters, start, stream),
                           model.observables(), {.steps = steps}, replicas);
  };
  const std::vector<double>& curvatures = settings.list("curvatures");
  const std::vector<double> first{curvatures.front()};
  run.optimizer = add("", curvatures, false, settings.count("runs"));
  run.sde = add(", SDE", curvatures, true, settings.count("runs"));
  run.line = add(" in one dimension", first, false, settings.count("line_runs"));
  if (!method.momentum)
    run.line_sde = add(" in one dimension, SDE", first, true, settings.count("line_runs"));
  return run;
}

void judge(const Settings& settings, const std::vector<std::uint64_t>& steps, const Run& run, Findings& out) {
  const Method& method = run.method;
  const double eta = settings.scalar("eta");
  const double gamma = gamma_of(settings, method);
  const std::vector<double>& curvatures = settings.list("curvatures");
  const std::vector<double> first{curvatures.front()};
  const theory::LossBound bound = bound_of(settings, method, curvatures);
  const theory::LossBound sharp = bound_of(settings, method, first);
  const auto at = [&](const theory::LossBound& which) {
    return [&](std::size_t place) { return which.at(static_cast<double>(steps[place]) * eta); };
  };
  const Source source{.paper = "A", .item = method.item};
  const std::string formula = method.decays ? "S∞ + (S₀ − S∞) e^(−ct), c = 2μ/σ + γ(1 + μ/L), S∞ = (η/2)L_τ/c"
                                            : "S∞ + (S₀ − S∞) e^(−2μt/σ), which tends to S∞ = ησL_τ/(4μ)";
  const auto places = spread(steps.size(), steps.size());
  const double steepest = *std::ranges::max_element(curvatures);
  const Bound margin{.relative = allowed(settings, method, steepest)};
  out.expect({.id = std::string(method.name) + "/bound/sde",
              .statement =
                  fmt::format("Near the minimum the loss of SDE {} is at most {}", method.equation, formula),
              .source = source,
              .lemmas = {method.number},
              .relation = Relation::at_most,
              .margin = margin,
              .margin_reason = allowed_reason},
             along(*run.sde, "f", eta, places, mean_of, at(bound)), {run.sde});
  out.expect({.id = std::string(method.name) + "/bound/optimizer",
              .statement = fmt::format("So is the loss of {} itself, at leading order in η", method.label),
              .source = source,
              .lemmas = {method.number},
              .relation = Relation::at_most,
              .margin = margin,
              .margin_reason = allowed_reason},
             along(*run.optimizer, "f", eta, places, mean_of, at(bound)), {run.optimizer});

  // A bound that is far too high would hold as well: in one dimension it is attained.
  const double beta_1 = method.momentum ? settings.scalar("beta_1") : 0.0;
  const double lag = beta_1 * eta / (1.0 - beta_1) * sharp.rate;
  const Bound sharp_margin{.relative = allowed(settings, method, first[0]) + lag};
  const std::string sharp_reason =
      std::string(allowed_reason) + (method.momentum ? "; the momentum lags by η β₁/(1−β₁)" : "");
  const auto line_places = spread(steps.size(), 6);
  out.expect({.id = std::string(method.name) + "/attained/optimizer",
              .statement =
                  fmt::format("In one dimension the loss of {} follows the bound at all times", method.label),
              .source = source,
              .margin = sharp_margin,
              .margin_reason = sharp_reason,
              .resolution = {.relative = sharp_margin.relative + 0.08}},
             along(*run.line, "f", eta, line_places, mean_of, at(sharp)), {run.line});
  if (run.line_sde) {
    out.expect({.id = std::string(method.name) + "/attained/sde",
                .statement = fmt::format("In one dimension the loss of SDE {} follows the bound at all times",
                                         method.equation),
                .source = source,
                .margin = {.relative = allowed(settings, method, first[0])},
                .margin_reason = allowed_reason,
                .resolution = {.relative = allowed(settings, method, first[0]) + 0.08}},
               along(*run.line_sde, "f", eta, line_places, mean_of, at(sharp)), {run.line_sde});
  }

  const double r = adaptive_ratio(eta, first[0], settings.scalar("sigma"));
  const double limit = 0.5 * first[0] *
                       mean_field({.learning_rate = eta,
                                   .curvature = first[0],
                                   .sigma = settings.scalar("sigma"),
                                   .beta_1 = beta_1,
                                   .weight_decay = gamma})
                           .variance;
  out.expect({.id = std::string(method.name) + "/attained/limit",
              .statement =
                  fmt::format("In one dimension the stationary loss of {}, by the mean-field fixed point, is "
                              "S∞ at leading order",
                              method.label),
              .source = source,
              .margin = {.relative = first_order(r, eta, gamma, beta_1)},
              .margin_reason = first_order_reason},
             {.value = sharp.limit}, exactly(limit));

  std::vector<Series> series{
      mean_curve(*run.optimizer, "f", eta, method.label, Role::optimizer, 0, true),
      mean_curve(*run.sde, "f", eta, fmt::format("SDE {}, weak order 2", method.equation), Role::sde, 1,
                 false),
      curve("bound", Role::bound, 2, steps, at(bound)),
      mean_curve(*run.line, "f", eta, fmt::format("{}, one dimension", method.label), Role::optimizer, 3,
                 false),
      curve("bound, one dimension", Role::bound, 4, steps, at(sharp))};
  out.show({.id = method.name,
            .title = fmt::format("Loss of {} and its bound", method.label),
            .caption = fmt::format(
                "Mean over the runs, with a band of one standard deviation for {}, from "
                "x₀ = {} in every coordinate. H = diag of the curvatures; in one dimension H is the "
                "first of them, and the bound is attained.",
                method.label, settings.scalar("x0")),
            .x = {.label = "iteration k"},
            .y = {.label = "f(x)", .logarithmic = true, .low = 0.1 * std::min(sharp.limit, bound.limit)},
            .series = std::move(series)});
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const std::vector<std::uint64_t> steps = even_steps(settings.count("iterations"), 80);
  std::vector<Run> runs;
  for (const Method& method : methods) runs.push_back(order(settings, simulations, method, steps));
  return [=](Findings& out) {
    for (const Run& run : runs) judge(settings, steps, run, out);
  };
}

const Register<Experiment> lemma_3_13{{
    .name = "lemma-3.13",
    .title = "Bounds of the loss of RMSprop(W) and Adam(W)",
    .summary =
        "Lemma 3.13 for AdamW, C.23 for RMSpropW, C.28 for Adam and C.19 for RMSprop bound the expected loss "
        "near the "
        "minimum, where V is taken for σ². The whole curve from x₀ is compared, of the SDEs as printed and "
        "of the "
        "optimizers. On H = diag(1, 3) the bounds hold with room; in one dimension they are attained, which "
        "shows that rate and limit are right. RMSprop starts from v = σ², Adam with its correction of the "
        "bias.",
    .source = {.paper = "A", .item = "Lemma 3.13 (C.33), C.19, C.23, C.28"},
    .lemmas = {"3.13", "C.19", "C.23", "C.28"},
    .settings = {printed("eta", {1e-3}, Range::positive(), "learning rate η, as in Figure 5; t = k η"),
                 printed("sigma", {1.0}, Range::positive(),
                         "standard deviation of the gradient noise, as in Figure 5"),
                 printed("curvatures", {1.0, 3.0}, Range::positive(), "H = diag(curvatures), as in Figure 5"),
                 printed("gamma", {1.0}, Range::positive(),
                         "weight decay γ of AdamW and RMSpropW, as in Figure 5"),
                 printed("beta_1", {0.9}, Range::unit(), "decay of the first moment of Adam(W)"),
                 printed("beta_2", {0.999}, Range::unit(), "decay of the second moment"),
                 chosen("x0", {0.07}, Range::finite(),
                        "start, the same in every coordinate; near enough that λx₀ ≪ σ"),
                 chosen("iterations", {3000}, Range::at_least(100), "iterations"),
                 chosen("runs", {512}, replica_range(),
                        "replicas at the standard tier; the bounds have room"),
                 chosen("line_runs", {32768}, replica_range(), "replicas in one dimension")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
