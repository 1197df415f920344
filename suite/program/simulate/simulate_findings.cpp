#include "suite/program/simulate/simulate_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sdelens/claim/check.hpp"
#include "sdelens/statistics/jackknife.hpp"
#include "suite/predictions/relaxation.hpp"
#include "suite/program/simulated_record.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

constexpr double error_rate = 1e-6;

MeasuredMoments measure(const Ensemble& ensemble, const Place& place, Index dimension) {
  const std::size_t last = ensemble.recorded_steps().size() - 1;
  const bool end = place.name == "end";
  const auto sample = [&](const std::string& name) {
    return end ? ensemble.at(last, name) : ensemble.average(simulate_window, name);
  };
  MeasuredMoments result;
  for (Index i = 0; i < dimension; ++i) {
    const Sample x = sample(coordinate_name(i));
    result.mean.push_back(mean_of(x));
    if (end) {
      result.variance.push_back(variance_of(x));
      continue;
    }
    const std::vector<Sample> samples{sample(square_name(i)), x};
    result.variance.push_back(
        jackknife(samples, [](std::span<const Moments> m) { return m[0].mean - m[1].mean * m[1].mean; }));
  }
  result.loss = mean_of(sample("f"));
  return result;
}

/// The first recorded iteration at which an observable is not finite in some replica; nothing if that happened
/// between recorded ones only.
std::optional<std::size_t> first_broken(const Ensemble& ensemble, Index dimension) {
  for (std::size_t place = 0; place < ensemble.recorded_steps().size(); ++place) {
    bool finite = std::isfinite(ensemble.at(place, "f").total().mean);
    for (Index i = 0; i < dimension && finite; ++i) {
      finite = std::isfinite(ensemble.at(place, coordinate_name(i)).total().mean) &&
               std::isfinite(ensemble.at(place, square_name(i)).total().mean);
    }
    if (!finite) return place;
  }
  return std::nullopt;
}

bool finite(const MeasuredMoments& moments) {
  const auto is_finite = [](const Measurement& entry) {
    return std::isfinite(entry.value) && std::isfinite(entry.standard_error);
  };
  return std::ranges::all_of(moments.mean, is_finite) && std::ranges::all_of(moments.variance, is_finite) &&
         is_finite(moments.loss);
}

/// Why the numbers of an ensemble cannot be shown; empty if they can.
std::string damage(const SimulatePlan& plan, const Ensemble& ensemble) {
  if (ensemble.replicas() == 0) return {};
  const Index dimension = plan.problem.dimension();
  const auto broken = first_broken(ensemble, dimension);
  const bool all_finite = std::ranges::all_of(
      plan.places, [&](const Place& place) { return finite(measure(ensemble, place, dimension)); });
  if (ensemble.non_finite() == 0 && !broken && all_finite) return {};
  std::string text = damage_of(ensemble, 1.0);
  if (text.empty()) text = fmt::format("the moments of '{}' overflow", ensemble.name());
  if (broken) {
    text += fmt::format(", from recorded iteration k = {}", plan.recorded[*broken]);
    if (*broken > 0) text += fmt::format(" (at k = {} all are)", plan.recorded[*broken - 1]);
  } else if (ensemble.non_finite() > 0) {
    text += ", in the window";
  }
  if (const Objection objection = instability(plan.problem))
    text += fmt::format("; {} {}", plan.problem.optimizer.name, *objection);
  return text;
}

std::string label_of(const Forecast& forecast, bool limit) {
  std::string label = forecast.entry->label;
  const Wording wording = forecast.entry->wording;
  if (wording != Wording::exact) label += ", " + to_string(wording);
  return limit ? label + " ∞" : label;
}

Discrepancy discrepancy(const Measurement& measured, const Predicted& predicted, bool bound) {
  Discrepancy result;
  const double difference = measured.value - predicted.value;
  const double rounding = 1e-12 * (std::abs(measured.value) + std::abs(predicted.value));
  if (measured.standard_error > 0.0) {
    result.in_errors = difference / measured.standard_error;
  } else if (std::abs(difference) > rounding) {
    result.in_errors = std::copysign(std::numeric_limits<double>::infinity(), difference);
  }
  // Of a mean that is as good as 0 a percentage says nothing.
  if (std::abs(predicted.value) > measured.standard_error)
    result.in_percent = 100.0 * difference / std::abs(predicted.value);
  if (!bound && !predicted.margin) return result;
  const double half_width = measured.standard_error > 0.0
                                ? interval_factor(measured, error_rate) * measured.standard_error
                                : rounding;
  const double beyond = bound ? difference - half_width : std::abs(difference) - half_width;
  result.agreement = beyond > predicted.margin.value_or(0.0) ? Agreement::outside : Agreement::consistent;
  return result;
}

/// The measured numbers that there are.
struct MeasuredPlace {
  std::optional<MeasuredMoments> optimizer, sde;
};

class TableMaker {
 public:
  TableMaker(const SimulatePlan& plan, const MeasuredPlace& measured, const std::vector<Forecast>& forecasts,
             std::size_t place)
      : plan_(plan), measured_(measured), forecasts_(forecasts), place_(place) {}

  ComparisonTable table() {
    const Place& place = plan_.places[place_];
    table_.place = place.name;
    const Question& problem = plan_.problem;
    table_.title = place.name == "end" ? fmt::format("End of the run: k = {}, t = {:.6g}", problem.iterations,
                                                     problem.time(static_cast<double>(problem.iterations)))
                                       : fmt::format("Window: average over {} iterations, k = {} ... {}",
                                                     place.iterations.size(), place.iterations.front(),
                                                     place.iterations.back());
    for (Index i = 0; i < problem.dimension(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      quantity(
          "E " + coordinate_name(i), at + 1, [at](const MeasuredMoments& m) { return m.mean[at]; },
          [at](const PredictedMoments& m) { return entry_of(m.mean, at); });
      quantity(
          "Var " + coordinate_name(i), at + 1, [at](const MeasuredMoments& m) { return m.variance[at]; },
          [at](const PredictedMoments& m) { return entry_of(m.variance, at); });
    }
    quantity(
        "E f", 0, [](const MeasuredMoments& m) { return m.loss; },
        [](const PredictedMoments& m) { return m.loss; });
    return std::move(table_);
  }

 private:
  static std::optional<Predicted> entry_of(const std::vector<Predicted>& list, std::size_t i) {
    return list.empty() ? std::nullopt : std::optional(list[i]);
  }

  template <class GetMeasured, class GetPredicted>
  void quantity(const std::string& name, std::size_t coordinate, const GetMeasured& measured,
                const GetPredicted& predicted) {
    const auto add_measured = [&](const std::optional<MeasuredMoments>& moments, const std::string& of) {
      if (!moments) return;
      const Measurement found = measured(*moments);
      table_.rows.push_back({.quantity = name,
                             .coordinate = coordinate,
                             .what = of + ", measured",
                             .value = found.value,
                             .error = found.standard_error});
    };
    add_measured(measured_.optimizer, plan_.problem.optimizer.name);
    if (plan_.problem.sde) add_measured(measured_.sde, "SDE " + plan_.problem.sde->sde.name);
    for (const Forecast& forecast : forecasts_) {
      if (forecast.objection || forecast.places[place_].objection) continue;
      const Forecast::AtPlace& at = forecast.places[place_];
      const std::optional<Predicted> value = predicted(at.moments);
      if (!value) continue;
      const bool bound = forecast.entry->relation == Relation::at_most;
      ComparisonRow row{.quantity = name,
                        .coordinate = coordinate,
                        .what = label_of(forecast, at.limit),
                        .value = value->value,
                        .bound = bound};
      if (measured_.optimizer && forecast.entry->subject != Subject::sde) {
        row.optimizer = discrepancy(measured(*measured_.optimizer), *value, bound);
      }
      if (measured_.sde && forecast.entry->subject != Subject::optimizer) {
        // The margins speak of the optimizer.
        row.sde = discrepancy(measured(*measured_.sde), {value->value}, bound);
      }
      table_.rows.push_back(std::move(row));
    }
  }

  const SimulatePlan& plan_;
  const MeasuredPlace& measured_;
  const std::vector<Forecast>& forecasts_;
  std::size_t place_;
  ComparisonTable table_{};
};

std::vector<std::string> notes_of(const SimulatePlan& plan) {
  const Question& problem = plan.problem;
  std::vector<std::string> notes;
  const bool linear = problem.optimizer.name == "sgd" || problem.optimizer.name == "sgdw";
  if (linear && problem.student_t()) {
    const double nu = problem.degrees_of_freedom();
    if (nu <= 1.0) {
      notes.push_back(fmt::format(
          "student-t noise of nu = {:.4g} has no mean: the measured moments of {} tend to nothing", nu,
          problem.optimizer.name));
    } else if (nu <= 2.0) {
      notes.push_back(
          fmt::format("student-t noise of nu = {:.4g} has an infinite variance, and so has {}: its measured "
                      "variance and loss grow with the number of runs, and errors mean nothing",
                      nu, problem.optimizer.name));
    } else if (nu <= 4.0) {
      notes.push_back(
          fmt::format("student-t noise of nu = {:.4g} has no fourth moment: the errors of the measured "
                      "variance and loss of {} are too small",
                      nu, problem.optimizer.name));
    }
  }
  if (const Objection objection = instability(problem))
    notes.push_back(fmt::format("{} {}", problem.optimizer.name, *objection));
  if (plan.sde && plan.sde->outside() > 0) {
    notes.push_back(
        fmt::format("{} of {} paths of {} left the domain of their equation, where its diffusion is taken "
                    "as 0",
                    plan.sde->outside(), plan.sde->replicas(), plan.sde->name()));
  }
  return notes;
}

Role role_of(const Forecast& forecast) {
  return forecast.entry->relation == Relation::at_most ? Role::bound : Role::theory;
}

/// A prediction over the recorded iterations: its curve, or its limit where it is settled.
template <class Get>
std::optional<Series> predicted_curve(const SimulatePlan& plan, const Forecast& forecast, int colour,
                                      const Get& get) {
  if (forecast.objection) return std::nullopt;
  const bool has_curve = !forecast.curve.empty();
  Series series{.label = label_of(forecast, !has_curve), .role = role_of(forecast), .colour = colour};
  if (has_curve) {
    for (std::size_t i = 0; i < plan.recorded.size(); ++i) {
      const std::optional<Predicted> value = get(forecast.curve[i]);
      if (!value) return std::nullopt;
      series.x.push_back(static_cast<double>(plan.recorded[i]));
      series.y.push_back(value->value);
    }
    return series;
  }
  for (std::size_t place = plan.places.size(); place-- > 0;) {
    const Forecast::AtPlace& at = forecast.places[place];
    if (at.objection) continue;
    const std::optional<Predicted> value = get(at.moments);
    if (!value) return std::nullopt;
    series.x = {static_cast<double>(plan.places[place].iterations.front()),
                static_cast<double>(plan.problem.iterations)};
    if (series.x[0] == series.x[1]) series.x[0] = 0.0;
    series.y = {value->value, value->value};
    return series;
  }
  return std::nullopt;
}

bool positive(const Series& series) {
  return std::ranges::all_of(series.y, [](double y) { return y > 0.0; });
}

Figure loss_figure(const SimulatePlan& plan, const std::vector<Forecast>& forecasts, bool optimizer,
                   bool sde) {
  Figure figure{
      .id = "loss",
      .title = "Loss",
      .caption =
          "E f over the replicas against the iteration k. Bands: one standard deviation on each side. "
          "∞ marks the limit for k → ∞, drawn where the run is long enough for it.",
      .x = {.label = "iteration k"},
      .y = {.label = "E f"}};
  if (optimizer)
    figure.series.push_back(
        mean_curve(*plan.optimizer, "f", plan.optimizer->name(), Role::optimizer, 0, true));
  if (sde) figure.series.push_back(mean_curve(*plan.sde, "f", plan.sde->name(), Role::sde, 1, false));
  int colour = 2;
  for (const Forecast& forecast : forecasts) {
    const auto series =
        predicted_curve(plan, forecast, colour, [](const PredictedMoments& m) { return m.loss; });
    if (!series) continue;
    figure.series.push_back(*series);
    ++colour;
  }
  figure.y.logarithmic = std::ranges::all_of(figure.series, positive);
  return figure;
}

Series variance_curve(const SimulatePlan& plan, const Ensemble& ensemble, Index i, Role role) {
  Series series{
      .label = fmt::format("x{}: {}", i + 1, ensemble.name()), .role = role, .colour = static_cast<int>(i)};
  for (std::size_t place = 0; place < plan.recorded.size(); ++place) {
    series.x.push_back(static_cast<double>(plan.recorded[place]));
    series.y.push_back(ensemble.at(place, coordinate_name(i)).total().variance());
  }
  return series;
}

Figure variance_figure(const SimulatePlan& plan, const std::vector<Forecast>& forecasts, bool optimizer,
                       bool sde) {
  constexpr Index most = 3;
  const Index shown = std::min(most, plan.problem.dimension());
  Figure figure{
      .id = "variance",
      .title = shown < plan.problem.dimension() ? "Variance of the first coordinates" : "Variance",
      .caption =
          "Var x_i over the replicas against the iteration k, one colour for each coordinate, with the "
          "strongest prediction of it that applies.",
      .x = {.label = "iteration k"},
      .y = {.label = "Var x_i"}};
  for (Index i = 0; i < shown; ++i) {
    if (optimizer) figure.series.push_back(variance_curve(plan, *plan.optimizer, i, Role::optimizer));
    if (sde) figure.series.push_back(variance_curve(plan, *plan.sde, i, Role::sde));
    for (const Forecast& forecast : forecasts) {
      auto series = predicted_curve(
          plan, forecast, static_cast<int>(i), [i](const PredictedMoments& m) -> std::optional<Predicted> {
            return m.variance.empty() ? std::nullopt : std::optional(m.variance[static_cast<std::size_t>(i)]);
          });
      if (!series) continue;
      series->label = fmt::format("x{}: {}", i + 1, series->label);
      figure.series.push_back(*series);
      break;
    }
  }
  return figure;
}

}  // namespace

SimulateFindings find(const SimulatePlan& plan) {
  SimulateFindings result;
  const Index dimension = plan.problem.dimension();
  const std::string of_optimizer = damage(plan, *plan.optimizer);
  const std::string of_sde = plan.sde ? damage(plan, *plan.sde) : "";
  for (const std::string& problem : {of_optimizer, of_sde}) {
    if (!problem.empty()) result.damages.push_back(problem);
  }
  const bool optimizer = plan.optimizer->replicas() > 0 && of_optimizer.empty();
  const bool sde = plan.sde && plan.sde->replicas() > 0 && of_sde.empty();
  result.notes = notes_of(plan);
  if (!optimizer && !sde) return result;
  const std::vector<Forecast> forecasts = forecast(plan.problem, plan.places, plan.recorded);
  for (std::size_t place = 0; place < plan.places.size(); ++place) {
    MeasuredPlace measured;
    if (optimizer) measured.optimizer = measure(*plan.optimizer, plan.places[place], dimension);
    if (sde) measured.sde = measure(*plan.sde, plan.places[place], dimension);
    result.tables.push_back(TableMaker(plan, measured, forecasts, place).table());
  }
  for (const Forecast& entry : forecasts) {
    const std::string label = label_of(entry, !entry.entry->curve);
    if (entry.objection) {
      result.not_applying.push_back({label, *entry.objection});
      continue;
    }
    for (std::size_t place = 0; place < plan.places.size(); ++place) {
      if (!entry.places[place].objection) continue;
      result.not_applying.push_back(
          {fmt::format("{} in the {}", label, plan.places[place].name), *entry.places[place].objection});
    }
  }
  result.figures = {loss_figure(plan, forecasts, optimizer, sde),
                    variance_figure(plan, forecasts, optimizer, sde)};
  return result;
}

}  // namespace sdelens
