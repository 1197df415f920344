#include <fmt/format.h>

#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <numbers>

#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

const Source source{.paper = "A", .item = "Sections 3.2 to 3.4, updates of RMSprop(W) and Adam(W)"};

/// f = lambda x^2 / 2 with normal noise, and the numbers of an update.
struct Setting {
  double eta, lambda, sigma, gamma, beta, beta_1, beta_2, epsilon, initial_v, x0;
};

/// One optimizer, and its iterates written out: x_1 from g_1, and x_2 from x_1, g_1 and g_2.
struct Update {
  const char *name, *formula;
  bool decays, adam;

  double kept(const Setting& s) const { return decays ? 1.0 - s.eta * s.gamma : 1.0; }
  double first(const Setting& s, double g) const {
    const double size = adam ? std::abs(g) : std::sqrt(s.beta * s.initial_v + (1.0 - s.beta) * g * g);
    return kept(s) * s.x0 - s.eta * g / (size + s.epsilon);
  }
  double second(const Setting& s, double x1, double g1, double g2) const {
    const double direction = adam ? (s.beta_1 * g1 + g2) / (1.0 + s.beta_1) : g2;
    const double square = adam
                              ? (s.beta_2 * g1 * g1 + g2 * g2) / (1.0 + s.beta_2)
                              : s.beta * s.beta * s.initial_v + (1.0 - s.beta) * (s.beta * g1 * g1 + g2 * g2);
    return kept(s) * x1 - s.eta * direction / (std::sqrt(square) + s.epsilon);
  }
  Choice choice(const Setting& s) const {
    Choice result{.name = name, .given = {{"epsilon", {s.epsilon}}}};
    if (decays) result.given["gamma"] = {s.gamma};
    if (adam) {
      result.given["beta_1"] = {s.beta_1};
      result.given["beta_2"] = {s.beta_2};
    } else {
      result.given["beta"] = {s.beta};
      result.given["initial_v"] = {s.initial_v};
    }
    return result;
  }
};

const std::vector<Update>& updates() {
  constexpr const char* adam = "m̂/(√v̂ + ε), m̂ = m/(1 − β₁^k), v̂ = v/(1 − β₂^k)";
  static const std::vector<Update> all{
      {"rmsprop", "x ← x − η g/(√v + ε), v ← βv + (1 − β)g²", false, false},
      {"rmspropw", "x ← x − ηγx − η g/(√v + ε), v ← βv + (1 − β)g²", true, false},
      {"adam", adam, false, true},
      {"adamw", adam, true, true}};
  return all;
}

/// E h(Z), Z standard normal, by Gauss and Legendre between `panels` points on either side of a kink.
template <class Function>
double normal_mean(double kink, int panels, const Function& h) {
  constexpr double farthest = 8.5;
  const auto density = [&](double z) {
    return h(z) * std::exp(-0.5 * z * z) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  };
  double sum = 0.0;
  for (const double end : {-farthest, farthest}) {
    for (int i = 0; i < panels; ++i) {
      const double from = kink + (end - kink) * std::pow(static_cast<double>(i) / panels, 2);
      const double to = kink + (end - kink) * std::pow((i + 1.0) / panels, 2);
      sum += boost::math::quadrature::gauss<double, 15>::integrate(density, std::min(from, to),
                                                                   std::max(from, to));
    }
  }
  return sum;
}

/// E x_1, E x_2 and E x_2^2.
struct TwoStepMoments {
  double first, second, square;
  double variance() const { return square - second * second; }
};

TwoStepMoments moments_of(const Update& update, const Setting& s, int panels) {
  TwoStepMoments result{};
  const auto kink = [&](double x) { return -s.lambda * x / s.sigma; };
  const auto over_second = [&](double z, int power) {
    const double g1 = s.lambda * s.x0 + s.sigma * z;
    const double x1 = update.first(s, g1);
    return normal_mean(kink(x1), panels, [&](double next) {
      return std::pow(update.second(s, x1, g1, s.lambda * x1 + s.sigma * next), power);
    });
  };
  result.first = normal_mean(kink(s.x0), panels,
                             [&](double z) { return update.first(s, s.lambda * s.x0 + s.sigma * z); });
  result.second = normal_mean(kink(s.x0), panels, [&](double z) { return over_second(z, 1); });
  result.square = normal_mean(kink(s.x0), panels, [&](double z) { return over_second(z, 2); });
  return result;
}

Prediction calculated(double fine, double coarse) {
  return {.value = fine, .error = std::abs(fine - coarse)};
}

constexpr int panels = 10;

void claims_of(const Update& update, const Setting& setting, const Simulated& run, Findings& out) {
  const TwoStepMoments fine = moments_of(update, setting, panels);
  const TwoStepMoments coarse = moments_of(update, setting, panels / 2);
  const std::string says =
      fmt::format("One and two steps of {} are those of its update, {}: ", update.name, update.formula);
  const auto claim = [&](const char* id, const char* what, const Measurement& measured,
                         const Prediction& predicted, const Bound& resolution) {
    out.claim(fmt::format("{}/{}", update.name, id))
        .at(source)
        .says(says + what)
        .equals(measured, predicted)
        .resolves(resolution);
  };
  const Bound of_mean = absolute(0.03 * setting.eta);
  claim("E-x1", "E x₁", run.mean(0).at(0), calculated(fine.first, coarse.first), of_mean);
  claim("E-x2", "E x₂", run.mean(0).at(1), calculated(fine.second, coarse.second), of_mean);
  claim("Var-x2", "Var x₂", run.variance(0).at(1), calculated(fine.variance(), coarse.variance()),
        relative(0.03));
}

void draw(const Setting& setting, const std::vector<Simulated>& runs, Findings& out) {
  FigureBuilder figure = out.figure("means", "E x after no, one and two steps")
                             .caption(
                                 "Measured, and by integration over the noise of the updates written out; γ "
                                 "= {} where there is decay.",
                                 setting.gamma)
                             .y({.label = "E x"})
                             .at({0.0, 1.0, 2.0});
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Update& update = updates()[i];
    const TwoStepMoments moments = moments_of(update, setting, panels);
    const auto colour = static_cast<int>(i);
    const auto mean = [&](std::size_t place) { return runs[i].mean(0).at(place).value; };
    figure.theory(std::vector{setting.x0, moments.first, moments.second}, update.name, colour)
        .optimizer(std::vector{setting.x0, mean(0), mean(1)}, fmt::format("{}, measured", update.name),
                   colour);
  }
}

Setting setting_of(const Settings& settings) {
  return {.eta = settings.scalar("eta"),
          .lambda = settings.scalar("curvature"),
          .sigma = settings.scalar("sigma"),
          .gamma = settings.scalar("gamma"),
          .beta = settings.scalar("beta"),
          .beta_1 = settings.scalar("beta_1"),
          .beta_2 = settings.scalar("beta_2"),
          .epsilon = settings.scalar("epsilon"),
          .initial_v = settings.scalar("initial_v"),
          .x0 = settings.scalar("x0")};
}

Judgement design(const Settings& settings, Simulations& simulations) {
  const Setting setting = setting_of(settings);
  std::vector<Simulated> runs;
  for (const Update& update : updates()) {
    const Problem problem = quadratic_problem(update.choice(setting), {setting.lambda}, setting.sigma,
                                              setting.eta, settings.point("x0"));
    runs.push_back(simulations.optimizer(update.name, problem,
                                         {.recording = {.steps = {1, 2}}, .runs = settings.count("runs")}));
  }
  return [=](Findings& out) {
    for (std::size_t i = 0; i < runs.size(); ++i) claims_of(updates()[i], setting, runs[i], out);
    draw(setting, runs, out);
  };
}

const Register<Experiment> first_steps{{
    .name = "first-steps",
    .title = "The first two steps of the adaptive optimizers",
    .summary =
        "Mean and variance of x after one and two steps of RMSprop(W) and Adam(W), by integration over the "
        "noise of their updates written out: the bias correction, the weight decay of the old x and the "
        "second moment that has seen the gradient are in them at full size, before anything averages out.",
    .source = source,
    .settings = {chosen("eta", {0.1}, Range::positive(),
                        "learning rate η, large so that each part of a step shows"),
                 chosen("curvature", {1.0}, Range::positive(), "λ of f = λx²/2"),
                 chosen("sigma", {0.5}, Range::positive(), "standard deviation of the gradient noise"),
                 chosen("gamma", {3.0}, Range::positive(), "weight decay γ"),
                 chosen("beta", {0.8}, Range::unit(), "decay of RMSprop(W)'s second moment"),
                 chosen("beta_1", {0.9}, Range::unit(), "decay of Adam(W)'s first moment"),
                 chosen("beta_2", {0.95}, Range::unit(), "decay of Adam(W)'s second moment"),
                 chosen("epsilon", {0.05}, Range::non_negative(), "ε, large so that its place shows"),
                 chosen("initial_v", {0.2}, Range::positive(), "v before the first step of RMSprop(W)"),
                 chosen("x0", {0.5}, Range::finite(), "start"),
                 chosen("runs", {262144}, replica_range(), "replicas at the standard tier")},
    .design = design,
}};

}  // namespace
}  // namespace sdelens
