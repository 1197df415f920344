#include "suite/study/weak_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <utility>

#include "reference/theory/lemma_3_3.hpp"
#include "reference/theory/lemma_c_8.hpp"
#include "sdelens/exact/sde_coefficients.hpp"
#include "suite/predictions/margins.hpp"

namespace sdelens {
namespace {

constexpr double kLargestShareOfError = 1e-3;

/// A gradient in one variable of which the law of its sign is known, and with it all that SignSGD's SDE reads.
class SignLaw final : public GradientSource, private NoiseLaw {
 public:
  explicit SignLaw(ProbabilityDown down)
      : down_(std::move(down)), loss_(make_landscape("quadratic", {{"curvatures", {1.0}}})) {}

  std::string name() const override { return "a law of signs"; }
  Index dimension() const override { return 1; }
  const Landscape* loss() const override { return loss_.get(); }
  const NoiseLaw* noise() const override { return this; }

 private:
  bool has_covariance() const override { return false; }
  bool independent() const override { return true; }
  void deviation(double, In, Out sigma) const override { sigma.setOnes(); }
  void root_times(double, In, In u, Out z) const override { z = u; }
  void mean_sign(double, In x, Out gradient) const override {
    for (Index row = 0; row < x.rows(); ++row) gradient(row, 0) = 2.0 * down_(x(row, 0)) - 1.0;
  }
  double mean_sign_slope() const override {
    throw std::logic_error("a law of signs has no slope that is known");
  }

  ProbabilityDown down_;
  std::shared_ptr<const Landscape> loss_;
};

SdeContext context(std::shared_ptr<const GradientSource> source, double eta) {
  return {.source = std::move(source), .learning_rate = eta, .schedule = make_schedule("constant")};
}

std::vector<std::function<double(double x)>> values_of(const std::vector<TestFunction>& functions) {
  std::vector<std::function<double(double x)>> result;
  for (const TestFunction& function : functions) result.push_back(function.value);
  return result;
}

}  // namespace

std::vector<TestFunction> test_functions() {
  return {{"x", [](double x) { return x; }}, {"x^2", [](double x) { return x * x; }}, {"cos x", [](double x) {
                                                                                         return std::cos(x);
                                                                                       }}};
}

std::vector<TestFunction> square_function() { return {test_functions()[1]}; }

Equation solved(std::function<ScalarDiffusion(double eta)> equation, Stepping stepping) {
  return
      [equation = std::move(equation), stepping](const WeakProblem& problem, double eta, std::uint64_t count,
                                                 const std::vector<TestFunction>& functions) {
        return expectations(equation(eta), {.low = -problem.end, .high = problem.end, .core = problem.core},
                            values_of(functions), problem.start, eta, count, stepping);
      };
}

Equation known_mean(std::function<double(double time)> mean) {
  return [mean = std::move(mean)](const WeakProblem&, double eta, std::uint64_t count,
                                  const std::vector<TestFunction>&) {
    std::vector<CalculatedValue> values;
    for (std::uint64_t k = 0; k <= count; ++k)
      values.push_back({.value = mean(static_cast<double>(k) * eta)});
    return std::vector<std::vector<CalculatedValue>>{values};
  };
}

ScalarDiffusion sign_sde(const ProbabilityDown& down, double eta) {
  return coefficients_of(make_sde("signsgd", context(std::make_shared<SignLaw>(down), eta)));
}

ScalarDiffusion sign_ode(const ProbabilityDown& down) {
  return {sign_sde(down, 1.0).drift, [](double) { return 0.0; }};
}

ScalarDiffusion gaussian_sign_sde(const LinearGradient& gradient, double eta) {
  const double lambda = gradient.curvature, sigma = gradient.sigma;
  return {[=](double x) { return theory::gaussian_drift(lambda * x / sigma); },
          [=](double x) { return theory::gaussian_diffusion(lambda * x / sigma, eta); }};
}

ScalarDiffusion student_t_sign_sde(const LinearGradient& gradient, double nu, double eta) {
  const double lambda = gradient.curvature, sigma = gradient.sigma;
  return {[=](double x) { return theory::student_t_drift(lambda * x / sigma, nu); },
          [=](double x) { return theory::student_t_diffusion(lambda * x / sigma, nu, eta); }};
}

ScalarDiffusion linear_sign_sde(double b, double eta) {
  const auto noise = make_noise("gaussian", 1, {{"sigma", {1.0}}});
  const auto source =
      additive(make_landscape("quadratic", {{"curvatures", {b / noise->mean_sign_slope()}}}), noise);
  return coefficients_of(make_sde("signsgd-phase-3", context(source, eta)));
}

ScalarDiffusion registered_sde(const std::string& name, const Problem& problem) {
  return coefficients_of(make_sde(name, problem.context()));
}

std::vector<Comparison> coefficients(const ScalarDiffusion& registered, const ScalarDiffusion& formula,
                                     double farthest) {
  std::vector<Comparison> result;
  const auto compare = [&](const char* name, double x, double found, double expected) {
    result.push_back({.where = fmt::format("{}, x = {:.4g}", name, x),
                      .prediction = {.value = expected},
                      .measurement = {.value = found}});
  };
  for (double x = -farthest; x <= farthest * 1.001; x += farthest / 6.0) {
    compare("drift", x, registered.drift(x), formula.drift(x));
    // The sign of the diffusion is free for the law.
    compare("diffusion", x, std::abs(registered.diffusion(x)), formula.diffusion(x));
  }
  return result;
}

std::vector<double> halved(double eta, std::uint64_t times) {
  std::vector<double> result{eta};
  for (std::uint64_t i = 0; i < times; ++i) result.push_back(0.5 * result.back());
  return result;
}

WeakErrors weak_errors(const WeakProblem& problem, const std::vector<double>& etas,
                       const std::vector<TestFunction>& functions, const Equation& equation) {
  WeakErrors result{.functions = {}, .etas = etas, .errors = {}};
  for (const TestFunction& function : functions) result.functions.push_back(function.name);
  result.errors.assign(functions.size(), std::vector<double>(etas.size(), 0.0));
  for (std::size_t i = 0; i < etas.size(); ++i) {
    const auto count = static_cast<std::uint64_t>(std::llround(problem.time / etas[i]));
    const auto values = equation(problem, etas[i], count, functions);
    std::vector<double> uncertainty(functions.size(), 0.0);
    SignChain chain({.learning_rate = etas[i], .start = problem.start}, problem.down);
    for (std::uint64_t k = 0; k <= count; ++k) {
      for (std::size_t f = 0; f < functions.size(); ++f) {
        const CalculatedValue& value = values[f][k];
        result.errors[f][i] =
            std::max(result.errors[f][i], std::abs(chain.expectation(functions[f].value) - value.value));
        uncertainty[f] = std::max(uncertainty[f], value.error);
      }
      if (k < count) chain.advance();
    }
    for (std::size_t f = 0; f < functions.size(); ++f) {
      if (uncertainty[f] <= kLargestShareOfError * result.errors[f][i]) continue;
      throw std::runtime_error(fmt::format(
          "the equation is solved to {:.1e} only, which does not show its weak error of {:.1e} at η = {}",
          uncertainty[f], result.errors[f][i], etas[i]));
    }
  }
  return result;
}

std::vector<Comparison> orders(const WeakErrors& errors, double order) {
  std::vector<Comparison> result;
  for (std::size_t f = 0; f < errors.functions.size(); ++f) {
    const std::vector<double>& e = errors.errors[f];
    if (e.size() < 4) throw std::logic_error("an order takes four step sizes");
    const auto slope = [&](std::size_t from) { return std::log2(e[from] / e[from + 1]); };
    const auto extrapolated = [&](std::size_t from) { return 2.0 * slope(from + 1) - slope(from); };
    const double last = extrapolated(e.size() - 3);
    result.push_back({.where = fmt::format("g = {}", errors.functions[f]),
                      .prediction = {.value = order, .error = std::abs(last - extrapolated(e.size() - 4))},
                      .measurement = {.value = last}});
  }
  return result;
}

void has_order(ClaimBuilder claim, const WeakErrors& errors, double order) {
  claim.compares(Relation::order, orders(errors, order)).margin(order_margin());
}

FigureBuilder weak_error_figure(Findings& out, std::string id, std::string title, std::string caption) {
  return out.figure(std::move(id), std::move(title))
      .caption(std::move(caption))
      .x({.label = "learning rate η", .logarithmic = true})
      .y({.label = "weak error", .logarithmic = true});
}

Series errors_of(const WeakErrors& errors, std::size_t function) {
  return {.x = errors.etas, .y = errors.errors[function]};
}

SettingSpecification largest_rate_setting() {
  return chosen("eta", {0.125}, {.low = 0.0, .high = 0.25, .high_included = true},
                "the largest learning rate η");
}

SettingSpecification halvings_setting() {
  return chosen("halvings", {6}, halvings_range(), "how often η is halved: down to 2⁻⁹");
}

Range halvings_range() { return {.low = 4.0, .high = 8.0, .low_included = true, .high_included = true}; }

}  // namespace sdelens
