#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "suite/predictions/margins.hpp"
#include "suite/predictions/stationary_law.hpp"
#include "suite/study/adaptive_problem.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Scaling rules of Sections 3.2 to 3.4 and E.2"};
const char* const window = "second half";

/// How the batch size and the weight decay follow the learning rate's scale kappa.
struct Rule {
  std::string id, text;
  std::string legend;  ///< what tells it from the other rules of the same optimizer
  double batch_power;  ///< delta = kappa^batch_power
  double decay_power;  ///< xi = kappa^decay_power

  Problem apply(const Problem& base, double kappa) const {
    return rescaled(base, {.learning_rate_scale = kappa,
                           .batch_size_scale = std::pow(kappa, batch_power),
                           .weight_decay_scale = std::pow(kappa, decay_power)});
  }
};

/// An optimizer with the paper's rule and the wrong ones.
struct Subject {
  std::string label;
  Problem base;
  Rule right;
  std::vector<Rule> wrong;
  Simulated simulated{}, simulated_rescaled{};

  const std::string& name() const { return base.optimizer.name; }
  double loss_ratio(const Rule& rule, double kappa) const {
    return stationary_loss(rule.apply(base, kappa)) / stationary_loss(base);
  }
  /// Of the ratio of two losses.
  double oracle_error() const { return 2.0 * stationary_law_margin(base).bound.relative; }
};

std::vector<Subject> subjects(const Settings& settings) {
  const std::vector<double>& curvatures = settings.list("curvatures");
  const auto adaptive = [&](const std::string& optimizer) {
    return adaptive_of(settings, optimizer, adaptive_parameters(settings), curvatures);
  };
  const Problem sgd =
      quadratic_problem({.name = "sgd"}, curvatures, settings.scalar("sigma"), settings.scalar("eta"));
  const Rule linear{"linear", "κ = δ", "κ = δ", 1.0, 1.0};
  const Rule square_root{"square-root", "κ = √δ", "κ = √δ", 2.0, 1.0};
  const Rule with_decay{"square-root", "κ = √δ and ξ = κ", "κ = √δ", 2.0, 1.0};
  const Rule linear_with_decay{"linear", "κ = δ and ξ = κ", "κ = δ", 1.0, 1.0};
  const Rule without_decay{"decay-unscaled", "κ = √δ and ξ = 1", "ξ = 1", 2.0, 0.0};
  return {{"SGD", sgd, linear, {square_root}},
          {"RMSprop", adaptive("rmsprop"), square_root, {linear}},
          {"Adam", adaptive("adam"), square_root, {linear}},
          {"RMSpropW", adaptive("rmspropw"), with_decay, {linear_with_decay, without_decay}},
          {"AdamW", adaptive("adamw"), with_decay, {linear_with_decay, without_decay}}};
}

void order(const Settings& settings, Simulations& simulations, Subject& subject) {
  const std::uint64_t iterations = settings.count("iterations");
  const Ordered what{.recording = averaged(window, iterations / 2, iterations, 10),
                     .runs = settings.count("runs")};
  subject.simulated = simulations.optimizer(subject.label, subject.base, what);
  subject.simulated_rescaled = simulations.optimizer(
      subject.label + ", rescaled", subject.right.apply(subject.base, settings.scalar("kappa")), what);
}

ClaimBuilder claim_of_ratio(const Subject& subject, const Rule& rule, double kappa, Findings& out) {
  return out.claim("{}/{}/kappa={}", subject.name(), rule.id, kappa)
      .equals(subject.loss_ratio(rule, kappa), {.value = 1.0, .error = subject.oracle_error()})
      .margin(rescaling_margin(subject.base, rule.apply(subject.base, kappa)));
}

void claims_of(const Subject& subject, const std::vector<double>& kappas, double simulated_kappa,
               Findings& out) {
  for (const double kappa : kappas) {
    claim_of_ratio(subject, subject.right, kappa, out)
        .of("sentence-scaling-rules")
        .says("{} keeps the asymptotic loss of {}", subject.right.text, subject.label);
  }
  for (const Rule& rule : subject.wrong) {
    for (const double kappa : kappas) {
      if (kappa == 1.0) continue;
      claim_of_ratio(subject, rule, kappa, out)
          .at(source)
          .says("{} keeps the asymptotic loss of {} (not a rule of the paper)", rule.text, subject.label)
          .is_refuted();
    }
  }
  out.claim("simulation/" + subject.name())
      .at(source)
      .says("The simulated losses of {} rescaled by {}, κ = {}, and not have the calculated ratio",
            subject.label, subject.right.text, simulated_kappa)
      .equals(of_losses({subject.simulated_rescaled, subject.simulated}, window,
                        [](const std::vector<double>& losses) { return losses[0] / losses[1]; }),
              {.value = subject.loss_ratio(subject.right, simulated_kappa)})
      .margin(relative(subject.oracle_error()), stationary_law_margin(subject.base).reason)
      .resolves(relative(0.06));
}

void draw(const std::vector<Subject>& all, const std::vector<double>& kappas, Findings& out) {
  FigureBuilder right =
      out.figure("rules", "Scaling rules: asymptotic loss over that of the base run")
          .caption(
              "Exact (SGD) or mean-field (others) asymptotic loss of the run with learning rate κη, batch "
              "size δB, weight decay ξγ and 1 − κ²(1 − β) for each β, by the paper's rule for each "
              "optimizer: κ = δ for SGD, κ = √δ for RMSprop and Adam, with ξ = κ for RMSpropW and AdamW. "
              "Kept means 1.")
          .x({.label = "κ", .logarithmic = true})
          .y({.label = "loss over that of the base run", .low = 0.8, .high = 1.2})
          .at(kappas);
  FigureBuilder wrong =
      out.figure("wrong-rules", "Wrong scaling rules: asymptotic loss over that of the base run")
          .caption(
              "As for the rules of the paper, with another rule: the square root for SGD, the linear rule "
              "for the others, γ left as it is for RMSpropW and AdamW.")
          .x({.label = "κ", .logarithmic = true})
          .y({.label = "loss over that of the base run", .logarithmic = true})
          .at(kappas);
  int colour = 0;
  for (const Subject& subject : all) {
    const auto ratio = [&](const Rule& rule) {
      return [&](double kappa) { return subject.loss_ratio(rule, kappa); };
    };
    right.theory(ratio(subject.right), subject.label, colour);
    for (const Rule& rule : subject.wrong)
      wrong.theory(ratio(rule), fmt::format("{}, {}", subject.label, rule.legend), colour);
    ++colour;
  }
}

Judgement design(const Settings& settings, Simulations& simulations) {
  std::vector<double> kappas = require_distinct(settings, "kappas");
  std::ranges::sort(kappas);
  std::vector<Subject> all = subjects(settings);
  for (Subject& subject : all) {
    for (const double kappa : kappas) subject.right.apply(subject.base, kappa);  // refuses bad betas
    order(settings, simulations, subject);
  }
  return [=, kappa = settings.scalar("kappa")](Findings& out) {
    for (const Subject& subject : all) claims_of(subject, kappas, kappa, out);
    draw(all, kappas, out);
  };
}

const Register<Experiment> scaling_rules{{
    .name = "scaling-rules",
    .title = "Scaling rules of five optimizers",
    .summary = "The paper's rules for a batch δ times as large: κ = δ for SGD, κ = √δ for RMSprop and Adam, "
               "and with ξ = κ for RMSpropW and AdamW, each with 1 − κ²(1 − β) for β. They keep the "
               "asymptotic loss; the other optimizer's rule, or γ left as it was, does not.",
    .source = source,
    .lemmas = {"sentence-scaling-rules"},
    .most_claims = {.replicas = 48},
    .settings =
        {chosen("eta", {1e-3}, Range::positive(), "learning rate η of the base run, as in Figure 5"),
         chosen("sigma", {1.0}, Range::positive(),
                "standard deviation of its gradient noise, as in Figure 5"),
         chosen("curvatures", {1.0, 3.0}, Range::positive(), "H = diag(curvatures), as in Figure 5"),
         chosen("gamma", {1.0}, Range::positive(), "weight decay γ of the base run, as in Figure 5"),
         chosen("beta_1", {0.99}, Range::unit(),
                "decay of Adam(W)'s first moment; not Figure 5's 0.9, for which 1 − κ²(1 − β) < 0 at κ = 4"),
         chosen("beta_2", {0.9999}, Range::unit(),
                "decay of the second moment; nearer 1 than Figure 5's for the same reason"),
         chosen("kappas", {0.5, 2.0, 4.0}, Range::positive(), "scales κ of the learning rate, calculated"),
         chosen("kappa", {2.0}, Range::positive(), "the κ that is simulated"),
         chosen("iterations", {10000}, Range::at_least(1000), "iterations, from the minimum"),
         chosen("runs", {512}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
