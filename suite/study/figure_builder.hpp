#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "suite/study/simulated.hpp"

namespace sdelens {

/// Says one figure, part by part. What a curve is, and with that how it is drawn, is the name of the function that adds
/// it; curves that belong together share a colour. The first axis is that of the iterations if nothing else is said.
///
///     out.figure("loss", "Loss of SGD and the bound of Lemma 3.6")
///         .caption("Mean over the runs with a band of one standard deviation.")
///         .y({.label = "f(x)", .logarithmic = true})
///         .at(sgd->iterations())
///         .optimizer(sgd.band("f"), "SGD", 0)
///         .bound(lemma.loss_curve(), "bound", 1);
///
/// A curve is made from one of
///     Observed              a measured moment, at all recorded iterations
///     Band                  a mean over replicas with its band, likewise
///     PredictedCurve        a prediction, at the places of the figure
///     double(double)        a function, likewise
///     std::vector<double>   values, one for each of those places
///     Series                at places of its own
class FigureBuilder {
 public:
  explicit FigureBuilder(Figure& figure) : figure_(&figure) {}

  /// With arguments it is a format of them.
  FigureBuilder& caption(std::string text);
  template <class First, class... Rest>
  FigureBuilder& caption(fmt::format_string<First, Rest...> text, First&& first, Rest&&... rest) {
    return caption(fmt::format(text, std::forward<First>(first), std::forward<Rest>(rest)...));
  }
  FigureBuilder& x(Axis axis);
  FigureBuilder& y(Axis axis);
  /// Where on the first axis predictions, functions and values stand that are added next.
  FigureBuilder& at(std::vector<double> places);

  /// @throw std::logic_error unless there is a value for each place
  template <class What>
  FigureBuilder& optimizer(const What& what, std::string label, int colour) {
    return add(points(what), Role::optimizer, std::move(label), colour);
  }
  template <class What>
  FigureBuilder& sde(const What& what, std::string label, int colour) {
    return add(points(what), Role::sde, std::move(label), colour);
  }
  template <class What>
  FigureBuilder& theory(const What& what, std::string label, int colour) {
    return add(points(what), Role::theory, std::move(label), colour);
  }
  template <class What>
  FigureBuilder& bound(const What& what, std::string label, int colour) {
    return add(points(what), Role::bound, std::move(label), colour);
  }
  /// A curve that says what it is itself.
  FigureBuilder& add(Series series);

 private:
  FigureBuilder& add(Series points, Role role, std::string label, int colour);

  Series points(const Observed& measured) const;
  Series points(const Band& band) const;
  Series points(const PredictedCurve& predicted) const;
  Series points(const std::function<double(double)>& function) const;
  Series points(const std::vector<double>& values) const;
  Series points(const Series& series) const { return series; }

  Figure* figure_;
  std::vector<double> places_;
};

}  // namespace sdelens
