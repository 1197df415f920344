#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sdelens/record/record.hpp"

namespace sdelens::reports {

/// A figure has nothing that can be drawn, or contradicts itself. The message says what.
class NotDrawable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Extent {
  double low = 0.0;
  double high = 1.0;
};

struct PanelPoint {
  double x, y;
};
struct BandPoint {
  double x, low, high;
};

/// One curve as it is drawn: a gap stands between two runs.
struct PanelSeries {
  std::string label;
  Role role = Role::optimizer;
  int colour = 0;
  std::vector<std::vector<PanelPoint>> line;
  std::vector<std::vector<BandPoint>> band;
  std::size_t points() const;
};

/// A figure made ready to be drawn: only points that can be, the extent of both axes, and a sentence for
/// everything that the picture does not show.
struct Panel {
  Axis x_axis, y_axis;
  Extent x, y;
  Contours contours;
  std::vector<PanelSeries> series;
  std::vector<std::string> notes;
};

/// A point that is not finite, or not positive on a logarithmic axis, leaves a gap; a band that reaches zero
/// or below on a logarithmic axis is drawn to the edge. Both are counted in the notes, as are points outside
/// the axes. Where an axis gives no bound, it follows from the data; on a logarithmic axis a band may extend
/// it by one decade at most. Contours have no say in it; a level that no line can have is counted in the
/// notes.
/// @throw NotDrawable if columns have different lengths, an axis is empty, no point can be drawn, or contours
///        have another number of values than points, axes or levels that are not finite and increasing, a
///        value that is not finite, or no level among their values
Panel make_panel(const Figure& figure);

/// All numbers of a figure's curves, also those that cannot be drawn, with the columns
/// series,role,x,y,low,high; low and high are empty where a series has no band. Quoted by RFC 4180.
std::string figure_csv(const Figure& figure);

}  // namespace sdelens::reports
