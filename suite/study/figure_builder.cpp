#include "suite/study/figure_builder.hpp"

#include <stdexcept>
#include <utility>

namespace sdelens {

FigureBuilder& FigureBuilder::caption(std::string text) {
  figure_->caption = std::move(text);
  return *this;
}

FigureBuilder& FigureBuilder::x(Axis axis) {
  figure_->x = std::move(axis);
  return *this;
}

FigureBuilder& FigureBuilder::y(Axis axis) {
  figure_->y = std::move(axis);
  return *this;
}

FigureBuilder& FigureBuilder::at(std::vector<double> places) {
  places_ = std::move(places);
  return *this;
}

FigureBuilder& FigureBuilder::add(Series series) {
  if (series.x.size() != series.y.size()) {
    throw std::logic_error(fmt::format("the curve '{}' of the figure '{}' has {} values at {} places",
                                       series.label, figure_->id, series.y.size(), series.x.size()));
  }
  figure_->series.push_back(std::move(series));
  return *this;
}

FigureBuilder& FigureBuilder::add(Series points, Role role, std::string label, int colour) {
  points.role = role;
  points.label = std::move(label);
  points.colour = colour;
  return add(std::move(points));
}

Series FigureBuilder::points(const Observed& measured) const {
  return measured.curve({}, Role::optimizer, 0);
}

Series FigureBuilder::points(const Band& band) const {
  return Simulated(band.ensemble).banded(band.observable, {}, Role::optimizer, 0);
}

Series FigureBuilder::points(const PredictedCurve& predicted) const {
  return drawn(predicted, places_, {}, Role::theory, 0);
}

Series FigureBuilder::points(const std::function<double(double)>& function) const {
  Series result{.x = places_};
  for (const double place : places_) result.y.push_back(function(place));
  return result;
}

Series FigureBuilder::points(const std::vector<double>& values) const { return {.x = places_, .y = values}; }

}  // namespace sdelens
