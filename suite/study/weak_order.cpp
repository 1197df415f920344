#include "suite/study/weak_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/expected_second_moment.hpp"

namespace sdelens {
namespace {

constexpr const char* owner = "weak order";
/// Standard error of an order of which nothing is known.
constexpr double unknown = 1e6;
/// Rate at which a true expansion is refused.
constexpr double refusal = 1e-6;

/// An SDE without its dW.
class WithoutNoise final : public Sde {
 public:
  explicit WithoutNoise(std::shared_ptr<const Sde> sde) : sde_(std::move(sde)) {}
  Index dimension() const override { return sde_->dimension(); }
  Index coordinates() const override { return sde_->coordinates(); }
  Point start_state(const Point& x) const override { return sde_->start_state(x); }
  Index noise_dimension() const override { return 0; }
  void drift(double t, In x, Out b) const override { sde_->drift(t, x, b); }
  void diffuse(double, In, In, Out s_dw) const override { s_dw.setZero(); }

 private:
  std::shared_ptr<const Sde> sde_;
};

double square(double x) { return x * x; }

std::uint64_t iterations(const WeakOrderStudy& study, double learning_rate) {
  const double steps = study.time / learning_rate;
  const double whole = std::round(steps);
  if (whole < 1.0 || std::abs(steps - whole) > 1e-9 * steps) {
    throw InvalidParameter(
        owner, "time",
        fmt::format("is {}, but must be a multiple of the learning rate {}", study.time, learning_rate));
  }
  return static_cast<std::uint64_t>(whole);
}

/// A function g of a column of the state minus its value at a point.
Observable minus_value(std::string name, std::function<double(double)> function, Index column, double point) {
  return {.name = std::move(name),
          .evaluate = [function = std::move(function), column, point](In state, OutColumn value) {
            value = state.col(column).unaryExpr(function) - function(point);
          }};
}

double mean_square_of_first_gradient(const Problem& problem) {
  return square(problem.curvatures()(0) * problem.start(0)) + square(problem.sigmas()(0));
}

/// The optimizer at a learning rate, its second moment at the mean square of the first gradient.
Problem problem_at(const WeakOrderStudy& study, double eta) {
  const Problem problem = study.problem(eta);
  Choice optimizer = problem.optimizer;
  optimizer.given["initial_v"] = {mean_square_of_first_gradient(problem)};
  return with_optimizer(problem, optimizer);
}

/// With the parameters of the optimizer.
Choice sde_of(const WeakOrderStudy& study, const Problem& problem) {
  return {.name = study.sde, .given = problem.optimizer.given};
}

Point end_without_noise(const WeakOrderStudy& study, const Problem& problem, const Stream& stream) {
  const Choice choice = sde_of(study, problem);
  const auto sde = make_sde(choice.name, problem.context(), choice.given);
  const auto process = integrate({.sde = std::make_shared<WithoutNoise>(sde),
                                  .integrator = "runge-kutta-4",
                                  .learning_rate = problem.learning_rate,
                                  .start = problem.start,
                                  .stream = stream});
  const auto path = process->start(0, 1);
  for (std::uint64_t k = 0; k < iterations(study, problem.learning_rate); ++k) path->advance();
  return path->state().row(0).transpose().matrix();
}

/// A process with the column u, and the errors that it shows.
struct ObservedErrors {
  std::shared_ptr<const Process> process;
  std::vector<Observable> observables;
};

double identity(double x) { return x; }
double cosine(double x) { return std::cos(x); }

ObservedErrors against_end(const Problem& problem, const Point& end, const Stream& stream) {
  auto process = iterates(problem, stream);
  const Index u = process->dimension();
  return {.process = std::move(process),
          .observables = {minus_value("x", identity, 0, end(0)), minus_value("x^2", square, 0, end(0)),
                          minus_value("cos x", cosine, 0, end(0)),
                          minus_value("v", identity, u, end(end.size() - 1))}};
}

ObservedErrors against_sde(const Problem& problem, const SdeChoice& sde, const Stream& stream) {
  auto process = coupled(problem, sde, stream);
  const Index u = process->dimension();
  return {.process = std::move(process),
          .observables = {difference("x", identity, 0, u / 2), difference("x^2", square, 0, u / 2),
                          difference("cos x", cosine, 0, u / 2), difference("v", identity, u, u - 1)}};
}

Simulated order_at(const WeakOrderStudy& study, double eta, Simulations& simulations) {
  const std::string name = fmt::format("{}, η = {:.6g}", study.name, eta);
  const Stream stream = simulations.stream(name);
  const Problem problem = problem_at(study, eta);
  ObservedErrors errors =
      study.without_noise
          ? against_end(problem, end_without_noise(study, problem, stream), stream)
          : against_sde(problem,
                        {.sde = sde_of(study, problem), .steps_per_iteration = study.steps_per_iteration},
                        stream);
  auto process = with_expected_second_moment(std::move(errors.process),
                                             {.decay = problem.beta_2(),
                                              .curvature = problem.curvatures()(0),
                                              .variance = square(problem.sigmas()(0)),
                                              .start = mean_square_of_first_gradient(problem)});
  return Simulated(simulations.add(name, std::move(process), std::move(errors.observables),
                                   {.steps = {iterations(study, eta)}}, study.runs));
}

}  // namespace

WeakOrderStudy started_at(WeakOrderStudy study, std::function<double(double)> start) {
  study.problem = [problem = std::move(study.problem), start = std::move(start)](double eta) {
    return with_start(problem(eta), Point::Constant(1, start(eta)));
  };
  return study;
}

CoupledErrors order_weak_errors(const WeakOrderStudy& study, Simulations& simulations) {
  constexpr std::size_t fewest = 4;
  if (study.learning_rates.size() < fewest) {
    throw InvalidParameter(owner, "learning_rates", fmt::format("must have at least {} entries", fewest));
  }
  std::vector<double> rates = study.learning_rates;
  std::ranges::sort(rates);
  if (std::ranges::adjacent_find(rates) != rates.end()) {
    throw InvalidParameter(owner, "learning_rates", "must not repeat a value");
  }
  CoupledErrors result{.study = study, .ensembles = {}};
  for (const double eta : study.learning_rates) result.ensembles.push_back(order_at(study, eta, simulations));
  return result;
}

Measurement CoupledErrors::at_end(std::size_t rate, const std::string& observable) const {
  return ensembles[rate].mean_of_observable(observable).at_end();
}

Series CoupledErrors::curve(const std::string& observable, std::string label, Role role, int colour) const {
  Series series{.label = std::move(label), .role = role, .colour = colour};
  for (std::size_t i = 0; i < ensembles.size(); ++i) {
    const Measurement error = at_end(i, observable);
    series.x.push_back(study.learning_rates[i]);
    series.y.push_back(std::abs(error.value));
    series.low.push_back(std::abs(error.value) - error.standard_error);
    series.high.push_back(std::abs(error.value) + error.standard_error);
  }
  return series;
}

Series CoupledErrors::guide(const std::string& observable, double order, std::string label,
                            int colour) const {
  Series series{.label = std::move(label), .role = Role::theory, .colour = colour};
  const std::vector<double>& rates = study.learning_rates;
  const auto smallest = static_cast<std::size_t>(std::ranges::min_element(rates) - rates.begin());
  const double error = std::abs(at_end(smallest, observable).value);
  for (const double eta : rates) {
    series.x.push_back(eta);
    series.y.push_back(error * std::pow(eta / rates[smallest], order));
  }
  return series;
}

std::function<double(double, double)> noise_integrator_bias(std::function<double(double)> fastest,
                                                            double slowest, double time) {
  const double moment = -std::expm1(-2.0 * slowest * time) / (2.0 * slowest);
  return [fastest = std::move(fastest), moment](double learning_rate, double step) {
    return 0.25 * square(fastest(learning_rate) * step) * learning_rate * moment;
  };
}

OrderFit fit_weak_order(const CoupledErrors& errors, const std::string& observable,
                        const Expansion& expansion) {
  const WeakOrderStudy& study = errors.study;
  const auto count = static_cast<Index>(study.learning_rates.size());
  OrderData data{.steps = study.learning_rates,
                 .errors = Eigen::VectorXd(count),
                 .covariance = Eigen::MatrixXd::Zero(count, count),
                 .bias_bounds = Eigen::VectorXd(count)};
  Eigen::MatrixXd nuisances(count, 2);
  const auto n = static_cast<double>(study.steps_per_iteration);
  for (Index i = 0; i < count; ++i) {
    const auto place = static_cast<std::size_t>(i);
    const Measurement error = errors.at_end(place, observable);
    const double eta = study.learning_rates[place];
    const double small = expansion.rate * std::pow(eta, expansion.exponent);
    const double rest = std::pow(2.0 * small, 3) / 6.0;
    double integrator = 0.0;
    if (!study.without_noise) {
      integrator = expansion.integrator_bias ? expansion.integrator_bias(eta, eta / n) / std::abs(error.value)
                                             : expansion.fastest(eta) * eta / (3.0 * n * n);
    }
    data.errors(i) = error.value;
    data.covariance(i, i) = square(error.standard_error);  // the streams are independent
    data.degrees_of_freedom = error.degrees_of_freedom;
    data.made_from.insert(data.made_from.end(), error.made_from.begin(), error.made_from.end());
    data.bias_bounds(i) = (rest + integrator) * std::abs(error.value);
    nuisances.row(i) << small * error.value, 0.5 * square(small) * error.value;
  }
  data.covariance += nuisances * nuisances.transpose();
  data.covariance = 0.5 * (data.covariance + data.covariance.transpose()).eval();
  return fit_order(data);
}

Measurement order_of(const OrderFit& fit) {
  if (fit.resolved()) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    return fit.asymptotic(refusal)
               ? fit.slope
               : Measurement{.value = nan, .standard_error = nan, .made_from = fit.slope.made_from};
  }
  return {.value = 0.0,
          .standard_error = unknown,
          .degrees_of_freedom = fit.slope.degrees_of_freedom,
          .made_from = fit.slope.made_from};
}

ClaimBuilder expect_order(ClaimBuilder claim, const ExpectedOrder& expected, const CoupledErrors& errors,
                          const std::string& observable, const Expansion& expansion) {
  const OrderFit fit = fit_weak_order(errors, observable, expansion);
  // An unresolved fit has no bound; the resolution is the largest margin there is.
  const double margin = std::isfinite(fit.slope_bias_bound)
                            ? std::min(fit.slope_bias_bound, expected.resolution)
                            : expected.resolution;
  claim.compares(expected.relation, {{.prediction = {.value = expected.order}, .measurement = order_of(fit)}})
      .margin(
          absolute(margin),
          "bias of the fitted order: terms of third relative order in the learning rate, and the integrator")
      .resolves(absolute(expected.resolution));
  return claim;
}

Figure noise_error_figure(std::string caption, std::vector<Series> series) {
  return {.id = "from-the-minimum",
          .title = "Weak error of x² from the minimum",
          .caption = std::move(caption),
          .x = {.label = "learning rate η", .logarithmic = true},
          .y = {.label = "|E x² − E X²| at T", .logarithmic = true},
          .series = std::move(series)};
}

}  // namespace sdelens
