#include "reports/plots/panel.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool drawable(double value, const Axis& axis) {
  return std::isfinite(value) && (!axis.logarithmic || value > 0.0);
}

void require_equal_lengths(const Series& series) {
  const std::size_t size = series.x.size();
  const bool band = !series.low.empty() || !series.high.empty();
  if (series.y.size() != size || (band && (series.low.size() != size || series.high.size() != size))) {
    throw NotDrawable(fmt::format("the columns of '{}' have different lengths: x {}, y {}, low {}, high {}",
                                  series.label, size, series.y.size(), series.low.size(),
                                  series.high.size()));
  }
}

/// The smallest and largest of the values seen.
struct Reach {
  double low = infinity;
  double high = -infinity;
  void see(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

Extent extent_of(const Axis& axis, const char* name, Reach reach, double padding) {
  Extent extent{reach.low, reach.high};
  if (axis.logarithmic) {
    const double factor =
        reach.low == reach.high ? 2.0 : std::exp(padding * (std::log(reach.high) - std::log(reach.low)));
    extent = {reach.low / factor, reach.high * factor};
  } else {
    const double span = reach.high - reach.low;
    const double pad = span > 0.0 ? padding * span : std::max(0.1 * std::abs(reach.low), 1e-12);
    extent = {reach.low - pad, reach.high + pad};
  }
  extent.low = axis.low.value_or(extent.low);
  extent.high = axis.high.value_or(extent.high);
  const bool positive = !axis.logarithmic || extent.low > 0.0;
  if (!std::isfinite(extent.low) || !std::isfinite(extent.high) || !(extent.low < extent.high) || !positive) {
    throw NotDrawable(fmt::format("the {} axis cannot run from {} to {}{}", name, extent.low, extent.high,
                                  axis.logarithmic ? " on a logarithmic scale" : ""));
  }
  return extent;
}

/// Appends to the last run, or begins a new one after a gap.
template <class Point>
void append(std::vector<std::vector<Point>>& runs, const Point& point, bool& gap) {
  if (gap) runs.emplace_back();
  runs.back().push_back(point);
  gap = false;
}

/// Below this part of the curve the lower edge of a band counts as zero on a logarithmic axis: where it comes near
/// zero by chance it would jump up and down through decades.
constexpr double near_zero = 0.25;

struct LeftOut {
  std::size_t points = 0;
  std::size_t band = 0;
  std::size_t band_to_edge = 0;
  std::size_t outside = 0;
};

PanelSeries split(const Series& series, const Figure& figure, LeftOut& left_out) {
  PanelSeries result{
      .label = series.label, .role = series.role, .colour = series.colour, .line = {}, .band = {}};
  bool line_gap = true;
  bool band_gap = true;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    const bool on_x = drawable(series.x[i], figure.x);
    if (on_x && drawable(series.y[i], figure.y)) {
      append(result.line, PanelPoint{series.x[i], series.y[i]}, line_gap);
    } else {
      ++left_out.points;
      line_gap = true;
    }
    if (series.low.empty()) continue;
    const bool to_edge =
        figure.y.logarithmic && series.low[i] <= near_zero * series.y[i] && std::isfinite(series.low[i]);
    if (on_x && drawable(series.high[i], figure.y) && (drawable(series.low[i], figure.y) || to_edge)) {
      append(result.band, BandPoint{series.x[i], to_edge ? 0.0 : series.low[i], series.high[i]}, band_gap);
      left_out.band_to_edge += to_edge ? 1 : 0;
    } else {
      ++left_out.band;
      band_gap = true;
    }
  }
  return result;
}

void set_extents(Panel& panel) {
  Reach x, y, band;
  for (const PanelSeries& series : panel.series) {
    for (const auto& run : series.line) {
      for (const PanelPoint& point : run) {
        x.see(point.x);
        y.see(point.y);
      }
    }
    for (const auto& run : series.band) {
      for (const BandPoint& point : run) {
        x.see(point.x);
        band.see(point.high);
        if (!panel.y_axis.logarithmic || point.low > 0.0) band.see(point.low);
      }
    }
  }
  if (x.low > x.high) throw NotDrawable("no point of it can be drawn");
  if (y.low > y.high) y = band;
  // A band that all but reaches zero would press the curves of a logarithmic picture into its top.
  const double farthest = panel.y_axis.logarithmic ? 10.0 : infinity;
  if (band.low <= band.high) {
    y = {std::min(y.low, std::max(band.low, panel.y_axis.logarithmic ? y.low / farthest : -infinity)),
         std::max(y.high, std::min(band.high, panel.y_axis.logarithmic ? y.high * farthest : infinity))};
  }
  panel.x = extent_of(panel.x_axis, "x", x, 0.02);
  panel.y = extent_of(panel.y_axis, "y", y, 0.05);
}

void require_increasing(const std::vector<double>& values, std::size_t least, const char* name) {
  const bool finite = std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
  const bool increasing = std::ranges::adjacent_find(values, std::ranges::greater_equal{}) == values.end();
  if (values.size() < least || !finite || !increasing) {
    throw NotDrawable(
        fmt::format("the contours' {} must be at least {} finite numbers that increase, but are {}", name,
                    least, values.empty() ? "none" : list_of(values)));
  }
}

/// What of the contours can be drawn; levels that no line can have are taken out and noted.
Contours drawable_contours(const Figure& figure, std::vector<std::string>& notes) {
  Contours contours = figure.contours;
  if (contours.x.empty() && contours.y.empty() && contours.value.empty() && contours.levels.empty())
    return {};
  require_increasing(contours.x, 2, "x");
  require_increasing(contours.y, 2, "y");
  require_increasing(contours.levels, 1, "levels");
  for (const auto& [axis, first] :
       {std::pair(&figure.x, contours.x[0]), std::pair(&figure.y, contours.y[0])}) {
    if (!drawable(first, *axis)) {
      throw NotDrawable(fmt::format("the contours begin at {} on a logarithmic axis", first));
    }
  }
  if (contours.value.size() != contours.x.size() * contours.y.size()) {
    throw NotDrawable(fmt::format("the contours have {} values on a grid of {} by {}", contours.value.size(),
                                  contours.x.size(), contours.y.size()));
  }
  Reach reach;
  for (const double value : contours.value) {
    if (!std::isfinite(value)) throw NotDrawable("the contours have a value that is not finite");
    reach.see(value);
  }
  const std::size_t given = contours.levels.size();
  std::erase_if(contours.levels,
                [&reach](double level) { return !(level > reach.low && level < reach.high); });
  if (contours.levels.empty()) {
    throw NotDrawable(
        fmt::format("no level of the contours lies between {} and {}, the smallest and largest value",
                    reach.low, reach.high));
  }
  notes.push_back(fmt::format("Levels of the {}: {:.3g}.", contours.label, fmt::join(contours.levels, ", ")));
  if (given > contours.levels.size()) {
    notes.push_back(fmt::format("{} of {} have no line here.", given - contours.levels.size(),
                                counted(given, "level", "levels")));
  }
  return contours;
}

std::size_t outside(const PanelSeries& series, const Panel& panel) {
  std::size_t count = 0;
  for (const auto& run : series.line) {
    count += static_cast<std::size_t>(std::ranges::count_if(run, [&panel](const PanelPoint& point) {
      return point.x < panel.x.low || point.x > panel.x.high || point.y < panel.y.low ||
             point.y > panel.y.high;
    }));
  }
  return count;
}

void add_notes(std::vector<std::string>& notes, const Series& series, const LeftOut& left_out) {
  const std::string total = counted(series.x.size(), "point", "points");
  if (left_out.points > 0) {
    notes.push_back(
        fmt::format("Not drawn: {} of {} of “{}”, not finite or not positive on a logarithmic axis.",
                    left_out.points, total, series.label));
  }
  if (left_out.band > 0) {
    notes.push_back(
        fmt::format("The band of “{}” is not drawn at {} of {}.", series.label, left_out.band, total));
  }
  if (left_out.band_to_edge > 0) {
    notes.push_back(fmt::format(
        "The band of “{}” falls below a quarter of the curve at {} of {} and is drawn to the edge there.",
        series.label, left_out.band_to_edge, total));
  }
  if (left_out.outside > 0) {
    notes.push_back(
        fmt::format("Outside the axes: {} of {} of “{}”.", left_out.outside, total, series.label));
  }
}

std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + '"';
}

std::string entry(const std::vector<double>& column, std::size_t i) {
  return i < column.size() ? fmt::format("{}", column[i]) : "";
}

}  // namespace

std::size_t PanelSeries::points() const {
  std::size_t count = 0;
  for (const auto& run : line) count += run.size();
  return count;
}

Panel make_panel(const Figure& figure) {
  Panel panel{
      .x_axis = figure.x, .y_axis = figure.y, .x = {}, .y = {}, .contours = {}, .series = {}, .notes = {}};
  std::vector<LeftOut> left_out(figure.series.size());
  for (std::size_t i = 0; i < figure.series.size(); ++i) {
    require_equal_lengths(figure.series[i]);
    panel.series.push_back(split(figure.series[i], figure, left_out[i]));
  }
  set_extents(panel);
  for (std::size_t i = 0; i < figure.series.size(); ++i) {
    left_out[i].outside = outside(panel.series[i], panel);
    add_notes(panel.notes, figure.series[i], left_out[i]);
  }
  panel.contours = drawable_contours(figure, panel.notes);
  return panel;
}

std::string figure_csv(const Figure& figure) {
  std::string text = "series,role,x,y,low,high\n";
  for (const Series& series : figure.series) {
    const std::size_t rows =
        std::max({series.x.size(), series.y.size(), series.low.size(), series.high.size()});
    for (std::size_t i = 0; i < rows; ++i) {
      text +=
          fmt::format("{},{},{},{},{},{}\n", field(series.label), to_string(series.role), entry(series.x, i),
                      entry(series.y, i), entry(series.low, i), entry(series.high, i));
    }
  }
  return text;
}

}  // namespace sdelens::reports
