#pragma once

#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <utility>

#include "reports/errata.hpp"
#include "reports/ledger.hpp"
#include "sdelens/record/store.hpp"

namespace sdelens {

/// A check with its numbers; the interval is five standard errors to both sides.
inline Check synthetic_check(std::string id, Verdict expected, Verdict verdict, double prediction,
                             double estimate, double standard_error, double margin, double resolution) {
  Check check;
  check.claim.id = std::move(id);
  check.claim.statement = "E f(X_∞) = η √(π/2) tr(Σ^{1/2}) / 4";
  check.claim.source = {.paper = "A", .item = "Lemma 3.7"};
  check.claim.margin_reason = margin > 0.0 ? "the next order in η: C η with C = 1/2" : "";
  check.claim.expected = expected;
  check.prediction = prediction;
  check.estimate = estimate;
  check.standard_error = standard_error;
  check.lower = estimate - prediction - 5.0 * standard_error;
  check.upper = estimate - prediction + 5.0 * standard_error;
  check.margin = margin;
  check.resolution = resolution;
  check.error_rate = 5e-8;
  check.spent = 5e-8;
  check.looks = 1;
  check.verdict = verdict;
  return check;
}

inline Environment synthetic_environment() {
  return {.revision = "0123456789ab+changes",
          .compiler = "g++ 12.2.0",
          .flags = "-O3 -march=native",
          .processor = "A Processor <R> & Co",
          .instructions = "avx512bw",
          .threads = 2,
          .started = "2024-01-02T03:04:05Z"};
}

inline Record synthetic_record(std::string experiment, std::string title) {
  Record record;
  record.experiment = std::move(experiment);
  record.title = std::move(title);
  record.summary =
      "What is shown, with Unicode (η, σ², √2) and markup <b>that must not act</b> & stay as text.";
  record.source = {.paper = "A", .item = "Figure 6"};
  record.tier = "smoke";
  record.seed = 2024;
  record.command = "sdelens run " + record.experiment + " --tier smoke --seed 2024";
  record.environment = synthetic_environment();
  record.settings = {
      {.name = "eta", .value = {0.01}, .printed = true, .note = "learning rate", .overridden = false},
      {.name = "sigma",
       .value = {0.1, 1.0, 10.0},
       .printed = false,
       .note = "standard deviation of the gradient's noise; the paper names none",
       .overridden = false},
      {.name = "steps", .value = {4000}, .printed = true, .note = "iterations", .overridden = true}};
  record.simulations = {
      {.name = "SignSGD", .replicas = 16384, .steps = 4000, .non_finite = 0, .outside = 0},
      {.name = "SDE of SignSGD", .replicas = 16384, .steps = 64000, .non_finite = 3, .outside = 12}};
  record.seconds = 12.5;
  return record;
}

/// A decaying loss of an optimizer, its SDE and the theory for two noise levels, with bands, on logarithmic
/// axes: the second band reaches below zero, and one curve has values that cannot be drawn.
inline Figure synthetic_loss_figure() {
  Figure figure;
  figure.id = "loss";
  figure.title = "Expected loss of SignSGD";
  figure.caption = "Mean over 16384 runs; bands: ± one standard deviation. H = diag(1, 2), η = 0.01.";
  figure.x = {.label = "t = k η", .logarithmic = true, .low = std::nullopt, .high = std::nullopt};
  figure.y = {.label = "E f(X_t)", .logarithmic = true, .low = std::nullopt, .high = std::nullopt};
  for (int level = 0; level < 2; ++level) {
    const std::string sigma = level == 0 ? ", σ = 0.1" : ", σ = 1";
    Series optimizer{.label = "SignSGD" + sigma, .role = Role::optimizer, .colour = level};
    Series sde{.label = "SDE" + sigma, .role = Role::sde, .colour = level};
    Series theory{.label = "Theory" + sigma, .role = Role::theory, .colour = level};
    for (int k = 1; k <= 200; ++k) {
      const double t = 0.01 * k * k / 20.0;
      const double limit = level == 0 ? 0.002 : 0.02;
      const double mean = limit + std::exp(-2.0 * t);
      const double deviation = level == 0 ? 0.3 * mean : 0.015 + 0.3 * mean;
      for (Series* series : {&optimizer, &sde, &theory}) series->x.push_back(t);
      optimizer.y.push_back(mean * (1.0 + 0.02 * std::sin(k)));
      optimizer.low.push_back(mean - deviation);
      optimizer.high.push_back(mean + deviation);
      sde.y.push_back(mean * (1.0 + 0.02 * std::cos(k)));
      theory.y.push_back(mean);
    }
    if (level == 1) {
      sde.y[60] = std::numeric_limits<double>::quiet_NaN();
      for (std::size_t k = 90; k < 97; ++k) sde.y[k] = -0.1;
      sde.y[120] = std::numeric_limits<double>::infinity();
    }
    figure.series.insert(figure.series.end(), {optimizer, sde, theory});
  }
  return figure;
}

/// Weak errors at five step sizes with error bars and a bound: few points, a logarithmic axis.
inline Figure synthetic_order_figure() {
  Figure figure;
  figure.id = "order/'weak'";
  figure.title = "Weak error";
  figure.caption = "Bars: ± one standard error. No $markup, `commands` or \\backslashes act in the labels.";
  figure.x = {.label = "η", .logarithmic = true, .low = std::nullopt, .high = std::nullopt};
  figure.y = {.label = "|E g(x_k) − E g(X_t)| of 'SGD' and \"Adam\" {a}_b^c @x `date` \\n",
              .logarithmic = true,
              .low = std::nullopt,
              .high = std::nullopt};
  Series sgd{.label = "SGD, SDE of second order", .role = Role::sde, .colour = 2};
  Series first{.label = "SGD, SDE of first order", .role = Role::sde, .colour = 4};
  Series bound{.label = "slope 2", .role = Role::bound, .colour = 2};
  for (int k = 2; k <= 6; ++k) {
    const double eta = std::ldexp(1.0, -k);
    for (Series* series : {&sgd, &first, &bound}) series->x.push_back(eta);
    sgd.y.push_back(0.3 * eta * eta * (1.0 + eta));
    sgd.low.push_back(0.27 * eta * eta);
    sgd.high.push_back(0.4 * eta * eta);
    first.y.push_back(0.2 * eta);
    bound.y.push_back(0.5 * eta * eta);
  }
  figure.series = {sgd, first, bound};
  return figure;
}

/// A linear picture with a given range that points lie outside of.
inline Figure synthetic_density_figure() {
  Figure figure;
  figure.id = "density";
  figure.title = "Stationary density";
  figure.caption = "A histogram of the iterates and the density of the theory.";
  figure.x = {.label = "x", .logarithmic = false, .low = -2.5, .high = 2.5};
  figure.y = {.label = "density", .logarithmic = false, .low = 0.0, .high = std::nullopt};
  Series optimizer{.label = "Adam", .role = Role::optimizer, .colour = 3};
  Series theory{.label = "Normal law", .role = Role::theory, .colour = 3};
  for (int k = -30; k <= 30; ++k) {
    const double x = 0.1 * k;
    const double y = std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::numbers::pi);
    optimizer.x.push_back(x);
    theory.x.push_back(x);
    optimizer.y.push_back(y + 0.01 * std::sin(3.0 * k));
    theory.y.push_back(y);
  }
  figure.series = {optimizer, theory};
  return figure;
}

/// A path on the level lines of f = (x^2 + 4 y^2) / 2; one of the levels has no line.
inline Figure synthetic_path_figure() {
  Figure figure;
  figure.id = "path";
  figure.title = "Mean path";
  figure.caption = "The mean path of the optimizer on f = (x₁² + 4x₂²)/2.";
  figure.x = {.label = "x₁"};
  figure.y = {.label = "x₂"};
  Series path{.label = "SignSGD", .role = Role::optimizer, .colour = 0};
  for (int k = 0; k <= 40; ++k) {
    path.x.push_back(std::exp(-0.05 * k));
    path.y.push_back(0.8 * std::exp(-0.2 * k));
  }
  figure.series = {path};
  figure.contours = {.label = "contours of f", .x = {-0.5, 0.0, 0.5, 1.0}, .y = {-0.5, 0.0, 0.5, 1.0}};
  for (const double y : figure.contours.y) {
    for (const double x : figure.contours.x) figure.contours.value.push_back(0.5 * (x * x + 4.0 * y * y));
  }
  figure.contours.levels = {0.1, 0.5, 2.0, 9.0};
  return figure;
}

/// Every verdict, a curve's claim, a claim refuted as expected and one that is not, experiments of every
/// outcome, three figures and one that cannot be drawn, and a damaged record.
inline StoredRecords synthetic_records() {
  Record losses = synthetic_record("fig6-signsgd", "Loss of SignSGD and its SDE");
  losses.checks = {
      synthetic_check("stationary-loss/σ=0.1", Verdict::pass, Verdict::pass, 0.00253312, 0.00254101, 1.2e-6,
                      2e-5, 5e-5),
      synthetic_check("stationary-loss/σ=1, as printed", Verdict::fail, Verdict::fail, 0.05, 0.0253001,
                      1.1e-5, 1e-4, 2e-4),
      synthetic_check("loss-curve", Verdict::pass, Verdict::pass, 0.731, 0.7304, 0.0011, 0.004, 0.01)};
  losses.checks[2].claim.relation = Relation::at_most;
  losses.checks[2].where = "t = 0.5";
  losses.checks[2].points = 32;
  losses.checks[2].looks = 3;
  losses.checks[2].spent = 8.75e-8;
  losses.checks[0].claim.lemmas = {"3.5"};
  losses.checks[1].claim.lemmas = {"3.7"};
  losses.checks[2].claim.lemmas = {"3.5", "C.99"};
  losses.figures = {synthetic_loss_figure(), synthetic_density_figure()};

  Record orders = synthetic_record("order-sgd", "Weak order of the SDEs of SGD");
  orders.source = {.paper = "B", .item = "Theorem 2, eq. (14)"};
  orders.checks = {
      synthetic_check("order-2", Verdict::pass, Verdict::fail, 2.0, 1.41, 0.012, 0.0, 0.2),
      synthetic_check("order-1 | as printed", Verdict::fail, Verdict::pass, 1.0, 1.002, 0.001, 0.0, 0.05),
      synthetic_check("ordering", Verdict::pass, Verdict::unresolved, 0.0, 0.001, 0.002, 0.0, 0.001),
      synthetic_check("moments <4>", Verdict::pass, Verdict::error, std::numeric_limits<double>::quiet_NaN(),
                      std::numeric_limits<double>::infinity(), 0.0, 0.1, 0.1),
      synthetic_check("identity", Verdict::pass, Verdict::pass, 0.25, 0.25, 0.0, 1e-12, 1e-12)};
  orders.checks[0].claim.relation = Relation::order;
  orders.checks[1].claim.relation = Relation::order;
  orders.checks[2].claim.relation = Relation::ordering;
  orders.checks[3].claim.relation = Relation::at_least;
  orders.checks[3].reason = "a prediction or measurement is not a finite number";
  orders.checks[4].claim.relation = Relation::identity;
  orders.checks[4].claim.lemmas = {"3.7"};
  orders.checks[4].claim.wording = Wording::corrected;
  Figure empty = synthetic_density_figure();
  empty.id = "empty";
  empty.title = "A figure without a point";
  for (Series& series : empty.series)
    series.y.assign(series.y.size(), std::numeric_limits<double>::quiet_NaN());
  orders.figures = {synthetic_order_figure(), empty};
  orders.outcome = Outcome::partial;
  orders.reason = "stopped by the user after 2 of 5 looks";

  Record skipped = synthetic_record("networks-resnet", "A residual network");
  skipped.settings.clear();
  skipped.simulations.clear();
  skipped.outcome = Outcome::skipped;
  skipped.reason = "built without the networks' component";
  skipped.seconds = 0.0;

  Record failed = skipped;
  failed.experiment = "saddle";
  failed.title = "Escape from a saddle";
  failed.command = "sdelens run saddle";
  failed.outcome = Outcome::error;
  failed.reason = "Adam: beta_2 is -0.1, but must be in [0, 1)";
  failed.seconds = 0.01;

  return {.records = {losses, skipped, orders, failed},
          .damaged = {
              {.file = "records/torn.json", .reason = "parse error at line 3, column 1: \"end\" of input"}}};
}

/// Statements of every standing: printed right; printed wrongly and refuted, with two experiments; not run;
/// one that no experiment decides.
inline Ledger synthetic_ledger() {
  return {{.statement = {.number = "3.5",
                         .label = "Lemma 3.5 (C.10)",
                         .title = "Loss of SignSGD",
                         .printed = "E S_t ≤ S₀e^(−2μΔt) + <limit> & more"},
           .experiments = {"fig6-signsgd"},
           .claims = {{.record = 0, .claim = 0}, {.record = 0, .claim = 2}}},
          {.statement = {.number = "3.7",
                         .label = "Lemma 3.7 (C.12)",
                         .title = "Stationary law of SignSGD",
                         .printed = "Cov X = (η/2)(√(2/π) I + (η/π)H)⁻¹H⁻¹Σ^(1/2)",
                         .corrected = "Cov X = (η/2)(√(2/π) I + (η/π)Σ^(−1/2)H)⁻¹H⁻¹Σ^(1/2)",
                         .note = "Σ^(−1/2)H² should be Σ⁻¹H²."},
           .experiments = {"fig6-signsgd", "order-sgd"},
           .not_run = {"order-sgd"},
           .claims = {{.record = 0, .claim = 1}, {.record = 2, .claim = 4}}},
          {.statement = {.number = "C.18",
                         .label = "C.18",
                         .title = "SDE of rescaled RMSprop",
                         .printed = "dV = (α/κ)ρ(…) dt",
                         .corrected = "dV = αρ(…) dt"},
           .experiments = {"lemma-c.18"},
           .not_run = {"lemma-c.18"}},
          {.statement = {.number = "sentence-noise-slows",
                         .label = "Sentence: Noise slows SignSGD",
                         .title = "Noise slows SignSGD",
                         .printed = "The speed is √(2/π)λ/σ."}}};
}

/// Errors of every state: shown, not as expected, shown in part, not run, lacking a claim, a misprint.
inline Errata synthetic_errata() {
  return {{.erratum = {.id = "F1",
                       .title = "The covariance is right for σ = 1 only",
                       .numbers = {"3.7"},
                       .printed = "Cov X = <limit> & more",
                       .corrected = "Cov X = η",
                       .derivation = "Itô's formula.",
                       .claims = {{}}},
           .claims = {{.record = 0, .claim = 1}, {.record = 2, .claim = 4}}},
          {.erratum = {.id = "F2",
                       .title = "The order is 1",
                       .numbers = {"3.5", "C.99"},
                       .printed = "order 2",
                       .corrected = "order 1",
                       .derivation = "One step.",
                       .claims = {{}}},
           .claims = {{.record = 2, .claim = 0}}},
          {.erratum = {.id = "F3",
                       .title = "The bound is not tight",
                       .numbers = {"3.5"},
                       .printed = "≤",
                       .corrected = "<",
                       .derivation = "Gronwall.",
                       .claims = {{}}},
           .claims = {{.record = 0, .claim = 0}},
           .not_run = {"lemma-3.5"}},
          {.erratum = {.id = "F4",
                       .title = "α/κ should be α",
                       .numbers = {"C.18"},
                       .printed = "α/κ",
                       .corrected = "α",
                       .derivation = "Time is rescaled once.",
                       .claims = {{}}},
           .not_run = {"lemma-c.18"},
           .without_claims = {"refuted or corrected claim about C.18"}},
          {.erratum = {.id = "F5",
                       .title = "Nothing claims it",
                       .numbers = {"C.18"},
                       .printed = "a",
                       .corrected = "b",
                       .derivation = "c",
                       .claims = {{}}},
           .without_claims = {"claim like '<sde>'"}},
          {.erratum = {.id = "C.18-label",
                       .title = "A label",
                       .numbers = {"C.18"},
                       .printed = "C.81",
                       .corrected = "C.18",
                       .derivation = "A misprint."}}};
}

/// Two experiments whose claims are all as expected.
inline StoredRecords synthetic_green_records() {
  StoredRecords stored = synthetic_records();
  stored.damaged.clear();
  stored.records = {stored.records[0], stored.records[1]};
  return stored;
}

}  // namespace sdelens
