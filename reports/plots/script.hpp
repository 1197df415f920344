#pragma once

#include <string>

#include "reports/plots/panel.hpp"

namespace sdelens::reports {

/// A picture's size in pixels of the SVG; the PDF has the same shape.
struct PictureSize {
  int width = 0;
  int height = 0;
};
/// The legend stands below the axes, so that its rows make the picture higher and never cover a curve.
PictureSize picture_size(const Panel& panel);

/// A gnuplot script that draws the panel to picture.svg and picture.pdf in the working folder.
///
/// By role: optimizer a thick line, sde dashed, theory dotted with open marks, bound dash-dotted; later ones
/// lie above earlier ones, so that curves that agree stay visible. Series of one colour index share a hue of
/// a palette that is safe for colour-blind readers (Okabe and Ito, "Color universal design", 2008). A band of
/// more than 12 points is a transparent area, one of fewer points is a bar at each. Contours are thin grey
/// lines behind all of them, with linear interpolation in the grid's cells. Text is drawn as it stands:
/// gnuplot's markup, its variables and commands in it have no effect.
std::string gnuplot_script(const Panel& panel);

}  // namespace sdelens::reports
