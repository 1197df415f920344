#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/adaptive_run.hpp"
#include "suite/study/ingredients.hpp"
#include "suite/study/oracles.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Scaling rules of Sections 3.2 to 3.4 and E.2"};

constexpr const char* kWindow = "second half";

/// How the batch size and the weight decay follow the learning rate's scale kappa.
struct Rule {
  std::string id;
  std::string text;
  std::string legend;  ///< what tells it from the other rules of the same optimizer
  double batch_power;  ///< delta = kappa^batch_power
  double decay_power;  ///< xi = kappa^decay_power

  theory::AdaptiveScaling at(double kappa) const {
    return {.learning_rate_scale = kappa,
            .batch_size_scale = std::pow(kappa, batch_power),
            .weight_decay_scale = std::pow(kappa, decay_power)};
  }
};

/// An optimizer with the paper's rule and the wrong ones.
struct Subject {
  std::string label;
  AdaptiveRun base;  ///< its optimizer may be "sgd", which has no betas
  Rule right;
  std::vector<Rule> wrong;

  bool is_sgd() const { return base.optimizer == "sgd"; }
};

/// SGD's beta stays 0; its other numbers are rescaled alike.
AdaptiveRun apply(const Subject& subject, const Rule& rule, double kappa) {
  return rescaled(subject.base, rule.at(kappa), !subject.is_sgd());
}

double asymptotic_loss(const AdaptiveRun& run) {
  if (run.optimizer != "sgd") return run.mean_field_loss();
  return stationary_sgd_loss({run.curvatures, run.sigma, run.learning_rate, {}});
}

double oracle_error(const Subject& subject) { return subject.is_sgd() ? 0.0 : mean_field_margin; }

/// How far the two losses may differ where the leading orders agree, relative.
double first_order(const Subject& subject, const AdaptiveRun& run) {
  const AdaptiveRun& base = subject.base;
  if (subject.is_sgd())
    return 0.6 * std::abs(run.learning_rate - base.learning_rate) * std::ranges::max(base.curvatures);
  const double decay =
      run.has_momentum()
          ? std::abs(run.weight_decay_bias() * run.beta_1 - base.weight_decay_bias() * base.beta_1)
          : std::max(run.weight_decay_bias(), base.weight_decay_bias());
  return 0.35 * std::max(run.ratio(), base.ratio()) + decay;
}

std::vector<Subject> subjects(const Settings& settings) {
  const AdaptiveRun base{.optimizer = "sgd",
                         .curvatures = settings.list("curvatures"),
                         .learning_rate = settings.scalar("eta"),
                         .sigma = settings.scalar("sigma"),
                         .beta_1 = 0.0,
                         .beta_2 = 0.0};
  const auto run = [&](const std::string& optimizer) {
    AdaptiveRun result = base;
    result.optimizer = optimizer;
    result.beta_1 = result.has_momentum() ? settings.scalar("beta_1") : 0.0;
    result.beta_2 = settings.scalar("beta_2");
    result.weight_decay = result.decays() ? settings.scalar("gamma") : 0.0;
    return result;
  };
  const Rule linear{"linear", "κ = δ", "κ = δ", 1.0, 1.0};
  const Rule square_root{"square-root", "κ = √δ", "κ = √δ", 2.0, 1.0};
  const Rule with_decay{"square-root", "κ = √δ and ξ = κ", "κ = √δ", 2.0, 1.0};
  const Rule linear_with_decay{"linear", "κ = δ and ξ = κ", "κ = δ", 1.0, 1.0};
  const Rule without_decay{"decay-unscaled", "κ = √δ and ξ = 1", "ξ = 1", 2.0, 0.0};
  return {{"SGD", base, linear, {square_root}},
          {"RMSprop", run("rmsprop"), square_root, {linear}},
          {"Adam", run("adam"), square_root, {linear}},
          {"RMSpropW", run("rmspropw"), with_decay, {linear_with_decay, without_decay}},
          {"AdamW", run("adamw"), with_decay, {linear_with_decay, without_decay}}};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  require_distinct(settings, "kappas");
  const double simulated_kappa = settings.scalar("kappa");
  const std::uint64_t iterations = settings.count("iterations");
  struct Pair {
    Subject subject;
    std::shared_ptr<const Ensemble> base, rescaled;
  };
  const auto order = [&](const std::string& name, const AdaptiveRun& run) {
    const Model model = quadratic_with_gaussian_noise(run.curvatures, run.sigma, run.learning_rate);
    const Parameters parameters = run.optimizer == "sgd" ? Parameters{} : run.parameters();
    return simulations.add(
        name, model.optimizer(run.optimizer, parameters, model.origin(), simulations.stream(name)),
        model.observables(),
        {.windows = {{.name = kWindow, .first = iterations / 2, .last = iterations, .every = 10}}},
        settings.count("runs"));
  };
  std::vector<Pair> pairs;
  for (const Subject& subject : subjects(settings)) {
    for (const double kappa : settings.list("kappas"))
      apply(subject, subject.right, kappa);  // refuses bad betas
    pairs.push_back({subject, order(subject.label, subject.base),
                     order(subject.label + ", rescaled", apply(subject, subject.right, simulated_kappa))});
  }

  return [=](Findings& out) {
    std::vector<double> kappas = settings.list("kappas");
    std::ranges::sort(kappas);
    int colour = 0;
    Figure right{
        .id = "rules",
        .title = "Scaling rules: asymptotic loss over that of the base run",
        .caption =
            "Exact (SGD) or mean-field (others) asymptotic loss of the run with learning rate κη, "
            "batch size δB, weight decay ξγ and 1 − κ²(1 − β) for each β, by the paper's rule for "
            "each optimizer: κ = δ for SGD, κ = √δ for RMSprop and Adam, with ξ = κ for RMSpropW and AdamW. "
            "Kept means 1.",
        .x = {.label = "κ", .logarithmic = true},
        .y = {.label = "loss over that of the base run", .low = 0.8, .high = 1.2}};
    Figure wrong{.id = "wrong-rules",
                 .title = "Wrong scaling rules: asymptotic loss over that of the base run",
                 .caption =
                     "As for the rules of the paper, with another rule: the square root for SGD, the linear "
                     "rule for the others, γ left as it is for RMSpropW and AdamW.",
                 .x = {.label = "κ", .logarithmic = true},
                 .y = {.label = "loss over that of the base run", .logarithmic = true}};
    for (const auto& [subject, base_ensemble, rescaled_ensemble] : pairs) {
      const double base = asymptotic_loss(subject.base);
      const double error = 2.0 * oracle_error(subject);
      Series kept{.label = subject.label, .role = Role::theory, .colour = colour};
      for (const double kappa : kappas) {
        const AdaptiveRun run = apply(subject, subject.right, kappa);
        const double ratio = asymptotic_loss(run) / base;
        kept.x.push_back(kappa);
        kept.y.push_back(ratio);
        out.expect(
            {.id = fmt::format("{}/{}/kappa={}", subject.base.optimizer, subject.right.id, kappa),
             .statement =
                 fmt::format("{} keeps the asymptotic loss of {}", subject.right.text, subject.label),
             .source = source,
             .lemmas = {"sentence-scaling-rules"},
             .margin = {.relative = first_order(subject, run)},
             .margin_reason = subject.is_sgd()
                                  ? "first order in η: (1 − ηλ/2)/(1 − κηλ/2)"
                                  : "first order in η of both: 0.35 ηλ/σ, and the bias by weight decay"},
            {.value = 1.0, .error = error}, exactly(ratio));
      }
      right.series.push_back(std::move(kept));
      for (const Rule& rule : subject.wrong) {
        Series lost{.label = fmt::format("{}, {}", subject.label, rule.legend),
                    .role = Role::theory,
                    .colour = colour};
        for (const double kappa : kappas) {
          const AdaptiveRun run = apply(subject, rule, kappa);
          const double ratio = asymptotic_loss(run) / base;
          lost.x.push_back(kappa);
          lost.y.push_back(ratio);
          if (kappa == 1.0) continue;
          out.expect(
              {.id = fmt::format("{}/{}/kappa={}", subject.base.optimizer, rule.id, kappa),
               .statement = fmt::format("{} keeps the asymptotic loss of {} (not a rule of the paper)",
                                        rule.text, subject.label),
               .source = source,
               .margin = {.relative = first_order(subject, run)},
               .margin_reason = subject.is_sgd()
                                    ? "first order in η: (1 − ηλ/2)/(1 − κηλ/2)"
                                    : "first order in η of both: 0.35 ηλ/σ, and the bias by weight decay",
               .expected = Verdict::fail},
              {.value = 1.0, .error = error}, exactly(ratio));
        }
        wrong.series.push_back(std::move(lost));
      }
      out.expect(
          {.id = "simulation/" + subject.base.optimizer,
           .statement = fmt::format("The simulated losses of {} rescaled by {}, κ = {}, and not have the "
                                    "calculated ratio",
                                    subject.label, subject.right.text, simulated_kappa),
           .source = source,
           .margin = {.relative = error},
           .margin_reason = subject.is_sgd() ? "" : mean_field_margin_reason,
           .resolution = {.relative = 0.06}},
          {.value = asymptotic_loss(apply(subject, subject.right, simulated_kappa)) / base},
          jackknife(
              std::vector<Sample>{rescaled_ensemble->average(kWindow, "f"), base_ensemble->average(kWindow, "f")},
              [](std::span<const Moments> m) { return m[0].mean / m[1].mean; }),
          {rescaled_ensemble, base_ensemble});
      ++colour;
    }
    out.show(std::move(right));
    out.show(std::move(wrong));
  };
}

const Register<Experiment> scaling_rules{{
    .name = "scaling-rules",
    .title = "Scaling rules of five optimizers",
    .summary = "The paper's rules for a batch δ times as large: κ = δ for SGD, κ = √δ for RMSprop and Adam, "
               "and with ξ = κ "
               "for RMSpropW and AdamW, each with 1 − κ²(1 − β) for β. They keep the asymptotic loss; the "
               "other optimizer's "
               "rule, or γ left as it was, does not.",
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
